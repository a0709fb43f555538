//! Upgrades of firmware over HTTP, against simulated devices that take files, restart, and fail.

#[path = "upgrades/killed.rs"]
mod killed;
#[path = "upgrades/scene.rs"]
mod scene;

use chrono::{Duration, Utc};
use http::StatusCode;
use serde_json::{Value, json};
use siteward_domain::firmware::upgrade_path::region_of;
use siteward_domain::staff::Right;
use siteward_simulator::{Change, Profile, SimulatorSettings, UpgradeChange, UpgradeFault, UpgradePackage};
use siteward_tests::lan::{Lan, wait};
use siteward_tests::owner::OWNER;

use scene::{NEW, OLD, STEP, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_mandatory_step_is_planned_and_both_are_installed() {
    let scene = Scene::start(1).await;
    let aim = scene.catalogue().await;
    let plan = json!({"device_ids": scene.devices, "target_version": "5.4.5"});
    let plan = scene.admin.post("/upgrades/plan", &plan).await.unwrap().ok().unwrap();
    let steps: Vec<_> = plan["devices"][0]["steps"].as_array().unwrap().iter().map(|step| &step["version"]).collect();
    assert_eq!(steps, [STEP, NEW]);
    let id = scene.begun(&json!({"firmware_file_id": aim})).await;
    scene.stands(&id, "ended").await;
    let device = scene.device(&id, 0).await;
    assert_eq!(
        (&device["state"], &device["percent"], &device["step"]),
        (&json!("done"), &json!(100), &json!(1)),
        "{device}"
    );
    assert_eq!((device["from_version"].as_str(), device["to_version"].as_str()), (Some(OLD), Some(NEW)));
    assert_eq!(
        (&device["got_worse"], &device["health_after"]["health"]),
        (&json!(false), &json!("healthy")),
        "{device}"
    );
    let view = scene.view(0);
    assert_eq!((view.firmware.as_str(), view.upgrade.taken, view.upgrade.received), (NEW, 2, 2));

    // What it runs now is what is judged from now on.
    let judged = || async {
        let device = scene.admin.get(&format!("/devices/{}", scene.devices[0])).await?.ok()?;
        Ok(device["firmware"] == NEW)
    };
    wait(judged).await.unwrap();
    let again = scene.begin(&json!({"firmware_file_id": aim})).await;
    assert_eq!((again.status, again.code()), (StatusCode::UNPROCESSABLE_ENTITY, "upgrade_not_needed"));

    // Its configuration was saved first, and the Admin can have it.
    assert_eq!(device["configuration"], "saved");
    let path = format!("/upgrades/{id}/devices/{}/configuration", scene.devices[0]);
    let saved = scene.admin.post(&path, &Value::Null).await.unwrap();
    assert!(saved.text.starts_with("CONFIGURATION OF"), "{}", saved.text);
    let list = scene.admin.get(&format!("/devices/{}/upgrades", scene.devices[0])).await.unwrap().ok().unwrap();
    assert_eq!(list["items"][0]["upgrade_id"], id.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_region_hardware_model_and_downgrades_are_refused_with_a_code() {
    let scene = Scene::start(1).await;
    let model = scene.simulator.devices()[0].model;
    let purpose = |region: &str, hardware: &str, version: &str| json!({"kind": "camera", "models": [model], "region": region, "hardware": hardware, "version": version});
    let refused = async |name: &str, purpose: Value, consent: Value| {
        let id = scene.upload(name.into(), &purpose).await;
        let mut body = json!({"firmware_file_id": id});
        body.as_object_mut().unwrap().extend(consent.as_object().unwrap().clone());
        let answer = scene.begin(&body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        assert_eq!(answer.body["details"]["devices"][0]["device_id"], scene.devices[0].as_str());
        answer.code().to_owned()
    };
    assert_eq!(refused("a", purpose("CH", "", "V5.5.0"), json!({})).await, "firmware_wrong_region");
    assert_eq!(
        refused("b", purpose("CH", "", "V5.5.1"), json!({"accept_unknown": true})).await,
        "firmware_wrong_region"
    );
    assert_eq!(refused("c", purpose("", "NO-SUCH", "V5.5.2"), json!({})).await.split_at(9).0, "firmware_");
    assert_eq!(refused("d", purpose("", "", "V5.0.0"), json!({})).await, "firmware_downgrade");
    let mut other = purpose("", "", "V5.5.3");
    other["models"] = json!(["DS-7608NI"]);
    assert_eq!(refused("e", other, json!({})).await, "firmware_wrong_model");
    let mut recorder = purpose("", "", "V5.5.4");
    recorder["kind"] = json!("nvr");
    assert_eq!(refused("f", recorder, json!({})).await, "firmware_wrong_kind");
    let none = scene.begin(&json!({"target_version": "9.9.9"})).await;
    assert_eq!(none.code(), "firmware_not_in_catalogue");
    assert_eq!(scene.view(0).upgrade.received, 0);
    let upgrades = scene.admin.get("/upgrades").await.unwrap().body;
    assert_eq!(upgrades["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_devices_with_three_bad_ones_stop_after_the_canaries_and_only_the_bad_ones_are_tried_again() {
    let scene = Scene::start(30).await;
    let file = scene.file(STEP, None).await;
    for place in 0..3 {
        scene.fault(place, UpgradeFault::BadPackage).await;
    }
    let stages = json!({"canaries": 5, "then": 25, "error_threshold": 3});
    let id = scene.begun(&json!({"firmware_file_id": file, "stages": stages})).await;
    scene.stands(&id, "stopped").await;
    let both_good = || async { Ok(scene.upgrade(&id).await["devices"]["done"] == 2) };
    wait(both_good).await.unwrap();
    let upgrade = scene.upgrade(&id).await;
    assert_eq!((&upgrade["devices"]["failed"], &upgrade["devices"]["waiting"]), (&json!(3), &json!(25)), "{upgrade}");
    assert_eq!(scene.device(&id, 0).await["reason_code"], "firmware_package_bad");
    let received = |places: std::ops::Range<usize>| places.map(|place| scene.view(place).upgrade.received).sum::<u32>();
    assert_eq!((received(0..5), received(5..30)), (5, 0));

    // They are mended: only those three are tried again, and then the rest follows.
    for place in 0..3 {
        let none = siteward_simulator::UpgradeFaultOrNone::None(siteward_simulator::NoFault::None);
        let upgrade = UpgradeChange { fault: Some(none), ..UpgradeChange::default() };
        scene.change(place, Change { upgrade: Some(upgrade), ..Change::default() }).await;
    }
    scene.admin.post(&format!("/upgrades/{id}/retry"), &Value::Null).await.unwrap().ok().unwrap();
    scene.stands(&id, "ended").await;
    assert_eq!(scene.upgrade(&id).await["devices"]["done"], 30);
    for place in 0..30 {
        let upgrade = scene.view(place).upgrade;
        assert_eq!((upgrade.taken, upgrade.installed), (1, 1), "device {place}");
    }
    let nothing = scene.admin.post(&format!("/upgrades/{id}/retry"), &Value::Null).await.unwrap();
    assert_eq!((nothing.status, nothing.code()), (StatusCode::CONFLICT, "upgrade_nothing_failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_is_refused_and_what_was_not_begun_can_be_cancelled() {
    let scene = Scene::start(2).await;
    let file = scene.file(STEP, None).await;
    let later = json!({"starts_at": Utc::now() + Duration::hours(1)});
    let id = scene.begun(&json!({"firmware_file_id": file, "schedule": later})).await;
    let second = scene.begin(&json!({"firmware_file_id": file})).await;
    assert_eq!((second.status, second.code()), (StatusCode::CONFLICT, "upgrade_running"));
    assert_eq!(second.body["details"]["devices"].as_array().unwrap().len(), 2);
    // Two at once: one of them is begun.
    scene.admin.post(&format!("/upgrades/{id}/cancel"), &Value::Null).await.unwrap().ok().unwrap();
    assert_eq!(scene.device(&id, 0).await["reason_code"], "upgrade_cancelled");
    let body = json!({"firmware_file_id": file, "schedule": later});
    let (one, other) = tokio::join!(scene.begin(&body), scene.begin(&body));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let again = scene.admin.post(&format!("/upgrades/{id}/cancel"), &Value::Null).await.unwrap();
    assert_eq!(again.code(), "upgrade_ended");
    assert_eq!(scene.view(0).upgrade.received + scene.view(1).upgrade.received, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_waits_for_its_hours_and_one_that_is_off_is_waited_for() {
    let scene = Scene::start(1).await;
    let file = scene.file(STEP, None).await;
    scene.power(0, false).await;
    let id = scene.begun(&json!({"firmware_file_id": file})).await;
    let device = scene.device_stands(&id, 0, "waiting_online").await;
    assert_eq!(device["reason_code"], "device_unreachable");
    scene.power(0, true).await;
    scene.stands(&id, "ended").await;
    assert_eq!(scene.device(&id, 0).await["state"], "done");

    // Hours that are not now, in whatever half of the year the site is.
    let at = |hours: i64| (Utc::now() + Duration::hours(hours)).format("%H:%M");
    let window = json!({"from": at(6).to_string(), "until": at(7).to_string()});
    let next = scene.file("V5.4.42 build 170601", None).await;
    let id = scene.begun(&json!({"firmware_file_id": next, "schedule": {"window": window}})).await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(scene.device(&id, 0).await["state"], "waiting");
    assert_eq!(scene.view(0).upgrade.taken, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_come_back_is_told_and_counts_as_upgraded_when_it_does() {
    let scene = Scene::start(1).await;
    let file = scene.file(STEP, None).await;
    scene.fault(0, UpgradeFault::NeverBack).await;
    let id = scene.begun(&json!({"firmware_file_id": file})).await;
    let device = scene.device_stands(&id, 0, "failed").await;
    assert_eq!(device["reason_code"], "offline_after_upgrade");
    assert!(scene.open(0).await.contains(&"offline_after_upgrade".to_owned()), "{:?}", scene.open(0).await);
    scene.power(0, true).await;
    let closed = || async { Ok(!scene.open(0).await.contains(&"offline_after_upgrade".to_owned())) };
    wait(closed).await.unwrap();
    // Tried again it is found to have it, and is not sent it once more.
    scene.admin.post(&format!("/upgrades/{id}/retry"), &Value::Null).await.unwrap().ok().unwrap();
    scene.stands(&id, "ended").await;
    assert_eq!(scene.device(&id, 0).await["state"], "done");
    assert_eq!(scene.view(0).upgrade.received, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_in_the_middle_fails_that_device_and_a_retry_mends_it() {
    let scene = Scene::start(1).await;
    let file = scene.file(STEP, None).await;
    scene.fault(0, UpgradeFault::PowerCut).await;
    let id = scene.begun(&json!({"firmware_file_id": file})).await;
    wait(|| async { Ok(!scene.view(0).power) }).await.unwrap();
    scene.device_stands(&id, 0, "restarting").await;
    let none = siteward_simulator::UpgradeFaultOrNone::None(siteward_simulator::NoFault::None);
    let upgrade = UpgradeChange { fault: Some(none), ..UpgradeChange::default() };
    scene.change(0, Change { upgrade: Some(upgrade), power: Some(true), ..Change::default() }).await;
    let device = scene.device_stands(&id, 0, "failed").await;
    assert_eq!(device["reason_code"], "upgrade_not_taken");
    assert_eq!(scene.view(0).firmware, OLD);
    scene.admin.post(&format!("/upgrades/{id}/retry"), &Value::Null).await.unwrap().ok().unwrap();
    scene.stands(&id, "ended").await;
    assert_eq!((scene.device(&id, 0).await["state"].as_str(), scene.view(0).firmware.as_str()), (Some("done"), STEP));
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_every_habit_are_upgraded_and_none_is_sent_a_file_twice() {
    let scene = Scene::start(3).await;
    let file = scene.file(STEP, None).await;
    for (place, fault) in
        [UpgradeFault::NeedsReboot, UpgradeFault::NoPut, UpgradeFault::AnswerLost].into_iter().enumerate()
    {
        scene.fault(place, fault).await;
    }
    let stages = json!({"canaries": 3, "error_threshold": 3});
    let id = scene.begun(&json!({"firmware_file_id": file, "stages": stages})).await;
    scene.stands(&id, "ended").await;
    for place in 0..3 {
        let (device, view) = (scene.device(&id, place).await, scene.view(place));
        assert_eq!(device["state"], "done", "{device}");
        assert_eq!((view.firmware.as_str(), view.upgrade.taken), (STEP, 1), "device {place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_worse_off_afterwards_is_told_and_stops_what_follows() {
    let scene = Scene::start(2).await;
    let file = scene.file(STEP, None).await;
    let slow = UpgradeChange { writes_ms: Some(2_500), ..UpgradeChange::default() };
    scene.change(0, Change { upgrade: Some(slow), ..Change::default() }).await;
    let stages = json!({"canaries": 1, "error_threshold": 1});
    let id = scene.begun(&json!({"firmware_file_id": file, "stages": stages})).await;
    scene.device_stands(&id, 0, "installing").await;
    scene.change(0, Change { video_loss: Some([1].into()), ..Change::default() }).await;
    scene.stands(&id, "stopped").await;
    let device = scene.device(&id, 0).await;
    assert_eq!((&device["state"], &device["got_worse"]), (&json!("done"), &json!(true)), "{device}");
    let lost = |mark: &str| device[mark]["exceptions"].to_string().contains("video_loss");
    assert!(!lost("health_before") && lost("health_after"), "{device}");
    assert_eq!(scene.device(&id, 1).await["state"], "waiting");
    // A person says to go on.
    scene.admin.post(&format!("/upgrades/{id}/go_on"), &Value::Null).await.unwrap().ok().unwrap();
    scene.stands(&id, "ended").await;
    assert_eq!(scene.device(&id, 1).await["state"], "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_not_watched_is_not_upgraded_and_one_out_of_reach_is_not_there() {
    let scene = Scene::start(1).await;
    let file = scene.file(STEP, None).await;
    let path = format!("/devices/{}/monitoring", scene.devices[0]);
    scene.admin.send_json(http::Method::PUT, &path, &json!({"on": false})).await.unwrap().ok().unwrap();
    let refused = scene.begin(&json!({"firmware_file_id": file})).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::CONFLICT, "monitoring_off"));
    let rights = [Right::ManageAssignedSites, Right::UpgradeFirmware];
    let other = scene.app.member_with("other@example.com", &rights).await.unwrap();
    let body = json!({"device_ids": scene.devices, "firmware_file_id": file});
    assert_eq!(other.post("/upgrades", &body).await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(other.post("/upgrades/plan", &body).await.unwrap().status, StatusCode::NOT_FOUND);
    let without = scene.app.member_with("without@example.com", &[Right::ManageAllSites]).await.unwrap();
    assert_eq!(without.post("/upgrades", &body).await.unwrap().code(), "right_missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_behind_a_link_is_sent_a_large_file_through_it() {
    let app = scene::quick().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, 17);
    settings.reboot = std::time::Duration::from_millis(300);
    let lan = Lan::start(settings).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let handle = lan.simulator.devices()[0].clone();
    let label = json!({"text": handle.label});
    let addition = admin.post(&format!("/sites/{}/additions", link.site), &label).await.unwrap().ok().unwrap();
    let login = json!({"user_name": handle.user, "password": handle.password});
    let path = format!("/additions/{}/login", addition["id"].as_str().unwrap());
    let added = admin.post(&path, &login).await.unwrap().ok().unwrap();
    let device = added["device_id"].as_str().unwrap_or_else(|| panic!("not added: {added}")).to_owned();

    let region = region_of(&handle.serial_number).unwrap();
    let models = vec![handle.model.to_owned()];
    let package = UpgradePackage {
        models: models.clone(),
        language: region.to_owned(),
        version: "V9.1.0 build 270101".into(),
        from: None,
    };
    let path = "/firmware_files?file_name=digicap.dav";
    let bytes = package.bytes(40 * 1024 * 1024);
    let file = admin.post_bytes(path, "application/octet-stream", bytes).await.unwrap().ok().unwrap();
    let purpose = json!({"kind": "camera", "models": models, "region": region, "version": "V9.1.0 build 270101"});
    let path = format!("/firmware_files/{}", file["id"].as_str().unwrap());
    admin.send_json(http::Method::PUT, &path, &purpose).await.unwrap().ok().unwrap();
    let body = json!({"device_ids": [device]});
    let upgrade = admin.post("/upgrades", &body).await.unwrap().ok().unwrap();
    let path = format!("/upgrades/{}", upgrade["id"].as_str().unwrap());
    wait(|| async { Ok(admin.get(&path).await?.ok()?["state"] == "ended") }).await.unwrap();
    assert_eq!(admin.get(&path).await.unwrap().body["devices"]["done"], 1);
    let view = lan.simulator.view(0).unwrap();
    assert_eq!((view.firmware.as_str(), view.upgrade.taken), ("V9.1.0 build 270101", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vulnerable_device_is_judged_anew_once_it_is_upgraded() {
    let scene = Scene::start(1).await;
    scene.change(0, Change { firmware: Some("V5.5.150 build 210120".into()), ..Change::default() }).await;
    let path = format!("/devices/{}", scene.devices[0]);
    scene.admin.post(&format!("{path}/check"), &Value::Null).await.unwrap().ok().unwrap();
    let runs = || async { Ok(scene.admin.get(&path).await?.ok()?["firmware"] == "V5.5.150 build 210120") };
    wait(runs).await.unwrap();
    assert!(scene.open(0).await.contains(&"firmware_vulnerable".to_owned()));
    let version = "V5.7.20 build 230601";
    let file = scene.file(version, None).await;
    let id = scene.begun(&json!({"firmware_file_id": file})).await;
    scene.stands(&id, "ended").await;
    wait(|| async { Ok(!scene.open(0).await.contains(&"firmware_vulnerable".to_owned())) }).await.unwrap();
    let device = scene.admin.get(&path).await.unwrap().ok().unwrap();
    assert_eq!((&device["firmware"], &device["firmware_verdict"]["verdict"]), (&json!(version), &json!("fixed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_owner_took_the_permission_back_meanwhile_is_left_as_it_is() {
    let scene = Scene::start(1).await;
    let file = scene.file(STEP, None).await;
    let owner = scene.app.end_user(OWNER).await.unwrap();
    let ask = json!({"device_id": scene.devices[0], "permission": "configuration", "validity": "permanent"});
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": [ask]})).unwrap();
    scene.power(0, false).await;
    let id = scene.begun(&json!({"firmware_file_id": file})).await;
    scene.device_stands(&id, 0, "waiting_online").await;
    let open = owner.get(&format!("/my/sites/{}/grants", scene.site)).await.unwrap().ok().unwrap();
    let grant = open["items"].as_array().unwrap().iter().find(|grant| grant["permission"] == "configuration").unwrap();
    owner.delete(&format!("/my/grants/{}", grant["id"].as_str().unwrap())).await.unwrap().ok().unwrap();
    scene.power(0, true).await;
    let device = scene.device_stands(&id, 0, "failed").await;
    assert_eq!(device["reason_code"], "permission_missing", "{device}");
    assert_eq!(scene.view(0).upgrade.received, 0);
    assert_eq!(scene.begin(&json!({"firmware_file_id": file})).await.code(), "permission_missing");
}
