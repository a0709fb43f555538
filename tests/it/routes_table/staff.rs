//! Staff, invitations and roles. Everybody but the member without a role manages both, and has a colleague, an invitation and
//! a role of their own to ask about.

use serde_json::{Value, json};
use siteward_tests::app::PASSWORD;

use super::{NO_BODY, NOTHING, Row, Statuses, admin_only};

/// Whoever has the right gets `status`, about what is their company's.
const fn of_company(status: u16) -> Statuses {
    [401, 403, status, status, 404, status, status]
}

/// Whoever has the right gets `status`, of their own company.
const fn whole(status: u16) -> Statuses {
    [401, 403, status, status, status, status, status]
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        ("GET", "/staff", NO_BODY, whole(200)),
        ("GET", "/staff/{staff_id}", NO_BODY, of_company(200)),
        ("PATCH", "/staff/{staff_id}", |_| json!({"name": "Anna"}), of_company(200)),
        ("POST", "/staff/{staff_id}/disable", NO_BODY, of_company(204)),
        ("POST", "/staff/{staff_id}/enable", NO_BODY, of_company(204)),
        ("DELETE", "/staff/{staff_id}/sessions", NO_BODY, of_company(204)),
        ("DELETE", "/staff/{staff_id}/two_factor", NO_BODY, admin_only(404, 409)),
        ("POST", "/company/admin", hand_over, admin_only(404, 404)),
        ("GET", "/staff_invitations", NO_BODY, whole(200)),
        ("POST", "/staff_invitations", invitation, whole(404)),
        ("POST", "/staff_invitations/{invitation_id}/send", NO_BODY, of_company(200)),
        ("GET", "/roles", NO_BODY, whole(200)),
        ("POST", "/roles", |name| json!({"name": format!("Of the {name}"), "rights": []}), whole(201)),
        ("PATCH", "/roles/{role_id}", |_| json!({"rights": ["add_site"]}), of_company(200)),
        ("DELETE", "/staff_invitations/{invitation_id}", NO_BODY, of_company(204)),
        ("DELETE", "/roles/{role_id}", NO_BODY, of_company(204)),
        ("DELETE", "/staff/{staff_id}", NO_BODY, of_company(204)),
    ]
}

fn hand_over(_: &str) -> Value {
    json!({"staff_id": NOTHING, "password": PASSWORD, "role_id": NOTHING})
}

fn invitation(_: &str) -> Value {
    json!({"email": "b@example.com", "name": "Boris", "role_id": NOTHING, "language": "en"})
}
