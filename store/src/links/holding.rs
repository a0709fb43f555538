//! Who holds the session of a link: one process at a time, the newest session wins.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::event::EventKind;
use siteward_domain::text::told_line;
use siteward_domain::{CompanyId, LinkId, SiteId};

use super::{FALSE, Id, Link, event, get_link};
use crate::columns::{micros, read, read_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events;
use crate::schema::links::dsl;
use crate::select::Select;

/// `last_seen_at` is written when it is this much behind.
const TOUCH_SECONDS: i64 = 5;
/// Who appends the events of sessions.
const ACTOR: &str = "system";
/// Most characters kept of a version.
const MOST_VERSION: usize = 64;
/// Most characters kept of a system.
const MOST_SYSTEM: usize = 128;

/// The process that holds the session of a link, for those who must forward to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub holder: String,
    /// Where other processes reach it, if they do.
    pub url: Option<String>,
    /// The session.
    pub session: String,
    /// The company of the link: whose requests it may carry.
    pub company_id: CompanyId,
    /// The site of the link.
    pub site_id: SiteId,
}

#[derive(QueryableByName)]
struct SessionRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<Text>)]
    session: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_seen_at: Option<i64>,
}

#[derive(QueryableByName)]
struct Was {
    #[diesel(sql_type = Bool)]
    online: bool,
}

/// Takes the session of a link, whoever held it; gives the link as it was. Tells *online* when nobody held one.
/// [`StoreError::NotFound`] when the link is gone or revoked.
pub fn take_session(
    conn: &mut DbConn,
    id: &LinkId,
    holder: &str,
    holder_url: Option<&str>,
    session: &str,
    now: DateTime<Utc>,
) -> Result<Link, StoreError> {
    let lock = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE",
    };
    let was: Vec<Was> = Select::new("SELECT online FROM links WHERE revoked_at IS NULL AND id = ")
        .text(id.as_str())
        .sql(lock)
        .load(conn)?;
    let was = was.into_iter().next().ok_or(StoreError::NotFound)?;
    diesel::update(dsl::links.filter(dsl::id.eq(id.as_str())))
        .set((
            dsl::holder.eq(Some(holder)),
            dsl::holder_url.eq(holder_url),
            dsl::session.eq(Some(session)),
            dsl::online.eq(true),
            dsl::last_seen_at.eq(Some(micros(now))),
        ))
        .execute(conn)?;
    let link = get(conn, id)?;
    if !was.online {
        events::append(conn, &event(&link, EventKind::LinkOnline, ACTOR, now))?;
    }
    Ok(link)
}

/// Notes that a process still holds some sessions, and gives the links whose session it must end: revoked, taken over,
/// enrolled anew, or gone. Reads; writes only times that are five seconds old, so it may be called often.
pub fn touch_sessions(
    conn: &mut DbConn,
    held: &[(LinkId, String)],
    now: DateTime<Utc>,
) -> Result<Vec<LinkId>, StoreError> {
    let mut ended = Vec::new();
    for some in held.chunks(500) {
        let rows: Vec<SessionRow> = Select::new("SELECT id, session, last_seen_at FROM links WHERE id IN ")
            .texts(some.iter().map(|(id, _)| id.as_str()))
            .load(conn)?;
        let mut old = Vec::new();
        for (id, session) in some {
            match rows.iter().find(|row| row.id == id.as_str() && row.session.as_ref() == Some(session)) {
                None => ended.push(id.clone()),
                Some(row) => {
                    let due = micros(now - Duration::seconds(TOUCH_SECONDS));
                    if row.last_seen_at.is_none_or(|seen| seen <= due) {
                        old.push((id, session));
                    }
                }
            }
        }
        for (id, session) in old {
            diesel::update(
                dsl::links
                    .filter(dsl::id.eq(id.as_str()))
                    .filter(dsl::session.eq(session))
                    .filter(dsl::online.eq(true)),
            )
            .set(dsl::last_seen_at.eq(Some(micros(now))))
            .execute(conn)?;
        }
    }
    Ok(ended)
}

/// Ends a session, if it is still the link's; tells *offline* then. `false`: another one took over, or it had ended.
pub fn end_session(conn: &mut DbConn, id: &LinkId, session: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let ended: Vec<Id> =
        Select::new("UPDATE links SET holder = NULL, holder_url = NULL, session = NULL, last_seen_at = ")
            .number(micros(now))
            .sql(", online = ")
            .sql(FALSE)
            .sql(" WHERE id = ")
            .text(id.as_str())
            .sql(" AND session = ")
            .text(session)
            .sql(" RETURNING id")
            .load(conn)?;
    if ended.is_empty() {
        return Ok(false);
    }
    let link = get(conn, id)?;
    events::append(conn, &event(&link, EventKind::LinkOffline, ACTOR, now))?;
    Ok(true)
}

/// The process that holds the session of a link now, if one does.
pub fn find_holder(conn: &mut DbConn, id: &LinkId) -> Result<Option<Holder>, StoreError> {
    #[expect(clippy::type_complexity, reason = "a row read once")]
    let row: Option<(Option<String>, Option<String>, Option<String>, String, String)> = dsl::links
        .select((dsl::holder, dsl::holder_url, dsl::session, dsl::company_id, dsl::site_id))
        .filter(dsl::id.eq(id.as_str()))
        .filter(dsl::online.eq(true))
        .first(conn)
        .optional()?;
    let Some((Some(holder), url, Some(session), company_id, site_id)) = row else { return Ok(None) };
    Ok(Some(Holder {
        holder,
        url,
        session,
        company_id: read(company_id, "links.company_id")?,
        site_id: read(site_id, "links.site_id")?,
    }))
}

/// Ends sessions that were not touched since `before`: their process died without a word. Tells *offline* of each and
/// gives them. `before` must be well more than five seconds ago.
pub fn expire_holders(conn: &mut DbConn, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<LinkId>, StoreError> {
    let ended: Vec<Id> = Select::new("UPDATE links SET holder = NULL, holder_url = NULL, session = NULL, online = ")
        .sql(FALSE)
        .sql(" WHERE online AND (last_seen_at IS NULL OR last_seen_at < ")
        .number(micros(before))
        .sql(") RETURNING id")
        .load(conn)?;
    let ids: Vec<LinkId> = ended.into_iter().map(|row| read(row.id, "links.id")).collect::<Result<_, _>>()?;
    let mut told = Vec::with_capacity(ids.len());
    for id in &ids {
        told.push(event(&get(conn, id)?, EventKind::LinkOffline, ACTOR, now));
    }
    events::append_all(conn, &told)?;
    Ok(ids)
}

/// Keeps the version and system that a link tells when it connects, as far as they are reasonable; writes only what is new.
pub fn note_version(conn: &mut DbConn, id: &LinkId, version: &str, system: &str) -> Result<(), StoreError> {
    let (version, system) = (told_line(version, MOST_VERSION), told_line(system, MOST_SYSTEM));
    let (version, system) = (version.as_str(), system.as_str());
    diesel::update(dsl::links.filter(dsl::id.eq(id.as_str())).filter(
        dsl::version.is_null().or(dsl::version.ne(version)).or(dsl::system.is_null().or(dsl::system.ne(system))),
    ))
    .set((dsl::version.eq(Some(version)), dsl::system.eq(Some(system))))
    .execute(conn)?;
    Ok(())
}

/// Keeps the public address that a link's session comes from, as the edge sees it; writes only what is new.
pub fn note_address(conn: &mut DbConn, id: &LinkId, from: &str) -> Result<(), StoreError> {
    diesel::update(
        dsl::links.filter(dsl::id.eq(id.as_str())).filter(dsl::session_from.is_null().or(dsl::session_from.ne(from))),
    )
    .set(dsl::session_from.eq(Some(from)))
    .execute(conn)?;
    Ok(())
}

/// A link of whatever company, for the processes that hold its session.
fn get(conn: &mut DbConn, id: &LinkId) -> Result<Link, StoreError> {
    let company: Option<String> =
        dsl::links.select(dsl::company_id).filter(dsl::id.eq(id.as_str())).first(conn).optional()?;
    let company: CompanyId = read_or_none(company, "links.company_id")?.ok_or(StoreError::NotFound)?;
    get_link(conn, &company, id)
}
