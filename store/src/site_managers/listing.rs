//! Who manages a site and why, and which sites are assigned to a person.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::panel_accounts::Because;
use siteward_domain::{CompanyId, SiteId, StaffId};

use super::MANAGES_ALL;
use crate::columns::{read, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::Reach;
use crate::select::Select;

/// Most managers of a site that are listed.
const MOST_LISTED: i64 = 1000;

/// Somebody who manages a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// Who.
    pub staff_id: StaffId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// The name of their role, where they have one.
    pub role: Option<String>,
    /// Whether they may not sign in.
    pub disabled: bool,
    /// Why they manage it.
    pub because: Because,
    /// Until when, where they are assigned with an end; past it they are listed and manage nothing.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A site that is assigned to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedSite {
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub name: String,
    /// Until when; `None`: without an end.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct ManagerRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Bool)]
    is_admin: bool,
    #[diesel(sql_type = Bool)]
    disabled: bool,
    #[diesel(sql_type = Bool)]
    manages_all: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires_at: Option<i64>,
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    name_lower: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires_at: Option<i64>,
}

/// Who manages a site, by name, at most 1,000: those assigned to it, whether their time has come to an end or not, and
/// those who manage every site and may sign in.
pub fn list_of_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<Manager>, StoreError> {
    let rows: Vec<ManagerRow> = Select::new("SELECT s.id, s.name, s.email, p.name AS role, s.is_admin, s.disabled, ")
        .sql(MANAGES_ALL)
        .sql(
            " AS manages_all, m.expires_at FROM staff s LEFT JOIN roles p ON p.id = s.role_id
             LEFT JOIN site_managers m ON m.staff_id = s.id AND m.site_id = ",
        )
        .text(site.as_str())
        .sql(" WHERE s.company_id = ")
        .text(company.as_str())
        .sql(" AND (m.staff_id IS NOT NULL OR (NOT s.disabled AND ")
        .sql(MANAGES_ALL)
        .sql(")) ORDER BY s.name, s.id LIMIT ")
        .number(MOST_LISTED)
        .load(conn)?;
    rows.into_iter().map(manager).collect()
}

/// A page of the sites assigned to a person, by name, also those whose time has come to an end; of them those within
/// `reach` of whoever asks.
pub fn list_of_staff(
    conn: &mut DbConn,
    reach: &Reach,
    staff: &StaffId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<AssignedSite>, StoreError> {
    let query = Select::new(
        "SELECT s.id, s.name, s.name_lower, m.expires_at FROM site_managers m JOIN sites s ON s.id = m.site_id
         WHERE m.company_id = ",
    )
    .text(reach.company_id().as_str())
    .sql(" AND m.staff_id = ")
    .text(staff.as_str());
    let mut query = reach.and_assigned(query, "m.site_id");
    if let Some(cursor) = cursor {
        let [name] = page::decode(cursor)?;
        query = query.sql(" AND s.name_lower > ").text(name);
    }
    let rows: Vec<SiteRow> = query.sql(" ORDER BY s.name_lower LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.name_lower.clone()]);
    Ok(Page { items: rows.into_iter().map(assigned).collect::<Result<_, _>>()?, next_cursor })
}

fn manager(row: ManagerRow) -> Result<Manager, StoreError> {
    let because = match (row.is_admin, row.manages_all) {
        (true, _) => Because::Admin,
        (false, true) => Because::ManagesAllSites,
        (false, false) => Because::ManagesSite,
    };
    // An assignment from before they managed everything neither counts nor ends anything.
    let expires_at = row.expires_at.filter(|_| because == Because::ManagesSite);
    Ok(Manager {
        staff_id: read(row.id, "staff.id")?,
        name: row.name,
        email: row.email,
        role: row.role,
        disabled: row.disabled,
        because,
        expires_at: time_or_none(expires_at)?,
    })
}

fn assigned(row: SiteRow) -> Result<AssignedSite, StoreError> {
    Ok(AssignedSite { site_id: read(row.id, "sites.id")?, name: row.name, expires_at: time_or_none(row.expires_at)? })
}
