//! One's own account: everybody has one, whatever they may do.

use serde_json::json;
use siteward_tests::app::PASSWORD;

use super::{NO_BODY, Row, Statuses};

/// Whoever is signed in gets `status`.
const fn own(status: u16) -> Statuses {
    [401, status, status, status, status, status, status]
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("POST", "/password_resets", |name| json!({"email": format!("no-{name}@example.com")}), [202; 7]),
        ("GET", "/sessions", NO_BODY, own(200)),
        ("DELETE", "/sessions/{session_id}", NO_BODY, own(404)),
        ("DELETE", "/sessions", NO_BODY, own(204)),
        ("GET", "/profile", NO_BODY, own(200)),
        ("PATCH", "/profile", |_| json!({"language": "ru"}), own(200)),
        ("POST", "/profile/password", |_| json!({"password": PASSWORD, "new_password": "weak"}), own(422)),
        ("PUT", "/profile/two_factor", |_| json!({"code": "000000"}), own(409)),
        ("POST", "/profile/two_factor", |_| json!({"password": PASSWORD}), own(200)),
        ("POST", "/profile/recovery_codes", |_| json!({"password": PASSWORD, "code": "x"}), own(409)),
        ("DELETE", "/profile/two_factor", |_| json!({"password": PASSWORD, "code": "x"}), own(409)),
    ]
}
