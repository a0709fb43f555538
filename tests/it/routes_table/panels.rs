//! Alarm panels, who can enter them, and those that left. The device of the scene is a camera.

use serde_json::json;

use super::{NO_BODY, Row, within_reach};

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/devices/{device_id}/panel", NO_BODY, within_reach(409)),
        ("POST", "/devices/{device_id}/panel/arm", |_| json!({"mode": "away"}), within_reach(409)),
        ("POST", "/devices/{device_id}/panel/disarm", |_| json!({"area": 1}), within_reach(409)),
        ("POST", "/devices/{device_id}/panel/clear_alarm", |_| json!({}), within_reach(409)),
        ("POST", "/devices/{device_id}/panel/zones/{zone}/bypass", NO_BODY, within_reach(409)),
        ("DELETE", "/devices/{device_id}/panel/zones/{zone}/bypass", NO_BODY, within_reach(409)),
        ("GET", "/devices/{device_id}/panel_accounts", NO_BODY, within_reach(409)),
        ("POST", "/devices/{device_id}/panel_accounts/check", NO_BODY, within_reach(409)),
        ("DELETE", "/devices/{device_id}/panel_accounts/{account_id}", NO_BODY, within_reach(404)),
        ("GET", "/staff/{staff_id}/panel_accounts", NO_BODY, [401, 403, 200, 200, 404, 200, 200]),
        // Of the whole company.
        ("GET", "/panel_exits", NO_BODY, [401, 403, 403, 403, 200, 403, 200]),
        ("GET", "/panel_exits/{panel_exit_id}", NO_BODY, [401, 403, 403, 403, 404, 403, 404]),
        ("POST", "/panel_exits/{panel_exit_id}/give_up", NO_BODY, [401, 403, 403, 403, 404, 403, 404]),
    ]
}
