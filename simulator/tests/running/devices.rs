//! What healthy devices say.

use quick_xml::Reader;
use quick_xml::events::Event;
use siteward_simulator::{Profile, SimulatorSettings, Site};
use tokio::net::TcpStream;

use crate::client::{address, ask, get, get_as, login, simulator};

const RESOURCES: [&str; 18] = [
    "/ISAPI/System/deviceInfo",
    "/ISAPI/System/status",
    "/ISAPI/System/capabilities",
    "/ISAPI/System/time",
    "/ISAPI/System/time/ntpServers/1",
    "/ISAPI/System/Network/interfaces",
    "/ISAPI/System/Video/inputs/channels",
    "/ISAPI/System/Video/inputs/channels/1",
    "/ISAPI/ContentMgmt/InputProxy/channels",
    "/ISAPI/ContentMgmt/InputProxy/channels/status",
    "/ISAPI/ContentMgmt/InputProxy/channels/1/status",
    "/ISAPI/ContentMgmt/Storage",
    "/ISAPI/ContentMgmt/Storage/hdd",
    "/ISAPI/Security/userCheck",
    "/ISAPI/Security/capabilities",
    "/ISAPI/Event/triggers",
    "/ISAPI/Streaming/channels",
    "/ISAPI/No/such/thing",
];

/// Local names of a document's elements; fails on what is not well-formed.
fn elements(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {text}")) {
            Event::Start(element) => {
                names.push(AsRef::<str>::as_ref(&element.local_name()).to_owned());
            }
            Event::Eof => return names,
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_resource_of_every_profile_is_a_document_or_a_refusal() {
    let simulator = simulator(SimulatorSettings::numbered(7, 3)).await;
    for device in simulator.devices() {
        for path in RESOURCES {
            let answer = get(device, path).await;
            let names = elements(&answer.text());
            let refused = names.first().is_some_and(|root| root == "ResponseStatus");
            assert_eq!(answer.status != 200, refused, "{path} of {:?}: {}", device.profile, answer.status);
            assert!(!refused || names.iter().any(|name| name == "subStatusCode"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_mixed_site_has_twelve_distinct_devices_that_tell_who_they_are() {
    let simulator = simulator(SimulatorSettings::site(Site::Mixed12, 9)).await;
    let mut names = std::collections::HashSet::new();
    for device in simulator.devices() {
        let text = get(device, "/ISAPI/System/deviceInfo").await.text();
        assert!(text.contains(&device.serial_number) && text.contains(device.model), "{text}");
        assert_eq!(text.contains("<subSerialNumber>"), device.profile == Profile::Camera);
        assert!(names.insert(device.name.clone()));
        assert!(names.insert(device.serial.clone()));
    }
    assert_eq!(names.len(), 24);
}

#[tokio::test]
async fn styles_differ_as_the_notes_say() {
    let simulator = simulator(SimulatorSettings::site(Site::Mixed12, 9)).await;
    let of = |profile| simulator.devices().iter().find(|device| device.profile == profile).unwrap();
    for (profile, path, status, word) in [
        (Profile::Camera, "/ISAPI/ContentMgmt/InputProxy/channels", 403, "www.hikvision.com/ver20"),
        (Profile::Nvr, "/ISAPI/System/Video/inputs/channels", 403, "www.isapi.org/ver20"),
        (Profile::NvrOld, "/ISAPI/System/Video/inputs/channels", 403, "urn:psialliance-org"),
        (Profile::NvrOld, "/ISAPI/ContentMgmt/InputProxy/channels/status", 404, "notSupport"),
        (Profile::NvrOld, "/ISAPI/ContentMgmt/InputProxy/channels", 200, "size=\"7\""),
        (Profile::Dvr, "/ISAPI/ContentMgmt/InputProxy/channels", 200, "</InputProxyChannelList>"),
        (Profile::Thermal, "/ISAPI/Event/triggers", 200, "<EventNotification "),
        (Profile::Thermal, "/ISAPI/System/status", 404, "notSupport"),
        (Profile::Camera, "/ISAPI/System/deviceinfo", 200, "<DeviceInfo "),
        (Profile::Dome, "/ISAPI/System/deviceinfo", 403, "notSupport"),
    ] {
        let answer = get(of(profile), path).await;
        assert_eq!(answer.status, status, "{path} of {profile:?}");
        assert!(answer.text().contains(word), "{path} of {profile:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn challenges_differ_as_the_notes_say() {
    let simulator = simulator(SimulatorSettings::site(Site::Mixed12, 9)).await;
    for device in simulator.devices() {
        let mut stream = TcpStream::connect(address(device)).await.unwrap();
        let refusal = ask(&mut stream, "GET", "/ISAPI/System/deviceInfo", "", "").await;
        let (basic, sha) = (refusal.head.contains("Basic realm"), refusal.head.contains("SHA-256"));
        let rich = matches!(device.profile, Profile::Camera | Profile::Thermal);
        assert_eq!((refusal.status, basic, sha), (401, device.profile == Profile::CameraOld, rich));
        assert_eq!(refusal.text().contains("<lockStatus>unlock</lockStatus>"), rich);
        assert!(basic || rich || refusal.head.contains("stale=\"FALSE\""), "{}", refusal.head);
    }
}

#[tokio::test]
async fn a_nonce_is_challenged_anew_once_it_is_old() {
    let mut settings = SimulatorSettings::uniform(1, Profile::Dome, 1);
    settings.nonce_lifetime = std::time::Duration::ZERO;
    let simulator = simulator(settings).await;
    let answer = get(&simulator.devices()[0], "/ISAPI/System/time").await;
    assert_eq!(answer.status, 401);
    assert!(answer.head.contains("stale=\"TRUE\""), "{}", answer.head);
    assert_eq!(simulator.view(0).unwrap().counters.logins_refused, 0);
}

#[tokio::test]
async fn many_requests_run_over_one_connection() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::CameraOld, 1)).await;
    let device = &simulator.devices()[0];
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    let path = "/ISAPI/System/status";
    let challenge = ask(&mut stream, "GET", path, "", "").await;
    let login = format!("Authorization: {}\r\n", login(&challenge.head, &device.user, &device.password, path));
    for _ in 0..50 {
        assert_eq!(ask(&mut stream, "GET", path, &login, "").await.status, 200);
    }
    let counters = simulator.view(0).unwrap().counters;
    assert_eq!((counters.connections, counters.requests, counters.challenges, counters.logins_ok), (1, 51, 1, 50));
}

#[tokio::test]
async fn a_shared_listener_serves_each_device_at_its_own_address() {
    let mut settings = SimulatorSettings::uniform(300, Profile::Camera, 5);
    settings.listeners = siteward_simulator::Listeners::Shared;
    let simulator = simulator(settings).await;
    for device in [&simulator.devices()[0], &simulator.devices()[299]] {
        assert!(get(device, "/ISAPI/System/deviceInfo").await.text().contains(&device.serial));
        assert_eq!(get_as(device, "wrong", "/ISAPI/System/deviceInfo").await.status, 401);
        assert_eq!(simulator.view(device.index).unwrap().counters.logins_refused, 1);
    }
}
