//! Importing from export QRs: scan, list, password, confirm, result.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_simulator::{Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start, some_time};
use siteward_tests::client::Client;
use siteward_worker::clock::SteppedClock;

const QR_PASSWORD: &str = "12Qweq24";

fn export(devices: &[(&str, &str, u16, &str)], password: Option<&str>, created_at: Option<i64>) -> String {
    let device = |(name, host, port, password): &(&str, &str, u16, &str)| DeviceToWrite {
        name: (*name).to_owned(),
        host: (*host).to_owned(),
        port: *port,
        user_name: "admin".to_owned(),
        password: SecretString::from(*password),
    };
    let devices = devices.iter().map(device).collect();
    write(&ExportToWrite { devices, qr_password: password.map(SecretString::from), created_at }).unwrap()
}

async fn site(admin: &Client, name: &str) -> String {
    let made = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap();
    made.body["id"].as_str().unwrap().to_owned()
}

async fn scan(admin: &Client, site: &str, text: &str) -> siteward_tests::client::Answer {
    admin.post(&format!("/sites/{site}/scans"), &json!({"text": text})).await.unwrap()
}

fn states(import: &Value) -> Vec<&str> {
    import["rows"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ticked_devices_are_added_and_the_others_are_not() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::numbered(3, 1)).await.unwrap();
    let listed: Vec<_> = simulator
        .devices()
        .iter()
        .map(|d| (d.name.clone(), d.address.to_string(), d.port, d.password.clone()))
        .collect();
    let mut rows: Vec<_> = listed.iter().map(|(n, h, p, s)| (n.as_str(), h.as_str(), *p, s.as_str())).collect();
    rows.push(rows[0]);
    let harbour = site(&admin, "Harbour").await;
    let scanned = scan(&admin, &harbour, &export(&rows, None, None)).await;
    assert_eq!(scanned.status.as_u16(), 201, "{}", scanned.body);
    let import = &scanned.body["import"];
    assert_eq!(states(import), ["new", "new", "new", "duplicate_in_qr"]);
    assert!(!scanned.body.to_string().contains(&listed[0].3), "no password in an answer");

    let path = format!("/imports/{}", import["id"].as_str().unwrap());
    let refused = admin.post(&format!("{path}/confirm"), &json!({"rows": [0, 3]})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "rows_not_selectable"));
    let started = admin.post(&format!("{path}/confirm"), &json!({"rows": [0, 1]})).await.unwrap();
    assert_eq!(started.status.as_u16(), 202);
    let none = admin.post(&format!("{path}/confirm"), &json!({"rows": []})).await.unwrap();
    assert_eq!((none.status.as_u16(), none.code()), (422, "rows_not_selectable"));
    let again = admin.post(&format!("{path}/confirm"), &json!({"rows": [0, 1]})).await.unwrap();
    assert_eq!(again.status.as_u16(), 202);

    let stream = admin.stream(&format!("{path}/events")).await.unwrap();
    let told = tokio::time::timeout(Duration::from_secs(30), stream.into_body().collect()).await.unwrap().unwrap();
    let told = String::from_utf8(told.to_bytes().to_vec()).unwrap();
    assert!(told.starts_with("event: import\ndata: {"), "{told}");
    let done = admin.get(&path).await.unwrap().body;
    assert_eq!(
        (&done["state"], states(&done)),
        (&json!("done"), vec!["added", "added", "new", "duplicate_in_qr"]),
        "{done}"
    );
    let page = admin.get(&format!("/devices?site_id={harbour}")).await.unwrap().body;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);

    let other = site(&admin, "Other").await;
    let second = scan(&admin, &other, &export(&rows[..3], None, None)).await.body;
    assert_eq!(states(&second["import"]), ["on_other_site", "on_other_site", "new"]);
    assert_eq!(second["import"]["rows"][0]["other_site"]["name"], "Harbour");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_qr_with_a_password_tells_nothing_before_it() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin, "Harbour").await;
    let text = export(&[("Gate", "192.168.1.64", 8000, "secret1")], Some(QR_PASSWORD), Some(1_700_000_000));
    let import = scan(&admin, &site, &text).await.body["import"].clone();
    assert_eq!((&import["state"], &import["rows"]), (&json!("password_needed"), &json!([])));
    let path = format!("/imports/{}", import["id"].as_str().unwrap());
    let early = admin.post(&format!("{path}/confirm"), &json!({"rows": [0]})).await.unwrap();
    assert_eq!(early.code(), "import_not_ready");
    let wrong = admin.post(&format!("{path}/password"), &json!({"password": "nope"})).await.unwrap();
    assert_eq!((wrong.code(), &wrong.body["details"]["tries_left"]), ("qr_password_wrong", &json!(9)));
    let opened = admin.post(&format!("{path}/password"), &json!({"password": QR_PASSWORD})).await.unwrap().body;
    assert_eq!((&opened["state"], states(&opened)), (&json!("ready"), vec!["new"]));
    assert_eq!(opened["qr_created_at"], "2023-11-14T22:13:20Z");
    assert_eq!(opened["older_than_limit"], false);
    admin.patch("/company", &json!({"qr_age_limit_days": 30})).await.unwrap().ok().unwrap();
    assert_eq!(admin.get(&path).await.unwrap().body["older_than_limit"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_passwords_end_the_import() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin, "Harbour").await;
    let text = export(&[("Gate", "192.168.1.64", 8000, "secret1")], Some(QR_PASSWORD), None);
    let import = scan(&admin, &site, &text).await.body["import"].clone();
    let path = format!("/imports/{}/password", import["id"].as_str().unwrap());
    for left in (0..10).rev() {
        let wrong = admin.post(&path, &json!({"password": "nope"})).await.unwrap();
        assert_eq!(wrong.body["details"]["tries_left"], left);
    }
    let late = admin.post(&path, &json!({"password": QR_PASSWORD})).await.unwrap();
    assert_eq!((late.status.as_u16(), late.code()), (409, "import_expired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_nobody_confirms_expires_after_fifteen_minutes() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin, "Harbour").await;
    let text = export(&[("Gate", "192.168.1.64", 8000, "secret1")], None, None);
    let import = scan(&admin, &site, &text).await.body["import"].clone();
    let path = format!("/imports/{}", import["id"].as_str().unwrap());
    clock.advance(chrono::Duration::minutes(15));
    assert_eq!(admin.get(&path).await.unwrap().body["state"], "expired");
    let late = admin.post(&format!("{path}/confirm"), &json!({"rows": [0]})).await.unwrap();
    assert_eq!((late.status.as_u16(), late.code()), (409, "import_expired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_scans_have_a_code_each_and_leave_nothing() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin, "Harbour").await;
    let good = export(&[("Gate", "192.168.1.64", 8000, "secret1")], None, None);
    for (text, code) in [
        ("https://example.com/", "qr_wrong_kind"),
        ("hello", "qr_wrong_kind"),
        ("QRC03010003eJ!!!!", "qr_bad_base64"),
        (&good[..good.len() - 12], "qr_truncated"),
        ("www.hik-connect.com\rABCDEFGHI\rABCDEF\r", "qr_serial_invalid"),
        (&"A".repeat(5000), "qr_too_long"),
    ] {
        let refused = scan(&admin, &site, text).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code));
    }
    let path = format!("/sites/{site}/scans");
    let mut white = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(200, 200, image::Luma([255])).write_to(&mut white, image::ImageFormat::Png).unwrap();
    let blank = admin.post_bytes(&path, "image/png", white.into_inner()).await.unwrap();
    assert_eq!((blank.status.as_u16(), blank.code()), (422, "picture_without_qr"));
    let noise = admin.post_bytes(&path, "image/jpeg", vec![7_u8; 1000]).await.unwrap();
    assert_eq!((noise.status.as_u16(), noise.code()), (422, "picture_unreadable"));
    let large = admin.post_bytes(&path, "image/png", vec![0_u8; 10_000_001]).await.unwrap();
    assert_eq!((large.status.as_u16(), large.code()), (413, "picture_too_large"));
    let other = admin.post_bytes(&path, "text/html", "x").await.unwrap();
    assert_eq!((other.status.as_u16(), other.code()), (415, "unsupported_content"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_read_and_addresses_that_policy_forbids_cannot_be_ticked() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin, "Harbour").await;
    let text = export(
        &[("Gate", "192.168.1.64", 8000, "a"), ("Self", "127.0.0.1", 80, "b"), ("Cloud", "169.254.169.254", 80, "c")],
        None,
        None,
    );
    let picture = siteward_qr::drawing::png(&text, 6).unwrap();
    let started = Instant::now();
    let scanned = admin.post_bytes(&format!("/sites/{site}/scans"), "image/png", picture).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(20));
    let import = &scanned.body["import"];
    assert_eq!(states(import), ["new", "address_not_allowed", "address_not_allowed"], "{}", scanned.body);
    assert_eq!(import["rows"][1]["reason"]["code"], "address_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_is_read_without_telling_its_verification_code() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin, "Harbour").await;
    let scanned = scan(&admin, &site, "www.hik-connect.com\rE12345678\rQWERTY\rDS-7608NI-I2/8P\r").await;
    assert_eq!(scanned.status.as_u16(), 201);
    assert_eq!(scanned.body["kind"], "label");
    assert_eq!(scanned.body["label"]["serial"], "E12345678");
    assert_eq!(scanned.body["label"]["has_verification_code"], true);
    assert!(!scanned.body.to_string().contains("QWERTY"));
}
