//! What can be reached through a link: the web ports of the devices it found, and nothing else.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use siteward_devices::transport::Dialling;
use siteward_devices::tunnel::{Mux, dial};
use siteward_devices::{CallError, DeviceClient, Limits, LinkDialer, LinkRoute, Wire};
use siteward_domain::SerialNumber;
use siteward_domain::device::{DeviceAddress, Scheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::kit::{Lan, Platform, SOON, TOKEN, run, serial, web_server};

struct Through(Mux);

impl LinkDialer for Through {
    fn dial<'a>(&'a self, serial: &'a SerialNumber, port: u16) -> Dialling<'a> {
        Box::pin(async move { dial(&self.0, serial, port).await.map(|stream| Box::new(stream) as Box<dyn Wire>) })
    }
}

#[tokio::test]
async fn a_device_behind_the_link_is_asked_over_one_kept_connection() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let (port, connections) = web_server().await;
    lan.set(&[("G00000001", "127.0.0.1", port)]);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    let mut session = platform.session().await;
    session.all().await;
    let route = LinkRoute { serial: serial("G00000001"), dialer: Arc::new(Through(session.mux.clone())) };
    let address = DeviceAddress { scheme: Scheme::Http, host: "127.0.0.1".into(), port };
    let mut client = DeviceClient::without_login(address, Limits::default(), route);
    for _ in 0..3 {
        assert_eq!(client.get("/ISAPI/System/deviceInfo").await.unwrap().status, 200);
    }
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    session.mux.close();
    session.mux.closed().await;
    assert!(client.get("/ISAPI/System/deviceInfo").await.is_err());
}

#[tokio::test]
async fn no_port_of_a_found_device_but_those_of_its_web_server_is_dialled() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let (own, _) = web_server().await;
    let (other, connections) = web_server().await;
    lan.set(&[("G00000001", "127.0.0.1", own)]);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    let mut session = platform.session().await;
    session.all().await;
    for port in [other, 0, 1, 21, 22, 23, 25, 53, 110, 139, 445, 554, 2375, 3306, 5432, 6379, 8000, 9200, 37020, 65535]
    {
        let error = timeout(SOON, dial(&session.mux, &serial("G00000001"), port)).await.unwrap().unwrap_err();
        assert_eq!(error, CallError::Unreachable { reason: "port_not_allowed" }, "{port}");
    }
    let error = dial(&session.mux, &serial("G00000009"), other).await.unwrap_err();
    assert_eq!(error, CallError::Unreachable { reason: "unknown_device" });
    assert_eq!(connections.load(Ordering::Relaxed), 0);
    dial(&session.mux, &serial("G00000001"), own).await.unwrap();
}

#[tokio::test]
async fn whatever_is_written_instead_of_a_serial_reaches_nothing() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let (other, connections) = web_server().await;
    lan.set(&[("G00000001", "127.0.0.1", 9)]);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    let mut session = platform.session().await;
    session.all().await;
    let wanted = [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "::1",
        "[::1]",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "127.0.0.1%00",
        "G00000001@127.0.0.1",
        "G00000001/../127.0.0.1",
        "G00000001\u{0}",
        "g00000001",
        "169.254.169.254",
        "metadata.google.internal",
        "http://127.0.0.1",
        "",
        "*",
    ];
    let own_words = wanted.iter().map(|serial| serde_json::json!({"open": "device", "serial": serial, "port": other}));
    let forms = [
        serde_json::json!({"open": "device", "host": "127.0.0.1", "port": other}),
        serde_json::json!({"open": "device", "serial": "G00000001", "port": 65536 + 9}),
        serde_json::json!({"open": "tcp", "host": "127.0.0.1", "port": other}),
    ];
    for opening in own_words.chain(forms) {
        let mut stream = session.mux.open().await.unwrap();
        let text = opening.to_string();
        stream.write_u32(u32::try_from(text.len()).unwrap()).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        let _ = timeout(SOON, stream.read_to_end(&mut heard)).await.unwrap();
        // Of ten digits the last nine would be a serial number; that is then one nobody has.
        let unknown = heard.ends_with(br#"{"opened":"error","reason":"unknown_device"}"#);
        assert!(heard.is_empty() || unknown, "{text}");
    }
    assert_eq!(connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_liar_in_the_network_cannot_lead_the_platform_to_this_machine_or_a_metadata_service() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let (port, connections) = web_server().await;
    let hosts =
        ["127.0.0.1", "127.0.0.2", "0.0.0.0", "169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255"];
    let serials: Vec<String> = (0..hosts.len()).map(|number| format!("G{number:08}")).collect();
    let told: Vec<_> = serials.iter().zip(hosts).map(|(serial, host)| (serial.as_str(), host, port)).collect();
    lan.set(&told);
    let _link = run(platform.url(), TOKEN, lan.discovery(false));
    let mut session = platform.session().await;
    assert!(session.all().await.is_empty());
    for of in &serials {
        let error = dial(&session.mux, &serial(of), port).await.unwrap_err();
        assert_eq!(error, CallError::Unreachable { reason: "unknown_device" });
    }
    assert_eq!(connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_device_that_does_not_answer_is_told_apart() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    // A port that nobody listens on any more.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    lan.set(&[("G00000001", "127.0.0.1", closed)]);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    let mut session = platform.session().await;
    session.all().await;
    let error = dial(&session.mux, &serial("G00000001"), closed).await.unwrap_err();
    assert_eq!(error, CallError::Unreachable { reason: "refused" });
}
