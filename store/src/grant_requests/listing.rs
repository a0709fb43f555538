//! Applications as people read them.

use diesel::prelude::*;
use siteward_domain::grant::{RequestKind, RequestState};
use siteward_domain::{CompanyId, EndUserId, SiteId};

use super::{GrantRequest, page_of, request};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::schema::grant_requests::dsl;
use crate::schema::{companies, sites};

/// Most that wait for an owner that are given at once.
const MOST_OF_OWNER: i64 = 200;

#[derive(Queryable)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) company_id: String,
    pub(super) company_name: String,
    pub(super) site_id: String,
    pub(super) site_name: String,
    pub(super) kind: String,
    pub(super) remark: String,
    pub(super) asks: String,
    pub(super) granted: Option<String>,
    pub(super) state: String,
    pub(super) asked_by: Option<String>,
    pub(super) asked_by_name: String,
    pub(super) created_at: i64,
    pub(super) ended_at: Option<i64>,
}

/// Applications with the names of who and what they are about.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn rows() -> _ {
    dsl::grant_requests
        .inner_join(companies::table.on(companies::id.eq(dsl::company_id)))
        .inner_join(sites::table.on(sites::id.eq(dsl::site_id)))
        .select((
            dsl::id,
            dsl::company_id,
            companies::name,
            dsl::site_id,
            sites::name,
            dsl::kind,
            dsl::remark,
            dsl::asks,
            dsl::granted,
            dsl::state,
            dsl::asked_by,
            dsl::asked_by_name,
            dsl::created_at,
            dsl::ended_at,
        ))
}

/// The applications of a company for a site, newest first.
pub fn list_of_site(
    conn: &mut DbConn,
    site: &SiteId,
    company: &CompanyId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<GrantRequest>, StoreError> {
    let mut query = rows()
        .filter(dsl::site_id.eq(site.as_str().to_owned()))
        .filter(dsl::company_id.eq(company.as_str().to_owned()))
        .into_boxed();
    if let Some(cursor) = cursor {
        let [before] = page::decode(cursor)?;
        query = query.filter(dsl::id.lt(before));
    }
    let rows: Vec<Row> = query.order(dsl::id.desc()).limit(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    page_of(rows, next_cursor)
}

/// The applications for a site that were made since its present owner has it, newest first: what a former owner was asked and
/// answered is theirs.
pub fn list_of_owner(
    conn: &mut DbConn,
    site: &SiteId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<GrantRequest>, StoreError> {
    let mut query = rows()
        .filter(dsl::site_id.eq(site.as_str().to_owned()))
        .filter(dsl::created_at.nullable().ge(sites::owned_since))
        .into_boxed();
    if let Some(cursor) = cursor {
        let [before] = page::decode(cursor)?;
        query = query.filter(dsl::id.lt(before));
    }
    let rows: Vec<Row> = query.order(dsl::id.desc()).limit(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    page_of(rows, next_cursor)
}

/// What waits for an owner on all of their sites, oldest first, at most 200.
pub fn waiting_of_owner(conn: &mut DbConn, owner: &EndUserId) -> Result<Vec<GrantRequest>, StoreError> {
    let rows: Vec<Row> = rows()
        .filter(sites::owner_id.eq(owner.as_str()))
        .filter(dsl::created_at.nullable().ge(sites::owned_since))
        .filter(dsl::state.eq(RequestState::Waiting.as_str()))
        .order(dsl::id)
        .limit(MOST_OF_OWNER)
        .load(conn)?;
    rows.into_iter().map(request).collect()
}

/// The applications of a company to serve sites, newest first, at most 100.
pub fn list_to_serve(conn: &mut DbConn, company: &CompanyId) -> Result<Vec<GrantRequest>, StoreError> {
    let rows: Vec<Row> = rows()
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::kind.eq(RequestKind::Serve.as_str()))
        .order(dsl::id.desc())
        .limit(100)
        .load(conn)?;
    rows.into_iter().map(request).collect()
}
