//! Linkage rules from outside: an event at one simulated device, and what others did about it by their own account.

mod kill;
mod scene;

use chrono::{Timelike as _, Utc};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_domain::event::EventKind;
use siteward_store::{companies, events};
use siteward_tests::app::PASSWORD;
use siteward_tests::owner::OWNER;
use siteward_tests::street::make_site;

use scene::{GATE, PANEL, Scene, YARD};

fn picture_of(device: &str) -> Value {
    json!({"kind": "snapshot", "device_id": device})
}

fn reasons(rule: &Value) -> Vec<&str> {
    rule["troubles"].as_array().unwrap().iter().map(|trouble| trouble["reason"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_at_one_camera_has_another_look_record_turn_and_switch_and_the_panel_armed() {
    let scene = Scene::start_listening().await;
    let [_, yard, panel] = scene.devices.each_ref().map(String::as_str);
    let me = scene.app.staff_id(siteward_tests::app::ADMIN).unwrap().to_string();
    let actions = json!([
        picture_of(yard), {"kind": "record", "device_id": yard}, {"kind": "preset", "device_id": yard, "preset": 3},
        {"kind": "output_on", "device_id": yard}, {"kind": "arm", "device_id": panel, "mode": "stay"},
        {"kind": "notify", "staff_ids": [me]}, {"kind": "webhook"},
    ]);
    let rule = scene.rule("Night watch", "intrusion", actions).await;
    assert_eq!((&rule["state"], &rule["troubles"]), (&json!("works"), &json!([])));

    scene.set(GATE, json!({"event": [{"word": "fielddetection", "channel": 1}]})).await;
    let firing = scene.ended(1).await.remove(0);
    let states: Vec<&str> =
        firing["actions"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["done"; 7], "{firing}");
    let did = scene.simulator.view(YARD).unwrap().linked;
    assert_eq!((did.outputs.get(&1), did.presets.get(&1), did.recording.contains(&1)), (Some(&true), Some(&3), true));
    assert_eq!(did.times, 3);
    let armed = scene.simulator.view(PANEL).unwrap().panel.unwrap();
    assert!(serde_json::to_string(&armed).unwrap().contains("\"stay\""), "{}", json!(armed));

    let path = format!("/linkage_firings/{}/pictures/0", firing["id"].as_str().unwrap());
    let answer = scene.admin.stream(&path).await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"image/jpeg".parse().unwrap()));
    let picture = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(picture.starts_with(&[0xff, 0xd8, 0xff]));
    assert_eq!(scene.admin.get(&path.replace("/0", "/1")).await.unwrap().code(), "not_found");
    let mails = scene.admin.get("/mails").await.unwrap().ok().unwrap();
    assert_eq!(mails["items"][0]["template"], "linkage_fired", "{mails}");
    assert_eq!(scene.told_webhooks(), 1);

    // It lasts: told again it is the same event, and the rule has fired for it.
    scene.set(GATE, json!({"event": [{"word": "fielddetection", "channel": 1}]})).await;
    scene.witness().await;
    assert_eq!(scene.firings_of(&rule).await.len(), 1);
    assert_eq!(scene.simulator.view(YARD).unwrap().linked.times, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_monitoring_a_rule_rests_with_its_reason_and_revives_and_no_new_one_is_made() {
    let scene = Scene::start().await;
    let [gate, yard, _] = scene.devices.each_ref().map(String::as_str);
    let rule = scene.rule("Night watch", "intrusion", json!([picture_of(yard), {"kind": "webhook"}])).await;
    scene.monitor(gate, false).await;
    let now = scene.read(&rule).await;
    assert_eq!((&now["state"], reasons(&now)), (&json!("invalid"), vec!["monitoring_off"]));
    let another = scene.ask("Another", "motion", json!([{"kind": "webhook"}])).await;
    assert_eq!((another.status.as_u16(), another.code()), (409, "monitoring_off"));
    let renamed = scene.admin.patch(&scene::path(&rule), &json!({"name": "By night"})).await.unwrap().ok().unwrap();
    assert_eq!(renamed["name"], "By night", "it is kept, and can be kept in order");

    scene.monitor(gate, true).await;
    scene.hear(GATE);
    assert_eq!(scene.read(&rule).await["state"], "works");
    scene.monitor(yard, false).await;
    let now = scene.read(&rule).await;
    assert_eq!((&now["state"], &now["troubles"][0]["action"]), (&json!("impaired"), &json!(0)));
    scene.tell(GATE, "fielddetection", None);
    let firing = scene.ended(1).await.remove(0);
    let outcomes: Vec<_> = firing["actions"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(outcomes, ["skipped", "done"], "{firing}");
    assert_eq!(firing["actions"][0]["error_code"], "monitoring_off");
    assert_eq!(scene.ask("Third", "motion", json!([picture_of(yard)])).await.code(), "monitoring_off");
    scene.admin.delete(&format!("/devices/{yard}")).await.unwrap().ok().unwrap();
    assert_eq!(reasons(&scene.read(&rule).await), ["target_gone"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_its_hours_and_switched_off_a_rule_does_nothing_and_a_dry_run_says_so() {
    let scene = Scene::start().await;
    let [gate, yard, _] = scene.devices.each_ref().map(String::as_str);
    // An hour that begins in two or three hours by the clock of the site, in winter or in summer.
    let now = Utc::now();
    let from = (now.hour() * 60 + now.minute() + 60 + 180) % 1440;
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let until = if from == 1380 { 1440 } else { (from + 60) % 1440 };
    let later = json!([{"days": days, "from": from, "until": until}]);
    let rule = scene.rule("Later", "intrusion", json!([{"kind": "output_on", "device_id": yard}])).await;
    scene.admin.patch(&scene::path(&rule), &json!({"schedule": later})).await.unwrap().ok().unwrap();
    let off = scene.rule("Off", "intrusion", json!([{"kind": "output_off", "device_id": yard}])).await;
    scene.admin.patch(&scene::path(&off), &json!({"enabled": false})).await.unwrap().ok().unwrap();

    scene.tell(GATE, "fielddetection", None);
    scene.witness().await;
    assert_eq!((scene.firings_of(&rule).await.len(), scene.firings_of(&off).await.len()), (0, 0));
    assert_eq!(scene.simulator.view(YARD).unwrap().linked.times, 0);
    let try_on = async |schedule: &Value| {
        let body = json!({"source": {"device_id": gate, "kind": "intrusion"}, "schedule": schedule});
        let path = format!("/sites/{}/linkage_rules/dry_run", scene.site);
        scene.admin.post(&path, &body).await.unwrap().ok().unwrap()
    };
    let would = try_on(&json!([])).await;
    assert_eq!(
        (&would["count"], &would["events"], would["times"].as_array().unwrap().len()),
        (&json!(1), &json!(1), 1)
    );
    let would = try_on(&later).await;
    assert_eq!((&would["count"], &would["events"], &would["times"]), (&json!(0), &json!(1), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_rule_may_say_is_refused_with_the_action_that_says_it() {
    let scene = Scene::start().await;
    let [gate, yard, panel] = scene.devices.each_ref().map(String::as_str);
    let elsewhere = siteward_tests::street::make_site(&scene.admin, "Elsewhere").await.unwrap();
    let output = |number: u32| json!({"kind": "output_on", "device_id": yard, "output": number});
    let many: Vec<Value> = (1..=11).map(output).collect();
    let presets: Vec<Value> =
        (1..=5).map(|channel| json!({"kind": "preset", "device_id": yard, "channel": channel, "preset": 1})).collect();
    for (actions, code, index) in [
        (json!([]), "linkage_no_actions", None),
        (json!([output(1), picture_of(gate)]), "linkage_links_its_source", Some(1)),
        (json!([output(1), output(1)]), "linkage_action_twice", Some(1)),
        (json!([output(1), {"kind": "output_off", "device_id": yard}]), "linkage_actions_contradict", Some(1)),
        (json!([{"kind": "preset", "device_id": yard}]), "linkage_action_invalid", Some(0)),
        (json!([{"kind": "webhook", "channel": 1}]), "linkage_action_invalid", Some(0)),
        (json!(many), "linkage_too_many_resources", None),
        (json!(presets), "linkage_too_many_camera_actions", None),
        (json!([{"kind": "arm", "device_id": yard}]), "linkage_device_unsuitable", Some(0)),
        (json!([picture_of(panel)]), "linkage_device_unsuitable", Some(0)),
        (json!([picture_of(&elsewhere)]), "linkage_device_not_on_site", Some(0)),
        (json!([{"kind": "notify", "staff_ids": [elsewhere]}]), "linkage_receiver_unknown", Some(0)),
    ] {
        let answer = scene.ask("Rule", "intrusion", actions.clone()).await;
        assert_eq!(answer.code(), code, "{actions}");
        assert_eq!(answer.body["details"]["index"].as_u64(), index, "{actions}: {}", answer.body);
    }
    let three =
        [1, 2, 3].map(|preset| json!({"kind": "preset", "device_id": yard, "channel": preset, "preset": preset}));
    scene.rule("Three", "intrusion", json!(three)).await;
    let two = json!([picture_of(yard), {"kind": "record", "device_id": yard}]);
    assert_eq!(scene.ask("Two more", "motion", two).await.code(), "linkage_too_many_camera_actions");
    let same = scene.ask("The same", "intrusion", json!(three.iter().rev().collect::<Vec<_>>())).await;
    assert_eq!((same.status.as_u16(), same.code()), (409, "linkage_rule_exists"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_filled_in_with_what_the_site_has_and_can_be_saved_as_it_is() {
    let scene = Scene::start().await;
    let path = format!("/sites/{}/linkage_templates", scene.site);
    let templates = scene.admin.get(&path).await.unwrap().ok().unwrap();
    let (mut saved, mut missing) = (0, Vec::new());
    for template in templates["items"].as_array().unwrap() {
        let mut body = template["draft"].clone();
        if body.is_null() {
            missing.push(template["template"].as_str().unwrap());
            continue;
        }
        body["name"] = template["template"].clone();
        let made = scene.admin.post(&format!("/sites/{}/linkage_rules", scene.site), &body).await.unwrap();
        assert_eq!(made.status, 201, "{body}: {}", made.body);
        saved += 1;
    }
    assert_eq!(missing, ["forced_entry", "visitor_calling"], "there is neither a door nor an intercom");
    assert_eq!(saved, 4, "also those that have the same source fit together");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_refuses_or_is_away_is_told_with_the_outcome_and_asked_no_more_than_it_should_be() {
    let scene = Scene::start().await;
    let [_, yard, panel] = scene.devices.each_ref().map(String::as_str);
    scene.set(PANEL, json!({"panel": {"zones": {"0": {"open": true}}}})).await;
    let actions = json!([
        {"kind": "output_on", "device_id": yard, "output": 9}, {"kind": "arm", "device_id": panel, "mode": "away"},
    ]);
    scene.rule("Night watch", "intrusion", actions).await;
    scene.tell(GATE, "fielddetection", None);
    let firing = scene.ended(1).await.remove(0);
    let codes: Vec<_> = firing["actions"].as_array().unwrap().iter().map(|one| &one["error_code"]).collect();
    assert_eq!(firing["actions"][0]["state"], "failed", "{firing}");
    assert_eq!(codes[1], "panel_zone_open", "{firing}");
    assert_eq!(scene.simulator.view(YARD).unwrap().linked.times, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_twenty_firings_in_a_minute_a_rule_only_counts_and_mails_no_more_than_once_in_five() {
    let scene = Scene::start().await;
    let me = scene.app.staff_id(siteward_tests::app::ADMIN).unwrap().to_string();
    let rule = scene.rule("Busy", "motion", json!([{"kind": "webhook"}, {"kind": "notify", "staff_ids": [me]}])).await;
    for channel in 1..=22 {
        scene.tell(GATE, "VMD", Some(channel));
    }
    siteward_tests::street::wait_until("22 firings", || async { Ok(scene.firings_of(&rule).await.len() == 22) })
        .await
        .unwrap();
    assert_eq!(scene.told_webhooks(), 20);
    let mails = scene.admin.get("/mails").await.unwrap().ok().unwrap();
    assert_eq!(mails["items"].as_array().unwrap().len(), 1, "{mails}");
    let codes: Vec<String> =
        scene.firings_of(&rule).await.iter().map(|one| one["actions"][0]["error_code"].to_string()).collect();
    assert_eq!(codes.iter().filter(|code| code.contains("linkage_too_often")).count(), 2, "{codes:?}");
}

impl Scene {
    /// How many firings the event log has for webhooks.
    fn told_webhooks(&self) -> usize {
        let found = self.app.store.read(|conn| {
            let company = companies::list_companies(conn)?.remove(0);
            events::after(conn, Some(&company.id), 0, 1000)
        });
        found
            .unwrap()
            .iter()
            .filter(|event| event.kind == EventKind::LinkageFired && event.data["rule"] != "Witness")
            .count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_does_with_an_owners_devices_only_what_the_owner_allows() {
    let scene = Scene::start().await;
    let [_, yard, _] = scene.devices.each_ref().map(String::as_str);
    let owner = scene.app.end_user(OWNER).await.unwrap();
    let ask = json!({"device_id": yard, "permission": "live_view", "validity": "permanent"});
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": [ask]})).unwrap();
    let actions = json!([picture_of(yard), {"kind": "record", "device_id": yard}]);
    scene.rule("Night watch", "intrusion", actions).await;
    scene.tell(GATE, "fielddetection", None);
    let firing = scene.ended(1).await.remove(0);
    let each = |part: &str| -> Vec<Value> {
        firing["actions"].as_array().unwrap().iter().map(|one| one[part].clone()).collect()
    };
    assert_eq!(each("state"), ["done", "skipped"], "{firing}");
    assert_eq!(each("error_code"), [Value::Null, json!("permission_missing")]);
    assert!(scene.simulator.view(YARD).unwrap().linked.recording.is_empty());
    // By itself is a use too: the owner is told.
    let mails = scene.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    assert!(mails["items"].as_array().unwrap().iter().any(|mail| mail["template"] == "permission_used"), "{mails}");
    // What was taken while it was allowed is shown while it is allowed.
    let picture = format!("/linkage_firings/{}/pictures/0", firing["id"].as_str().unwrap());
    assert_eq!(scene.admin.stream(&picture).await.unwrap().status().as_u16(), 200);
    let open = owner.get(&format!("/my/sites/{}/grants", scene.site)).await.unwrap().ok().unwrap();
    let seeing = open["items"].as_array().unwrap().iter().find(|grant| grant["permission"] == "live_view").unwrap();
    owner.delete(&format!("/my/grants/{}", seeing["id"].as_str().unwrap())).await.unwrap().ok().unwrap();
    let refused = scene.admin.get(&picture).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "permission_missing"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_camera_that_left_the_owners_site_is_shown_to_nobody() {
    let scene = Scene::start().await;
    let [_, yard, _] = scene.devices.each_ref().map(String::as_str);
    scene.app.end_user(OWNER).await.unwrap();
    let ask = json!({"device_id": yard, "permission": "live_view", "validity": "permanent"});
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": [ask]})).unwrap();
    scene.rule("Night watch", "intrusion", json!([picture_of(yard)])).await;
    scene.tell(GATE, "fielddetection", None);
    let firing = scene.ended(1).await.remove(0);
    let picture = format!("/linkage_firings/{}/pictures/0", firing["id"].as_str().unwrap());
    assert_eq!(scene.admin.stream(&picture).await.unwrap().status().as_u16(), 200);
    let other = make_site(&scene.admin, "Their other site").await.unwrap();
    scene.app.hand_site_over(&other, OWNER, &json!({"site": true, "devices": []})).unwrap();
    let moved = json!({"site_id": other});
    scene.admin.post(&format!("/devices/{yard}/move"), &moved).await.unwrap().ok().unwrap();
    // Even where it is allowed to look now, the picture is one of the site where it was.
    let request = json!({"devices": [{"device_id": yard, "permission": "live_view", "validity": "1h"}]});
    let asked = scene.admin.post(&format!("/sites/{other}/grant_requests"), &request).await.unwrap().ok().unwrap();
    let mut owner = scene.app.stranger();
    owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let path = format!("/my/grant_requests/{}/approve", asked["id"].as_str().unwrap());
    owner.post(&path, &json!({})).await.unwrap().ok().unwrap();
    let refused = scene.admin.get(&picture).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "permission_missing"), "{}", refused.text);
}
