//! What takes something away that the rows before still ask about: the last rows, the end of the session at last.

use super::{NO_BODY, Row, admin_only, within_reach};

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("DELETE", "/remote_sessions/{remote_session_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/sites/{site_id}/exception_rules/{exception_rule_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/sites/{site_id}/maintenance_windows/{maintenance_window_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/linkage_rules/{linkage_rule_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/additions/{addition_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/links/{link_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/devices/{device_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/sites/{site_id}", NO_BODY, within_reach(204)),
        ("DELETE", "/webhooks/{webhook_id}", NO_BODY, admin_only(404, 204)),
        ("DELETE", "/session", NO_BODY, [401, 204, 204, 204, 204, 204, 204]),
    ]
}
