//! Secrets stay sealed (T10): canaries are searched for in everything that reaches the disk or a client.

use secrecy::SecretString;
use serde_json::json;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::Start;
use siteward_tests::canary::{files, hits};
use siteward_tests::captcha::work;
use siteward_tests::lan::{Lan, wait};

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

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_adds_or_frees_a_cloud_device_is_kept_in_the_open() {
    const FIRST: &str = "Canary-1stQz7";
    const CHOSEN: &str = "CANARYQZ27";
    const WRONG: &str = "Canary-wrongV8";
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(2, Profile::Camera, 18);
    settings.devices[0].activated = false;
    settings.devices[0].service.enabled = false;
    settings.devices[0].service.code = None;
    settings.devices[0].label_code = Some(CODE.to_owned());
    settings.devices[1].bound = true;
    let lan = Lan::start(settings).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let mut answers = Vec::new();
    let mut ask = async |path: &str, body: serde_json::Value| {
        let answer = admin.post(path, &body).await.unwrap().body;
        answers.push(answer.to_string());
        answer
    };
    let begun =
        ask(&format!("/sites/{}/additions", link.site), json!({"serial": lan.simulator.devices()[0].serial})).await;
    let addition = format!("/additions/{}", begun["id"].as_str().unwrap());
    ask(&format!("{addition}/activation"), json!({"password": FIRST})).await;
    ask(&format!("{addition}/service"), json!({"verification_code": CHOSEN})).await;
    let bound = &lan.simulator.devices()[1];
    ask(&format!("/sites/{}/additions", link.site), json!({"text": bound.label})).await;
    let captcha = admin.post("/captchas", &json!({})).await.unwrap().body;
    let captcha = json!({"id": captcha["id"], "work": work(&captcha["work"]).unwrap()});
    let wrong = json!({"serial": bound.serial, "password": WRONG, "captcha": captcha});
    assert_eq!(ask(&format!("/sites/{}/unbind", link.site), wrong).await["code"], "unbind_password_wrong");
    let added = || async { Ok(admin.get(&addition).await?.body["state"] == "added") };
    wait(added).await.unwrap();
    for path in ["/devices", "/operation_log", "/exceptions"] {
        answers.push(admin.get(path).await.unwrap().body.to_string());
    }
    for path in ["links", "found", "additions"] {
        answers.push(admin.get(&format!("/sites/{}/{path}", link.site)).await.unwrap().body.to_string());
    }
    let label_code = bound.verification_code.clone().unwrap();
    for secret in [FIRST, CHOSEN, WRONG, &link.token, &label_code] {
        for (place, bytes) in files(app.folder()).unwrap() {
            assert_eq!(hits(&bytes, secret), 0, "{secret} in {place}");
        }
        for answer in &answers {
            assert_eq!(hits(answer.as_bytes(), secret), 0, "{secret} in an answer");
        }
    }
}
