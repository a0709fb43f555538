//! What companies apply for, and what owners answer (R-G4). One that waits is answered, withdrawn or void once: of all who
//! do something to it at the same instant one does.

mod listing;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::grant::{RequestKind, RequestState};
use siteward_domain::handover::Asks;
use siteward_domain::{CompanyId, GrantRequestId, SiteId, StaffId};

use crate::columns::{micros, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::Page;
use crate::schema::grant_requests::dsl;

pub use listing::{list_of_owner, list_of_site, list_to_serve, waiting_of_owner};

/// Most applications of a company for one site that wait at once.
pub const MOST_WAITING: usize = 20;

/// An application to make.
#[derive(Debug, Clone)]
pub struct NewGrantRequest {
    /// Its id.
    pub id: GrantRequestId,
    /// The company that applies.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// For what.
    pub kind: RequestKind,
    /// What it has to say to the owner; may be empty.
    pub remark: String,
    /// What exactly.
    pub asks: Asks,
    /// Who applies.
    pub asked_by: StaffId,
    /// Their name.
    pub asked_by_name: String,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRequest {
    /// Its id.
    pub id: GrantRequestId,
    /// The company that applied.
    pub company_id: CompanyId,
    /// The company's name.
    pub company_name: String,
    /// The site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// For what.
    pub kind: RequestKind,
    /// What it has to say to the owner; may be empty.
    pub remark: String,
    /// What exactly.
    pub asks: Asks,
    /// What the owner let of it, once approved.
    pub granted: Option<Asks>,
    /// Where it stands.
    pub state: RequestState,
    /// Who applied, if they are still known.
    pub asked_by: Option<StaffId>,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was answered, withdrawn or void.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Makes an application. `Duplicate { what: "row" }`: one of its kind waits already, unless it is for devices.
pub fn create_request(conn: &mut DbConn, new: &NewGrantRequest, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::grant_requests)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::company_id.eq(new.company_id.as_str()),
            dsl::site_id.eq(new.site_id.as_str()),
            dsl::kind.eq(new.kind.as_str()),
            dsl::remark.eq(&new.remark),
            dsl::asks.eq(stored(&new.asks)?),
            dsl::state.eq(RequestState::Waiting.as_str()),
            dsl::asked_by.eq(Some(new.asked_by.as_str())),
            dsl::asked_by_name.eq(&new.asked_by_name),
            dsl::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends an application that waits, `granted` with what the owner let of it, and gives it as it now is. Giving what was granted
/// is its caller's, in the same transaction. [`StoreError::Stale`]: it ended before.
pub fn end_request(
    conn: &mut DbConn,
    site: &SiteId,
    id: &GrantRequestId,
    state: RequestState,
    granted: Option<&Asks>,
    now: DateTime<Utc>,
) -> Result<GrantRequest, StoreError> {
    get_request(conn, site, id)?;
    let ended = diesel::update(
        dsl::grant_requests
            .filter(dsl::site_id.eq(site.as_str()))
            .filter(dsl::id.eq(id.as_str()))
            .filter(dsl::state.eq(RequestState::Waiting.as_str())),
    )
    .set((
        dsl::state.eq(state.as_str()),
        dsl::granted.eq(granted.map(stored).transpose()?),
        dsl::ended_at.eq(Some(micros(now))),
    ))
    .execute(conn)?;
    if ended == 0 { Err(StoreError::Stale) } else { get_request(conn, site, id) }
}

/// Makes void what waits on a site, of one company or (`None`) of all: the company left, or the site changed hands. Gives how
/// many.
pub fn void_of_site(
    conn: &mut DbConn,
    site: &SiteId,
    company: Option<&CompanyId>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let waiting = dsl::grant_requests
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::state.eq(RequestState::Waiting.as_str()));
    let void = (dsl::state.eq(RequestState::Void.as_str()), dsl::ended_at.eq(Some(micros(now))));
    Ok(match company {
        Some(company) => {
            diesel::update(waiting.filter(dsl::company_id.eq(company.as_str()))).set(void).execute(conn)?
        }
        None => diesel::update(waiting).set(void).execute(conn)?,
    })
}

/// Makes void what a company applied for on the devices of a site and waits: without the authorization of the site it could not
/// be used. Gives how many.
pub fn void_for_devices(
    conn: &mut DbConn,
    site: &SiteId,
    company: &CompanyId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let waiting = dsl::grant_requests
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::kind.eq(RequestKind::Devices.as_str()))
        .filter(dsl::state.eq(RequestState::Waiting.as_str()));
    let void = (dsl::state.eq(RequestState::Void.as_str()), dsl::ended_at.eq(Some(micros(now))));
    Ok(diesel::update(waiting).set(void).execute(conn)?)
}

/// The kinds of the applications of a company for a site that wait, one for each.
pub fn waiting_kinds(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<RequestKind>, StoreError> {
    let kinds: Vec<String> = dsl::grant_requests
        .select(dsl::kind)
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::state.eq(RequestState::Waiting.as_str()))
        .order(dsl::id)
        .limit(1000)
        .load(conn)?;
    kinds.into_iter().map(|kind| word(RequestKind::from_stored(&kind), "grant_requests.kind")).collect()
}

/// An application for a site.
pub fn get_request(conn: &mut DbConn, site: &SiteId, id: &GrantRequestId) -> Result<GrantRequest, StoreError> {
    let row = listing::rows()
        .filter(dsl::site_id.eq(site.as_str().to_owned()))
        .filter(dsl::id.eq(id.as_str().to_owned()))
        .first(conn)?;
    request(row)
}

/// The site that an application is for.
pub fn site_of(conn: &mut DbConn, id: &GrantRequestId) -> Result<SiteId, StoreError> {
    let site: String = dsl::grant_requests.select(dsl::site_id).filter(dsl::id.eq(id.as_str())).first(conn)?;
    read(site, "grant_requests.site_id")
}

fn stored(asks: &Asks) -> Result<String, StoreError> {
    serde_json::to_string(asks).map_err(|_| StoreError::Refused("asks are no JSON".to_owned()))
}

fn asks(text: &str) -> Result<Asks, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column: "grant_requests.asks" })
}

fn request(row: listing::Row) -> Result<GrantRequest, StoreError> {
    Ok(GrantRequest {
        id: read(row.id, "grant_requests.id")?,
        company_id: read(row.company_id, "grant_requests.company_id")?,
        company_name: row.company_name,
        site_id: read(row.site_id, "grant_requests.site_id")?,
        site_name: row.site_name,
        kind: word(RequestKind::from_stored(&row.kind), "grant_requests.kind")?,
        remark: row.remark,
        asks: asks(&row.asks)?,
        granted: row.granted.as_deref().map(asks).transpose()?,
        state: word(RequestState::from_stored(&row.state), "grant_requests.state")?,
        asked_by: read_or_none(row.asked_by, "grant_requests.asked_by")?,
        asked_by_name: row.asked_by_name,
        created_at: time(row.created_at)?,
        ended_at: time_or_none(row.ended_at)?,
    })
}

fn page_of(rows: Vec<listing::Row>, next_cursor: Option<String>) -> Result<Page<GrantRequest>, StoreError> {
    Ok(Page { items: rows.into_iter().map(request).collect::<Result<_, _>>()?, next_cursor })
}

#[cfg(test)]
mod tests;
