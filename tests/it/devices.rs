//! Devices by hand: added, edited, looked at again, deleted.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::Start;
use siteward_tests::client::Client;

struct Scene {
    app: siteward_tests::app::App,
    admin: Client,
    simulator: Simulator,
    site: String,
}

async fn scene(count: usize) -> Scene {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(count, Profile::Camera, 3)).await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let site = made.body["id"].as_str().unwrap().to_owned();
    Scene { app, admin, simulator, site }
}

impl Scene {
    fn body(&self, number: usize) -> Value {
        let device = &self.simulator.devices()[number];
        json!({
            "name": "", "host": device.address.to_string(), "port": device.port,
            "user_name": device.user, "password": device.password,
        })
    }

    async fn add(&self, body: &Value) -> siteward_tests::client::Answer {
        self.admin.post(&format!("/sites/{}/devices", self.site), body).await.unwrap()
    }

    async fn wait_for(&self, path: &str, health: &str) -> Value {
        let started = Instant::now();
        loop {
            let device = self.admin.get(path).await.unwrap().body;
            if device["health"] == health {
                return device;
            }
            assert!(started.elapsed() < Duration::from_secs(20), "not {health}: {device}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_added_by_its_address_watched_and_deleted() {
    let scene = scene(1).await;
    let added = scene.add(&scene.body(0)).await;
    assert_eq!(added.status.as_u16(), 201, "{}", added.body);
    let handle = &scene.simulator.devices()[0];
    assert_eq!(added.body["kind"], "camera");
    assert_eq!(added.body["serial"], handle.serial);
    assert_eq!(added.body["name"], handle.name);
    assert!(!added.body.to_string().contains(&handle.password));

    let path = format!("/devices/{}", added.body["id"].as_str().unwrap());
    let healthy = scene.wait_for(&path, "healthy").await;
    assert_eq!(healthy["credential"]["state"], "ok");
    assert_eq!(healthy["heartbeat"].as_array().unwrap().len(), 24);
    assert!(
        healthy["facts"].as_array().unwrap().iter().any(|fact| fact["topic"] == "identity" && fact["fresh"] == true)
    );
    let history = scene.admin.get(&format!("{path}/history?hours=48")).await.unwrap().body;
    assert_eq!(history["hours"].as_array().unwrap().len(), 48);
    assert_eq!(scene.admin.get(&format!("{path}/history?hours=23")).await.unwrap().code(), "bad_query");

    let again = scene.add(&scene.body(0)).await;
    assert_eq!((again.status.as_u16(), again.code()), (409, "device_on_this_site"));
    assert_eq!(scene.admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(scene.admin.get(&path).await.unwrap().code(), "not_found");
    drop(scene.app);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_costs_one_refused_login_and_adds_nothing() {
    let scene = scene(1).await;
    let mut body = scene.body(0);
    body["password"] = json!("wrong-1");
    let refused = scene.add(&body).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "device_login_refused"));
    assert_eq!(scene.simulator.view(0).unwrap().counters.logins_refused, 1);
    let page = scene.admin.get("/devices").await.unwrap().body;
    assert_eq!(page["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_replace_the_old_only_after_the_device_took_them() {
    let scene = scene(2).await;
    let added = scene.add(&scene.body(0)).await.body;
    let path = format!("/devices/{}", added["id"].as_str().unwrap());
    scene.wait_for(&path, "healthy").await;
    let refused = scene.admin.patch(&path, &json!({"password": "wrong-1"})).await.unwrap();
    assert_eq!(refused.code(), "device_login_refused");
    scene.wait_for(&path, "healthy").await;

    let renamed = scene.admin.patch(&path, &json!({"name": "Front gate"})).await.unwrap();
    assert_eq!((renamed.status.as_u16(), &renamed.body["name"]), (200, &json!("Front gate")));
    let recognised = scene.admin.patch(&path, &json!({"kind": "nvr"})).await.unwrap();
    assert_eq!((recognised.status.as_u16(), recognised.code()), (409, "kind_recognised"));
    let same = scene.admin.patch(&path, &json!({"user_name": "admin"})).await.unwrap();
    assert_eq!(same.status.as_u16(), 200, "{}", same.body);

    scene.add(&scene.body(1)).await.ok().unwrap();
    let taken = scene.body(1);
    let moved = json!({"host": taken["host"], "port": taken["port"], "password": taken["password"]});
    let refused = scene.admin.patch(&path, &moved).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "device_on_this_site"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_left_alone_until_a_person_asks() {
    let scene = scene(1).await;
    let added = scene.add(&scene.body(0)).await.body;
    let path = format!("/devices/{}", added["id"].as_str().unwrap());
    scene.wait_for(&path, "healthy").await;
    let change = serde_json::from_value(json!({"password": "Changed-9"})).unwrap();
    scene.simulator.set(0, change).await.unwrap();
    let failed = scene.wait_for(&path, "login_failed").await;
    assert_eq!(failed["credential"]["state"], "refused");
    assert_eq!(failed["polling"]["next_at"], Value::Null);
    let refused = || scene.simulator.view(0).unwrap().counters.logins_refused;
    assert_eq!(refused(), 1);
    assert_eq!(scene.admin.post(&format!("{path}/check"), &json!({})).await.unwrap().status.as_u16(), 202);
    let started = Instant::now();
    while refused() < 2 && started.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(refused(), 2);
    let open = scene.admin.get("/exceptions?open=true").await.unwrap().body;
    assert_eq!(open["items"][0]["kind"], "login_failed");
    let mended = scene.admin.patch(&path, &json!({"password": "Changed-9"})).await.unwrap();
    assert_eq!(mended.status.as_u16(), 200, "{}", mended.body);
    scene.wait_for(&path, "healthy").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_policy_forbids_are_refused_before_anything_is_dialled() {
    let app = Start::plain().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let path = format!("/sites/{}/devices", made.body["id"].as_str().unwrap());
    for (host, code) in [
        ("127.0.0.1", "address_not_allowed"),
        ("localhost", "address_not_allowed"),
        ("169.254.169.254", "address_not_allowed"),
        ("[::1]", "address_not_allowed"),
        ("0x7f000001", "address_invalid"),
        ("not a host", "address_invalid"),
    ] {
        let body = json!({"host": host, "port": 80, "user_name": "admin", "password": "Secret-1"});
        let refused = admin.post(&path, &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, code), "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_goes_only_to_the_certificate_that_is_pinned() {
    let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, 5);
    settings.devices[0].tls = true;
    let simulator = Simulator::start(settings).await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let site = made.body["id"].as_str().unwrap().to_owned();
    let scene = Scene { app, admin, simulator, site };
    let added = scene.add(&scene.body(0)).await;
    assert_eq!((added.status.as_u16(), &added.body["scheme"]), (201, &json!("https")), "{}", added.body);
    let pinned = added.body["certificate"]["fingerprint"].as_str().unwrap().to_owned();
    let path = format!("/devices/{}", added.body["id"].as_str().unwrap());
    let same = json!({"password": scene.simulator.devices()[0].password});
    assert_eq!(scene.admin.patch(&path, &same).await.unwrap().status.as_u16(), 200);

    let change = serde_json::from_value(json!({"tls_certificate": "new"})).unwrap();
    scene.simulator.set(0, change).await.unwrap();
    let before = scene.simulator.view(0).unwrap().counters.requests;
    let refused = scene.admin.patch(&path, &same).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "device_certificate_changed"), "{}", refused.body);
    assert_eq!(scene.simulator.view(0).unwrap().counters.requests, before, "nothing is asked of a stranger");
    let device = scene.admin.get(&path).await.unwrap().body;
    assert_eq!(device["certificate"]["fingerprint"], pinned);
    drop(scene.app);
}
