//! Unbinding a device from an account without that account's help (R-U1 to R-U3): limits on tries, and the act itself.

mod bound;
mod nearby;

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::unbind::{LOCK_SECONDS, TRIES_TO_LOCK};
use siteward_domain::{CompanyId, DeviceId, LinkId, SerialNumber, SiteId};

use crate::access_log::{self, Actor, NewEntry};
use crate::changes;
use crate::columns::{bucket_of, micros, read, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::panels;
use crate::select::Select;
use crate::shares;
use crate::sites;

pub use bound::bound;
pub use nearby::{Standing, standing};

/// What a wrong password left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Tries left before the lock; 0 when it is locked now.
    pub left: u32,
    /// Until when it is locked, if it is.
    pub locked_until: Option<DateTime<Utc>>,
}

/// The account that had the device. Never for whoever unbound it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The company.
    pub company_id: CompanyId,
    /// The site it was on.
    pub site_id: SiteId,
    /// The device it was.
    pub device_id: DeviceId,
    /// Its name there.
    pub name: String,
}

#[derive(QueryableByName)]
struct Until {
    #[diesel(sql_type = BigInt)]
    until_at: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct FormerRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Whether the link of the account that has a serial sees the device online now, from another public address than `link`
/// comes from: then the device is not in the network of `link`, whatever that says. An address that is not known tells nothing.
pub fn is_seen_elsewhere(conn: &mut DbConn, serial: &SerialNumber, link: &LinkId) -> Result<bool, StoreError> {
    let rows: Vec<Count> = Select::new(
        "SELECT count(*) AS count FROM bindings b JOIN devices d ON d.id = b.device_id
         JOIN links theirs ON theirs.id = d.link_id AND theirs.online
         JOIN sightings s ON s.link_id = theirs.id AND s.serial = b.serial AND s.online
         JOIN links mine ON mine.session_from <> theirs.session_from
         WHERE b.company_id <> mine.company_id AND mine.id = ",
    )
    .text(link.as_str())
    .sql(" AND b.serial = ")
    .text(serial.as_str())
    .load(conn)?;
    Ok(rows.first().is_some_and(|row| row.count > 0))
}

/// Until when a caller may not try a serial, if it may not at `now`.
pub fn locked_until(
    conn: &mut DbConn,
    caller: &str,
    serial: &SerialNumber,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let rows: Vec<Until> = Select::new("SELECT until_at FROM unbind_locks WHERE caller = ")
        .text(caller)
        .sql(" AND serial = ")
        .text(serial.as_str())
        .sql(" AND until_at > ")
        .number(micros(now))
        .load(conn)?;
    rows.into_iter().next().map(|row| time(row.until_at)).transpose()
}

/// Notes a wrong password; the fifth within half an hour locks for half an hour. Those of one caller for one serial
/// count one after the other, however many come at the same instant; to be strict, note a try before it is made and
/// [`forget`] it when it was right.
pub fn note_wrong(
    conn: &mut DbConn,
    caller: &str,
    serial: &SerialNumber,
    now: DateTime<Utc>,
) -> Result<Tries, StoreError> {
    // Holds the row until the commit: whoever comes at the same instant waits, then counts this one too.
    Select::new("INSERT INTO unbind_locks (caller, serial, until_at) VALUES (")
        .text(caller)
        .sql(", ")
        .text(serial.as_str())
        .sql(", 0) ON CONFLICT (caller, serial) DO UPDATE SET until_at = unbind_locks.until_at")
        .execute(conn)?;
    if let Some(until) = locked_until(conn, caller, serial, now)? {
        return Ok(Tries { left: 0, locked_until: Some(until) });
    }
    Select::new("INSERT INTO unbind_attempts (caller, serial, at) VALUES (")
        .text(caller)
        .sql(", ")
        .text(serial.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(")")
        .execute(conn)?;
    let counts: Vec<Count> = Select::new("SELECT count(*) AS count FROM unbind_attempts WHERE caller = ")
        .text(caller)
        .sql(" AND serial = ")
        .text(serial.as_str())
        .sql(" AND at > ")
        .number(micros(now - Duration::seconds(LOCK_SECONDS)))
        .load(conn)?;
    let count = counts.first().map_or(0, |row| u32::try_from(row.count).unwrap_or(u32::MAX));
    let left = TRIES_TO_LOCK.saturating_sub(count);
    if left > 0 {
        return Ok(Tries { left, locked_until: None });
    }
    let until = now + Duration::seconds(LOCK_SECONDS);
    Select::new("UPDATE unbind_locks SET until_at = ")
        .number(micros(until))
        .sql(" WHERE caller = ")
        .text(caller)
        .sql(" AND serial = ")
        .text(serial.as_str())
        .execute(conn)?;
    delete_attempts(conn, caller, serial)?;
    Ok(Tries { left: 0, locked_until: Some(until) })
}

/// Forgets the wrong passwords of a caller for a serial, after a right one.
pub fn forget(conn: &mut DbConn, caller: &str, serial: &SerialNumber) -> Result<(), StoreError> {
    delete_attempts(conn, caller, serial)?;
    Select::new("DELETE FROM unbind_locks WHERE caller = ")
        .text(caller)
        .sql(" AND serial = ")
        .text(serial.as_str())
        .execute(conn)?;
    Ok(())
}

fn delete_attempts(conn: &mut DbConn, caller: &str, serial: &SerialNumber) -> Result<(), StoreError> {
    Select::new("DELETE FROM unbind_attempts WHERE caller = ")
        .text(caller)
        .sql(" AND serial = ")
        .text(serial.as_str())
        .execute(conn)?;
    Ok(())
}

/// Forgets tries and locks that do not count any more, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let tries = Select::new("DELETE FROM unbind_attempts WHERE at <= ")
        .number(micros(now - Duration::seconds(LOCK_SECONDS)))
        .execute(conn)?;
    let locks = Select::new("DELETE FROM unbind_locks WHERE until_at <= ").number(micros(now)).execute(conn)?;
    Ok(tries + locks)
}

/// Who has a serial, with the site held that it is on: nobody accepts or moves it meanwhile.
fn hold_former(conn: &mut DbConn, serial: &SerialNumber) -> Result<Option<FormerRow>, StoreError> {
    let find = |conn: &mut DbConn| -> Result<Option<FormerRow>, StoreError> {
        let rows: Vec<FormerRow> = Select::new(
            "SELECT d.company_id, d.site_id, d.id AS device_id, d.name FROM bindings b
             JOIN devices d ON d.id = b.device_id WHERE b.serial = ",
        )
        .text(serial.as_str())
        .load(conn)?;
        Ok(rows.into_iter().next())
    };
    let Some(row) = find(conn)? else { return Ok(None) };
    let (company, site) = (read(row.company_id, "devices.company_id")?, read(row.site_id, "devices.site_id")?);
    sites::hold_sites(conn, &company, &[&site])?;
    find(conn)
}

/// Frees a serial, whoever has it: the former account's device goes, with its binding, password and shares, and the former
/// account is told by an event, the owner of its site by an entry in the access log. `None`: nobody here had it. The caller
/// has checked what R-U1 asks for.
pub fn unbind(conn: &mut DbConn, serial: &SerialNumber, now: DateTime<Utc>) -> Result<Option<Former>, StoreError> {
    let Some(row) = hold_former(conn, serial)? else { return Ok(None) };
    // Whoever frees it at the same instant waits here, finds nothing to delete, and tells nobody a second time.
    let device_id = read(row.device_id.clone(), "devices.id")?;
    let losing = shares::with_device(conn, &device_id)?;
    panels::leave_unbound(conn, &device_id, now)?;
    let deleted = Select::new("DELETE FROM devices WHERE id = ").text(row.device_id.as_str()).execute(conn)?;
    if deleted == 0 {
        return Ok(None);
    }
    let former = Former {
        company_id: read(row.company_id, "devices.company_id")?,
        site_id: read(row.site_id, "devices.site_id")?,
        device_id: read(row.device_id, "devices.id")?,
        name: row.name,
    };
    let bucket = i32::from(bucket_of(former.device_id.as_str()));
    changes::note_devices(conn, &[(bucket, former.device_id.to_string())], now)?;
    shares::lose_device(conn, &losing, now)?;
    let told = NewEvent {
        company_id: former.company_id.clone(),
        site_id: Some(former.site_id.clone()),
        device_id: Some(former.device_id.clone()),
        kind: EventKind::DeviceUnbound,
        actor: "system".to_owned(),
        at: now,
        data: json!({ "serial": serial, "name": former.name }),
    };
    events::append(conn, &told)?;
    let entry = NewEntry {
        site_id: former.site_id.clone(),
        actor: Actor::Platform,
        company: Some(former.company_id.clone()),
        action: "device_unbound",
        device: Some((former.device_id.clone(), former.name.clone())),
        detail: json!({ "serial": serial }),
    };
    access_log::append_if_owned(conn, &entry, now)?;
    Ok(Some(former))
}

#[cfg(test)]
mod tests;
