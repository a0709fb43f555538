//! What staff may still do on a site whose owner has not authorized their company: each changing route that names something on a site is
//! refused with the status's own code, or stands here with the reason why not.
//!
//! Which routes these are is found out from the description, so that a new one has to be thought of.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use siteward_tests::app::App;

use super::scene::{Caller, Ids, Scene};
use super::{NOTHING, routes};

/// Parameters of paths that name nothing on a site.
const NOT_ON_SITES: [&str; 12] = [
    "{staff_id}",
    "{role_id}",
    "{invitation_id}",
    "{session_id}",
    "{mail_id}",
    "{webhook_id}",
    "{delivery_id}",
    "{firmware_file_id}",
    "{panel_exit_id}",
    "{token}",
    "{zone}",
    "{position}",
];
/// Properties of bodies that name something on a site.
const IN_BODIES: [&str; 4] = ["site_id", "site_ids", "device_id", "device_ids"];

/// What a site that is not authorized makes of a call.
#[derive(Clone, Copy)]
enum Outcome {
    /// `409 site_not_authorized`.
    Refused,
    /// Another refusal comes first, whatever the site's status: this one, and why that is enough.
    Otherwise(&'static str, &'static str),
    /// It is refused of what is named, within an answer that is none.
    RefusedWithin,
    /// It is done, and why it may be.
    Allowed(&'static str),
}

use Outcome::{Allowed, Otherwise, Refused, RefusedWithin};

/// Method, path, a body with which it would be done were the site authorized, and what becomes of it. In the order of asking.
type Row = (&'static str, &'static str, fn(&Ids) -> Value, Outcome);

const NONE: fn(&Ids) -> Value = |_| Value::Null;
const OFFERED: &str = "what the company offered and gave ended with the handover";
const PRIVATE: &str = "whom the company tells of what it sees: nothing on the site changes";

fn rows() -> Vec<Row> {
    let mut rows = [sites(), additions(), devices(), panels(), rules(), upgrades(), owners()].concat();
    // Last: where it was done, everything else would not be there.
    rows.push(("DELETE", "/devices/{device_id}", NONE, Refused));
    rows
}

fn sites() -> Vec<Row> {
    vec![
        ("PATCH", "/sites/{site_id}", |_| json!({"address": "Pier 6"}), Refused),
        ("DELETE", "/sites/{site_id}", NONE, Refused),
        ("POST", "/sites/{site_id}/scans", |_| json!({"text": "hello"}), Refused),
        ("POST", "/sites/{site_id}/devices", login_at, Refused),
        ("POST", "/sites/{site_id}/routers", |_| json!({"host": "127.0.0.1", "port": 9}), Refused),
        ("PUT", "/sites/{site_id}/monitoring", |_| json!({"on": false}), Refused),
        ("POST", "/sites/{site_id}/time", NONE, Refused),
        ("POST", "/sites/{site_id}/password_changes", |ids| json!({"device_ids": [ids.of("device_id")]}), Refused),
        ("POST", "/sites/{site_id}/unbind", unbinding, Refused),
        ("POST", "/sites/{site_id}/links", |_| json!({"name": "Box 3"}), Refused),
        ("PATCH", "/links/{link_id}", |_| json!({"name": "Attic"}), Refused),
        ("POST", "/links/{link_id}/code", NONE, Refused),
        ("POST", "/links/{link_id}/discover", NONE, Refused),
        ("DELETE", "/links/{link_id}", NONE, Allowed("a lost box is shut out whatever the status")),
        (
            "PUT",
            "/site_managers",
            |ids| json!({"site_ids": [ids.of("site_id")], "managers": []}),
            Allowed("who of the company looks after it"),
        ),
    ]
}

fn additions() -> Vec<Row> {
    vec![
        (
            "POST",
            "/imports/{import_id}/password",
            |_| json!({"password": "x"}),
            Otherwise("import_not_ready", "it only opens what was scanned; to confirm it is refused"),
        ),
        ("POST", "/imports/{import_id}/confirm", |_| json!({"rows": [0]}), Refused),
        ("POST", "/sites/{site_id}/additions", |_| json!({"serial": "G12345670"}), Refused),
        ("POST", "/sites/{site_id}/additions/batch", |_| json!({"items": [{"serial": "G12345671"}]}), Refused),
        ("POST", "/additions/{addition_id}/check", NONE, Refused),
        ("POST", "/additions/{addition_id}/upgrade", NONE, Refused),
        ("POST", "/additions/{addition_id}/activation", |_| json!({"password": "Secret-12"}), Refused),
        ("POST", "/additions/{addition_id}/service", code, Refused),
        ("POST", "/additions/{addition_id}/login", |_| json!({"user_name": "admin", "password": "Secret-12"}), Refused),
        ("POST", "/additions/{addition_id}/verification_code", code, Refused),
        (
            "DELETE",
            "/additions/{addition_id}",
            NONE,
            Allowed("an attempt of the company's own is given up: no device is touched"),
        ),
    ]
}

fn devices() -> Vec<Row> {
    vec![
        ("PATCH", "/devices/{device_id}", |_| json!({"name": "Door"}), Refused),
        ("PUT", "/devices/{device_id}/monitoring", |_| json!({"on": false}), Refused),
        ("PUT", "/devices/{device_id}/parent", |_| json!({"mode": "alone"}), Refused),
        ("POST", "/devices/{device_id}/check", NONE, Refused),
        ("POST", "/devices/{device_id}/event_listener", NONE, Refused),
        ("DELETE", "/devices/{device_id}/event_listener", NONE, Refused),
        ("POST", "/devices/{device_id}/certificate", |_| json!({"fingerprint": "0".repeat(64)}), Refused),
        ("POST", "/devices/{device_id}/time", NONE, Refused),
        ("POST", "/devices/{device_id}/move", |ids| json!({"site_id": ids.of("other_site_id")}), Refused),
        ("POST", "/devices/{device_id}/password", |_| json!({"password": "Harbour-78"}), Refused),
        ("POST", "/devices/{device_id}/reboot", NONE, Refused),
        ("POST", "/devices/{device_id}/remote_sessions", NONE, Refused),
        ("DELETE", "/remote_sessions/{remote_session_id}", NONE, Allowed("it ends what the company had")),
        ("POST", "/device_qr", sealed_qr, Refused),
    ]
}

fn panels() -> Vec<Row> {
    vec![
        ("POST", "/devices/{device_id}/panel/arm", |_| json!({"mode": "away"}), Refused),
        ("POST", "/devices/{device_id}/panel/disarm", |_| json!({"area": 1}), Refused),
        ("POST", "/devices/{device_id}/panel/clear_alarm", |_| json!({}), Refused),
        ("POST", "/devices/{device_id}/panel/zones/{zone}/bypass", NONE, Refused),
        ("DELETE", "/devices/{device_id}/panel/zones/{zone}/bypass", NONE, Refused),
        ("POST", "/devices/{device_id}/panel_accounts/check", NONE, Refused),
        (
            "DELETE",
            "/devices/{device_id}/panel_accounts/{account_id}",
            NONE,
            Otherwise("not_found", "a camera has none: the tests of panel accounts ask about one that is there"),
        ),
    ]
}

fn rules() -> Vec<Row> {
    vec![
        ("POST", "/sites/{site_id}/exception_rules", rule, Allowed(PRIVATE)),
        ("PUT", "/sites/{site_id}/exception_rules/{exception_rule_id}", rule, Allowed(PRIVATE)),
        ("DELETE", "/sites/{site_id}/exception_rules/{exception_rule_id}", NONE, Allowed(PRIVATE)),
        (
            "POST",
            "/sites/{site_id}/maintenance_windows",
            |_| json!({"minutes": 5, "repeats": "once"}),
            Allowed(PRIVATE),
        ),
        ("DELETE", "/sites/{site_id}/maintenance_windows/{maintenance_window_id}", NONE, Allowed(PRIVATE)),
        ("POST", "/sites/{site_id}/linkage_rules", linkage_rule, Refused),
        ("POST", "/sites/{site_id}/linkage_rules/dry_run", dry_run, Allowed("it counts what was heard before")),
        ("PATCH", "/linkage_rules/{linkage_rule_id}", |_| json!({"enabled": false}), Refused),
        ("DELETE", "/linkage_rules/{linkage_rule_id}", NONE, Refused),
    ]
}

fn upgrades() -> Vec<Row> {
    vec![
        ("POST", "/upgrades/plan", |ids| json!({"device_ids": [ids.of("device_id")]}), RefusedWithin),
        ("POST", "/upgrades", |ids| json!({"device_ids": [ids.of("device_id")]}), Refused),
        ("POST", "/upgrades/{upgrade_id}/devices/{device_id}/configuration", NONE, Refused),
        (
            "POST",
            "/upgrades/{upgrade_id}/retry",
            NONE,
            Otherwise("upgrade_nothing_failed", "each device is asked about when its turn comes"),
        ),
        (
            "POST",
            "/upgrades/{upgrade_id}/go_on",
            NONE,
            Otherwise("upgrade_not_stopped", "each device is asked about when its turn comes"),
        ),
        ("POST", "/upgrades/{upgrade_id}/cancel", NONE, Allowed("it ends what the company wanted to do")),
    ]
}

fn owners() -> Vec<Row> {
    vec![
        ("POST", "/sites/{site_id}/handovers", invitation, Refused),
        ("POST", "/handovers", |ids| json!({"rows": [bulk_invitation(ids)]}), RefusedWithin),
        ("POST", "/handovers/{handover_id}/send", NONE, Otherwise("handover_ended", OFFERED)),
        ("PATCH", "/handovers/{handover_id}", |_| json!({"name": "Nora"}), Otherwise("handover_ended", OFFERED)),
        ("DELETE", "/handovers/{handover_id}", NONE, Otherwise("handover_ended", OFFERED)),
        ("DELETE", "/sites/{site_id}/shares/{share_id}", NONE, Otherwise("not_found", OFFERED)),
        (
            "POST",
            "/sites/{site_id}/grant_requests",
            |_| json!({"site": true}),
            Allowed("that is how an owner is asked"),
        ),
        ("DELETE", "/grant_requests/{grant_request_id}", NONE, Allowed("what was asked is taken back")),
        ("DELETE", "/grants/{grant_id}", NONE, Allowed("what was allowed is given back")),
        ("POST", "/sites/{site_id}/rental", |_| json!({}), Allowed("it asks the owner")),
        (
            "DELETE",
            "/sites/{site_id}/rental",
            NONE,
            Otherwise("rental_not_agreed", "only what the owner agreed to can be ended"),
        ),
        (
            "PUT",
            "/sites/{site_id}/suspension",
            |_| json!({"on": true}),
            Otherwise("rental_not_agreed", "only with an owner who agreed to rental"),
        ),
        (
            "POST",
            "/service_requests",
            |ids| json!({"site_id": ids.of("site_id")}),
            Otherwise("not_found", "the company serves it already"),
        ),
    ]
}

fn login_at(_: &Ids) -> Value {
    json!({"host": "127.0.0.1", "port": 9, "user_name": "admin", "password": "Harbour-77"})
}

fn unbinding(_: &Ids) -> Value {
    json!({"serial": "G12345678", "password": "Secret-12", "captcha": {"id": NOTHING, "answer": "x"}})
}

fn code(_: &Ids) -> Value {
    json!({"verification_code": "Harbour26"})
}

fn sealed_qr(ids: &Ids) -> Value {
    json!({"device_ids": [ids.of("device_id")], "kind": "sealed", "format": "svg", "password": "Harbour-26"})
}

fn rule(_: &Ids) -> Value {
    siteward_tests::trouble::rule_body(json!({}))
}

fn linkage_rule(ids: &Ids) -> Value {
    let source = json!({"device_id": ids.of("device_id"), "kind": "motion"});
    json!({"name": "R2", "source": source, "actions": [{"kind": "webhook"}]})
}

fn dry_run(ids: &Ids) -> Value {
    json!({"source": {"device_id": ids.of("device_id"), "kind": "motion"}})
}

fn invitation(_: &Ids) -> Value {
    json!({"email": "nora@example.com", "language": "en", "asks": {"site": true}})
}

fn bulk_invitation(ids: &Ids) -> Value {
    json!({"site_id": ids.of("site_id"), "email": "nora@example.com", "language": "en"})
}

/// The scene's server, and its Admin's site once it is its owner's, who allows nothing.
async fn stage() -> (Scene, Ids) {
    let scene = Scene::start().await;
    let Caller { client: admin, ids, .. } = scene.caller("admin");
    let mut ids = ids.clone();
    let body = json!({"name": "Elsewhere", "time_zone": "UTC"});
    let other = admin.post("/sites", &body).await.unwrap().ok().unwrap();
    ids.put("other_site_id", other["id"].as_str().unwrap());
    scene
        .app
        .hand_site_over(ids.of("site_id"), siteward_tests::owner::OWNER, &json!({"site": false, "devices": []}))
        .unwrap();
    let told = admin.get(&ids.fill("/sites/{site_id}")).await.unwrap().ok().unwrap();
    assert_eq!(told["status"], "not_authorized");
    (scene, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_site_that_is_not_authorized_staff_change_nothing_but_what_is_their_own() {
    let (scene, ids) = stage().await;
    let admin = &scene.caller("admin").client;
    let mut wrong = Vec::new();
    for (method, path, body, outcome) in rows() {
        let body = Some(body(&ids)).filter(|body| !body.is_null());
        let method_of = http::Method::from_bytes(method.as_bytes()).unwrap();
        let answer = match &body {
            Some(body) => admin.send_json(method_of, &ids.fill(path), body).await.unwrap(),
            None if method == "DELETE" => admin.delete(&ids.fill(path)).await.unwrap(),
            None => admin.post(&ids.fill(path), &Value::Null).await.unwrap(),
        };
        let is_right = match outcome {
            Refused => (answer.status.as_u16(), answer.code()) == (409, "site_not_authorized"),
            Otherwise(code, _) => answer.code() == code,
            RefusedWithin => answer.status.is_success() && answer.text.contains("\"site_not_authorized\""),
            Allowed(_) => answer.status.is_success(),
        };
        if !is_right {
            wrong.push(format!("{method} {path}: {} {}", answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_changing_route_that_names_something_on_a_site_is_thought_of() {
    let app = App::start().await.unwrap();
    let description = app.stranger().get("/openapi.json").await.unwrap().body;
    let mut named = BTreeSet::new();
    for (method, path) in routes(&app).await {
        if method == "GET" || path.starts_with("/my/") || path.starts_with("/link/") {
            continue;
        }
        let in_path = path.split('/').any(|part| part.starts_with('{') && !NOT_ON_SITES.contains(&part));
        let operation = &description["paths"][format!("/api/v1{path}")][method.to_lowercase()];
        if in_path || names_in_body(&description, &operation["requestBody"], 0) {
            named.insert(format!("{method} {path}"));
        }
    }
    let rows = rows();
    let listed: BTreeSet<String> = rows.iter().map(|row| format!("{} {}", row.0, row.1)).collect();
    let missing: Vec<_> = named.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&named).collect();
    assert!(missing.is_empty() && gone.is_empty(), "no row for: {missing:?}; not there any more: {gone:?}");
    assert!(rows.iter().all(|row| !matches!(row.3, Allowed("") | Otherwise(_, ""))), "a reason each");
}

/// Whether a body names something on a site, at whatever depth.
fn names_in_body(description: &Value, part: &Value, depth: usize) -> bool {
    if depth > 24 {
        return false;
    }
    match part {
        Value::Object(fields) => fields.iter().any(|(name, value)| match (name.as_str(), value) {
            ("$ref", Value::String(target)) => {
                let target = description.pointer(target.trim_start_matches('#'));
                target.is_some_and(|target| names_in_body(description, target, depth + 1))
            }
            ("properties", Value::Object(properties)) => {
                properties.keys().any(|name| IN_BODIES.contains(&name.as_str()))
                    || properties.values().any(|value| names_in_body(description, value, depth + 1))
            }
            _ => names_in_body(description, value, depth + 1),
        }),
        Value::Array(all) => all.iter().any(|one| names_in_body(description, one, depth + 1)),
        _ => false,
    }
}
