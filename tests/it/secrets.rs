//! Secrets stay sealed (T10): canaries are searched for in everything that reaches the disk or a client.

use secrecy::SecretString;
use serde_json::json;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::Start;
use siteward_tests::canary::{files, hits};

const DEVICE_PASSWORD: &str = "Canary-dev9XqZ";
const QR_PASSWORD: &str = "Canary-qr7Wv";
const CODE: &str = "CNRYQX";

#[tokio::test(flavor = "multi_thread")]
async fn no_password_or_code_reaches_the_disk_or_an_answer_in_the_open() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, 8);
    settings.devices[0].password = DEVICE_PASSWORD.to_owned();
    let simulator = Simulator::start(settings).await.unwrap();
    let device = &simulator.devices()[0];
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().body;
    let site = made["id"].as_str().unwrap();
    let body = json!({
        "host": device.address.to_string(), "port": device.port, "user_name": device.user, "password": DEVICE_PASSWORD,
    });
    let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
    let mut answers = vec![added.to_string()];

    let other = DeviceToWrite {
        name: "Gate".to_owned(),
        host: "192.168.1.64".to_owned(),
        port: 8000,
        user_name: "admin".to_owned(),
        password: SecretString::from(DEVICE_PASSWORD),
    };
    for password in [None, Some(QR_PASSWORD)] {
        let qr_password = password.map(SecretString::from);
        let text = write(&ExportToWrite { devices: vec![other.clone()], qr_password, created_at: None }).unwrap();
        let scan = admin.post(&format!("/sites/{site}/scans"), &json!({"text": text})).await.unwrap().ok().unwrap();
        answers.push(scan.to_string());
    }
    let label = json!({"text": format!("www.hik-connect.com\rE12345678\r{CODE}\rDS-7608NI-I2/8P\r")});
    answers.push(admin.post(&format!("/sites/{site}/scans"), &label).await.unwrap().body.to_string());
    for path in ["/devices", "/operation_log", "/exceptions"] {
        answers.push(admin.get(path).await.unwrap().body.to_string());
    }

    for secret in [DEVICE_PASSWORD, QR_PASSWORD, CODE, siteward_tests::app::PASSWORD] {
        assert!(hits(format!("<{secret}>").as_bytes(), secret) > 0, "the search itself works");
        for (place, bytes) in files(app.folder()).unwrap() {
            assert_eq!(hits(&bytes, secret), 0, "{secret} in {place}");
        }
        for answer in &answers {
            assert_eq!(hits(answer.as_bytes(), secret), 0, "{secret} in an answer");
        }
    }
}
