//! The firmware catalogue and upgrades.

use serde_json::{Value, json};

use super::{NO_BODY, NOTHING, Row, admin_only, within_reach};

/// Whoever may upgrade firmware.
const UPGRADERS: [u16; 7] = [401, 403, 200, 200, 200, 200, 200];

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/firmware_files", NO_BODY, UPGRADERS),
        ("POST", "/firmware_files", NO_BODY, admin_only(400, 400)),
        ("GET", "/firmware_files/{firmware_file_id}", NO_BODY, [401, 403, 200, 200, 404, 200, 200]),
        ("PUT", "/firmware_files/{firmware_file_id}", purpose, admin_only(404, 200)),
        ("GET", "/upgrades", NO_BODY, UPGRADERS),
        ("POST", "/upgrades", of_nothing, [401, 403, 404, 404, 404, 404, 404]),
        ("POST", "/upgrades/plan", of_nothing, [401, 403, 404, 404, 404, 404, 404]),
        ("GET", "/upgrades/{upgrade_id}", NO_BODY, within_reach(200)),
        ("GET", "/upgrades/{upgrade_id}/devices", NO_BODY, within_reach(200)),
        (
            "POST",
            "/upgrades/{upgrade_id}/devices/{device_id}/configuration",
            NO_BODY,
            [401, 403, 404, 404, 404, 403, 404],
        ),
        ("GET", "/devices/{device_id}/upgrades", NO_BODY, within_reach(200)),
        ("POST", "/upgrades/{upgrade_id}/retry", NO_BODY, within_reach(409)),
        ("POST", "/upgrades/{upgrade_id}/go_on", NO_BODY, within_reach(409)),
        ("POST", "/upgrades/{upgrade_id}/cancel", NO_BODY, within_reach(200)),
        ("DELETE", "/firmware_files/{firmware_file_id}", NO_BODY, admin_only(404, 204)),
    ]
}

fn purpose(_: &str) -> Value {
    json!({"kind": "camera", "models": ["DS-2CD2xx2"], "version": "V5.4.5"})
}

fn of_nothing(_: &str) -> Value {
    json!({"device_ids": [NOTHING]})
}
