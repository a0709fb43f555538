//! SADP, as far as it needs no ciphers; those are checked by `tests/peers`, with somebody else's arithmetic.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use siteward_simulator::{Change, CloudState, Listeners, Network, Profile, Simulator, SimulatorSettings, Site};
use tokio::net::UdpSocket;

use crate::client::{element, simulator, within};

const INQUIRY: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Probe><Uuid>A0</Uuid><Types>inquiry</Types></Probe>";

async fn hearing(mut settings: SimulatorSettings) -> Simulator {
    settings.sadp = Some("127.0.0.1:0".parse().unwrap());
    simulator(settings).await
}

/// Every answer that comes until there are `enough` or it has been quiet for half a second.
async fn answers(simulator: &Simulator, probe: &str, enough: usize) -> Vec<String> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(probe.as_bytes(), simulator.sadp().unwrap()).await.unwrap();
    let mut buffer = vec![0; 65_536];
    let mut answers = Vec::new();
    while answers.len() < enough {
        match tokio::time::timeout(Duration::from_millis(500), socket.recv_from(&mut buffer)).await {
            Ok(received) => answers.push(String::from_utf8(buffer[..received.unwrap().0].to_vec()).unwrap()),
            Err(_) => break,
        }
    }
    answers
}

#[tokio::test]
async fn every_device_that_is_on_answers_an_inquiry() {
    let simulator = hearing(SimulatorSettings::site(Site::CloudStates, 5)).await;
    let found = answers(&simulator, INQUIRY, 100).await;
    assert_eq!(found.len(), CloudState::ALL.len() - 1);
    for device in simulator.devices() {
        let own = found.iter().find(|answer| answer.contains(&device.mac.replace(':', "-")));
        let Some(answer) = own else {
            assert_eq!(device.index, CloudState::Offline.index());
            continue;
        };
        assert_eq!(element(answer, "Uuid"), "A0");
        assert_eq!(element(answer, "DeviceSN"), device.serial_number);
        assert_eq!(element(answer, "Activated"), device.activated.to_string());
        assert_eq!(element(answer, "SoftwareVersion"), device.firmware.replacen(' ', "", 1));
        let service = simulator.view(device.index).unwrap().service_enabled;
        assert_eq!(element(answer, "HCPlatformEnable"), if service { "true" } else { "flase" });
        assert_eq!(simulator.view(device.index).unwrap().counters.inquiries, 1);
    }
}

#[tokio::test]
async fn an_alarm_panel_answers_as_the_others_do() {
    let simulator = hearing(SimulatorSettings::uniform(1, Profile::Panel, 5)).await;
    let device = &simulator.devices()[0];
    let found = answers(&simulator, INQUIRY, 1).await;
    assert_eq!(element(&found[0], "DeviceDescription"), device.model);
    assert_eq!(element(&found[0], "DeviceSN"), device.serial_number);
    assert_eq!(element(&found[0], "HttpPort"), device.port.to_string());
    assert_eq!((element(&found[0], "DigitalChannelNum"), element(&found[0], "Activated")), ("0".into(), "true".into()));
}

#[tokio::test]
async fn a_thousand_devices_answer_within_a_second_and_none_is_lost() {
    let mut settings = SimulatorSettings::numbered(1_000, 3);
    settings.listeners = Listeners::Shared;
    let simulator = hearing(settings).await;
    let started = Instant::now();
    let found = answers(&simulator, INQUIRY, 1_000).await;
    let took = started.elapsed();
    let distinct: HashSet<String> = found.iter().map(|answer| element(answer, "MAC")).collect();
    assert_eq!(distinct.len(), 1_000);
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn what_is_off_or_cut_off_is_silent_and_what_moved_says_where() {
    let simulator = hearing(SimulatorSettings::numbered(3, 3)).await;
    simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    simulator.set(1, Change { network: Some(Network::Drop), ..Change::default() }).await.unwrap();
    simulator.set(2, Change { address_change: Some(true), ..Change::default() }).await.unwrap();
    let found = answers(&simulator, INQUIRY, 100).await;
    assert_eq!(found.len(), 1);
    assert_eq!(element(&found[0], "IPv4Address"), simulator.view(2).unwrap().address.to_string());
}

#[tokio::test]
async fn a_command_reaches_one_device_and_is_refused_without_a_password() {
    let simulator = hearing(SimulatorSettings::site(Site::CloudStates, 5)).await;
    let bound = &simulator.devices()[CloudState::BoundElsewhere.index()];
    let mac = bound.mac.to_uppercase().replace(':', "-");
    let command = |kind: &str| format!("<Probe><Uuid>B1</Uuid><MAC>{mac}</MAC><Types>{kind}</Types></Probe>");
    let status = answers(&simulator, &command("getUnbindStatus"), 2).await;
    assert_eq!(status.len(), 1);
    assert_eq!((element(&status[0], "Result").as_str(), element(&status[0], "BindStatus").as_str()), ("success", "1"));
    for (kind, result) in [("ezvizUnbind", "denied"), ("SetHCPlatform", "denied"), ("restoreInactive", "failed")] {
        let answer = answers(&simulator, &command(kind), 1).await;
        assert_eq!(element(&answer[0], "Result"), result, "{kind}");
    }
    let view = simulator.view(bound.index).unwrap();
    assert!(view.bound);
    assert_eq!((view.counters.commands, view.counters.commands_refused), (1, 3));
}

#[tokio::test]
async fn what_is_no_probe_is_left_alone() {
    let simulator = hearing(SimulatorSettings::numbered(1, 1)).await;
    let huge = format!("<Probe><Types>{}", "x".repeat(60_000));
    for nonsense in ["", "hello", "<Probe>", "<Probe><Types>inquiry", huge.as_str()] {
        assert!(answers(&simulator, nonsense, 1).await.is_empty(), "{nonsense:.40}");
    }
    assert_eq!(within(answers(&simulator, INQUIRY, 1)).await.len(), 1);
}
