//! What end users do: their accounts, and the sites that they own. Staff are strangers here, also the Admin.

use serde_json::json;
use siteward_tests::app::PASSWORD;

use super::{MyRow, NO_BODY};

/// A site that nobody has.
const NOTHING: &str = "01890f00-0000-7000-8000-00000000000f";

/// Every end user may, and is answered about what is their own.
const fn anybody(status: u16) -> [u16; 3] {
    [401, status, status]
}

/// What is somebody else's is not there, and the owner gets `status`.
const fn owner_only(status: u16) -> [u16; 3] {
    [401, 404, status]
}

pub(super) fn rows() -> Vec<MyRow> {
    [account(), sites(), handovers(), permissions(), devices_held()].concat()
}

fn account() -> Vec<MyRow> {
    vec![
        ("GET", "/my/session", NO_BODY, anybody(200)),
        (
            "POST",
            "/my/session",
            |name| json!({"email": format!("no-{name}@example.com"), "password": PASSWORD}),
            [401; 3],
        ),
        (
            "POST",
            "/my/registrations",
            |name| {
                json!({
                    "name": name, "email": format!("no-{name}@example.com"), "region": "DE", "language": "en",
                    "time_zone": "Europe/Berlin", "password": PASSWORD,
                })
            },
            [202; 3],
        ),
        ("POST", "/my/password_resets", |name| json!({"email": format!("no-{name}@example.com")}), [202; 3]),
        ("GET", "/my/sessions", NO_BODY, anybody(200)),
        ("DELETE", "/my/sessions/{session_id}", NO_BODY, owner_only(204)),
        ("DELETE", "/my/sessions", NO_BODY, anybody(204)),
        ("GET", "/my/profile", NO_BODY, anybody(200)),
        ("GET", "/my/profile/export", NO_BODY, anybody(200)),
        ("PATCH", "/my/profile", |_| json!({"language": "ru"}), anybody(200)),
        ("POST", "/my/profile/email", |_| json!({"email": "x", "password": PASSWORD}), anybody(422)),
        ("POST", "/my/phone_codes", |_| json!({"phone": "x"}), anybody(422)),
        ("POST", "/my/phone_codes/confirm", |_| json!({"code": "000000"}), anybody(409)),
        ("POST", "/my/profile/password", |_| json!({"password": PASSWORD, "new_password": "weak"}), anybody(422)),
        ("PUT", "/my/profile/two_factor", |_| json!({"code": "000000"}), anybody(409)),
        ("POST", "/my/profile/two_factor", |_| json!({"password": PASSWORD}), anybody(200)),
        ("POST", "/my/profile/recovery_codes", |_| json!({"password": PASSWORD, "code": "x"}), anybody(409)),
        ("DELETE", "/my/profile/two_factor", |_| json!({"password": PASSWORD, "code": "x"}), anybody(409)),
        // The site that is named is nobody's.
        (
            "DELETE",
            "/my/profile",
            |_| json!({"password": PASSWORD, "sites": [{"site_id": NOTHING, "parting": "free"}]}),
            anybody(404),
        ),
    ]
}

/// Devices that one holds, frees, gives away and is offered.
fn devices_held() -> Vec<MyRow> {
    vec![
        ("POST", "/my/captchas", NO_BODY, anybody(201)),
        ("POST", "/my/scans", |_| json!({"text": "Q12345678"}), anybody(200)),
        (
            "POST",
            "/my/unbindings",
            |_| {
                json!({
                    "serial": "Q12345678", "admin_password": "Wrong-1", "lan_code": "12345678",
                    "captcha": {"id": NOTHING, "work": "1"},
                })
            },
            anybody(422),
        ),
        ("GET", "/my/device_transfers", NO_BODY, anybody(200)),
        (
            "POST",
            "/my/device_transfers",
            |_| json!({"device_id": NOTHING, "login": "rita@example.org", "verification_code": "ABCDEG"}),
            anybody(404),
        ),
        ("POST", "/my/device_transfers/{device_transfer_id}/confirm", |_| json!({"code": "123456"}), owner_only(422)),
        ("DELETE", "/my/device_transfers/{device_transfer_id}", NO_BODY, owner_only(204)),
        ("GET", "/my/received_transfers", NO_BODY, anybody(200)),
        ("POST", "/my/received_transfers/{device_transfer_id}/accept", |_| json!({"site_name": "House"}), anybody(404)),
        ("POST", "/my/received_transfers/{device_transfer_id}/refuse", NO_BODY, anybody(404)),
    ]
}

fn sites() -> Vec<MyRow> {
    vec![
        ("GET", "/my/sites", NO_BODY, anybody(200)),
        ("GET", "/my/sites/{site_id}", NO_BODY, owner_only(200)),
        ("GET", "/my/sites/{site_id}/access", NO_BODY, owner_only(200)),
        ("GET", "/my/sites/{site_id}/access_log", NO_BODY, owner_only(200)),
        ("GET", "/my/sites/{site_id}/access_log/file", NO_BODY, owner_only(200)),
        ("GET", "/my/sites/{site_id}/devices", NO_BODY, owner_only(200)),
        // It came to them without a page.
        ("GET", "/my/sites/{site_id}/pack", NO_BODY, owner_only(404)),
        ("GET", "/my/sites/{site_id}/pack/pdf", NO_BODY, owner_only(404)),
        ("GET", "/my/devices/{device_id}", NO_BODY, owner_only(200)),
        ("GET", "/my/devices/{device_id}/channels", NO_BODY, owner_only(200)),
        ("GET", "/my/devices/{device_id}/channels/{channel}/picture", NO_BODY, owner_only(200)),
        ("GET", "/my/devices/{device_id}/channels/{channel}/stream", NO_BODY, owner_only(200)),
        ("POST", "/my/devices/{device_id}/channels/{channel}/ptz", |_| json!({"pan": 10}), owner_only(204)),
        ("GET", "/my/devices/{device_id}/channels/{channel}/presets", NO_BODY, owner_only(200)),
        ("POST", "/my/devices/{device_id}/channels/{channel}/presets", |_| json!({"preset": 1}), owner_only(204)),
        ("GET", "/my/devices/{device_id}/recordings", NO_BODY, owner_only(200)),
        // The row names no recording.
        ("GET", "/my/devices/{device_id}/recordings/download", NO_BODY, anybody(400)),
        ("GET", "/my/events", NO_BODY, anybody(200)),
        // It is theirs, and not shared with them.
        ("PUT", "/my/devices/{device_id}/alarm_mails", |_| json!({"wanted": false}), owner_only(409)),
        ("GET", "/my/live", NO_BODY, anybody(200)),
    ]
}

fn handovers() -> Vec<MyRow> {
    vec![
        ("GET", "/my/handovers", NO_BODY, anybody(200)),
        ("POST", "/my/handovers/{handover_id}/accept", |_| json!({"allowed": {"site": true}}), owner_only(200)),
        // It was accepted just now.
        ("POST", "/my/handovers/{handover_id}/refuse", NO_BODY, owner_only(404)),
    ]
}

fn permissions() -> Vec<MyRow> {
    vec![
        ("GET", "/my/grant_requests", NO_BODY, anybody(200)),
        ("GET", "/my/sites/{site_id}/grant_requests", NO_BODY, owner_only(200)),
        ("GET", "/my/sites/{site_id}/grants", NO_BODY, owner_only(200)),
        ("POST", "/my/grant_requests/{grant_request_id}/approve", |_| json!({}), owner_only(200)),
        // It was approved just now.
        ("POST", "/my/grant_requests/{grant_request_id}/refuse", NO_BODY, owner_only(409)),
        ("DELETE", "/my/grants/{grant_id}", NO_BODY, owner_only(204)),
    ]
}

/// What takes something away that the rows before still ask about: the last rows, the end of the session at last.
pub(super) fn endings() -> Vec<MyRow> {
    vec![("DELETE", "/my/session", NO_BODY, anybody(204))]
}
