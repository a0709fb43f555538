//! The access log: who did what on a site that has an owner, for the owner to read.
//!
//! The entries of a site are a chain: each carries the hash of the one before, so that a copy proves that nothing was
//! changed or taken out of it ([`chain`]). The database refuses to change or delete a row.

pub mod chain;
pub mod places;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::{CompanyId, DeviceId, EndUserId, SiteId, StaffId};

use crate::changes::{EVENTS_LOCK, one_appender};
use crate::columns::{micros, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::schema::{access_log, companies, end_users, sites, staff};

use chain::{Broken, Chain, Entry, FIRST};

/// Most entries read at once.
const MOST_ENTRIES: u32 = 1000;

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff.
    Staff(StaffId),
    /// An end user.
    EndUser(EndUserId),
    /// The platform by itself: a permission ended, an invitation expired.
    Platform,
}

/// An entry to append.
#[derive(Debug, Clone)]
pub struct NewEntry<'a> {
    /// The site.
    pub site_id: SiteId,
    /// Who did it; their name is noted as it is now.
    pub actor: Actor,
    /// The company on whose behalf, or whom it concerns; its name is noted as it is now.
    pub company: Option<CompanyId>,
    /// What: a stable word such as `site_accepted`, see docs/access_log.md.
    pub action: &'a str,
    /// The device, with the name it has now.
    pub device: Option<(DeviceId, String)>,
    /// More about it, an object of JSON. Never a secret.
    pub detail: serde_json::Value,
}

type Row = (String, i64, i64, String, String, String, String, String, String, String, String, String, String, String);

/// Appends an entry to the chain of its site.
///
/// As an event, it comes last in a transaction, after the rows that it tells of: until the commit nobody else appends.
pub fn append(conn: &mut DbConn, new: &NewEntry<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    // The lock of the event log, so that two transactions that write both never wait for each other.
    one_appender(conn, EVENTS_LOCK)?;
    let (n, previous_hash) = match head(conn, &new.site_id)? {
        Some((n, hash)) => (n + 1, hash),
        None => (1, FIRST.to_owned()),
    };
    let (actor_kind, actor_id, actor_name) = name_of(conn, &new.actor)?;
    let (company_id, company_name) = match &new.company {
        Some(id) => (id.to_string(), company_name(conn, id)?),
        None => (String::new(), String::new()),
    };
    let (device_id, device_name) = match &new.device {
        Some((id, name)) => (id.to_string(), name.clone()),
        None => (String::new(), String::new()),
    };
    let mut entry = Entry {
        site_id: new.site_id.to_string(),
        n,
        at: chain::moment(now),
        actor_kind: actor_kind.to_owned(),
        actor_id,
        actor_name,
        company_id,
        company_name,
        action: new.action.to_owned(),
        device_id,
        device_name,
        detail: new.detail.to_string(),
        previous_hash,
        hash: String::new(),
    };
    entry.hash = entry.own_hash();
    diesel::insert_into(access_log::table)
        .values((
            access_log::site_id.eq(&entry.site_id),
            access_log::n.eq(entry.n),
            access_log::at.eq(micros(now)),
            access_log::actor_kind.eq(&entry.actor_kind),
            access_log::actor_id.eq(&entry.actor_id),
            access_log::actor_name.eq(&entry.actor_name),
            access_log::company_id.eq(&entry.company_id),
            access_log::company_name.eq(&entry.company_name),
            access_log::action.eq(&entry.action),
            access_log::device_id.eq(&entry.device_id),
            access_log::device_name.eq(&entry.device_name),
            access_log::detail.eq(&entry.detail),
            access_log::previous_hash.eq(&entry.previous_hash),
            access_log::hash.eq(&entry.hash),
        ))
        .execute(conn)?;
    Ok(())
}

/// As [`append`] where the site has an owner; else nothing: before that there is nobody to keep a log for.
pub fn append_if_owned(conn: &mut DbConn, new: &NewEntry<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let owner: Option<Option<String>> =
        sites::table.select(sites::owner_id).filter(sites::id.eq(new.site_id.as_str())).first(conn).optional()?;
    if owner.flatten().is_some() { append(conn, new, now) } else { Ok(()) }
}

/// The number and hash of the last entry of a site.
pub fn head(conn: &mut DbConn, site: &SiteId) -> Result<Option<(i64, String)>, StoreError> {
    Ok(access_log::table
        .select((access_log::n, access_log::hash))
        .filter(access_log::site_id.eq(site.as_str()))
        .order(access_log::n.desc())
        .first(conn)
        .optional()?)
}

/// The number of the first entry of a site at or after a moment: where the log of an owner begins.
pub fn first_since(conn: &mut DbConn, site: &SiteId, since: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
    Ok(access_log::table
        .select(access_log::n)
        .filter(access_log::site_id.eq(site.as_str()))
        .filter(access_log::at.ge(micros(since)))
        .order(access_log::n)
        .first(conn)
        .optional()?)
}

/// The entries of a site from number `first` on, newest first.
pub fn list(
    conn: &mut DbConn,
    site: &SiteId,
    first: i64,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Entry>, StoreError> {
    let before: i64 = match cursor {
        Some(cursor) => {
            let [n] = page::decode(cursor)?;
            n.parse().map_err(|_| StoreError::BadCursor)?
        }
        None => i64::MAX,
    };
    let rows: Vec<Row> = access_log::table
        .filter(access_log::site_id.eq(site.as_str()))
        .filter(access_log::n.ge(first))
        .filter(access_log::n.lt(before))
        .order(access_log::n.desc())
        .limit(page::rows_to_read(limit))
        .load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.1.to_string()]);
    Ok(Page { items: rows.into_iter().map(entry).collect::<Result<_, _>>()?, next_cursor })
}

/// The entries of a site after number `n`, oldest first, at most `limit` and 1,000.
pub fn after(conn: &mut DbConn, site: &SiteId, n: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = access_log::table
        .filter(access_log::site_id.eq(site.as_str()))
        .filter(access_log::n.gt(n))
        .order(access_log::n)
        .limit(i64::from(limit.clamp(1, MOST_ENTRIES)))
        .load(conn)?;
    rows.into_iter().map(entry).collect()
}

/// Reads the whole chain of a site and says whether it holds, and how many entries it has.
pub fn verify(conn: &mut DbConn, site: &SiteId) -> Result<Result<i64, Broken>, StoreError> {
    let mut chain = Chain::from_the_first(site.as_str());
    let mut last = 0;
    loop {
        let entries = after(conn, site, last, MOST_ENTRIES)?;
        let Some(newest) = entries.last() else { return Ok(Ok(chain.entries())) };
        last = newest.n;
        for entry in &entries {
            if let Err(broken) = chain.take(entry) {
                return Ok(Err(broken));
            }
        }
    }
}

fn name_of(conn: &mut DbConn, actor: &Actor) -> Result<(&'static str, String, String), StoreError> {
    let (kind, id, name): (_, _, Option<String>) = match actor {
        Actor::Staff(id) => {
            let name = staff::table.select(staff::name).filter(staff::id.eq(id.as_str())).first(conn).optional()?;
            ("staff", id.to_string(), name)
        }
        Actor::EndUser(id) => {
            let of_id = end_users::table.select(end_users::name).filter(end_users::id.eq(id.as_str()));
            ("end_user", id.to_string(), of_id.first(conn).optional()?)
        }
        Actor::Platform => ("platform", String::new(), None),
    };
    Ok((kind, id, name.unwrap_or_default()))
}

fn company_name(conn: &mut DbConn, id: &CompanyId) -> Result<String, StoreError> {
    let name: Option<String> =
        companies::table.select(companies::name).filter(companies::id.eq(id.as_str())).first(conn).optional()?;
    Ok(name.unwrap_or_default())
}

fn entry(row: Row) -> Result<Entry, StoreError> {
    let (
        site_id,
        n,
        at,
        actor_kind,
        actor_id,
        actor_name,
        company_id,
        company_name,
        action,
        device_id,
        device_name,
        detail,
        previous_hash,
        hash,
    ) = row;
    Ok(Entry {
        site_id,
        n,
        at: chain::moment(time(at)?),
        actor_kind,
        actor_id,
        actor_name,
        company_id,
        company_name,
        action,
        device_id,
        device_name,
        detail,
        previous_hash,
        hash,
    })
}
