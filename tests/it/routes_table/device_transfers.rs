//! What an owner gives away: a device that waits for the code of their mail.

use chrono::{Duration, Utc};
use siteward_domain::DeviceTransferId;
use siteward_store::device_transfers::{NewTransfer, create};
use siteward_tests::app::App;

use super::scene::Ids;

/// The owner began to give their device to somebody.
pub(super) fn furnish_owner(app: &App, ids: &mut Ids, email: &str) {
    let now = Utc::now();
    let new = NewTransfer {
        id: DeviceTransferId::generate(now),
        device_id: ids.of("device_id").parse().unwrap(),
        giver_id: app.end_user_id(email).unwrap(),
        receiver_login: "given@example.com".to_owned(),
        code_hash: "nobody knows".to_owned(),
        code_until: now + Duration::minutes(10),
    };
    assert!(app.store.write(|conn| create(conn, &new, now)).unwrap());
    ids.put("device_transfer_id", new.id.to_string());
}
