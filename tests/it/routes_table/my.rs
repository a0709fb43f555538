//! What end users do: their accounts, and the sites that they own. Staff are strangers here, also the Admin.

use serde_json::json;
use siteward_tests::app::PASSWORD;

use super::{MyRow, NO_BODY};

/// Every end user may, and is answered about what is their own.
const fn anybody(status: u16) -> [u16; 3] {
    [401, status, status]
}

pub(super) fn rows() -> Vec<MyRow> {
    [account()].concat()
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
    ]
}

/// What takes something away that the rows before still ask about: the last rows, the end of the session at last.
pub(super) fn endings() -> Vec<MyRow> {
    vec![("DELETE", "/my/session", NO_BODY, anybody(204))]
}
