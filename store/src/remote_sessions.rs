//! Sessions of remote configuration (R-O3): each under a host name of its own, entered once, ended by idleness, age, a
//! person, sign-out, or the end of the device. Of names, codes and cookies only hashes are stored.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, DeviceId, RemoteSessionId, SessionId, SiteId, StaffId};

use crate::columns::{micros, read, read_or_none, time};
use crate::connection::DbConn;
use crate::devices::get_device;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::schema::remote_sessions::dsl;
use crate::schema::{devices, staff};
use crate::select::Select;

/// Seconds in which the code of a new session must be used.
pub const ENTRY_SECONDS: i64 = 60;
/// Seconds between two notes that a session was used.
const TOUCH_SECONDS: i64 = 15;

/// A session to open.
#[derive(Debug, Clone)]
pub struct NewRemoteSession {
    /// Its id.
    pub id: RemoteSessionId,
    /// The company.
    pub company_id: CompanyId,
    /// The device.
    pub device_id: DeviceId,
    /// Who opens it.
    pub staff_id: StaffId,
    /// The session of the console that it ends with.
    pub session_id: SessionId,
    /// The hash of its host name's first label.
    pub label_hash: String,
    /// The hash of the code that enters it, once.
    pub entry_hash: String,
    /// Whether it may write to the device.
    pub may_write: bool,
}

/// A session of remote configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSession {
    /// Its id.
    pub id: RemoteSessionId,
    /// The company.
    pub company_id: CompanyId,
    /// The device.
    pub device_id: DeviceId,
    /// Who opened it.
    pub staff_id: StaffId,
    /// The session of the console that it ends with.
    pub session_id: SessionId,
    /// Whether it may write to the device.
    pub may_write: bool,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it was last noted as used.
    pub used_at: DateTime<Utc>,
}

impl RemoteSession {
    /// Whether [`touch`] would write: spares a write transaction on most requests.
    pub fn needs_touch(&self, now: DateTime<Utc>) -> bool {
        now - self.used_at >= Duration::seconds(TOUCH_SECONDS)
    }
}

/// How long sessions last.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    /// Without use.
    pub idle: Duration,
    /// Whatever happens.
    pub longest: Duration,
}

type Row = (String, String, String, String, String, bool, i64, i64);
type Columns = (
    dsl::id,
    dsl::company_id,
    dsl::device_id,
    dsl::staff_id,
    dsl::session_id,
    dsl::may_write,
    dsl::opened_at,
    dsl::used_at,
);
const COLUMNS: Columns = (
    dsl::id,
    dsl::company_id,
    dsl::device_id,
    dsl::staff_id,
    dsl::session_id,
    dsl::may_write,
    dsl::opened_at,
    dsl::used_at,
);

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    staff_id: String,
}

/// Opens a session and tells of it. [`StoreError::NotFound`] when the company has no such device, or its person signed
/// out meanwhile.
pub fn open(conn: &mut DbConn, new: &NewRemoteSession, now: DateTime<Utc>) -> Result<RemoteSession, StoreError> {
    let site = get_device(conn, &new.company_id, &new.device_id)?.site_id;
    diesel::insert_into(dsl::remote_sessions)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::device_id.eq(new.device_id.as_str()),
            dsl::staff_id.eq(new.staff_id.as_str()),
            dsl::session_id.eq(new.session_id.as_str()),
            dsl::label_hash.eq(&new.label_hash),
            dsl::entry_hash.eq(Some(&new.entry_hash)),
            dsl::may_write.eq(new.may_write),
            dsl::opened_at.eq(micros(now)),
            dsl::used_at.eq(micros(now)),
        ))
        .execute(conn)?;
    let kind = EventKind::RemoteSessionOpened;
    events::append(conn, &event(&new.company_id, &site, &new.device_id, &new.staff_id, &new.id, kind, now))?;
    let row: Row = dsl::remote_sessions.select(COLUMNS).filter(dsl::id.eq(new.id.as_str())).first(conn)?;
    session(row)
}

/// Enters a session with its code: once, within [`ENTRY_SECONDS`]. The cookie is what counts from then on.
pub fn enter(
    conn: &mut DbConn,
    label_hash: &str,
    entry_hash: &str,
    cookie_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<RemoteSession>, StoreError> {
    let entered = diesel::update(
        dsl::remote_sessions
            .filter(dsl::label_hash.eq(label_hash))
            .filter(dsl::entry_hash.eq(entry_hash))
            .filter(dsl::closed_at.is_null())
            .filter(dsl::opened_at.gt(micros(now - Duration::seconds(ENTRY_SECONDS)))),
    )
    .set((dsl::entry_hash.eq(None::<&str>), dsl::cookie_hash.eq(Some(cookie_hash)), dsl::used_at.eq(micros(now))))
    .execute(conn)?;
    if entered == 0 {
        return Ok(None);
    }
    let row: Row = dsl::remote_sessions.select(COLUMNS).filter(dsl::label_hash.eq(label_hash)).first(conn)?;
    session(row).map(Some)
}

/// The session of a host name and its cookie, if it is good at `now` and its person is not disabled. Both must be right.
pub fn find_by_cookie(
    conn: &mut DbConn,
    label_hash: &str,
    cookie_hash: &str,
    now: DateTime<Utc>,
    lifetime: Lifetime,
) -> Result<Option<RemoteSession>, StoreError> {
    let row: Option<Row> = dsl::remote_sessions
        .inner_join(staff::table.on(staff::id.eq(dsl::staff_id)))
        .select(COLUMNS)
        .filter(dsl::label_hash.eq(label_hash))
        .filter(dsl::cookie_hash.eq(cookie_hash))
        .filter(dsl::closed_at.is_null())
        .filter(dsl::used_at.gt(micros(now - lifetime.idle)))
        .filter(dsl::opened_at.gt(micros(now - lifetime.longest)))
        .filter(staff::disabled.eq(false))
        .first(conn)
        .optional()?;
    row.map(session).transpose()
}

/// A person's own open sessions, oldest first, at most 100.
pub fn list_open(
    conn: &mut DbConn,
    company: &CompanyId,
    staff: &StaffId,
    now: DateTime<Utc>,
    lifetime: Lifetime,
) -> Result<Vec<RemoteSession>, StoreError> {
    let rows: Vec<Row> = dsl::remote_sessions
        .select(COLUMNS)
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::staff_id.eq(staff.as_str()))
        .filter(dsl::closed_at.is_null())
        .filter(dsl::used_at.gt(micros(now - lifetime.idle)))
        .filter(dsl::opened_at.gt(micros(now - lifetime.longest)))
        .order(dsl::id)
        .limit(100)
        .load(conn)?;
    rows.into_iter().map(session).collect()
}

/// Notes that a session was used, at most every 15 seconds.
pub fn touch(conn: &mut DbConn, id: &RemoteSessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        dsl::remote_sessions
            .filter(dsl::id.eq(id.as_str()))
            .filter(dsl::closed_at.is_null())
            .filter(dsl::used_at.le(micros(now - Duration::seconds(TOUCH_SECONDS)))),
    )
    .set(dsl::used_at.eq(micros(now)))
    .execute(conn)?;
    Ok(())
}

/// Ends a person's own session and tells of it; `false` when it had ended. [`StoreError::NotFound`] when it is not theirs.
pub fn close(
    conn: &mut DbConn,
    company: &CompanyId,
    staff: &StaffId,
    id: &RemoteSessionId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let _: String = dsl::remote_sessions
        .select(dsl::id)
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::staff_id.eq(staff.as_str()))
        .filter(dsl::id.eq(id.as_str()))
        .first(conn)?;
    let ended = end(conn, Select::new("id = ").text(id.as_str()), now)?;
    Ok(ended > 0)
}

/// Ends sessions that outlived `lifetime` and tells of each; gives how many.
pub fn close_idle(conn: &mut DbConn, now: DateTime<Utc>, lifetime: Lifetime) -> Result<usize, StoreError> {
    let which = Select::new("(used_at <= ")
        .number(micros(now - lifetime.idle))
        .sql(" OR opened_at <= ")
        .number(micros(now - lifetime.longest))
        .sql(")");
    end(conn, which, now)
}

/// Ends all sessions of a device, whoever opened them, and tells of each; gives how many.
pub fn close_of_device(conn: &mut DbConn, device: &DeviceId, now: DateTime<Utc>) -> Result<usize, StoreError> {
    end(conn, Select::new("device_id = ").text(device.as_str()), now)
}

/// Forgets sessions that ended before `before`; gives how many.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::remote_sessions.filter(dsl::closed_at.lt(micros(before)))).execute(conn)?)
}

fn end(conn: &mut DbConn, which: Select, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let ended: Vec<Ended> =
        Select::new("UPDATE remote_sessions SET entry_hash = NULL, cookie_hash = NULL, closed_at = ")
            .number(micros(now))
            .sql(" WHERE closed_at IS NULL AND ")
            .then(which)
            .sql(" RETURNING id, company_id, device_id, staff_id")
            .load(conn)?;
    let mut told = Vec::with_capacity(ended.len());
    for row in &ended {
        let site: Option<String> =
            devices::table.select(devices::site_id).filter(devices::id.eq(&row.device_id)).first(conn).optional()?;
        let Some(site) = read_or_none::<SiteId>(site, "devices.site_id")? else { continue };
        told.push(event(
            &read(row.company_id.clone(), "remote_sessions.company_id")?,
            &site,
            &read(row.device_id.clone(), "remote_sessions.device_id")?,
            &read(row.staff_id.clone(), "remote_sessions.staff_id")?,
            &read(row.id.clone(), "remote_sessions.id")?,
            EventKind::RemoteSessionClosed,
            now,
        ));
    }
    events::append_all(conn, &told)?;
    Ok(ended.len())
}

fn event(
    company: &CompanyId,
    site: &SiteId,
    device: &DeviceId,
    staff: &StaffId,
    id: &RemoteSessionId,
    kind: EventKind,
    now: DateTime<Utc>,
) -> NewEvent {
    NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: Some(device.clone()),
        kind,
        actor: format!("staff:{staff}"),
        at: now,
        data: json!({ "remote_session_id": id }),
    }
}

fn session((id, company, device, staff, session, may_write, opened, used): Row) -> Result<RemoteSession, StoreError> {
    Ok(RemoteSession {
        id: read(id, "remote_sessions.id")?,
        company_id: read(company, "remote_sessions.company_id")?,
        device_id: read(device, "remote_sessions.device_id")?,
        staff_id: read(staff, "remote_sessions.staff_id")?,
        session_id: read(session, "remote_sessions.session_id")?,
        may_write,
        opened_at: time(opened)?,
        used_at: time(used)?,
    })
}

#[cfg(test)]
mod tests;
