//! Handing sites over, as companies do it.

use serde_json::json;

use super::{NO_BODY, NOTHING, Row, within_reach};

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/sites/{site_id}/handovers", NO_BODY, within_reach(200)),
        (
            "POST",
            "/sites/{site_id}/handovers",
            |name| json!({"email": format!("owner-of-{name}@example.com"), "language": "en", "asks": {"site": true}}),
            within_reach(201),
        ),
        // Each row is answered for itself: nobody's site is this one.
        (
            "POST",
            "/handovers",
            |_| json!({"rows": [{"site_id": NOTHING, "email": "x@example.com", "language": "en"}]}),
            [401, 403, 200, 200, 200, 200, 200],
        ),
        ("POST", "/handovers/{handover_id}/send", NO_BODY, within_reach(200)),
        ("PATCH", "/handovers/{handover_id}", |name| json!({"name": name}), within_reach(200)),
        ("DELETE", "/handovers/{handover_id}", NO_BODY, within_reach(204)),
    ]
}
