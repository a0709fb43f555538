//! Sessions of signed-in end users, as long as those of staff and apart from them. Only the hash of a token is stored.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::{SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS};
use siteward_domain::{EndUserId, EndUserSessionId};

use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::{end_user_sessions, end_users};
use crate::sessions::{MOST_ENDED, MOST_LISTED, OpenSession, TOUCH_SECONDS, expiry};

/// A session to make.
#[derive(Debug, Clone)]
pub struct NewEndUserSession {
    /// Its id.
    pub id: EndUserSessionId,
    /// The hash of its token.
    pub token_hash: String,
    /// Who signed in.
    pub end_user_id: EndUserId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// From which network address.
    pub from_address: String,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// A session that is good now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndUserSessionRecord {
    /// Its id.
    pub id: EndUserSessionId,
    /// Who signed in.
    pub end_user_id: EndUserId,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The person's region.
    pub region: Region,
    /// The language the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last noted as used.
    pub last_used_at: DateTime<Utc>,
}

impl EndUserSessionRecord {
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
    end_user_id: String,
    name: String,
    email: String,
    region: String,
    language: String,
    time_zone: String,
    created_at: i64,
    last_used_at: i64,
}

/// Makes a session.
pub fn create_session(conn: &mut DbConn, new: &NewEndUserSession) -> Result<(), StoreError> {
    diesel::insert_into(end_user_sessions::table)
        .values((
            end_user_sessions::id.eq(new.id.as_str()),
            end_user_sessions::token_hash.eq(&new.token_hash),
            end_user_sessions::end_user_id.eq(new.end_user_id.as_str()),
            end_user_sessions::created_at.eq(micros(new.created_at)),
            end_user_sessions::last_used_at.eq(micros(new.created_at)),
            end_user_sessions::from_address.eq(&new.from_address),
            end_user_sessions::user_agent.eq(&new.user_agent),
        ))
        .execute(conn)?;
    note_seen(conn, &new.id, new.created_at)
}

/// The session of a token, if it is good at `now`: neither idle for 30 minutes nor older than 12 hours (T15).
pub fn find_session(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<EndUserSessionRecord>, StoreError> {
    let row: Option<Row> = end_user_sessions::table
        .inner_join(end_users::table.on(end_users::id.eq(end_user_sessions::end_user_id)))
        .select((
            end_user_sessions::id,
            end_user_sessions::end_user_id,
            end_users::name,
            end_users::email,
            end_users::region,
            end_users::language,
            end_users::time_zone,
            end_user_sessions::created_at,
            end_user_sessions::last_used_at,
        ))
        .filter(end_user_sessions::token_hash.eq(token_hash))
        .filter(end_user_sessions::last_used_at.gt(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
        .filter(end_user_sessions::created_at.gt(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS))))
        .first(conn)
        .optional()?;
    row.map(record).transpose()
}

/// Notes that a session was used, at most once a minute.
pub fn touch(conn: &mut DbConn, id: &EndUserSessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(
        end_user_sessions::table
            .filter(end_user_sessions::id.eq(id.as_str()))
            .filter(end_user_sessions::last_used_at.le(micros(now - Duration::seconds(TOUCH_SECONDS)))),
    )
    .set(end_user_sessions::last_used_at.eq(micros(now)))
    .execute(conn)?;
    note_seen(conn, id, now)
}

fn note_seen(conn: &mut DbConn, id: &EndUserSessionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let of_session =
        end_user_sessions::table.select(end_user_sessions::end_user_id).filter(end_user_sessions::id.eq(id.as_str()));
    diesel::update(end_users::table.filter(end_users::id.eq_any(of_session)))
        .set(end_users::last_seen_at.eq(Some(micros(now))))
        .execute(conn)?;
    Ok(())
}

/// Ends a session; one that has ended is fine.
pub fn end_session(conn: &mut DbConn, id: &EndUserSessionId) -> Result<(), StoreError> {
    diesel::delete(end_user_sessions::table.filter(end_user_sessions::id.eq(id.as_str()))).execute(conn)?;
    Ok(())
}

/// Ends one of a person's own sessions; [`StoreError::NotFound`] where they have none of this id.
pub fn end_session_of(conn: &mut DbConn, end_user: &EndUserId, id: &EndUserSessionId) -> Result<(), StoreError> {
    let own = end_user_sessions::table
        .filter(end_user_sessions::id.eq(id.as_str()))
        .filter(end_user_sessions::end_user_id.eq(end_user.as_str()));
    if diesel::delete(own).execute(conn)? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Ends every session of a person, but `kept` where one is named, and gives the ids of the ended, so that open streams can
/// end at once.
pub fn end_sessions_of(
    conn: &mut DbConn,
    end_user: &EndUserId,
    kept: Option<&EndUserSessionId>,
) -> Result<Vec<EndUserSessionId>, StoreError> {
    let kept = kept.map_or("", EndUserSessionId::as_str);
    let ended = || {
        end_user_sessions::table
            .filter(end_user_sessions::end_user_id.eq(end_user.as_str()))
            .filter(end_user_sessions::id.ne(kept.to_owned()))
    };
    let ids: Vec<String> =
        ended().select(end_user_sessions::id).order(end_user_sessions::id).limit(MOST_ENDED).load(conn)?;
    diesel::delete(ended()).execute(conn)?;
    ids.into_iter().map(|id| read(id, "end_user_sessions.id")).collect()
}

/// The sessions of a person that are good at `now`, the last used first.
pub fn list_sessions(
    conn: &mut DbConn,
    end_user: &EndUserId,
    now: DateTime<Utc>,
) -> Result<Vec<OpenSession<EndUserSessionId>>, StoreError> {
    let rows: Vec<(String, i64, i64, String, String)> = end_user_sessions::table
        .select((
            end_user_sessions::id,
            end_user_sessions::created_at,
            end_user_sessions::last_used_at,
            end_user_sessions::from_address,
            end_user_sessions::user_agent,
        ))
        .filter(end_user_sessions::end_user_id.eq(end_user.as_str()))
        .filter(end_user_sessions::last_used_at.gt(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
        .filter(end_user_sessions::created_at.gt(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS))))
        .order((end_user_sessions::last_used_at.desc(), end_user_sessions::id.desc()))
        .limit(MOST_LISTED)
        .load(conn)?;
    rows.into_iter()
        .map(|(id, created, used, from_address, user_agent)| {
            Ok(OpenSession {
                id: read(id, "end_user_sessions.id")?,
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
        end_user_sessions::table
            .filter(end_user_sessions::last_used_at.le(micros(now - Duration::seconds(SESSION_IDLE_SECONDS))))
            .or_filter(end_user_sessions::created_at.le(micros(now - Duration::seconds(SESSION_ABSOLUTE_SECONDS)))),
    )
    .execute(conn)?;
    Ok(ended)
}

fn record(row: Row) -> Result<EndUserSessionRecord, StoreError> {
    Ok(EndUserSessionRecord {
        id: read(row.id, "end_user_sessions.id")?,
        end_user_id: read(row.end_user_id, "end_user_sessions.end_user_id")?,
        name: row.name,
        email: row.email,
        region: read(row.region, "end_users.region")?,
        language: word(MailLanguage::from_stored(&row.language), "end_users.language")?,
        time_zone: row.time_zone,
        created_at: time(row.created_at)?,
        last_used_at: time(row.last_used_at)?,
    })
}

#[cfg(test)]
mod tests;
