//! Grants as people read them.

use chrono::{DateTime, Utc};
use siteward_domain::{GrantId, SiteId};

use super::{GRANTS, Grant, Row, holding};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;

/// A grant of a site, ended or not.
pub fn get_grant(conn: &mut DbConn, site: &SiteId, id: &GrantId) -> Result<Grant, StoreError> {
    let rows: Vec<Row> =
        Select::new(GRANTS).sql("g.site_id = ").text(site.as_str()).sql(" AND g.id = ").text(id.as_str()).load(conn)?;
    rows.into_iter().next().ok_or(StoreError::NotFound)?.read()
}

/// The site of a grant.
pub fn site_of(conn: &mut DbConn, id: &GrantId) -> Result<SiteId, StoreError> {
    let rows: Vec<Row> = Select::new(GRANTS).sql("g.id = ").text(id.as_str()).load(conn)?;
    Ok(rows.into_iter().next().ok_or(StoreError::NotFound)?.read()?.site_id)
}

/// The grant that the link in a mail about its first use revokes.
pub fn find_by_revoke_hash(conn: &mut DbConn, hash: &str) -> Result<Option<Grant>, StoreError> {
    let rows: Vec<Row> = Select::new(GRANTS).sql("g.revoke_hash = ").text(hash).load(conn)?;
    rows.into_iter().next().map(Row::read).transpose()
}

/// What holds on a site at `now`, the oldest first.
pub fn list_open(
    conn: &mut DbConn,
    site: &SiteId,
    now: DateTime<Utc>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Grant>, StoreError> {
    let mut query = Select::new(GRANTS).sql("g.site_id = ").text(site.as_str()).sql(" AND ").then(holding(now));
    if let Some(cursor) = cursor {
        let [after] = page::decode(cursor)?;
        query = query.sql(" AND g.id > ").text(after);
    }
    let rows: Vec<Row> = query.sql(" ORDER BY g.id LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    Ok(Page { items: rows.into_iter().map(Row::read).collect::<Result<_, _>>()?, next_cursor })
}
