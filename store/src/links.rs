//! Links: the agents in customers' networks, how they enrol, and which process holds the session of each.
//!
//! Codes and tokens are stored as hashes. A code is taken once; a token ends when the link is revoked or another box
//! takes a newer code.

mod holding;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::link::LinkState;
use siteward_domain::{CompanyId, LinkId, SiteId};

use crate::columns::{micros, number, read, time, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::schema::links::dsl;
use crate::select::Select;

pub use holding::{
    Holder, end_session, expire_holders, find_holder, note_address, note_version, take_session, touch_sessions,
};

/// A link to make. Nobody has taken its code yet.
#[derive(Clone)]
pub struct NewLink {
    /// Its id.
    pub id: LinkId,
    /// The company.
    pub company_id: CompanyId,
    /// The site whose network it is for.
    pub site_id: SiteId,
    /// Its name.
    pub name: String,
    /// The hash of the code to enrol it.
    pub enrol_code_hash: String,
    /// Until when the code is good.
    pub enrol_expires_at: DateTime<Utc>,
    /// Who made it: a staff id.
    pub actor: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The company.
    pub company_id: CompanyId,
    /// The site whose network it is in.
    pub site_id: SiteId,
    /// Its name.
    pub name: String,
    /// The version of its program, as it says.
    pub version: Option<String>,
    /// The system that it runs on, as it says.
    pub system: Option<String>,
    /// When its code was last taken.
    pub enrolled_at: Option<DateTime<Utc>>,
    /// Until when a code of it can be taken.
    pub enrol_expires_at: Option<DateTime<Utc>>,
    /// When a person ended it.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Whether it holds a session now.
    pub online: bool,
    /// When it was last known to hold a session, to a few seconds.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Devices that it sees now; those it saw last, while it is offline.
    pub devices_found: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Link {
    /// Where it stands.
    pub fn state(&self) -> LinkState {
        if self.revoked_at.is_some() {
            LinkState::Revoked
        } else if self.enrolled_at.is_none() {
            LinkState::Waiting
        } else if self.online {
            LinkState::Online
        } else {
            LinkState::Offline
        }
    }
}

/// What a token is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "one a connection, and taken apart at once")]
pub enum Token {
    /// It is this link's.
    Good(Link),
    /// It was a link's that is revoked.
    Revoked,
    /// It is nobody's.
    Wrong,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    system: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    enrolled_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    enrol_expires_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    revoked_at: Option<i64>,
    #[diesel(sql_type = Bool)]
    online: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_seen_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    devices_found: i64,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Makes a link and tells of it. [`StoreError::NotFound`] when the company has no such site.
pub fn create_link(conn: &mut DbConn, new: &NewLink, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::links)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::site_id.eq(new.site_id.as_str()),
            dsl::name.eq(&new.name),
            dsl::enrol_code_hash.eq(Some(&new.enrol_code_hash)),
            dsl::enrol_expires_at.eq(Some(micros(new.enrol_expires_at))),
            dsl::online.eq(false),
            dsl::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    let link = get_link(conn, &new.company_id, &new.id)?;
    events::append(conn, &event(&link, EventKind::LinkCreated, &new.actor, now))
}

/// The links of a site, oldest first, at most 1,000.
pub fn list_links(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<Link>, StoreError> {
    let query = select().text(company.as_str()).sql(" AND l.site_id = ").text(site.as_str());
    let rows: Vec<Row> = query.sql(" ORDER BY l.id LIMIT 1000").load(conn)?;
    rows.into_iter().map(link).collect()
}

/// One link of a company; another company's is not found.
pub fn get_link(conn: &mut DbConn, company: &CompanyId, id: &LinkId) -> Result<Link, StoreError> {
    let rows: Vec<Row> = select().text(company.as_str()).sql(" AND l.id = ").text(id.as_str()).load(conn)?;
    rows.into_iter().next().map(link).ok_or(StoreError::NotFound)?
}

/// Gives a link another name.
pub fn rename_link(conn: &mut DbConn, company: &CompanyId, id: &LinkId, name: &str) -> Result<Link, StoreError> {
    let changed = diesel::update(of(company, id)).set(dsl::name.eq(name)).execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { get_link(conn, company, id) }
}

/// Gives a link a new code, for the first box or another one; the token it has stays good until the code is taken.
/// [`StoreError::Stale`] when it is revoked.
pub fn set_code(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &LinkId,
    code_hash: &str,
    expires_at: DateTime<Utc>,
) -> Result<Link, StoreError> {
    get_link(conn, company, id)?;
    let changed = diesel::update(of(company, id).filter(dsl::revoked_at.is_null()))
        .set((dsl::enrol_code_hash.eq(Some(code_hash)), dsl::enrol_expires_at.eq(Some(micros(expires_at)))))
        .execute(conn)?;
    if changed == 0 { Err(StoreError::Stale) } else { get_link(conn, company, id) }
}

/// Takes a code: once, and only while it is good. The link has this token from now on and no other; a session of an
/// older one ends ([`touch_sessions`]). [`StoreError::NotFound`] when the code is nobody's.
pub fn enrol(
    conn: &mut DbConn,
    code_hash: &str,
    token_hash: &str,
    version: &str,
    system: &str,
    now: DateTime<Utc>,
) -> Result<Link, StoreError> {
    let taken: Vec<Company> =
        Select::new("UPDATE links SET enrol_code_hash = NULL, enrol_expires_at = NULL, token_hash = ")
            .text(token_hash)
            .sql(", version = ")
            .text(version)
            .sql(", system = ")
            .text(system)
            .sql(", enrolled_at = ")
            .number(micros(now))
            .sql(", holder = NULL, holder_url = NULL, session = NULL, online = ")
            .sql(FALSE)
            .sql(" WHERE revoked_at IS NULL AND enrol_code_hash = ")
            .text(code_hash)
            .sql(" AND enrol_expires_at > ")
            .number(micros(now))
            .sql(" RETURNING id, company_id")
            .load(conn)?;
    let taken = taken.into_iter().next().ok_or(StoreError::NotFound)?;
    get_link(conn, &read(taken.company_id, "links.company_id")?, &read(taken.id, "links.id")?)
}

/// False on both databases.
const FALSE: &str = "(1 = 0)";

#[derive(QueryableByName)]
struct Company {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
}

/// What a token is worth now.
pub fn find_by_token(conn: &mut DbConn, token_hash: &str) -> Result<Token, StoreError> {
    let rows: Vec<Company> =
        Select::new("SELECT id, company_id FROM links WHERE token_hash = ").text(token_hash).load(conn)?;
    let Some(found) = rows.into_iter().next() else { return Ok(Token::Wrong) };
    let link = get_link(conn, &read(found.company_id, "links.company_id")?, &read(found.id, "links.id")?)?;
    Ok(if link.revoked_at.is_some() { Token::Revoked } else { Token::Good(link) })
}

/// Ends a link: its token and code are worth nothing from the commit on, its session ends with the holder's next
/// [`touch_sessions`], and what it saw is forgotten. Devices stay, and wait for another link that sees them. Revoking a
/// revoked one does nothing.
pub fn revoke_link(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &LinkId,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let link = get_link(conn, company, id)?;
    let changed = diesel::update(of(company, id).filter(dsl::revoked_at.is_null()))
        .set((
            dsl::revoked_at.eq(Some(micros(now))),
            dsl::enrol_code_hash.eq(None::<&str>),
            dsl::enrol_expires_at.eq(None::<i64>),
            dsl::holder.eq(None::<&str>),
            dsl::holder_url.eq(None::<&str>),
            dsl::session.eq(None::<&str>),
            dsl::online.eq(false),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(());
    }
    Select::new("DELETE FROM sightings WHERE link_id = ").text(id.as_str()).execute(conn)?;
    events::append(conn, &event(&link, EventKind::LinkRevoked, actor, now))
}

/// Forgets a revoked link; [`StoreError::Stale`] when it is not revoked. Its devices stay.
pub fn delete_link(conn: &mut DbConn, company: &CompanyId, id: &LinkId) -> Result<(), StoreError> {
    get_link(conn, company, id)?;
    let deleted = diesel::delete(of(company, id).filter(dsl::revoked_at.is_not_null())).execute(conn)?;
    if deleted == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of<'a>(company: &'a CompanyId, id: &'a LinkId) -> _ {
    let (company, id): (&'a str, &'a str) = (company.as_str(), id.as_str());
    dsl::links.filter(dsl::company_id.eq(company)).filter(dsl::id.eq(id))
}

fn select() -> Select {
    Select::new(
        "SELECT l.id, l.company_id, l.site_id, l.name, l.version, l.system, l.enrolled_at, l.enrol_expires_at, l.revoked_at,
         l.online, l.last_seen_at, l.created_at,
         (SELECT count(*) FROM sightings s WHERE s.link_id = l.id AND s.online) AS devices_found
         FROM links l WHERE l.company_id = ",
    )
}

fn event(link: &Link, kind: EventKind, actor: &str, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: link.company_id.clone(),
        site_id: Some(link.site_id.clone()),
        device_id: None,
        kind,
        actor: actor.to_owned(),
        at: now,
        data: json!({ "link_id": link.id }),
    }
}

fn link(row: Row) -> Result<Link, StoreError> {
    Ok(Link {
        id: read(row.id, "links.id")?,
        company_id: read(row.company_id, "links.company_id")?,
        site_id: read(row.site_id, "links.site_id")?,
        name: row.name,
        version: row.version,
        system: row.system,
        enrolled_at: time_or_none(row.enrolled_at)?,
        enrol_expires_at: time_or_none(row.enrol_expires_at)?,
        revoked_at: time_or_none(row.revoked_at)?,
        online: row.online,
        last_seen_at: time_or_none(row.last_seen_at)?,
        devices_found: number(row.devices_found, "count")?,
        created_at: time(row.created_at)?,
    })
}

#[cfg(test)]
mod tests;
