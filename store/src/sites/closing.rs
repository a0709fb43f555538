//! Sites that are deleted and whose links are still needed: alarm panels behind them have accounts of the staff to lose (R-T4).
//!
//! For everybody the site is gone at once, with its devices and all that hangs on it. Its row stays, without a name
//! that could be in anybody's way, until no panel that leaves is reached through a link of it; so do those links.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use siteward_domain::{CompanyId, SiteId};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Links of a site, `s`, that a leaving panel was last reached through.
const NEEDED_LINKS: &str = "SELECT p.link_id FROM panels p JOIN links l ON l.id = p.link_id
    WHERE p.leaving_since IS NOT NULL AND l.revoked_at IS NULL AND l.site_id = ";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whether a site's links are needed for panels that leave.
pub(super) fn is_needed(conn: &mut DbConn, id: &SiteId) -> Result<bool, StoreError> {
    let rows: Vec<Count> = Select::new("SELECT count(*) AS count FROM (")
        .sql(NEEDED_LINKS)
        .text(id.as_str())
        .sql(") needed")
        .load(conn)?;
    Ok(rows.first().is_some_and(|row| row.count > 0))
}

/// Deletes what is on a site and hides the site itself.
pub(super) fn close(conn: &mut DbConn, company: &CompanyId, id: &SiteId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for table in ["devices", "imports", "additions", "site_managers", "incidents"] {
        Select::new("DELETE FROM ")
            .sql(table)
            .sql(" WHERE company_id = ")
            .text(company.as_str())
            .sql(" AND site_id = ")
            .text(id.as_str())
            .execute(conn)?;
    }
    Select::new("DELETE FROM links WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(id.as_str())
        .sql(" AND id NOT IN (")
        .sql(NEEDED_LINKS)
        .text(id.as_str())
        .sql(")")
        .execute(conn)?;
    Select::new("UPDATE sites SET name_lower = id, search = '', closing_at = ")
        .number(micros(now))
        .sql(" WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    Ok(())
}

/// Deletes the closed sites of a company whose links nobody needs any more. To be called when a panel has left.
pub(crate) fn delete_closed(conn: &mut DbConn, company: &CompanyId) -> Result<(), StoreError> {
    Select::new("DELETE FROM sites WHERE closing_at IS NOT NULL AND company_id = ")
        .text(company.as_str())
        .sql(
            " AND NOT EXISTS (SELECT 1 FROM panels p JOIN links l ON l.id = p.link_id
             WHERE p.leaving_since IS NOT NULL AND l.revoked_at IS NULL AND l.site_id = sites.id)",
        )
        .execute(conn)?;
    Ok(())
}
