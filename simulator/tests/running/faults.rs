//! What goes wrong with devices.

use std::io::ErrorKind;
use std::time::Duration;

use siteward_simulator::{Change, Disk, Network, Profile, SimulatorSettings};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::client::{address, ask, get, get_as, login, simulator, within};

#[tokio::test]
async fn a_device_that_is_off_refuses_connections_and_comes_back() {
    let simulator = simulator(SimulatorSettings::numbered(2, 1)).await;
    let device = &simulator.devices()[0];
    let mut kept = TcpStream::connect(address(device)).await.unwrap();
    ask(&mut kept, "GET", "/", "", "").await;
    simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    assert_eq!(TcpStream::connect(address(device)).await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert!(matches!(within(kept.read(&mut [0; 16])).await, Ok(0) | Err(_)), "an open connection ends too");
    assert_eq!(get(&simulator.devices()[1], "/ISAPI/System/time").await.status, 200, "the neighbour stays");
    simulator.set(0, Change { power: Some(true), ..Change::default() }).await.unwrap();
    assert_eq!(get(device, "/ISAPI/System/time").await.status, 200);
}

#[tokio::test]
async fn a_network_that_resets_and_one_that_swallows() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    let device = &simulator.devices()[0];
    simulator.set(0, Change { network: Some(Network::Reset), ..Change::default() }).await.unwrap();
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    assert_eq!(within(stream.read(&mut [0; 16])).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    simulator.set(0, Change { network: Some(Network::Drop), ..Change::default() }).await.unwrap();
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    let silence = tokio::time::timeout(Duration::from_millis(300), ask(&mut stream, "GET", "/", "", "")).await;
    assert!(silence.is_err(), "something came back");
    simulator.set(0, Change { network: Some(Network::Ok), ..Change::default() }).await.unwrap();
    assert_eq!(get(device, "/ISAPI/System/time").await.status, 200);
}

#[tokio::test]
async fn five_wrong_logins_lock_and_the_answers_count_down() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    let device = &simulator.devices()[0];
    for left in (1..5).rev() {
        let refusal = get_as(device, "wrong-password", "/ISAPI/System/time").await;
        assert!(refusal.text().contains(&format!("<retryTimes>{left}</retryTimes>")), "{}", refusal.text());
    }
    let last = get_as(device, "wrong-password", "/ISAPI/Security/userCheck").await.text();
    assert!(last.contains("<lockStatus>lock</lockStatus>") && last.contains("<unlockTime>1"), "{last}");
    assert_eq!(get(device, "/ISAPI/System/time").await.status, 401);
    let view = simulator.view(0).unwrap();
    assert!(view.locked && view.locked_for_seconds.is_some_and(|left| (1_790..=1_800).contains(&left)));
    assert_eq!(view.counters.logins_refused, 6);
    simulator.set(0, Change { locked: Some(false), ..Change::default() }).await.unwrap();
    assert_eq!(get(device, "/ISAPI/System/time").await.status, 200);
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one() {
    let simulator = simulator(SimulatorSettings::numbered(3, 1)).await;
    for device in simulator.devices() {
        simulator
            .set(device.index, Change { password: Some("Other-77".to_owned()), ..Change::default() })
            .await
            .unwrap();
        assert_eq!(get(device, "/ISAPI/System/time").await.status, 401);
        assert_eq!(get_as(device, "Other-77", "/ISAPI/System/time").await.status, 200);
    }
}

#[tokio::test]
async fn disks_channels_and_clocks_show_their_faults() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Nvr, 1)).await;
    let device = &simulator.devices()[0];
    let now = |text: String| {
        let (_, rest) = text.split_once("<localTime>").unwrap();
        chrono::DateTime::parse_from_rfc3339(rest.split_once('<').unwrap().0).unwrap()
    };
    let before = now(get(device, "/ISAPI/System/time").await.text());
    let change = Change {
        disk: Some(Disk::Reparing),
        channel_offline: Some([2].into()),
        video_loss: Some([3].into()),
        clock_offset_seconds: Some(-3_600),
        ..Change::default()
    };
    simulator.set(0, change).await.unwrap();
    let storage = get(device, "/ISAPI/ContentMgmt/Storage").await.text();
    assert_eq!((storage.matches(">reparing<").count(), storage.matches(">ok<").count()), (1, 1), "{storage}");
    let states = get(device, "/ISAPI/ContentMgmt/InputProxy/channels/status").await.text();
    assert_eq!(states.matches("<online>false</online>").count(), 1);
    assert_eq!(states.matches("ipcStreamFail").count(), 1);
    assert_eq!(get(device, "/ISAPI/Streaming/channels/301/picture").await.status, 503);
    let behind = before - now(get(device, "/ISAPI/System/time").await.text());
    assert!((3_590..=3_600).contains(&behind.num_seconds()), "{behind}");
    simulator.set(0, Change { disk: Some(Disk::None), ..Change::default() }).await.unwrap();
    let storage = get(device, "/ISAPI/ContentMgmt/Storage").await.text();
    assert!(storage.contains("<hddList>") && !storage.contains("<hdd>"), "{storage}");
}

#[tokio::test]
async fn idle_connections_are_closed_and_there_are_only_so_many() {
    let mut settings = SimulatorSettings::uniform(1, Profile::CameraOld, 1);
    settings.idle_timeout = Duration::from_millis(200);
    settings.connections_per_device = 2;
    let simulator = simulator(settings).await;
    let device = &simulator.devices()[0];
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address(device)).await.unwrap();
        ask(&mut stream, "GET", "/", "", "").await;
        open.push(stream);
    }
    let mut third = TcpStream::connect(address(device)).await.unwrap();
    assert_eq!(within(third.read(&mut [0; 16])).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    for mut stream in open {
        assert_eq!(within(stream.read(&mut [0; 16])).await.unwrap(), 0, "closed for being idle");
    }
    assert_eq!(get(device, "/ISAPI/System/time").await.status, 200, "there is room again");
    assert_eq!(simulator.view(0).unwrap().counters.connections_refused, 1);
}

#[tokio::test]
async fn what_is_dropped_is_gone() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Dome, 1)).await;
    let (device, control) = (simulator.devices()[0].clone(), simulator.control());
    let path = "/ISAPI/System/time";
    let mut kept = TcpStream::connect(address(&device)).await.unwrap();
    let challenge = ask(&mut kept, "GET", path, "", "").await;
    assert!(login(&challenge.head, &device.user, &device.password, path).starts_with("Digest"));
    drop(simulator);
    assert!(matches!(within(kept.read(&mut [0; 16])).await, Ok(0) | Err(_)));
    for gone in [address(&device).to_string(), control.trim_start_matches("http://").to_owned()] {
        assert_eq!(TcpStream::connect(gone).await.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    }
}
