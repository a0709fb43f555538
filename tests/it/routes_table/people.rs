//! Signing in, one's own account, staff and roles.

use serde_json::{Value, json};
use siteward_tests::app::PASSWORD;

use super::{NO_BODY, Row};

pub(super) fn rows() -> Vec<Row> {
    vec![("GET", "/session", NO_BODY, [401, 200, 200, 200, 200, 200, 200]), ("POST", "/session", nobody, [401; 7])]
}

/// An account that is not there, another for each: one that is asked for too often is locked.
fn nobody(caller: &str) -> Value {
    json!({"email": format!("no-{caller}@example.com"), "password": PASSWORD})
}
