//! End users are told by mail of what happened to their own account.

use chrono::{DateTime, Utc};
use siteward_domain::EndUserId;
use siteward_store::{DbConn, StoreError, end_users};
use siteward_worker::mail::{self, AccountChange, EndUserChanged};

/// Writes the mail about a change, in the transaction of the change. `address`: where it was ordered.
pub(crate) fn tell_end_user(
    conn: &mut DbConn,
    id: &EndUserId,
    change: AccountChange,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let account = end_users::get_end_user(conn, id)?;
    let url = mail::public_url(conn)?;
    let told = EndUserChanged {
        name: &account.name,
        change,
        at: now,
        zone: account.time_zone.parse().unwrap_or(chrono_tz::UTC),
        address,
        url: &url,
    };
    let letter = told.letter(account.language);
    mail::enqueue(conn, &mail::address_from_platform(&url, &account.email, letter, now), now)
}
