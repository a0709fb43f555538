//! Compatibility from outside (R-O2, R-D9): rules as data, checked on add, after each change of firmware, and when the rules
//! change.

use http::Method;
use serde_json::{Value, json};
use siteward_domain::firmware::upgrade_path::region_of;
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings, UpgradePackage};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::lan::Lan;
use siteward_tests::street::{add_all, devices, make_site, wait_health, wait_until};

const OLD: &str = "V3.4.98 build 180104";
const NEW: &str = "V4.30.085 build 220819";

async fn run(simulator: &Simulator, start: Start) -> (App, Client, String) {
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    let listed = serde_json::to_value(simulator.devices()).unwrap();
    add_all(&admin, &site, listed.as_array().unwrap()).await.unwrap();
    (app, admin, site)
}

async fn set_firmware(simulator: &Simulator, place: usize, firmware: &str) {
    simulator.set(place, Change { firmware: Some(firmware.into()), ..Change::default() }).await.unwrap();
}

async fn simulate(count: usize, profile: Profile, seed: u64) -> Simulator {
    Simulator::start(SimulatorSettings::uniform(count, profile, seed)).await.unwrap()
}

async fn put_rules(admin: &Client, rules: Value) -> Answer {
    admin.send_json(Method::PUT, "/compatibility_rules", &json!({ "rules": rules })).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_recorder_is_told_on_add_refused_what_it_lacks_and_back_after_its_upgrade() {
    let simulator = simulate(1, Profile::Nvr, 221).await;
    set_firmware(&simulator, 0, OLD).await;
    let start = Start::with_devices().set("REMOTE__DOMAIN", "remote.localhost");
    let (_app, admin, site) = run(&simulator, start).await;
    let added = devices(&admin, &site).await.unwrap().remove(0);
    assert_eq!(added["health"], "unknown");
    assert_eq!(added["monitoring"]["unwatched_because"], "firmware_incompatible");
    assert_eq!((&added["monitoring"]["on"], &added["compatibility"]["minimum_version"]), (&json!(true), &json!("4.0")));
    let id = added["id"].as_str().unwrap();
    let refused = admin.post(&format!("/devices/{id}/remote_sessions"), &json!({})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "firmware_incompatible"));
    assert_eq!(refused.body["details"]["minimum_version"], "4.0");
    let device = admin.get(&format!("/devices/{id}")).await.unwrap().ok().unwrap();
    let operations = device["operations"].as_array().unwrap();
    assert!(!operations.contains(&json!("remote_configuration")) && operations.contains(&json!("edit")));
    set_firmware(&simulator, 0, NEW).await;
    assert_eq!(admin.post(&format!("/devices/{id}/check"), &json!({})).await.unwrap().status.as_u16(), 202);
    wait_health(&admin, &site, "healthy", 1).await.unwrap();
    let back = devices(&admin, &site).await.unwrap().remove(0);
    assert_eq!((&back["compatibility"], &back["monitoring"]["unwatched_because"]), (&Value::Null, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_previewed_saved_and_dropped_and_each_time_the_devices_follow() {
    let simulator = simulate(2, Profile::Camera, 222).await;
    let (_app, admin, site) = run(&simulator, Start::with_devices()).await;
    wait_health(&admin, &site, "healthy", 2).await.unwrap();
    let before = admin.get("/compatibility_rules").await.unwrap().ok().unwrap();
    assert_eq!((&before["own"], before["rules"].as_array().unwrap().len()), (&json!(false), 3));
    let rules =
        json!([{"family": "camera", "models": ["DS-2CD2xx7G2"], "minimum": "9.0", "lost": ["health_monitoring"]}]);
    let told = admin.post("/compatibility_rules/preview", &json!({ "rules": rules })).await.unwrap().ok().unwrap();
    assert_eq!((&told["devices"], &told["unwatched"]), (&json!(2), &json!(2)), "{told}");
    assert_eq!(told["named"][0]["then"]["minimum_version"], "9.0");
    assert_eq!(devices(&admin, &site).await.unwrap()[0]["compatibility"], Value::Null, "nothing is saved by it");
    let saved = put_rules(&admin, rules).await.ok().unwrap();
    assert_eq!((&saved["own"], &saved["updated_by"]), (&json!(true), &json!("Alex Admin")));
    wait_health(&admin, &site, "unknown", 2).await.unwrap();
    let dropped = admin.delete("/compatibility_rules").await.unwrap().ok().unwrap();
    assert_eq!(dropped["rules"], before["rules"]);
    wait_health(&admin, &site, "healthy", 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_cannot_be_read_is_refused_with_its_place_and_nothing_is_saved() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let good = json!({"family": "nvr", "minimum": "4.0", "lost": ["linkage_rules"]});
    for (bad, field) in [
        (json!({"family": "nvr", "minimum": "newest", "lost": ["linkage_rules"]}), "minimum"),
        (json!({"family": "nvr", "models": ["xxxx"], "minimum": "4.0", "lost": ["linkage_rules"]}), "models"),
        (json!({"family": "nvr", "minimum": "4.0", "lost": []}), "lost"),
        (json!({"family": "nvr", "minimum": "4.0", "lost": ["firmware_upgrade"]}), "lost"),
        (json!({"family": "router", "minimum": "4.0", "lost": ["linkage_rules"]}), "family"),
    ] {
        let refused = put_rules(&admin, json!([good, bad])).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "compatibility_rule_invalid"), "{bad}");
        assert_eq!((&refused.body["details"]["field"], &refused.body["details"]["index"]), (&json!(field), &json!(1)));
    }
    let unknown = put_rules(&admin, json!([{"family": "toaster", "minimum": "4.0", "lost": ["linkage_rules"]}])).await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (400, "bad_json"));
    assert_eq!(admin.get("/compatibility_rules").await.unwrap().body["own"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_the_settings_counts_and_a_router_has_no_firmware_to_be_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.json");
    let rule = json!({"family": "camera", "minimum": "9.0", "lost": ["health_monitoring"]});
    let file = json!({"schema": "siteward/compatibility/1", "as_of": "2027-01-01", "rules": [rule]});
    std::fs::write(&path, file.to_string()).unwrap();
    let mut settings = SimulatorSettings::uniform(2, Profile::Camera, 223);
    settings.devices[1].profile = Profile::Router;
    let simulator = Simulator::start(settings).await.unwrap();
    let start = Start::with_devices().set("FIRMWARE__COMPATIBILITY_FILE", path.to_str().unwrap());
    let (_app, admin, site) = run(&simulator, start).await;
    wait_health(&admin, &site, "healthy", 1).await.unwrap();
    let seen = devices(&admin, &site).await.unwrap();
    let because = |kind: &str| {
        let device = seen.iter().find(|device| device["kind"] == kind).unwrap();
        device["monitoring"]["unwatched_because"].clone()
    };
    assert_eq!((because("camera"), because("router")), (json!("firmware_incompatible"), Value::Null));
    assert_eq!(admin.get("/compatibility_rules").await.unwrap().body["platform_as_of"], "2027-01-01");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firmware_that_got_older_is_found_at_a_look() {
    let simulator = simulate(1, Profile::Nvr, 224).await;
    let (_app, admin, site) = run(&simulator, Start::with_devices()).await;
    wait_health(&admin, &site, "healthy", 1).await.unwrap();
    set_firmware(&simulator, 0, OLD).await;
    let because =
        || async { Ok(devices(&admin, &site).await?[0]["monitoring"]["unwatched_because"] == "firmware_incompatible") };
    // The firmware is read every sixtieth period.
    wait_until("too old", because).await.unwrap();
}

/// A server whose upgrades are quick, with a firmware for the recorder of this LAN in its catalogue.
async fn with_catalogue(lan: &Lan) -> (App, Client) {
    let start = Start::with_devices().set("UPGRADES__WATCH_SECONDS", "1").set("UPGRADES__OFFLINE_SECONDS", "1");
    let start = start.set("UPGRADES__RETURN_SECONDS", "10").set("UPGRADES__SETTLE_SECONDS", "3");
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let recorder = &lan.simulator.devices()[0];
    let (models, region) = (vec![recorder.model.to_owned()], region_of(&recorder.serial_number).unwrap().to_owned());
    let purpose = json!({"kind": "nvr", "models": models, "region": region, "version": NEW});
    let package = UpgradePackage { models, language: region, version: NEW.to_owned(), from: None };
    let path = "/firmware_files?file_name=digicap.dav";
    let file = admin.post_bytes(path, "application/octet-stream", package.bytes(500_000)).await.unwrap().ok().unwrap();
    let path = format!("/firmware_files/{}", file["id"].as_str().unwrap());
    admin.send_json(Method::PUT, &path, &purpose).await.unwrap().ok().unwrap();
    (app, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_recorder_behind_a_link_is_added_and_upgraded_in_one_action() {
    let mut settings = SimulatorSettings::uniform(1, Profile::Nvr, 225);
    settings.devices[0].firmware = Some(OLD.into());
    settings.reboot = std::time::Duration::from_millis(300);
    let lan = Lan::start(settings).await.unwrap();
    let (_app, admin) = with_catalogue(&lan).await;
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let recorder = &lan.simulator.devices()[0];
    let post = async |path: String, body: Value| admin.post(&path, &body).await.unwrap().ok().unwrap();
    let begun = post(format!("/sites/{}/additions", link.site), json!({"serial": recorder.serial})).await;
    assert_eq!((&begun["state"], &begun["next"]), (&json!("firmware_too_old"), &json!("upgrade")), "{begun}");
    let path = format!("/additions/{}", begun["id"].as_str().unwrap());
    let on = post(format!("{path}/upgrade"), json!({})).await;
    assert_eq!(on["state"], "login_needed", "{on}");
    let login = json!({"user_name": recorder.user, "password": recorder.password});
    let added = post(format!("{path}/login"), login).await;
    assert_eq!((&added["state"], &added["reason"]), (&json!("added"), &Value::Null), "{added}");
    let device = added["device_id"].as_str().unwrap();
    let upgrades = admin.get(&format!("/devices/{device}/upgrades")).await.unwrap().ok().unwrap();
    assert_eq!(upgrades["items"].as_array().unwrap().len(), 1, "{upgrades}");
    let is_watched = || async {
        let device = admin.get(&format!("/devices/{device}")).await?.ok()?;
        Ok(device["monitoring"]["unwatched_because"].is_null() && device["health"] == "healthy")
    };
    wait_until("upgraded and watched", is_watched).await.unwrap();
    let again = admin.post(&format!("{path}/upgrade"), &json!({})).await.unwrap();
    assert_eq!((again.status.as_u16(), again.code()), (409, "addition_ended"));
}
