//! What one does to a device.

use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_simulator::{Profile, SimulatorSettings};
use tokio::net::TcpStream;

use crate::client::{address, element, get, get_as, put, put_as, simulator, word};

#[tokio::test]
async fn a_reboot_takes_the_device_away_and_its_uptime_starts_anew() {
    for shared in [false, true] {
        let mut settings = SimulatorSettings::uniform(2, Profile::Camera, 1);
        settings.reboot = Duration::from_millis(300);
        if shared {
            settings.listeners = siteward_simulator::Listeners::Shared;
        }
        let simulator = simulator(settings).await;
        let device = &simulator.devices()[0];
        let uptime = |text: String| element(&text, "deviceUpTime").parse::<u64>().unwrap();
        assert!(uptime(get(device, "/ISAPI/System/status").await.text()) >= 3_600);
        assert_eq!(word(&put(device, "/ISAPI/System/reboot", "").await), "ok");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let view = simulator.view(0).unwrap();
        assert!(view.rebooting && view.power);
        if !shared {
            assert!(TcpStream::connect(address(device)).await.is_err());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(uptime(get(device, "/ISAPI/System/status").await.text()) < 60);
        assert_eq!(simulator.view(0).unwrap().counters.reboots, 1);
        assert!(uptime(get(&simulator.devices()[1], "/ISAPI/System/status").await.text()) >= 3_600);
    }
}

#[tokio::test]
async fn a_clock_and_its_zone_are_set() {
    let simulator = simulator(SimulatorSettings::numbered(7, 1)).await;
    for device in simulator.devices() {
        let body = "<Time><timeMode>manual</timeMode><localTime>2031-05-06T07:08:09+02:00</localTime>\
                    <timeZone>CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00</timeZone></Time>";
        assert_eq!(word(&put(device, "/ISAPI/System/time", body).await), "ok");
        let told = get(device, "/ISAPI/System/time").await.text();
        let written = DateTime::parse_from_rfc3339(&element(&told, "localTime")).unwrap();
        let wanted = DateTime::parse_from_rfc3339("2031-05-06T07:08:09+02:00").unwrap();
        assert!((0..10).contains(&(written - wanted).num_seconds()), "{told}");
        assert_eq!(element(&told, "timeMode"), "manual");
        assert!(element(&told, "timeZone").starts_with("CST-1:00:00DST"), "{told}");
        assert_eq!(put(device, "/ISAPI/System/time/timeZone", "CST+5:00:00").await.status, 200);
        assert_eq!(get(device, "/ISAPI/System/time/timeZone").await.text(), "CST+5:00:00");
        assert_eq!(put(device, "/ISAPI/System/time", "<Time><timeMode>NTP</timeMode></Time>").await.status, 200);
        let told = get(device, "/ISAPI/System/time").await.text();
        let written = DateTime::parse_from_rfc3339(&element(&told, "localTime")).unwrap();
        assert!((Utc::now() - written.to_utc()).num_seconds().abs() < 10, "{told}");
        for bad in ["", "<Time><timeMode>manual</timeMode><localTime>today</localTime></Time>"] {
            assert_eq!(word(&put(device, "/ISAPI/System/time", bad).await), "badXmlContent");
        }
        let counters = simulator.view(device.index).unwrap().counters;
        assert_eq!((counters.writes, counters.writes_refused), (3, 2));
    }
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let simulator = simulator(SimulatorSettings::numbered(7, 1)).await;
    for device in simulator.devices() {
        let body = |new: &str| format!("<User><id>1</id><userName>admin</userName><password>{new}</password></User>");
        let path = "/ISAPI/Security/users/1";
        assert_eq!(put_as(device, "wrong-77", path, &body("Other-words-7")).await.status, 401);
        assert_eq!(word(&put(device, path, &body(&device.password)).await), "cannotSameAsOldPassword");
        assert_eq!(word(&put(device, path, &body("onlyletters")).await), "riskPassword");
        assert_eq!(word(&put(device, path, &body("far-too-long-for-it-7")).await), "passwordLenNoMoreThan16");
        assert_eq!(word(&put(device, "/ISAPI/Security/users/2", &body("Other-words-7")).await), "invalidID");
        assert_eq!(word(&put(device, path, &body("Other-words-7")).await), "ok");
        assert_eq!(get(device, "/ISAPI/System/time").await.status, 401);
        assert_eq!(get_as(device, "Other-words-7", "/ISAPI/System/time").await.status, 200);
        assert_eq!(simulator.view(device.index).unwrap().password, "Other-words-7");
    }
}

#[tokio::test]
async fn dhcp_is_switched_on_and_old_recorders_want_a_restart_for_it() {
    let simulator = simulator(SimulatorSettings::numbered(7, 1)).await;
    for device in simulator.devices() {
        let path = "/ISAPI/System/Network/interfaces/1/ipAddress";
        let before = get(device, path).await.text();
        assert_eq!(element(&before, "addressingType"), "static");
        let answer = put(device, path, &before.replace("static", "dynamic")).await;
        let old = device.profile == Profile::NvrOld;
        assert_eq!((answer.status, word(&answer).as_str()), (200, if old { "rebootRequired" } else { "ok" }));
        assert_eq!(element(&answer.text(), "statusCode"), if old { "7" } else { "1" });
        assert_eq!(element(&get(device, path).await.text(), "addressingType"), "dynamic");
        assert!(simulator.view(device.index).unwrap().dhcp);
        assert_eq!(word(&put(device, path, "<IPAddress/>").await), "badXmlContent");
    }
}

#[tokio::test]
async fn snapshots_differ_by_channel() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Dvr, 1)).await;
    let mut pictures = Vec::new();
    for channel in 1..=8 {
        let answer = get(&simulator.devices()[0], &format!("/ISAPI/Streaming/channels/{channel}01/picture")).await;
        assert!(answer.head.contains("image/jpeg") && answer.body.starts_with(&[0xFF, 0xD8]), "{}", answer.head);
        assert!(!pictures.contains(&answer.body));
        pictures.push(answer.body);
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_refused() {
    let simulator = simulator(SimulatorSettings::numbered(7, 1)).await;
    for device in simulator.devices() {
        for path in ["/ISAPI/System/status", "/ISAPI/System/time/ntpServers/1"] {
            let answer = put(device, path, "<x/>").await;
            assert_eq!((answer.status, word(&answer).as_str()), (403, "methodNotAllowed"), "{path}");
        }
        assert_ne!(put(device, "/ISAPI/No/such/thing", "").await.status, 200);
        assert_eq!(simulator.view(device.index).unwrap().counters.writes, 0);
    }
}
