//! The switch of health monitoring from outside (R-O1): what a device that nobody watches says, gets and is refused.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::street::{add_all, devices, incidents, make_site, wait_health, wait_until};

struct Scene {
    _app: App,
    admin: Client,
    site: String,
    simulator: Simulator,
}

/// Watched devices of one profile, all of them healthy.
async fn watched(count: usize, profile: Profile, seed: u64) -> Scene {
    let simulator = Simulator::start(SimulatorSettings::uniform(count, profile, seed)).await.unwrap();
    let start =
        Start::with_devices().set("DEVICES__CONNECT_TIMEOUT_MS", "400").set("DEVICES__LOOK_TIMEOUT_SECONDS", "2");
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    let listed = serde_json::to_value(simulator.devices()).unwrap();
    add_all(&admin, &site, listed.as_array().unwrap()).await.unwrap();
    wait_health(&admin, &site, "healthy", count).await.unwrap();
    Scene { _app: app, admin, site, simulator }
}

impl Scene {
    async fn first(&self) -> String {
        devices(&self.admin, &self.site).await.unwrap()[0]["id"].as_str().unwrap().to_owned()
    }

    async fn switch(&self, device: &str, on: bool) -> Answer {
        let path = format!("/devices/{device}/monitoring");
        self.admin.send_json(Method::PUT, &path, &json!({ "on": on })).await.unwrap()
    }

    fn requests(&self) -> u64 {
        self.simulator.view(0).unwrap().counters.requests
    }
}

/// Several periods.
async fn a_while() {
    tokio::time::sleep(Duration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_off_says_why_it_is_unknown_and_hears_nothing_until_it_is_on_again() {
    let scene = watched(1, Profile::Nvr, 211).await;
    let id = scene.first().await;
    let off = scene.switch(&id, false).await.ok().unwrap();
    assert_eq!(off["health"], "unknown");
    let told = &off["monitoring"];
    assert_eq!((&told["on"], &told["unwatched_because"]), (&json!(false), &json!("monitoring_off")));
    assert_eq!(told["off_by"], "Alex Admin", "{told}");
    let facts = off["facts"].as_array().unwrap();
    assert!(!facts.is_empty() && facts.iter().all(|fact| fact["fresh"] == false), "{facts:?}");
    assert_eq!(off["polling"]["next_at"], Value::Null);
    a_while().await;
    let before = scene.requests();
    a_while().await;
    assert_eq!(scene.requests(), before, "not one request");
    let listed = devices(&scene.admin, &scene.site).await.unwrap();
    assert_eq!(listed[0]["monitoring"]["unwatched_because"], "monitoring_off");
    let on = scene.switch(&id, true).await.ok().unwrap();
    assert_eq!(on["monitoring"], json!({"on": true, "off_since": null, "off_by": null, "unwatched_because": null}));
    wait_health(&scene.admin, &scene.site, "healthy", 1).await.unwrap();
    assert!(scene.requests() > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_device_that_is_off_is_refused_and_the_switch_is_in_the_log() {
    let scene = watched(1, Profile::Camera, 212).await;
    let id = scene.first().await;
    scene.switch(&id, false).await.ok().unwrap();
    let refused = scene.admin.post(&format!("/devices/{id}/check"), &json!({})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "monitoring_off"));
    let mut rule = json!({
        "device_id": id, "severities": ["critical"], "kinds": [], "receivers": [{"kind": "admin"}],
        "threshold_minutes": 0, "enabled": true,
    });
    let rules = format!("/sites/{}/exception_rules", scene.site);
    let refused = scene.admin.post(&rules, &rule).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "monitoring_off"));
    rule["enabled"] = json!(false);
    assert_eq!(scene.admin.post(&rules, &rule).await.unwrap().status.as_u16(), 201, "it tells nothing");
    let log = scene.admin.get("/operation_log").await.unwrap().ok().unwrap();
    let rows = log["items"].as_array().unwrap();
    let of_switch = rows.iter().find(|row| row["action"] == "PUT /devices/{device_id}/monitoring").unwrap();
    assert_eq!((&of_switch["result"], &of_switch["object_id"]), (&json!("ok"), &json!(id)), "{of_switch}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_ends_with_its_reason_and_nobody_gets_a_mail_that_it_is_over() {
    let scene = watched(1, Profile::Camera, 213).await;
    let id = scene.first().await;
    scene.simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    wait_health(&scene.admin, &scene.site, "offline", 1).await.unwrap();
    let mails =
        || async { scene.admin.get("/mails").await.unwrap().ok().unwrap()["items"].as_array().unwrap().clone() };
    wait_until("a mail", || async { Ok(!mails().await.is_empty()) }).await.unwrap();
    assert_eq!(incidents(&scene.admin, true).await.unwrap().len(), 1);
    scene.switch(&id, false).await.ok().unwrap();
    wait_until("over", || async { Ok(incidents(&scene.admin, true).await?.is_empty()) }).await.unwrap();
    let over = incidents(&scene.admin, false).await.unwrap();
    assert_eq!((over.len(), &over[0]["closed_because"]), (1, &json!("monitoring_off")));
    a_while().await;
    let sent = mails().await;
    let templates: Vec<&str> = sent.iter().map(|mail| mail["template"].as_str().unwrap()).collect();
    assert_eq!(templates, ["incident_opened"]);
    let open = scene.admin.get("/exceptions?open=true").await.unwrap().ok().unwrap();
    assert_eq!(open["items"], json!([]));
    let closed = scene.admin.get("/exceptions?open=false").await.unwrap().ok().unwrap();
    assert_eq!(closed["items"][0]["closed_because"], "monitoring_off");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_of_a_site_are_switched_at_once_and_a_foreign_one_is_refused() {
    let scene = watched(3, Profile::Camera, 214).await;
    let path = format!("/sites/{}/monitoring", scene.site);
    let put = async |body: Value| scene.admin.send_json(Method::PUT, &path, &body).await.unwrap();
    let first = scene.first().await;
    let some = put(json!({"on": false, "device_ids": [first]})).await.ok().unwrap();
    assert_eq!(some, json!({"changed": 1, "unchanged": 0}));
    let all = put(json!({"on": false})).await.ok().unwrap();
    assert_eq!(all, json!({"changed": 2, "unchanged": 1}));
    let nothing = "01890f00-0000-7000-8000-000000000001";
    assert_eq!(put(json!({"on": true, "device_ids": [first, nothing]})).await.status.as_u16(), 404);
    let seen = devices(&scene.admin, &scene.site).await.unwrap();
    assert!(seen.iter().all(|device| device["monitoring"]["on"] == false), "nothing of a refused call is done");
    assert_eq!(put(json!({"on": true})).await.ok().unwrap()["changed"], 3);
    wait_health(&scene.admin, &scene.site, "healthy", 3).await.unwrap();
}
