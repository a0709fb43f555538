//! What devices tell by themselves, as a reader sees it who knows nothing of the platform.

use std::net::SocketAddr;
use std::time::Duration;

use siteward_simulator::{Alert, Change, DeviceHandle, EventStream, Profile, PushTarget, SimulatorSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{address, ask, get, login, simulator, within};

const STREAM: &str = "/ISAPI/Event/notification/alertStream";

/// A reader that was let in.
async fn open(device: &DeviceHandle) -> TcpStream {
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    let challenge = ask(&mut stream, "GET", STREAM, "", "").await;
    let login = login(&challenge.head, &device.user, &device.password, STREAM);
    let request = format!("GET {STREAM} HTTP/1.1\r\nHost: x\r\nAuthorization: {login}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads until a text has come.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(wanted) {
        let count = within(stream.read(&mut buffer)).await.unwrap();
        assert!(count > 0, "it ended before {wanted}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    text
}

fn raise(alert: Alert) -> Change {
    Change { event: Some(vec![alert]), ..Change::default() }
}

#[tokio::test]
async fn an_alert_goes_out_over_the_stream_at_once_with_its_picture() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    let mut stream = open(&simulator.devices()[0]).await;
    let head = read_until(&mut stream, "<eventState>inactive</eventState>").await;
    assert!(head.contains("multipart/mixed; boundary=boundary") && head.contains("videoloss"), "{head}");
    simulator.set(0, raise(Alert { picture: true, ..Alert::active("VMD", 1) })).await.unwrap();
    let alert = read_until(&mut stream, "image/jpeg").await;
    assert!(
        alert.contains("<eventType>VMD</eventType>") && alert.contains("<eventState>active</eventState>"),
        "{alert}"
    );
    assert_eq!(simulator.view(0).unwrap().telling.open_streams, 1);
}

#[tokio::test]
async fn a_stream_can_be_cut_and_missing() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    let device = &simulator.devices()[0];
    let mut stream = open(device).await;
    read_until(&mut stream, "</EventNotificationAlert>").await;
    let behave = |event_stream| Change { event_stream: Some(event_stream), ..Change::default() };
    simulator.set(0, behave(EventStream::Cut)).await.unwrap();
    within(stream.read_to_end(&mut Vec::new())).await.unwrap();
    simulator.set(0, behave(EventStream::Missing)).await.unwrap();
    assert_eq!(get(device, STREAM).await.status, 403);
}

#[tokio::test]
async fn an_alert_is_pushed_where_the_device_is_told_to() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let to = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let text = read_until(&mut stream, "</EventNotificationAlert>").await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        text
    });
    let target = PushTarget { to, path: "/here?x=1".into(), host: String::new(), form: false };
    let change = Change { push_to: Some(Some(target)), ..raise(Alert::active("diskfull", 1)) };
    tokio::time::timeout(Duration::from_secs(5), simulator.set(0, change)).await.unwrap().unwrap();
    assert!(heard.await.unwrap().starts_with("POST /here?x=1 HTTP/1.1"));
    assert_eq!((simulator.view(0).unwrap().telling.pushed, simulator.view(0).unwrap().telling.not_taken), (1, 0));
}
