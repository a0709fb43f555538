//! The list of a company's staff, with what a colleague wants to know of each: two queries a page, whatever its size.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, RoleId, StaffId};

use crate::columns::{contains, micros, number, read, search_words, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::roles;
use crate::select::Select;

/// A member of staff as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Whether it is the Installer Admin.
    pub is_admin: bool,
    /// Whether they may not sign in.
    pub disabled: bool,
    /// Their role; the Installer Admin has none.
    pub role: Option<MemberRole>,
    /// What they may do.
    pub rights: Vec<Right>,
    /// The language they read.
    pub language: MailLanguage,
    /// The IANA name of their time zone.
    pub time_zone: String,
    /// Whether they sign in with a second factor.
    pub two_factor: bool,
    /// How many sites are assigned to them now.
    pub sites: u64,
    /// How many alarm panels have an account of theirs, or are to have one.
    pub panel_accounts: u64,
    /// Since when they are here.
    pub created_at: DateTime<Utc>,
    /// When they were last seen, give or take a minute.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// The role of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRole {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
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
    search: String,
    #[diesel(sql_type = Bool)]
    is_admin: bool,
    #[diesel(sql_type = Bool)]
    disabled: bool,
    #[diesel(sql_type = Nullable<Text>)]
    role_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    role_name: Option<String>,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Bool)]
    two_factor: bool,
    #[diesel(sql_type = BigInt)]
    sites: i64,
    #[diesel(sql_type = BigInt)]
    panel_accounts: i64,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_seen_at: Option<i64>,
}

/// A page of a company's staff by name; `search`: words, each of which is in the name or the address, in any case.
pub fn list_staff(
    conn: &mut DbConn,
    company: &CompanyId,
    search: Option<&str>,
    now: DateTime<Utc>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Member>, StoreError> {
    let mut query = members(company, now);
    for word in search_words(search.unwrap_or_default()) {
        query = query.sql(" AND s.search LIKE ").text(contains(&word)).sql(" ESCAPE '\\'");
    }
    if let Some(cursor) = cursor {
        let [search, id] = page::decode(cursor)?;
        query = query.sql(" AND (s.search, s.id) > (").text(search).sql(", ").text(id).sql(")");
    }
    let rows: Vec<Row> = query.sql(" ORDER BY s.search, s.id LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.search.clone(), row.id.clone()]);
    Ok(Page { items: described(conn, rows)?, next_cursor })
}

/// One member of a company's staff; another company's is not found.
pub fn get_member(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    now: DateTime<Utc>,
) -> Result<Member, StoreError> {
    let rows: Vec<Row> = members(company, now).sql(" AND s.id = ").text(id.as_str()).load(conn)?;
    described(conn, rows)?.pop().ok_or(StoreError::NotFound)
}

fn members(company: &CompanyId, now: DateTime<Utc>) -> Select {
    Select::new(
        "SELECT s.id, s.name, s.email, s.search, s.is_admin, s.disabled, s.role_id, r.name AS role_name, s.language,
         s.time_zone, s.totp_confirmed_at IS NOT NULL AS two_factor,
         (SELECT count(*) FROM site_managers m WHERE m.company_id = s.company_id AND m.staff_id = s.id
          AND (m.expires_at IS NULL OR m.expires_at > ",
    )
    .number(micros(now))
    .sql(
        ")) AS sites,
         (SELECT count(*) FROM panel_accounts a WHERE a.person_kind = 'staff' AND a.person_id = s.id) AS panel_accounts,
         s.created_at, s.last_seen_at
         FROM staff s LEFT JOIN roles r ON r.id = s.role_id WHERE s.company_id = ",
    )
    .text(company.as_str())
}

fn described(conn: &mut DbConn, rows: Vec<Row>) -> Result<Vec<Member>, StoreError> {
    let role_ids: Vec<String> = rows.iter().filter_map(|row| row.role_id.clone()).collect();
    let rights = roles::rights_of_roles(conn, &role_ids)?;
    let member = |row: Row| {
        let of_role = || row.role_id.as_ref().and_then(|id| rights.get(id).cloned()).unwrap_or_default();
        let rights = if row.is_admin { Right::ALL.to_vec() } else { of_role() };
        let role = row.role_id.zip(row.role_name);
        let role = role.map(|(id, name)| Ok::<_, StoreError>(MemberRole { id: read(id, "staff.role_id")?, name }));
        Ok(Member {
            id: read(row.id, "staff.id")?,
            name: row.name,
            email: row.email,
            is_admin: row.is_admin,
            disabled: row.disabled,
            role: role.transpose()?,
            rights,
            language: word(MailLanguage::from_stored(&row.language), "staff.language")?,
            time_zone: row.time_zone,
            two_factor: row.two_factor,
            sites: number(row.sites, "count")?,
            panel_accounts: number(row.panel_accounts, "count")?,
            created_at: time(row.created_at)?,
            last_seen_at: time_or_none(row.last_seen_at)?,
        })
    };
    rows.into_iter().map(member).collect()
}
