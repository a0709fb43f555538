//! Who can be told of what happens on a site: whoever may see its exceptions, as it is at that time.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, SiteId, StaffId};

use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most people of one site that are told.
const MOST: i64 = 10_000;

/// A member of staff who can be told. No `Debug`: addresses do not belong into logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Who.
    pub id: StaffId,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The language that the person reads.
    pub language: MailLanguage,
    /// The IANA name of the person's time zone.
    pub time_zone: String,
    /// Whether it is the Installer Admin.
    pub is_admin: bool,
    /// Whether the site is assigned to them.
    pub is_manager: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Bool)]
    is_admin: bool,
    #[diesel(sql_type = Bool)]
    is_manager: bool,
}

/// Everybody who may see the exceptions of a site at `now`.
pub fn receivers(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<Vec<Receiver>, StoreError> {
    let may = |right: &str| {
        format!("EXISTS (SELECT 1 FROM role_rights w WHERE w.role_id = s.role_id AND w.name = '{right}')")
    };
    let assigned = |query: Select| {
        query
            .sql("EXISTS (SELECT 1 FROM site_managers r WHERE r.staff_id = s.id AND r.site_id = ")
            .text(site.as_str())
            .sql(" AND (r.expires_at IS NULL OR r.expires_at > ")
            .number(micros(now))
            .sql("))")
    };
    let query = assigned(Select::new("SELECT s.id, s.name, s.email, s.language, s.time_zone, s.is_admin, "))
        .sql(" AS is_manager FROM staff s WHERE NOT s.disabled AND s.company_id = ")
        .text(company.as_str())
        .sql(" AND (s.is_admin OR (")
        .sql(&may("view_exceptions"))
        .sql(" AND (")
        .sql(&may("manage_all_sites"))
        .sql(" OR (")
        .sql(&may("manage_assigned_sites"))
        .sql(" AND ");
    let rows: Vec<Row> = assigned(query).sql(")))) ORDER BY s.id LIMIT ").number(MOST).load(conn)?;
    rows.into_iter().map(receiver).collect()
}

fn receiver(row: Row) -> Result<Receiver, StoreError> {
    Ok(Receiver {
        id: read(row.id, "staff.id")?,
        name: row.name,
        email: row.email,
        language: word(MailLanguage::from_stored(&row.language), "staff.language")?,
        time_zone: row.time_zone,
        is_admin: row.is_admin,
        is_manager: row.is_manager,
    })
}
