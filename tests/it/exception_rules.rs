//! Exception rules from outside: who is told of what, when, and after how long; told once, and that it is over.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use siteward_domain::device::DeviceKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::staff::Right;
use siteward_tests::app::{ADMIN, some_time};
use siteward_tests::street::{incidents, wait_until};
use siteward_tests::trouble::{Trouble, rule_body};

const SEES: [Right; 2] = [Right::ManageAssignedSites, Right::ViewExceptions];

/// Whom a rule tells by name.
fn staff(trouble: &Trouble, email: &str) -> Value {
    json!({"kind": "staff", "id": trouble.app.staff_id(email).unwrap()})
}

/// Receivers of all mails so far, in the order of the alphabet.
async fn receivers(trouble: &Trouble) -> Vec<String> {
    let mails = trouble.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let all = mails["items"].as_array().unwrap().iter().map(|mail| mail["receiver"].as_str().unwrap().to_owned());
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

/// Lets the worker take several turns: whatever is not told after that is not told.
async fn a_while() {
    tokio::time::sleep(StdDuration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_begins_with_a_rule_that_tells_managers_and_the_admin_of_what_matters() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    trouble.app.member_with("manager@example.com", &SEES).await.unwrap();
    trouble.app.assign("manager@example.com", &site, None).unwrap();
    let listed = trouble.admin.get(&format!("/sites/{site}/exception_rules")).await.unwrap().ok().unwrap();
    let rule = &listed["items"][0];
    assert_eq!(
        (&rule["severities"], &rule["kinds"], &rule["threshold_minutes"], &rule["schedule"], &rule["enabled"]),
        (&json!(["critical", "warning"]), &json!([]), &json!(0), &Value::Null, &json!(true))
    );
    let kinds: Vec<&Value> = rule["receivers"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, [&json!("site_managers"), &json!("admin")]);
    assert_eq!((&listed["time_zone"], listed["items"].as_array().unwrap().len()), (&json!("Europe/Warsaw"), 1));

    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::AddressChanged).unwrap();
    trouble.settle(1).await.unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(2).await.unwrap();
    let told = trouble.told(2).await.unwrap();
    assert!(told.iter().all(|subject| subject.contains("“Gate” does not answer")), "{told:?}");
    assert_eq!(receivers(&trouble).await, [ADMIN, "manager@example.com"], "and nobody of the new address");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_colleague_is_told_after_the_threshold_and_of_the_end_and_nobody_of_what_was_shorter() {
    let mut trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    trouble.app.member_with("anna@example.com", &[Right::ManageAllSites, Right::ViewExceptions]).await.unwrap();
    let anna = json!([staff(&trouble, "anna@example.com")]);
    trouble.replace_usual(&site, json!({"receivers": anna, "threshold_minutes": 30})).await.unwrap();
    let [short, long] = ["Short", "Long"].map(|name| trouble.device(&site, name, DeviceKind::Nvr).unwrap());
    trouble.open(&short, ExceptionKind::DiskError).unwrap();
    trouble.open(&long, ExceptionKind::DiskError).unwrap();
    trouble.settle(2).await.unwrap();
    trouble.pass(28).await.unwrap();
    trouble.close(&short, ExceptionKind::DiskError).unwrap();
    a_while().await;
    assert_eq!(trouble.mail.subjects(), Vec::<String>::new(), "29 minutes are not enough");
    trouble.pass(2).await.unwrap();
    assert_eq!(trouble.told(1).await.unwrap(), ["Harbour: “Long” has a faulty disk"]);
    trouble.close(&long, ExceptionKind::DiskError).unwrap();
    let told = trouble.told(2).await.unwrap();
    assert_eq!(told[1], "Harbour: over after 30 min 3 s: “Long” has a faulty disk");
    a_while().await;
    assert_eq!(receivers(&trouble).await, ["anna@example.com", "anna@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_night_is_told_in_the_morning_by_the_clock_of_the_site() {
    // Saturday, 27 March 2027, 23:00 in Warsaw; clocks are set that night.
    let night = "2027-03-27T22:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let mut trouble = Trouble::start(night).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let sunday = json!([{"days": ["sunday"], "from": "08:00", "until": "12:00"}]);
    trouble.replace_usual(&site, json!({"schedule": sunday})).await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    // 07:59 there: two hours ahead of UTC by now.
    trouble.pass(7 * 60 + 58).await.unwrap();
    a_while().await;
    assert_eq!(trouble.mail.subjects(), Vec::<String>::new());
    trouble.pass(2).await.unwrap();
    assert_eq!(trouble.told(1).await.unwrap(), ["Harbour: “Gate” does not answer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_of_a_device_a_kind_of_device_and_a_kind_of_exception_tell_of_nothing_else() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let [gate, yard] = ["Gate", "Yard"].map(|name| trouble.device(&site, name, DeviceKind::Camera).unwrap());
    let recorder = trouble.device(&site, "Recorder", DeviceKind::Nvr).unwrap();
    trouble.replace_usual(&site, json!({"device_id": gate})).await.unwrap();
    trouble.rule(&site, json!({"device_kind": "nvr", "severities": [], "kinds": ["no_disk"]})).await.unwrap();
    trouble.open(&yard, ExceptionKind::DeviceOffline).unwrap();
    trouble.open(&recorder, ExceptionKind::DiskFull).unwrap();
    trouble.settle(2).await.unwrap();
    trouble.open(&gate, ExceptionKind::DeviceOffline).unwrap();
    trouble.open(&recorder, ExceptionKind::NoDisk).unwrap();
    trouble.settle(4).await.unwrap();
    let mut told = trouble.told(2).await.unwrap();
    a_while().await;
    told.sort();
    assert_eq!(told, ["Harbour: “Gate” does not answer", "Harbour: “Recorder” has no disk to record on"]);
    assert_eq!(trouble.mail.subjects().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rules_tell_one_person_once_and_a_new_rule_tells_nothing_old() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    trouble.rule(&site, json!({"receivers": [{"kind": "admin"}]})).await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    trouble.told(1).await.unwrap();
    trouble.app.member_with("late@example.com", &[Right::ManageAllSites, Right::ViewExceptions]).await.unwrap();
    trouble.clock.advance(Duration::seconds(1));
    trouble.rule(&site, json!({"receivers": [staff(&trouble, "late@example.com")]})).await.unwrap();
    a_while().await;
    assert_eq!(receivers(&trouble).await, [ADMIN]);
    trouble.close(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.told(2).await.unwrap();
    a_while().await;
    assert_eq!(receivers(&trouble).await, [ADMIN, ADMIN], "the end only to whom the beginning was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_made_sharper_tells_what_waits_and_one_that_is_off_nothing() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    trouble.replace_usual(&site, json!({"threshold_minutes": 600})).await.unwrap();
    trouble.rule(&site, json!({"enabled": false})).await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    a_while().await;
    assert_eq!(trouble.mail.subjects(), Vec::<String>::new());
    trouble.replace_usual(&site, json!({})).await.unwrap();
    assert_eq!(trouble.told(1).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_see_the_site_any_more_is_told_nothing() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    for email in ["gone@example.com", "blind@example.com"] {
        trouble.app.member_with(email, &[Right::ManageAllSites, Right::ViewExceptions]).await.unwrap();
    }
    let both = json!([staff(&trouble, "gone@example.com"), staff(&trouble, "blind@example.com")]);
    trouble.replace_usual(&site, json!({"receivers": both})).await.unwrap();
    trouble.app.set_rights("blind@example.com", &[Right::ManageAllSites]).unwrap();
    let listed = trouble.admin.get(&format!("/sites/{site}/exception_rules")).await.unwrap().ok().unwrap();
    let able = |name: &str| {
        let all = listed["items"][0]["receivers"].as_array().unwrap().iter();
        all.clone().find(|one| one["name"] == name).unwrap()["able"].clone()
    };
    assert_eq!(
        (able("gone@example.com"), able("blind@example.com")),
        (json!(true), json!(false)),
        "the console says so"
    );
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    trouble.told(1).await.unwrap();
    trouble.app.set_rights("gone@example.com", &[Right::AddSite]).unwrap();
    trouble.close(&camera, ExceptionKind::DeviceOffline).unwrap();
    wait_until("the end", || async { Ok(incidents(&trouble.admin, true).await?.is_empty()) }).await.unwrap();
    a_while().await;
    assert_eq!(receivers(&trouble).await, ["gone@example.com"], "not even that it is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_a_rule_names_is_told_that_alone_and_no_other_is() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let make = async |name: &str, kinds: Value| {
        let body = json!({"name": name, "url": "http://127.0.0.1:9/hook", "kinds": kinds});
        trouble.admin.post("/webhooks", &body).await.unwrap().ok().unwrap()["webhook"]["id"].clone()
    };
    let named = make("Desk", json!(["incident_told"])).await;
    let all = make("All", json!([])).await;
    let site = trouble.site("Harbour").await.unwrap();
    let receivers = json!([{"kind": "webhook", "id": named}]);
    trouble.replace_usual(&site, json!({"receivers": receivers})).await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    let told = async |webhook: &Value| {
        let path = format!("/webhooks/{}/deliveries?limit=100", webhook.as_str().unwrap());
        let list = trouble.admin.get(&path).await.unwrap().ok().unwrap()["items"].as_array().unwrap().clone();
        list.iter().map(|one| one["kind"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    wait_until("the beginning", || async { Ok(told(&named).await.len() == 1) }).await.unwrap();
    trouble.close(&camera, ExceptionKind::DeviceOffline).unwrap();
    wait_until("the end", || async { Ok(told(&named).await.len() == 2) }).await.unwrap();
    assert_eq!(told(&named).await, ["incident_told", "incident_told"]);
    let others = told(&all).await;
    assert!(
        others.contains(&"incident_opened".to_owned()) && !others.contains(&"incident_told".to_owned()),
        "{others:?}"
    );
    assert_eq!(trouble.mail.subjects(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_rule_is_refused_with_the_field() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let (site, other) = (trouble.site("Harbour").await.unwrap(), trouble.site("Barn").await.unwrap());
    let there = trouble.device(&other, "Gate", DeviceKind::Camera).unwrap();
    let path = format!("/sites/{site}/exception_rules");
    for (changed, status, field) in [
        (json!({"severities": [], "kinds": []}), 422, "severities"),
        (json!({"receivers": []}), 422, "receivers"),
        (json!({"receivers": [{"kind": "staff"}]}), 422, "receivers"),
        (json!({"receivers": [{"kind": "admin", "id": there}]}), 422, "receivers"),
        (json!({"threshold_minutes": 10_081}), 422, "threshold_minutes"),
        (json!({"schedule": []}), 422, "schedule"),
        (json!({"schedule": [{"days": ["monday"], "from": "08:00", "until": "08:00"}]}), 422, "schedule"),
        (json!({"schedule": [{"days": ["monday"], "from": "8:00", "until": "18:00"}]}), 422, "schedule"),
        (json!({"device_id": there, "device_kind": "nvr"}), 422, "device_kind"),
        (json!({"device_id": there}), 404, ""),
        (json!({"receivers": [{"kind": "staff", "id": there}]}), 404, ""),
        (json!({"severities": ["dreadful"]}), 400, ""),
    ] {
        let refused = trouble.admin.post(&path, &rule_body(changed.clone())).await.unwrap();
        let told = refused.body["details"]["field"].as_str().unwrap_or_default();
        assert_eq!((refused.status.as_u16(), told), (status, field), "{changed}: {}", refused.body);
    }
    let usual = trouble.usual_rule(&other).await.unwrap();
    let elsewhere = trouble.admin.delete(&format!("{path}/{usual}")).await.unwrap();
    assert_eq!(elsewhere.status.as_u16(), 404, "a rule of another site");
    let gone = trouble.admin.delete(&format!("/sites/{other}/exception_rules/{usual}")).await.unwrap();
    assert_eq!(gone.status.as_u16(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_are_found_by_time_severity_cause_and_channel() {
    let mut trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    let recorder = trouble.device(&site, "Recorder", DeviceKind::Nvr).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    trouble.pass(60).await.unwrap();
    trouble.close(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.pass(60).await.unwrap();
    trouble.open(&recorder, ExceptionKind::ClockDrift).unwrap();
    trouble.settle(1).await.unwrap();
    let found = async |query: &str| {
        let page = trouble.admin.get(&format!("/exceptions?{query}")).await.unwrap().ok().unwrap();
        let items = page["items"].as_array().unwrap().iter();
        items.map(|one| one["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let at = |minutes: i64| (some_time() + Duration::minutes(minutes)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(found("").await, ["clock_drift", "device_offline"]);
    assert_eq!(found(&format!("to={}", at(90))).await, ["device_offline"]);
    assert_eq!(found(&format!("from={}", at(30))).await, ["clock_drift", "device_offline"], "it lasted until later");
    assert_eq!(found(&format!("from={}&to={}", at(70), at(110))).await, Vec::<String>::new());
    assert_eq!(found("severity=warning").await, ["clock_drift"]);
    assert_eq!(found(&format!("cause_id={camera}")).await, ["device_offline"]);
    assert_eq!(found(&format!("device_id={recorder}&channel=1")).await, Vec::<String>::new());
    let all = trouble.admin.get("/exceptions").await.unwrap().ok().unwrap();
    assert_eq!((&all["items"][1]["cause"]["name"], &all["items"][1]["severity"]), (&json!("Gate"), &json!("critical")));
    assert_eq!(trouble.admin.get("/exceptions?from=yesterday").await.unwrap().status.as_u16(), 400);
}
