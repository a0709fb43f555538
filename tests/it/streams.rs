//! Streams of server-sent events tell what happens when it happens.

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::Start;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_ends_right_after_its_stream_began_is_told_of_at_once() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(8, Profile::Camera, 41);
    settings.first = "127.30.10.1".parse().unwrap();
    let simulator = Simulator::start(settings).await.unwrap();
    let devices = serde_json::to_value(simulator.devices()).unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let site = made.body["id"].as_str().unwrap().to_owned();
    let mut slowest = Duration::ZERO;
    for device in devices.as_array().unwrap() {
        let text = text_with_port(device);
        let scan = admin.post(&format!("/sites/{site}/scans"), &json!({"text": text})).await.unwrap().ok().unwrap();
        let path = format!("/imports/{}", scan["import"]["id"].as_str().unwrap());
        // Longer than the server waits between two looks at what happened, and nobody listens meanwhile.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let confirmed = admin.post(&format!("{path}/confirm"), &json!({"rows": [0]})).await.unwrap();
        assert_eq!(confirmed.status.as_u16(), 202);
        let started = Instant::now();
        let stream = admin.stream(&format!("{path}/events")).await.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(30), stream.into_body().collect()).await.unwrap().unwrap();
        let told = String::from_utf8(told.to_bytes().to_vec()).unwrap();
        assert!(told.contains(r#""state":"done""#), "{told}");
        slowest = slowest.max(started.elapsed());
    }
    assert!(slowest < Duration::from_secs(5), "the end of an import of one device was told only after {slowest:?}");
}

fn text_with_port(device: &Value) -> String {
    use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
    let text = |key: &str| device[key].as_str().unwrap().to_owned();
    let device = DeviceToWrite {
        name: text("name"),
        host: text("address"),
        port: u16::try_from(device["port"].as_u64().unwrap()).unwrap(),
        user_name: text("user"),
        password: text("password").into(),
    };
    write(&ExportToWrite { devices: vec![device], qr_password: None, created_at: None }).unwrap()
}
