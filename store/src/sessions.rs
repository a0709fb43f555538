//! Sessions of signed-in staff. Only the hash of a session's token is stored.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use siteward_domain::staff::{SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS};
use siteward_domain::{CompanyId, SessionId, StaffId};

use crate::columns::{micros, read, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{sessions, staff};

/// Seconds between two notes that a session was used.
const TOUCH_SECONDS: i64 = 60;

/// A session to make.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// The hash of its token.
    pub token_hash: String,
    /// The company.
    pub company_id: CompanyId,
    /// Who signed in.
    pub staff_id: StaffId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// From which network address.
    pub from_address: String,
}

/// A session that is good now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// The company.
    pub company_id: CompanyId,
    /// Who signed in.
    pub staff_id: StaffId,
    /// The person's name.
    pub staff_name: String,
    /// The person's e-mail address.
    pub email: String,
    /// Whether it is the Installer Admin.
    pub is_admin: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last noted as used.
    pub last_used_at: DateTime<Utc>,
}

impl SessionRecord {
    /// When it ends if it is not used again.
    pub fn expires_at(&self) -> DateTime<Utc> {
        let idle = self.last_used_at + Duration::seconds(SESSION_IDLE_SECONDS);
        idle.min(self.created_at + Duration::seconds(SESSION_ABSOLUTE_SECONDS))
    }

    /// Whether [`touch`] would write: spares a write transaction on most requests.
    pub fn needs_touch(&self, now: DateTime<Utc>) -> bool {
        now - self.last_used_at >= Duration::seconds(TOUCH_SECONDS)
    }
}

type Row = (String, String, String, String, String, bool, i64, i64);

/// Makes a session.
pub fn create_session(conn: &mut DbConn, new: &NewSession) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(new.id.as_str()),
            sessions::token_hash.eq(&new.token_hash),
            sessions::company_id.eq(new.company_id.as_str()),
            sessions::staff_id.eq(new.staff_id.as_str()),
            sessions::created_at.eq(micros(new.created_at)),
            sessions::last_used_at.eq(micros(new.created_at)),
            sessions::from_address.eq(&new.from_address),
        ))
        .execute(conn)?;
    Ok(())
}

/// The session of a token, if it is good at `now`: neither idle for 30 minutes nor older than 12 hours (T15), and
/// its owner not disabled.
pub fn find_session(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<SessionRecord>, StoreError> {
    let row: Option<Row> = sessions::table
        .inner_join(staff::table.on(staff::id.eq(sessions::staff_id)))
        .select((
            sessions::id,
            sessions::company_id,
            sessions::staff_id,
            staff::name,
            staff::email,
            staff::is_admin,
            sessions::created_at,
            sessions::last_used_at,
        ))
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::last_used_at.gt(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
        .filter(sessions::created_at.gt(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS))))
        .filter(staff::disabled.eq(false))
        .first(conn)
        .optional()?;
    row.map(record).transpose()
}

/// Notes that a session was used, at most once a minute.
pub fn touch(conn: &mut DbConn, id: &SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        sessions::table
            .filter(sessions::id.eq(id.as_str()))
            .filter(sessions::last_used_at.le(micros(now - Duration::seconds(TOUCH_SECONDS)))),
    )
    .set(sessions::last_used_at.eq(micros(now)))
    .execute(conn)?;
    Ok(())
}

/// Ends a session; one that has ended is fine.
pub fn end_session(conn: &mut DbConn, id: &SessionId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::id.eq(id.as_str()))).execute(conn)?;
    Ok(())
}

/// Ends every session of a person.
pub fn end_sessions_of(conn: &mut DbConn, staff: &StaffId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::staff_id.eq(staff.as_str()))).execute(conn)?;
    Ok(())
}

/// Deletes sessions that have ended by themselves, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let ended = diesel::delete(
        sessions::table
            .filter(sessions::last_used_at.le(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
            .or_filter(sessions::created_at.le(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS)))),
    )
    .execute(conn)?;
    Ok(ended)
}

fn record((id, company, staff, name, email, is_admin, created, used): Row) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id: read(id, "sessions.id")?,
        company_id: read(company, "sessions.company_id")?,
        staff_id: read(staff, "sessions.staff_id")?,
        staff_name: name,
        email,
        is_admin,
        created_at: time(created)?,
        last_used_at: time(used)?,
    })
}
