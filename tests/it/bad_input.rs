//! Whatever is scanned, uploaded or typed wrong gets its code and status, in both languages, and leaves nothing half-done.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_api::error::codes;
use siteward_domain::staff::Right;
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_store::imports;
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};

const HEADER: &str = "QRC03010003";

/// A server, its Admin, a site; and what must still be so after every bad input.
struct Scene {
    app: App,
    admin: Client,
    site: String,
}

impl Scene {
    async fn start() -> Self {
        let app = Start::plain().run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
        let site = made.body["id"].as_str().unwrap().to_owned();
        Self { app, admin, site }
    }

    async fn scan_text(&self, text: &str) -> Answer {
        self.admin.post(&format!("/sites/{}/scans", self.site), &json!({"text": text})).await.unwrap()
    }

    async fn scan_picture(&self, content_type: &str, bytes: Vec<u8>) -> Answer {
        self.admin.post_bytes(&format!("/sites/{}/scans", self.site), content_type, bytes).await.unwrap()
    }

    /// The refusal is whole: status, code, English message, request id; and nothing came of it.
    async fn refused(&self, answer: &Answer, status: u16, code: &str) {
        assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.body);
        assert!(!answer.body["message"].as_str().unwrap().is_empty() && answer.body["request_id"].is_string());
        assert_eq!(codes::find(code).unwrap().status, status, "docs/errors.md gives {code} another status");
        self.nothing_is_left().await;
    }

    async fn nothing_is_left(&self) {
        assert_eq!(self.app.store.read(imports::count).unwrap(), 0, "an import is left");
        assert_eq!(self.admin.get("/devices").await.unwrap().body["items"], json!([]), "a device is left");
    }
}

fn device(host: &str) -> DeviceToWrite {
    DeviceToWrite {
        name: "Gate".to_owned(),
        host: host.to_owned(),
        port: 8000,
        user_name: "admin".to_owned(),
        password: SecretString::from("Sekret-17"),
    }
}

fn export(hosts: &[&str], password: Option<&str>, created_at: Option<i64>) -> String {
    let devices = hosts.iter().map(|host| device(host)).collect();
    write(&ExportToWrite { devices, qr_password: password.map(SecretString::from), created_at }).unwrap()
}

fn deflated(list: &[u8]) -> String {
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(list).unwrap();
    format!("{HEADER}{}", STANDARD.encode(writer.finish().unwrap()))
}

fn inflated(text: &str) -> String {
    let bytes = STANDARD.decode(text.strip_prefix(HEADER).unwrap()).unwrap();
    let mut list = String::new();
    flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut list).unwrap();
    list
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn white(width: u32, height: u32) -> DynamicImage {
    GrayImage::from_pixel(width, height, Luma([255])).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_of_other_kinds_are_named() {
    let scene = Scene::start().await;
    for (text, kind) in [
        ("https://www.hik-connect.com/views/app", "web_address"),
        ("www.example.net", "web_address"),
        (r#"{"type":"resetPassword","guid":"x"}"#, "password_reset"),
        ("visitorCode=12345", "visitor"),
        ("DMSS:abc", "other_maker"),
        ("{SN:7J0123APAG12345,DT:IPC-HFW,SC:L2ABCDEF}", "other_maker"),
        ("WIFI:T:WPA;S:home;P:secret;;", "wifi"),
        ("hello", "unknown"),
        ("", "unknown"),
    ] {
        let answer = scene.scan_text(text).await;
        scene.refused(&answer, 422, "qr_wrong_kind").await;
        assert_eq!(answer.body["details"]["kind"], kind, "{text}");
        let drawn = if text.is_empty() { continue } else { siteward_qr::drawing::png(text, 6).unwrap() };
        let answer = scene.scan_picture("image/png", drawn).await;
        scene.refused(&answer, 422, "qr_wrong_kind").await;
        assert_eq!(answer.body["details"]["kind"], kind, "{text} as a picture");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_and_hostile_export_codes_have_a_code_each() {
    let scene = Scene::start().await;
    let good = export(&["192.168.1.64"], None, None);
    let list = inflated(&good);
    let no_zlib = format!("{HEADER}{}", STANDARD.encode([&b"\x78\x9c"[..], &[0xff; 40]].concat()));
    let long = format!("{HEADER}{}", "A".repeat(4096));
    let cases = [
        ("another header", good.replacen(HEADER, "XYZ99990003", 1), "qr_unknown_header"),
        ("signs that are not base64", format!("{HEADER}eJ!!!!"), "qr_bad_base64"),
        ("base64 of no zlib stream", no_zlib, "qr_bad_zlib"),
        ("the end is missing", good[..good.len() - 12].to_owned(), "qr_truncated"),
        ("longer than 4 KiB", long, "qr_too_long"),
        ("a zlib bomb", deflated(&vec![b'$'; 2_000_000]), "qr_inflates_too_much"),
        ("a list not in ASCII", deflated("Gäte&0&x$".as_bytes()), "qr_not_ascii"),
        ("no list", deflated(b"what is this"), "qr_malformed"),
        ("an empty list", deflated(b"$$$"), "qr_malformed"),
        ("300 devices", deflated(list.repeat(300).as_bytes()), "qr_too_many_devices"),
        ("a label with a broken serial", "www.hik-connect.com\rABCDEFGHI\rABCDEF\r".to_owned(), "qr_serial_invalid"),
    ];
    for (what, text, code) in cases {
        assert!(text.len() <= 4096 || code == "qr_too_long", "{what}: {} bytes", text.len());
        let answer = scene.scan_text(&text).await;
        assert_eq!(answer.code(), code, "{what}: {}", answer.body);
        scene.refused(&answer, 422, code).await;
    }
    let most = scene.scan_text(&deflated(list.repeat(256).as_bytes())).await;
    assert_eq!(most.status.as_u16(), 201, "256 devices are not too many: {}", most.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_cannot_be_read_have_a_code_each() {
    let scene = Scene::start().await;
    let site = &scene.site;
    let good = siteward_qr::drawing::png(&export(&["192.168.1.64"], None, None), 6).unwrap();
    // A header that promises more than there is, as a bomb does: refused before anything is decoded.
    let mut promises = png(&white(50, 50));
    promises[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let mut checksum = flate2::Crc::new();
    checksum.update(&promises[12..29]);
    promises[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    let many_pixels = png(&white(5_000, 4_001));
    assert!(many_pixels.len() < 10_000_000);
    for (what, content_type, bytes, status, code) in [
        ("no QR", "image/png", png(&white(300, 300)), 422, "picture_without_qr"),
        ("not a picture", "image/jpeg", vec![7; 1000], 422, "picture_unreadable"),
        ("nothing", "image/png", Vec::new(), 422, "picture_unreadable"),
        ("half a picture", "image/png", good[..good.len() / 2].to_vec(), 422, "picture_unreadable"),
        (
            "a GIF",
            "application/octet-stream",
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(),
            422,
            "picture_unreadable",
        ),
        ("too small", "image/png", png(&white(20, 20)), 422, "picture_too_small"),
        ("more than 20 megapixels", "image/png", many_pixels, 413, "picture_too_large"),
        ("a promise of 4 gigapixels", "image/png", promises, 413, "picture_too_large"),
        ("more than 10 MB", "image/png", vec![0; 10_000_001], 413, "picture_too_large"),
        ("a page", "text/html", b"<html>".to_vec(), 415, "unsupported_content"),
        ("a form", "multipart/form-data; boundary=x", good.clone(), 415, "unsupported_content"),
    ] {
        let answer = scene.scan_picture(content_type, bytes).await;
        assert_eq!(answer.code(), code, "{what}: {}", answer.body);
        scene.refused(&answer, status, code).await;
    }
    let path = format!("/sites/{site}/scans");
    for body in ["{\"text\": 5}", "{\"text\": \"a\", \"more\": 1}", "{", "[]"] {
        let answer = scene.admin.post_bytes(&path, "application/json", body).await.unwrap();
        scene.refused(&answer, 400, "bad_json").await;
    }
    let large = scene.admin.post(&path, &json!({"text": "A".repeat(270_000)})).await.unwrap();
    scene.refused(&large, 413, "body_too_large").await;
    let mislabelled = scene.scan_picture("image/webp", good).await;
    assert_eq!(mislabelled.status.as_u16(), 201, "a PNG is one whatever it is called: {}", mislabelled.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn forbidden_addresses_are_told_in_the_list_and_never_added() {
    let scene = Scene::start().await;
    let hosts = [
        "127.0.0.1",
        "127.255.255.254",
        "::1",
        "::ffff:127.0.0.1",
        "localhost",
        "169.254.1.1",
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
    ];
    let mut with_good = hosts.to_vec();
    with_good.push("192.168.1.64");
    let scan = scene.scan_text(&export(&with_good, None, None)).await.ok().unwrap();
    let import = &scan["import"];
    for (row, host) in import["rows"].as_array().unwrap().iter().zip(&with_good) {
        if *host == "192.168.1.64" {
            assert_eq!(row["state"], "new");
        } else {
            let told = (&row["state"], &row["reason"]["code"]);
            assert_eq!(told, (&json!("address_not_allowed"), &json!("address_not_allowed")), "{host}");
        }
    }
    let confirm = format!("/imports/{}/confirm", import["id"].as_str().unwrap());
    for index in 0..hosts.len() {
        let refused = scene.admin.post(&confirm, &json!({"rows": [index, hosts.len()]})).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "rows_not_selectable"), "{}", hosts[index]);
    }
    for host in hosts {
        let body = json!({"host": host, "port": 80, "user_name": "admin", "password": "Sekret-17"});
        let refused = scene.admin.post(&format!("/sites/{}/devices", scene.site), &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "address_not_allowed"), "{host}");
    }
    let path = format!("/imports/{}", import["id"].as_str().unwrap());
    let still = scene.admin.get(&path).await.unwrap().body;
    assert_eq!((&still["state"], &still["counts"]["ticked"]), (&json!("ready"), &json!(0)), "nothing was ticked");
    assert_eq!(scene.admin.get("/devices").await.unwrap().body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_qr_password_opens_nothing() {
    let scene = Scene::start().await;
    let text = export(&["192.168.1.64"], Some("Qr-12345"), None);
    let scan = scene.scan_text(&text).await.ok().unwrap();
    let path = format!("/imports/{}", scan["import"]["id"].as_str().unwrap());
    for wrong in ["qr-12345", "", "Qr-12345 ", "Qr-1234", "'; --"] {
        let refused = scene.admin.post(&format!("{path}/password"), &json!({"password": wrong})).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "qr_password_wrong"), "{wrong:?}");
        let import = scene.admin.get(&path).await.unwrap().body;
        assert_eq!((&import["state"], &import["rows"]), (&json!("password_needed"), &json!([])));
    }
    let early = scene.admin.post(&format!("{path}/confirm"), &json!({"rows": [0]})).await.unwrap();
    assert_eq!((early.status.as_u16(), early.code()), (409, "import_not_ready"));
    assert_eq!(scene.admin.get("/devices").await.unwrap().body["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_qr_past_the_age_limit_is_imported_by_the_admin_alone_and_logged() {
    let scene = Scene::start().await;
    let (admin, day) = (&scene.admin, 24 * 3600);
    admin.patch("/company", &json!({"qr_age_limit_days": 30})).await.unwrap().ok().unwrap();
    let installer = scene.app.member_with("max@example.com", &[Right::ManageAssignedSites]).await.unwrap();
    scene.app.assign("max@example.com", &scene.site, None).unwrap();
    let now = chrono::Utc::now().timestamp();
    for (created_at, older) in
        [(Some(now - 40 * day), true), (None, true), (Some(now - 29 * day), false), (Some(now + 400 * day), false)]
    {
        let scan = scene.scan_text(&export(&["192.168.1.64"], None, created_at)).await.ok().unwrap();
        assert_eq!(scan["import"]["older_than_limit"], older, "{created_at:?}");
        let path = format!("/imports/{}/confirm", scan["import"]["id"].as_str().unwrap());
        // An installer of the site may tick everything but this.
        let answer = installer.post(&path, &json!({"rows": [if older { 0 } else { 9 }]})).await.unwrap();
        let refusal = if older { (403, "qr_too_old") } else { (422, "rows_not_selectable") };
        assert_eq!((answer.status.as_u16(), answer.code()), refusal);
        assert_eq!(admin.post(&path, &json!({"rows": [0]})).await.unwrap().status.as_u16(), 202);
        let log = admin.get("/operation_log?limit=1").await.unwrap().body;
        let told = if older { "older than the company's limit" } else { "" };
        let row = &log["items"][0];
        assert_eq!((&row["action"], &row["object_name"]), (&json!("POST /imports/{import_id}/confirm"), &json!(told)));
        assert_eq!((&row["who"], &row["result"]), (&json!("Alex Admin"), &json!("ok")));
    }
}

fn file(path: &str) -> String {
    std::fs::read_to_string(siteward_tests::root().join(path)).unwrap()
}

fn texts(language: &str) -> Value {
    serde_json::from_str(&file(&format!("console/src/texts/{language}.json"))).unwrap()
}

#[test]
fn every_code_is_said_in_both_languages_and_documented() {
    let page = file("docs/errors.md");
    for language in ["en", "ru"] {
        let texts = texts(language);
        for code in codes::ALL {
            let text = texts["errors"][code.code].as_str().unwrap_or_default();
            assert!(!text.trim().is_empty(), "{language}.json does not say {}", code.code);
            let is_russian = text.chars().any(|c| ('а'..='я').contains(&c));
            assert_eq!(is_russian, language == "ru", "{language}.json, {}: {text}", code.code);
            assert!(
                page.contains(&format!("| `{}` | {} |", code.code, code.status)),
                "docs/errors.md lacks {}",
                code.code
            );
        }
        for kind in ["web_address", "password_reset", "visitor", "other_maker", "wifi"] {
            assert!(texts["qr_kind"][kind].is_string(), "{language}.json does not say the kind {kind}");
        }
    }
}

/// Codes that stand in the sources of the crates that cannot see the list.
#[test]
fn codes_that_other_crates_give_are_on_the_list() {
    let listed: BTreeSet<&str> = codes::ALL.iter().map(|code| code.code).collect();
    let mut given = BTreeSet::new();
    for path in [
        "qr/src/export/error.rs",
        "qr/src/label.rs",
        "qr/src/picture.rs",
        "qr/src/sealed.rs",
        "devices/src/call_error.rs",
        "devices/src/address_policy.rs",
        "worker/src/jobs/import_devices.rs",
        "worker/src/jobs/import_devices/behind_link.rs",
        "worker/src/jobs/import_devices/trying.rs",
        "store/src/imports/working.rs",
    ] {
        let source = file(path);
        for before in ["=> \"", "failed(\"", "code: \"", "code = if here { \"", "else { \""] {
            for after in source.split(before).skip(1) {
                let code = after.split('"').next().unwrap();
                if code.contains('_') && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                    given.insert(code.to_owned());
                }
            }
        }
    }
    for known in ["qr_bad_zlib", "picture_without_qr", "device_login_refused", "address_not_allowed", "import_failed"] {
        assert!(given.contains(known), "the search found no {known}");
    }
    let reasons_of_health = ["bad_answer", "no_route"];
    let unlisted: Vec<&String> = given
        .iter()
        .filter(|code| !listed.contains(code.as_str()) && !reasons_of_health.contains(&code.as_str()))
        .collect();
    assert!(unlisted.is_empty(), "api/src/error/codes.rs lacks {unlisted:?}");
}
