//! Device QRs: sealed, plain and vendor; drawn, scanned back, and added again on another site or server (R-O6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::canary::{files, hits};
use siteward_tests::client::{Answer, Client};
use siteward_tests::lan::{Lan, wait};

const SEAL: &str = "Canary-seal 1";

struct Scene {
    app: App,
    admin: Client,
    simulator: Simulator,
    devices: Vec<String>,
}

async fn site(admin: &Client, name: &str) -> String {
    let made = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap();
    made.body["id"].as_str().unwrap().to_owned()
}

async fn scene(count: usize) -> Scene {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(count, Profile::Camera, 41)).await.unwrap();
    let site = site(&admin, "Harbour").await;
    let mut devices = Vec::new();
    for handle in simulator.devices() {
        let body = json!({
            "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user,
            "password": handle.password,
        });
        let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
        devices.push(added["id"].as_str().unwrap().to_owned());
    }
    Scene { app, admin, simulator, devices }
}

fn sealed(devices: &[String]) -> Value {
    json!({"device_ids": devices, "kind": "sealed", "password": SEAL, "format": "png"})
}

fn picture(answer: &Value, place: usize) -> Vec<u8> {
    BASE64.decode(answer["pictures"][place]["data"].as_str().unwrap()).unwrap()
}

async fn scan(admin: &Client, site: &str, picture: Vec<u8>) -> Answer {
    admin.post_bytes(&format!("/sites/{site}/scans"), "image/png", picture).await.unwrap()
}

async fn open(admin: &Client, import: &Value, password: &str) -> Answer {
    let path = format!("/imports/{}/password", import["id"].as_str().unwrap());
    admin.post(&path, &json!({"password": password})).await.unwrap()
}

/// Ticks all rows and gives the import when it is done.
async fn confirm(admin: &Client, import: &Value) -> Value {
    let path = format!("/imports/{}", import["id"].as_str().unwrap());
    let rows: Vec<usize> = (0..import["rows"].as_array().unwrap().len()).collect();
    let confirmed = admin.post(&format!("{path}/confirm"), &json!({"rows": rows})).await.unwrap();
    assert_eq!(confirmed.status.as_u16(), 202, "{}", confirmed.body);
    wait(|| async { Ok(admin.get(&path).await?.body["state"] == "done") }).await.unwrap();
    admin.get(&path).await.unwrap().body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_qr_adds_the_devices_again_on_another_server() {
    let scene = scene(2).await;
    let made = scene.admin.post("/device_qr", &sealed(&scene.devices)).await.unwrap();
    assert_eq!((made.status.as_u16(), &made.body["weak"]), (200, &json!(false)), "{}", made.body);
    assert_eq!(made.body["pictures"][0]["devices"], json!(scene.devices));

    let other = Start::with_devices().run().await.unwrap();
    let admin = other.admin().await.unwrap();
    let pier = site(&admin, "Pier").await;
    let scanned = scan(&admin, &pier, picture(&made.body, 0)).await;
    assert_eq!((scanned.status.as_u16(), &scanned.body["kind"]), (201, &json!("sealed_qr")), "{}", scanned.body);
    let import = &scanned.body["import"];
    assert_eq!((&import["kind"], &import["state"]), (&json!("sealed"), &json!("password_needed")));
    assert_eq!(
        (&import["weak"], &import["password_change_offered"], &import["rows"]),
        (&json!(false), &json!(false), &json!([]))
    );
    let wrong = open(&admin, import, "Canary-seal 2").await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "qr_sealed_wrong_password"), "{}", wrong.body);
    assert_eq!(wrong.body["details"]["tries_left"], 9);
    let opened = open(&admin, import, SEAL).await.ok().unwrap();
    assert_eq!(opened["rows"][1]["access"], "direct");
    let done = confirm(&admin, &opened).await;
    assert_eq!(done["counts"]["added"], 2, "{done}");

    for handle in scene.simulator.devices() {
        let told = format!("{} {} {opened} {done}", made.body, scanned.body);
        assert!(!told.contains(&handle.password));
    }
    for app in [&scene.app, &other] {
        for (place, bytes) in files(app.folder()).unwrap() {
            assert_eq!(hits(&bytes, SEAL) + hits(&bytes, "SW1:"), 0, "{place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_make_several_codes_and_each_format_is_drawn() {
    let scene = scene(12).await;
    let made = scene.admin.post("/device_qr", &sealed(&scene.devices)).await.unwrap().ok().unwrap();
    let counts: Vec<usize> =
        made["pictures"].as_array().unwrap().iter().map(|one| one["devices"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [10, 2]);
    let mut drawn = sealed(&scene.devices[..1]);
    drawn["format"] = json!("svg");
    let drawn = scene.admin.post("/device_qr", &drawn).await.unwrap().ok().unwrap();
    assert!(String::from_utf8(picture(&drawn, 0)).unwrap().contains("<svg"));

    // The vendor's apps read at most 15 a code here; without a password it opens at once.
    let plain = json!({"device_ids": scene.devices, "kind": "plain", "format": "png", "confirmed": true});
    let plain = scene.admin.post("/device_qr", &plain).await.unwrap().ok().unwrap();
    assert_eq!(plain["weak"], true);
    let rival = scene.app.other_admin().await.unwrap();
    let pier = site(&rival, "Pier").await;
    let scanned = scan(&rival, &pier, picture(&plain, 0)).await.ok().unwrap();
    let import = &scanned["import"];
    assert_eq!((&import["weak"], &import["password_change_offered"]), (&json!(true), &json!(true)));
    assert_eq!(import["rows"].as_array().unwrap().len(), 12);
    let vendor = json!({
        "device_ids": scene.devices, "kind": "vendor", "password": "1234", "format": "png", "confirmed": true,
    });
    let vendor = scene.admin.post("/device_qr", &vendor).await.unwrap().ok().unwrap();
    let scanned = scan(&rival, &pier, picture(&vendor, 0)).await.ok().unwrap();
    assert_eq!(scanned["import"]["state"], "password_needed");
    let opened = open(&rival, &scanned["import"], "1234").await.ok().unwrap();
    assert_eq!(opened["rows"].as_array().unwrap().len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn weak_codes_need_a_confirmation_and_sealed_ones_a_good_password() {
    let scene = scene(1).await;
    let base = sealed(&scene.devices);
    let with = |changes: Value| {
        let mut body = base.clone();
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        body
    };
    for (changes, code) in [
        (json!({"kind": "plain", "password": null}), "confirmation_needed"),
        (json!({"kind": "vendor", "password": "1234"}), "confirmation_needed"),
        (json!({"kind": "vendor", "password": "12345678901234567", "confirmed": true}), "field_invalid"),
        (json!({"password": null}), "field_invalid"),
        (json!({"password": "1234567"}), "field_invalid"),
        (json!({"password": "x".repeat(65)}), "field_invalid"),
        (json!({"valid_days": 0}), "field_invalid"),
        (json!({"valid_days": 366}), "field_invalid"),
        (json!({"device_ids": []}), "field_invalid"),
    ] {
        let refused = scene.admin.post("/device_qr", &with(changes.clone())).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code), "{changes}");
    }
    let rival = scene.app.other_admin().await.unwrap();
    assert_eq!(rival.post("/device_qr", &base).await.unwrap().status.as_u16(), 404);
    let log = scene.admin.get("/operation_log").await.unwrap().body;
    assert!(!log.to_string().contains(SEAL));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tampered_or_absurd_code_is_refused_before_a_password_is_asked_for() {
    let scene = scene(1).await;
    let pier = site(&scene.admin, "Pier").await;
    let path = format!("/sites/{pier}/scans");
    let made = scene.admin.post("/device_qr", &sealed(&scene.devices)).await.unwrap().ok().unwrap();
    let text = siteward_qr::picture::read(&picture(&made, 0), &|| true).unwrap().remove(0);
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = base45::decode(text.strip_prefix("SW1:").unwrap()).unwrap();
        change(&mut bytes);
        format!("SW1:{}", base45::encode(&bytes))
    };
    let with = |at: usize, put: &[u8]| changed(&|bytes| bytes[at..at + put.len()].copy_from_slice(put));
    for (text, code) in [
        (with(0, &[2]), "qr_sealed_version"),
        (with(2, &u32::MAX.to_be_bytes()), "qr_sealed_parameters"),
        (with(6, &1_000_u32.to_be_bytes()), "qr_sealed_parameters"),
        (with(10, &[0]), "qr_sealed_parameters"),
        (text[..40].to_owned(), "qr_sealed_damaged"),
        ("SW1:lower case".to_owned(), "qr_sealed_damaged"),
    ] {
        let refused = scene.admin.post(&path, &json!({"text": text})).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code));
    }
    // A flipped bit in the ciphertext shows only when it is opened.
    let flipped = changed(&|bytes| bytes[60] ^= 1);
    let scanned = scene.admin.post(&path, &json!({"text": flipped})).await.unwrap().ok().unwrap();
    assert_eq!(open(&scene.admin, &scanned["import"], SEAL).await.code(), "qr_sealed_wrong_password");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloud_device_in_a_sealed_qr_is_found_by_the_link_of_the_other_server() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Camera, 42)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let handle = &lan.simulator.devices()[0];
    let body = json!({"text": handle.label, "name": "Gate", "password": handle.password});
    let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await.unwrap().ok().unwrap();
    let devices = [added["device_id"].as_str().unwrap().to_owned()];
    let made = admin.post("/device_qr", &sealed(&devices)).await.unwrap().ok().unwrap();
    let weak = json!({"device_ids": devices, "kind": "plain", "format": "png", "confirmed": true});
    let unsuitable = admin.post("/device_qr", &weak).await.unwrap();
    assert_eq!((unsuitable.status.as_u16(), unsuitable.code()), (422, "device_qr_unsuitable"));

    // On its own site it is there already; another company of this server is told that it is somebody else's.
    let again = scan(&admin, &link.site, picture(&made, 0)).await.ok().unwrap();
    let again = open(&admin, &again["import"], SEAL).await.ok().unwrap();
    assert_eq!((&again["rows"][0]["state"], &again["rows"][0]["access"]), (&json!("on_this_site"), &json!("link")));
    assert_eq!((&again["rows"][0]["serial"], &again["rows"][0]["host"]), (&json!(handle.serial), &json!("")));
    let rival = app.other_admin().await.unwrap();
    let theirs = lan.site(&rival, "Theirs").await.unwrap();
    let scanned = scan(&rival, &theirs.site, picture(&made, 0)).await.ok().unwrap();
    let opened = open(&rival, &scanned["import"], SEAL).await.ok().unwrap();
    let done = confirm(&rival, &opened).await;
    assert_eq!(done["rows"][0]["reason"]["code"], "device_someone_elses", "{done}");

    let other = Start::with_devices().run().await.unwrap();
    let elsewhere = other.admin().await.unwrap();
    let pier = lan.site(&elsewhere, "Pier").await.unwrap();
    let scanned = scan(&elsewhere, &pier.site, picture(&made, 0)).await.ok().unwrap();
    let opened = open(&elsewhere, &scanned["import"], SEAL).await.ok().unwrap();
    let done = confirm(&elsewhere, &opened).await;
    assert_eq!(done["counts"]["added"], 1, "{done}");
    let device = done["rows"][0]["device_id"].as_str().unwrap();
    let device = elsewhere.get(&format!("/devices/{device}")).await.unwrap().body;
    assert_eq!(
        (&device["access"], &device["link"]["id"], &device["name"]),
        (&json!("link"), &json!(pier.id), &json!("Gate"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_another_account_has_by_now_is_not_added_by_its_sealed_qr() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Camera, 45)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let handle = &lan.simulator.devices()[0];
    let body = json!({"text": handle.label, "password": handle.password});
    let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await.unwrap().ok().unwrap();
    let device = added["device_id"].as_str().unwrap().to_owned();
    let made = admin.post("/device_qr", &sealed(std::slice::from_ref(&device))).await.unwrap().ok().unwrap();
    admin.delete(&format!("/devices/{device}")).await.unwrap();
    lan.simulator.set(0, Change { bound: Some(true), ..Change::default() }).await.unwrap();
    let found = format!("/sites/{}/found", link.site);
    wait(|| async { Ok(admin.get(&found).await?.body["items"][0]["bind"] == "bound") }).await.unwrap();

    let scanned = scan(&admin, &link.site, picture(&made, 0)).await.ok().unwrap();
    let opened = open(&admin, &scanned["import"], SEAL).await.ok().unwrap();
    let done = confirm(&admin, &opened).await;
    assert_eq!(done["rows"][0]["reason"]["code"], "device_someone_elses", "{done}");
    assert_eq!(done["counts"]["added"], 0, "{done}");
}
