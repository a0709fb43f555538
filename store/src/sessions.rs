//! Sessions of signed-in staff. Only the hash of a session's token is stored.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::{Right, SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS};
use siteward_domain::{CompanyId, SessionId, StaffId};

use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{companies, role_rights, sessions, staff};

/// Seconds between two notes that a session was used.
pub(crate) const TOUCH_SECONDS: i64 = 60;
/// Sessions of a person that are listed: nobody has so many browsers.
pub(crate) const MOST_LISTED: i64 = 100;
/// Ended sessions whose ids are given back.
pub(crate) const MOST_ENDED: i64 = 1000;

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
    /// What the browser calls itself.
    pub user_agent: String,
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
    /// What the person may do: the Installer Admin everything, others what their role allows.
    pub rights: Vec<Right>,
    /// The language the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
    /// Whether the company wants a second factor and the person has none: nothing else is open to them until they do.
    pub two_factor_enrolment_needed: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last noted as used.
    pub last_used_at: DateTime<Utc>,
}

/// A session as its owner sees it among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession<Id = SessionId> {
    /// Its id.
    pub id: Id,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last noted as used.
    pub last_used_at: DateTime<Utc>,
    /// From which network address it began.
    pub from_address: String,
    /// What the browser calls itself.
    pub user_agent: String,
}

impl<Id> OpenSession<Id> {
    /// When it ends if it is not used again.
    pub fn expires_at(&self) -> DateTime<Utc> {
        expiry(self.created_at, self.last_used_at)
    }
}

/// When a session ends if it is not used again.
pub(crate) fn expiry(created_at: DateTime<Utc>, last_used_at: DateTime<Utc>) -> DateTime<Utc> {
    let idle = last_used_at + Duration::seconds(SESSION_IDLE_SECONDS);
    idle.min(created_at + Duration::seconds(SESSION_ABSOLUTE_SECONDS))
}

impl SessionRecord {
    /// When it ends if it is not used again.
    pub fn expires_at(&self) -> DateTime<Utc> {
        expiry(self.created_at, self.last_used_at)
    }

    /// Whether [`touch`] would write: spares a write transaction on most requests.
    pub fn needs_touch(&self, now: DateTime<Utc>) -> bool {
        now - self.last_used_at >= Duration::seconds(TOUCH_SECONDS)
    }
}

#[derive(Queryable)]
struct Row {
    id: String,
    company_id: String,
    staff_id: String,
    staff_name: String,
    email: String,
    is_admin: bool,
    role_id: Option<String>,
    language: String,
    time_zone: String,
    totp_confirmed_at: Option<i64>,
    two_factor_required: bool,
    created_at: i64,
    last_used_at: i64,
}

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
            sessions::user_agent.eq(&new.user_agent),
        ))
        .execute(conn)?;
    note_seen(conn, &new.id, new.created_at)
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
        .inner_join(companies::table.on(companies::id.eq(sessions::company_id)))
        .select((
            sessions::id,
            sessions::company_id,
            sessions::staff_id,
            staff::name,
            staff::email,
            staff::is_admin,
            staff::role_id,
            staff::language,
            staff::time_zone,
            staff::totp_confirmed_at,
            companies::two_factor_required,
            sessions::created_at,
            sessions::last_used_at,
        ))
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::last_used_at.gt(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
        .filter(sessions::created_at.gt(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS))))
        .filter(staff::disabled.eq(false))
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let rights = rights(conn, row.is_admin, row.role_id.as_deref())?;
    record(row, rights).map(Some)
}

/// What a person may do without their session at hand: the Installer Admin everything, others what their role allows.
/// Nothing for one who is gone, disabled, or still has to set up the second factor that the company wants.
pub fn rights_of(conn: &mut DbConn, staff: &StaffId) -> Result<Vec<Right>, StoreError> {
    let row: Option<(bool, Option<String>)> = staff::table
        .inner_join(companies::table.on(companies::id.eq(staff::company_id)))
        .select((staff::is_admin, staff::role_id))
        .filter(staff::id.eq(staff.as_str()))
        .filter(staff::disabled.eq(false))
        .filter(companies::two_factor_required.eq(false).or(staff::totp_confirmed_at.is_not_null()))
        .first(conn)
        .optional()?;
    row.map_or_else(|| Ok(Vec::new()), |(is_admin, role)| rights(conn, is_admin, role.as_deref()))
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
    note_seen(conn, id, now)
}

/// Notes on a session's person that they were here.
fn note_seen(conn: &mut DbConn, id: &SessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of_session = sessions::table.select(sessions::staff_id).filter(sessions::id.eq(id.as_str()));
    diesel::update(staff::table.filter(staff::id.eq_any(of_session)))
        .set(staff::last_seen_at.eq(Some(micros(now))))
        .execute(conn)?;
    Ok(())
}

/// Ends a session; one that has ended is fine.
pub fn end_session(conn: &mut DbConn, id: &SessionId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::id.eq(id.as_str()))).execute(conn)?;
    Ok(())
}

/// Ends one of a person's own sessions; [`StoreError::NotFound`] where they have none of this id.
pub fn end_session_of(conn: &mut DbConn, staff: &StaffId, id: &SessionId) -> Result<(), StoreError> {
    let own = sessions::table.filter(sessions::id.eq(id.as_str())).filter(sessions::staff_id.eq(staff.as_str()));
    if diesel::delete(own).execute(conn)? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Ends every session of a person and gives their ids, so that open streams can end at once.
pub fn end_sessions_of(conn: &mut DbConn, staff: &StaffId) -> Result<Vec<SessionId>, StoreError> {
    end_all(conn, staff, None)
}

/// Ends every session of a person but one, and gives the ids of the ended.
pub fn end_other_sessions(conn: &mut DbConn, staff: &StaffId, kept: &SessionId) -> Result<Vec<SessionId>, StoreError> {
    end_all(conn, staff, Some(kept))
}

fn end_all(conn: &mut DbConn, staff: &StaffId, kept: Option<&SessionId>) -> Result<Vec<SessionId>, StoreError> {
    let kept = kept.map_or("", SessionId::as_str);
    let ended =
        || sessions::table.filter(sessions::staff_id.eq(staff.as_str())).filter(sessions::id.ne(kept.to_owned()));
    let ids: Vec<String> = ended().select(sessions::id).order(sessions::id).limit(MOST_ENDED).load(conn)?;
    diesel::delete(ended()).execute(conn)?;
    ids.into_iter().map(|id| read(id, "sessions.id")).collect()
}

/// The sessions of a person that are good at `now`, the last used first.
pub fn list_sessions(conn: &mut DbConn, staff: &StaffId, now: DateTime<Utc>) -> Result<Vec<OpenSession>, StoreError> {
    let rows: Vec<(String, i64, i64, String, String)> = sessions::table
        .select((
            sessions::id,
            sessions::created_at,
            sessions::last_used_at,
            sessions::from_address,
            sessions::user_agent,
        ))
        .filter(sessions::staff_id.eq(staff.as_str()))
        .filter(sessions::last_used_at.gt(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
        .filter(sessions::created_at.gt(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS))))
        .order((sessions::last_used_at.desc(), sessions::id.desc()))
        .limit(MOST_LISTED)
        .load(conn)?;
    rows.into_iter()
        .map(|(id, created, used, from_address, user_agent)| {
            Ok(OpenSession {
                id: read(id, "sessions.id")?,
                created_at: time(created)?,
                last_used_at: time(used)?,
                from_address,
                user_agent,
            })
        })
        .collect()
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

fn rights(conn: &mut DbConn, is_admin: bool, role: Option<&str>) -> Result<Vec<Right>, StoreError> {
    if is_admin {
        return Ok(Right::ALL.to_vec());
    }
    let Some(role) = role else { return Ok(Vec::new()) };
    let names: Vec<String> = role_rights::table
        .select(role_rights::name)
        .filter(role_rights::role_id.eq(role))
        .order(role_rights::name)
        .limit(i64::try_from(Right::ALL.len()).unwrap_or(i64::MAX))
        .load(conn)?;
    let of_name = |name: String| word(Right::from_stored(&name), "role_rights.name");
    let mut rights = names.into_iter().map(of_name).collect::<Result<Vec<_>, _>>()?;
    rights.sort_unstable();
    Ok(rights)
}

fn record(row: Row, rights: Vec<Right>) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id: read(row.id, "sessions.id")?,
        company_id: read(row.company_id, "sessions.company_id")?,
        staff_id: read(row.staff_id, "sessions.staff_id")?,
        staff_name: row.staff_name,
        email: row.email,
        is_admin: row.is_admin,
        rights,
        language: word(MailLanguage::from_stored(&row.language), "staff.language")?,
        time_zone: row.time_zone,
        two_factor_enrolment_needed: row.two_factor_required && row.totp_confirmed_at.is_none(),
        created_at: time(row.created_at)?,
        last_used_at: time(row.last_used_at)?,
    })
}

#[cfg(test)]
mod tests;
