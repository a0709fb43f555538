//! Alarm panels over the API: what they tell of themselves, arming, and leaving zones out.

use serde_json::{Value, json};
use siteward_domain::site::SiteStatus;
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_tests::app::Start;

use crate::panel_accounts::scene::{Scene, panels};

/// The zone of this number, as it is told.
fn zone(panel: &Value, id: u64) -> &Value {
    panel["status"]["zones"].as_array().unwrap().iter().find(|zone| zone["id"] == id).unwrap()
}

fn arming(panel: &Value) -> Vec<&str> {
    panel["status"]["areas"].as_array().unwrap().iter().map(|area| area["arm"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_shows_what_it_tells_of_itself_as_it_changes() {
    let scene = Scene::start(panels(1, false)).await;
    let device = scene.add(0, &scene.site).await;
    let path = format!("/devices/{device}/panel");
    let quiet = scene.told(&path, |panel| panel["fresh"] == true).await;
    assert_eq!((&quiet["status"]["mains"], &zone(&quiet, 2)["open"]), (&json!(true), &json!(false)));
    assert!(quiet["measured_at"].is_string() && quiet["source"].as_str().unwrap().starts_with("/ISAPI/SecurityCP"));
    scene.set(0, json!({"panel": {"mains": false, "zones": {"2": {"open": true, "battery_low": true}}}})).await;
    let loud = scene.told(&path, |panel| panel["status"]["mains"] == false).await;
    assert_eq!((&zone(&loud, 2)["open"], &zone(&loud, 1)["open"]), (&json!(true), &json!(false)));
    scene.set(0, json!({"power": false})).await;
    let old = scene.told(&path, |panel| panel["fresh"] == false).await;
    assert_eq!(old["status"]["mains"], false, "what was known grows old and stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_is_armed_unless_zones_stand_open_which_are_named() {
    let scene = Scene::start(panels(1, false)).await;
    let device = scene.add(0, &scene.site).await;
    let panel = format!("/devices/{device}/panel");
    let post = async |what: &str, body: Value| scene.admin.post(&format!("{panel}/{what}"), &body).await.unwrap();
    scene.set(0, json!({"panel": {"zones": {"0": {"open": true}}}})).await;
    let refused = post("arm", json!({"mode": "away"})).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "panel_zone_open"));
    assert_eq!(refused.body["details"]["zones"], json!([0]));
    let bypassed = post("zones/0/bypass", Value::Null).await.ok().unwrap();
    assert_eq!(zone(&bypassed, 0)["bypassed"], true);
    let armed = post("arm", json!({"mode": "away", "area": null})).await.ok().unwrap();
    assert!(arming(&armed).iter().all(|arm| ["away", "arming"].contains(arm)), "{armed}");
    assert_eq!(armed["fresh"], true);
    let disarmed = post("disarm", json!({})).await.ok().unwrap();
    assert!(arming(&disarmed).iter().all(|arm| *arm == "disarmed"), "{disarmed}");
    let taken_in = scene.admin.delete(&format!("{panel}/zones/0/bypass")).await.unwrap().ok().unwrap();
    assert_eq!(zone(&taken_in, 0)["bypassed"], false);
    scene.set(0, json!({"panel": {"zones": {"0": {"open": false, "alarm": true}}}})).await;
    post("clear_alarm", json!({"area": 1})).await.ok().unwrap();
    let one = post("arm", json!({"mode": "stay", "area": 1})).await.ok().unwrap();
    assert_eq!(one["status"]["areas"][1]["arm"], "disarmed", "{one}");
    assert_eq!(scene.events(&device, "panel_controlled"), 6);
    assert_eq!(post("arm", json!({"mode": "away", "area": 65})).await.code(), "field_invalid");
    assert_eq!(post("zones/99/bypass", Value::Null).await.status, 409);
    scene.status(&scene.site, SiteStatus::NotAuthorized);
    assert_eq!(post("disarm", json!({})).await.code(), "site_not_authorized");
    assert_eq!(scene.counters(0).sessions_refused, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_is_no_panel() {
    let scene = Scene::start(SimulatorSettings::uniform(1, Profile::Camera, 3)).await;
    let handle = &scene.simulator.devices()[0];
    let body = json!({"host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password});
    let device = scene.admin.post(&format!("/sites/{}/devices", scene.site), &body).await.unwrap().ok().unwrap();
    let device = format!("/devices/{}", device["id"].as_str().unwrap());
    for path in ["/panel", "/panel_accounts"] {
        assert_eq!(scene.admin.get(&format!("{device}{path}")).await.unwrap().code(), "not_a_panel", "{path}");
    }
    for path in ["/panel/disarm", "/panel_accounts/check"] {
        let answer = scene.admin.post(&format!("{device}{path}"), &json!({})).await.unwrap();
        assert_eq!(answer.code(), "not_a_panel", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_is_asked_gently_and_known_to_be_there_all_the_same() {
    let start = Start::with_devices().set("POLLING__PANEL_SECONDS", "60");
    let scene = Scene::start_with(panels(1, false), start.set("PANELS__RECONCILE_SECONDS", "3600")).await;
    let device = scene.add(0, &scene.site).await;
    scene.account(&device, crate::panel_accounts::ON_PANEL, "waiting_for_sign_in").await;
    scene.told(&format!("/devices/{device}/panel"), |panel| panel["fresh"] == true).await;
    let path = format!("/devices/{device}");
    let looked_at_times = async |times: usize| {
        for _ in 0..times {
            let before = scene.admin.get(&path).await.unwrap().ok().unwrap()["measured_at"].clone();
            scene.told(&path, |device| device["measured_at"] != before && device["health"] == "healthy").await;
        }
    };
    // What it is was learnt, and its accounts compared once more for that.
    looked_at_times(3).await;
    let asked = scene.counters(0).requests;
    looked_at_times(3).await;
    assert_eq!(scene.counters(0).requests, asked);
    scene.set(0, json!({"power": false})).await;
    scene.told(&path, |device| device["health"] == "offline").await;
}
