//! QR codes that owners share with, who applies with them, and codes of accounts.

use chrono::{Duration, Utc};
use serde_json::json;
use siteward_domain::share::{ShareCodeKind, SharedChannel};
use siteward_domain::{ShareApplicationId, ShareCodeId};
use siteward_store::share_applications::{NewApplication, apply};
use siteward_store::share_codes::{NewShareCode, create_code};
use siteward_tests::app::App;

use super::scene::Ids;
use super::{MyRow, NO_BODY, NOTHING};

/// A token that no code has.
const NO_TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAA";

pub(super) fn my_rows() -> Vec<MyRow> {
    vec![
        ("GET", "/my/share_codes", NO_BODY, [401, 200, 200]),
        // The device that is named is nobody's.
        (
            "POST",
            "/my/share_codes",
            |_| json!({"kind": "temporary", "channels": [{"device_id": NOTHING, "channel": 1}]}),
            [401, 404, 404],
        ),
        ("POST", "/my/share_codes/{share_code_id}/renew", NO_BODY, [401, 404, 200]),
        // Whoever holds the token of a code needs no session.
        ("POST", "/my/share_codes/look", |_| json!({"token": NO_TOKEN}), [410, 410, 410]),
        ("GET", "/my/share_applications", NO_BODY, [401, 200, 200]),
        ("POST", "/my/share_applications", |_| json!({"token": NO_TOKEN}), [401, 410, 410]),
        ("POST", "/my/share_applications/{share_application_id}/accept", |_| json!({}), [401, 404, 200]),
        // It was accepted just now.
        ("POST", "/my/share_applications/{share_application_id}/refuse", NO_BODY, [401, 404, 409]),
        ("DELETE", "/my/share_codes/{share_code_id}", NO_BODY, [401, 404, 204]),
        ("GET", "/my/own_applications", NO_BODY, [401, 200, 200]),
        // Somebody else applied.
        ("DELETE", "/my/own_applications/{share_application_id}", NO_BODY, [401, 404, 404]),
        ("POST", "/my/account_codes", NO_BODY, [401, 201, 201]),
        ("POST", "/my/account_codes/read", |_| json!({"token": NO_TOKEN}), [401, 410, 410]),
    ]
}

/// The owner made a code, and somebody applied with it.
pub(super) fn furnish_owner(app: &App, ids: &mut Ids, email: &str) {
    let (now, owner) = (Utc::now(), app.end_user_id(email).unwrap());
    let applicant = app.silent_end_user("neighbour@example.com").unwrap();
    let channel =
        SharedChannel { device_id: ids.of("device_id").parse().unwrap(), channel: 1, permissions: Vec::new() };
    let code = NewShareCode {
        id: ShareCodeId::generate(now),
        site_id: ids.of("site_id").parse().unwrap(),
        giver_id: owner,
        kind: ShareCodeKind::LongTerm,
        label: "Neighbours".to_owned(),
        token_hash: "hash".to_owned(),
        password_hash: Some("hash".to_owned()),
        most_receivers: Some(2),
        expires_at: now + Duration::days(1),
        channels: vec![channel],
    };
    let application = NewApplication {
        id: ShareApplicationId::generate(now),
        token_hash: code.token_hash.clone(),
        applicant_id: applicant,
    };
    let made =
        app.store.write(|conn| Ok(create_code(conn, &code, now)?.is_ok() && apply(conn, &application, now)?.is_ok()));
    assert!(made.unwrap());
    ids.put("share_code_id", code.id.to_string());
    ids.put("share_application_id", application.id.to_string());
}
