//! What a person decides about an upgrade that runs or stopped.

use chrono::{DateTime, Utc};
use siteward_domain::upgrade::UpgradeStanding;
use siteward_domain::{CompanyId, UpgradeId};

use super::advancing::set_state;
use super::listing::get;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Ends an upgrade: devices that were not begun are left as they are, those under way come to their end.
/// [`StoreError::Stale`] when it has ended.
pub fn cancel(conn: &mut DbConn, company: &CompanyId, id: &UpgradeId, now: DateTime<Utc>) -> Result<(), StoreError> {
    lock(conn, company, id)?;
    if get(conn, company, id)?.ended_at.is_some() {
        return Err(StoreError::Stale);
    }
    Select::new("UPDATE upgrade_devices SET state = 'failed', reason_code = 'upgrade_cancelled', ended_at = ")
        .number(micros(now))
        .sql(", updated_at = ")
        .number(micros(now))
        .sql(" WHERE state IN ('waiting', 'waiting_online') AND upgrade_id = ")
        .text(id.as_str())
        .execute(conn)?;
    set_state(conn, company, id, UpgradeStanding::Cancelled, now)
}

/// Tries once more the devices that failed, and no others. [`StoreError::Stale`] when none did;
/// `Duplicate { what: "upgrade" }` when one of them has another upgrade by now.
pub fn retry(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &UpgradeId,
    waits_until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    lock(conn, company, id)?;
    let again = Select::new(
        "UPDATE upgrade_devices SET state = 'waiting', percent = 0, reason_code = NULL, ended_at = NULL, sent_at = NULL,
         sends = 0, silent_since = NULL, restarted_at = NULL, checked_from = NULL, health_before = NULL, health_after = NULL,
         tries = tries + 1, due_at = ",
    )
    .number(micros(now))
    .sql(", updated_at = ")
    .number(micros(now))
    .sql(" WHERE state = 'failed' AND upgrade_id = ")
    .text(id.as_str())
    .execute(conn)?;
    if again == 0 {
        return Err(StoreError::Stale);
    }
    Select::new("UPDATE upgrades SET errors_forgiven = (SELECT count(*) FROM upgrade_devices WHERE got_worse = 1 AND upgrade_id = ")
        .text(id.as_str())
        .sql("), waits_until = ")
        .number(micros(waits_until))
        .sql(" WHERE id = ")
        .text(id.as_str())
        .execute(conn)?;
    set_state(conn, company, id, UpgradeStanding::Running, now)
}

/// Goes on with an upgrade that stopped: the errors so far do not count any more. [`StoreError::Stale`] when it did not stop.
pub fn go_on(conn: &mut DbConn, company: &CompanyId, id: &UpgradeId, now: DateTime<Utc>) -> Result<(), StoreError> {
    lock(conn, company, id)?;
    if get(conn, company, id)?.state != UpgradeStanding::Stopped {
        return Err(StoreError::Stale);
    }
    Select::new(
        "UPDATE upgrades SET errors_forgiven = (SELECT count(*) FROM upgrade_devices WHERE (got_worse = 1
         OR (state = 'failed' AND reason_code <> 'upgrade_cancelled')) AND upgrade_id = ",
    )
    .text(id.as_str())
    .sql(") WHERE id = ")
    .text(id.as_str())
    .execute(conn)?;
    set_state(conn, company, id, UpgradeStanding::Running, now)
}

/// Keeps others from deciding, and a turn from going on, at the same time.
fn lock(conn: &mut DbConn, company: &CompanyId, id: &UpgradeId) -> Result<(), StoreError> {
    let update = Select::new("UPDATE upgrades SET stage = stage WHERE company_id = ").text(company.as_str());
    let found = update.sql(" AND id = ").text(id.as_str()).execute(conn)?;
    if found == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}
