//! Sites and what is on them: devices, links, imports, additions, health.

use serde_json::{Value, json};

use super::{NO_BODY, NOTHING, Row, within_reach};

/// Lists and what else every installer may ask, narrowed to what they reach.
const ANY_INSTALLER: [u16; 7] = [401, 403, 200, 200, 200, 200, 200];

pub(super) fn rows() -> Vec<Row> {
    [sites(), additions(), devices()].concat()
}

fn sites() -> Vec<Row> {
    vec![
        ("GET", "/sites", NO_BODY, ANY_INSTALLER),
        ("POST", "/sites", site, [401, 403, 201, 201, 201, 201, 201]),
        ("GET", "/sites/{site_id}", NO_BODY, within_reach(200)),
        ("GET", "/sites/{site_id}/report", NO_BODY, within_reach(200)),
        ("GET", "/sites/{site_id}/report/pdf", NO_BODY, within_reach(200)),
        ("GET", "/sites/{site_id}/report/csv", NO_BODY, within_reach(200)),
        ("PATCH", "/sites/{site_id}", |_| json!({"address": "Pier 5"}), within_reach(200)),
        ("POST", "/sites/{site_id}/scans", |_| json!({"text": "hello"}), within_reach(422)),
        ("POST", "/sites/{site_id}/devices", device, within_reach(422)),
        ("POST", "/sites/{site_id}/routers", |_| json!({"host": "127.0.0.1", "port": 0}), within_reach(422)),
        ("PUT", "/sites/{site_id}/monitoring", |_| json!({"on": true}), within_reach(200)),
        ("POST", "/sites/{site_id}/time", NO_BODY, within_reach(202)),
        ("GET", "/sites/{site_id}/app_hint", NO_BODY, within_reach(200)),
        ("GET", "/sites/{site_id}/managers", NO_BODY, [401, 403, 403, 403, 404, 403, 200]),
        ("PUT", "/site_managers", no_managers, [401, 403, 403, 403, 404, 403, 404]),
        ("GET", "/staff/{staff_id}/sites", NO_BODY, [401, 403, 200, 200, 404, 200, 200]),
        ("GET", "/sites/{site_id}/password_changes", NO_BODY, within_reach(200)),
        ("POST", "/sites/{site_id}/password_changes", |_| json!({"device_ids": [NOTHING]}), within_reach(404)),
        ("GET", "/sites/{site_id}/links", NO_BODY, within_reach(200)),
        ("POST", "/sites/{site_id}/links", |_| json!({"name": "Box 2"}), within_reach(201)),
        ("GET", "/sites/{site_id}/linkage_rules", NO_BODY, within_reach(200)),
        ("POST", "/sites/{site_id}/linkage_rules", linkage_rule, within_reach(422)),
        ("POST", "/sites/{site_id}/linkage_rules/dry_run", linkage_dry_run, within_reach(200)),
        ("GET", "/sites/{site_id}/linkage_templates", NO_BODY, within_reach(200)),
        ("GET", "/linkage_rules/{linkage_rule_id}", NO_BODY, within_reach(200)),
        ("PATCH", "/linkage_rules/{linkage_rule_id}", |_| json!({"enabled": false}), within_reach(200)),
        ("GET", "/linkage_firings", NO_BODY, ANY_INSTALLER),
        ("GET", "/linkage_firings/{linkage_firing_id}/pictures/{position}", NO_BODY, within_reach(404)),
        ("PATCH", "/links/{link_id}", |_| json!({"name": "Cellar"}), within_reach(200)),
        ("POST", "/links/{link_id}/code", NO_BODY, within_reach(200)),
        ("POST", "/links/{link_id}/discover", NO_BODY, within_reach(409)),
        ("POST", "/link/enrolment", enrolment, [404; 7]),
        ("GET", "/link/session", NO_BODY, [401; 7]),
        ("GET", "/link/forward/{link_id}", NO_BODY, [403; 7]),
    ]
}

fn additions() -> Vec<Row> {
    vec![
        ("GET", "/sites/{site_id}/found", NO_BODY, within_reach(200)),
        ("GET", "/sites/{site_id}/additions", NO_BODY, within_reach(200)),
        ("POST", "/sites/{site_id}/additions", |_| json!({"serial": "G12345679"}), within_reach(201)),
        ("POST", "/sites/{site_id}/additions/batch", |_| json!({"items": [{"serial": "?"}]}), within_reach(422)),
        ("GET", "/additions/{addition_id}", NO_BODY, within_reach(200)),
        ("POST", "/additions/{addition_id}/check", NO_BODY, within_reach(200)),
        ("POST", "/additions/{addition_id}/upgrade", NO_BODY, within_reach(409)),
        ("POST", "/additions/{addition_id}/activation", |_| json!({"password": "Secret-12"}), within_reach(409)),
        ("POST", "/additions/{addition_id}/service", code, within_reach(409)),
        ("POST", "/additions/{addition_id}/login", login, within_reach(200)),
        ("POST", "/additions/{addition_id}/verification_code", code, within_reach(200)),
        ("POST", "/captchas", NO_BODY, [401, 403, 201, 201, 201, 201, 201]),
        ("POST", "/sites/{site_id}/unbind", unbinding, within_reach(422)),
        ("GET", "/imports/{import_id}", NO_BODY, within_reach(200)),
        ("GET", "/imports/{import_id}/events", NO_BODY, within_reach(200)),
        ("POST", "/imports/{import_id}/password", |_| json!({"password": "x"}), within_reach(409)),
        ("POST", "/imports/{import_id}/confirm", |_| json!({"rows": [9]}), within_reach(422)),
    ]
}

fn devices() -> Vec<Row> {
    vec![
        ("GET", "/devices", NO_BODY, ANY_INSTALLER),
        ("GET", "/devices/{device_id}", NO_BODY, within_reach(200)),
        ("PATCH", "/devices/{device_id}", |_| json!({"name": "Gate"}), within_reach(200)),
        ("GET", "/devices/{device_id}/parent", NO_BODY, within_reach(200)),
        ("PUT", "/devices/{device_id}/monitoring", |_| json!({"on": true}), within_reach(200)),
        ("PUT", "/devices/{device_id}/parent", |_| json!({"mode": "alone"}), within_reach(200)),
        ("GET", "/devices/{device_id}/history", NO_BODY, within_reach(200)),
        ("GET", "/devices/{device_id}/disk_temperatures", NO_BODY, within_reach(200)),
        ("POST", "/devices/{device_id}/check", NO_BODY, within_reach(202)),
        ("GET", "/device_events", NO_BODY, ANY_INSTALLER),
        ("POST", "/device_events/{token}", NO_BODY, [404; 7]),
        ("GET", "/devices/{device_id}/event_source", NO_BODY, within_reach(200)),
        ("POST", "/devices/{device_id}/event_listener", NO_BODY, within_reach(201)),
        ("DELETE", "/devices/{device_id}/event_listener", NO_BODY, within_reach(204)),
        ("POST", "/devices/{device_id}/certificate", fingerprint, within_reach(409)),
        ("POST", "/devices/{device_id}/time", NO_BODY, within_reach(200)),
        ("GET", "/devices/{device_id}/snapshot", NO_BODY, within_reach(200)),
        ("GET", "/devices/{device_id}/recordings", NO_BODY, within_reach(200)),
        // The row names no recording.
        ("GET", "/devices/{device_id}/recordings/download", NO_BODY, within_reach(400)),
        ("POST", "/devices/{device_id}/move", |_| json!({"site_id": NOTHING}), within_reach(404)),
        ("POST", "/devices/{device_id}/password", |_| json!({"password": "x"}), within_reach(422)),
        ("POST", "/devices/{device_id}/remote_sessions", NO_BODY, within_reach(201)),
        ("GET", "/remote_sessions", NO_BODY, ANY_INSTALLER),
        ("POST", "/devices/{device_id}/reboot", NO_BODY, within_reach(202)),
        ("GET", "/exceptions", NO_BODY, ANY_INSTALLER),
        ("GET", "/sites/{site_id}/exception_rules", NO_BODY, within_reach(200)),
        ("POST", "/sites/{site_id}/exception_rules", rule, within_reach(201)),
        ("PUT", "/sites/{site_id}/exception_rules/{exception_rule_id}", rule, within_reach(200)),
        ("GET", "/sites/{site_id}/maintenance_windows", NO_BODY, within_reach(200)),
        (
            "POST",
            "/sites/{site_id}/maintenance_windows",
            |_| json!({"minutes": 5, "repeats": "once"}),
            within_reach(201),
        ),
        ("GET", "/incidents", NO_BODY, ANY_INSTALLER),
        ("GET", "/incidents/{incident_id}", NO_BODY, within_reach(404)),
        ("GET", "/notifications", NO_BODY, ANY_INSTALLER),
        ("POST", "/notifications/read", |_| json!({"last": NOTHING}), [401, 403, 204, 204, 204, 204, 204]),
        ("GET", "/network", NO_BODY, [401, 200, 200, 200, 200, 200, 200]),
        ("GET", "/fleet", NO_BODY, ANY_INSTALLER),
        ("GET", "/live", NO_BODY, [401, 200, 200, 200, 200, 200, 200]),
        ("POST", "/device_qr", no_devices, [401, 403, 422, 422, 422, 422, 422]),
        ("POST", "/device_qr", qr_of_nothing, [401, 403, 404, 404, 404, 404, 404]),
    ]
}

fn rule(_: &str) -> Value {
    siteward_tests::trouble::rule_body(json!({}))
}

fn site(caller: &str) -> Value {
    json!({"name": format!("New site of the {caller}"), "time_zone": "Europe/Berlin"})
}

fn no_managers(_: &str) -> Value {
    json!({"site_ids": [NOTHING], "managers": []})
}

fn device(_: &str) -> Value {
    json!({"host": "169.254.169.254", "port": 80, "user_name": "admin", "password": "Secret-1"})
}

fn enrolment(_: &str) -> Value {
    json!({"code": "AAAA-AAAA-AAAA", "version": "1.0", "system": "linux"})
}

fn linkage_rule(_: &str) -> Value {
    json!({"name": "R", "source": {"device_id": NOTHING, "kind": "motion"}, "actions": [{"kind": "webhook"}]})
}

fn linkage_dry_run(_: &str) -> Value {
    json!({"source": {"device_id": NOTHING, "kind": "motion"}})
}

fn code(_: &str) -> Value {
    json!({"verification_code": "Harbour26"})
}

fn login(_: &str) -> Value {
    json!({"user_name": "admin", "password": "Secret-12"})
}

fn unbinding(_: &str) -> Value {
    json!({"serial": "G12345678", "password": "Secret-12", "captcha": {"id": NOTHING, "answer": "x"}})
}

fn fingerprint(_: &str) -> Value {
    json!({"fingerprint": "0".repeat(64)})
}

fn no_devices(_: &str) -> Value {
    json!({"device_ids": [], "kind": "sealed", "format": "svg"})
}

fn qr_of_nothing(_: &str) -> Value {
    json!({"device_ids": [NOTHING], "kind": "sealed", "format": "svg", "password": "Harbour-26"})
}
