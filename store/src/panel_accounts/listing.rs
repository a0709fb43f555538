//! Lists of accounts on panels: who can enter one panel, which panels a person is on, and which they were taken off.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use siteward_domain::panel_accounts::{AccountMethod, AccountState};
use siteward_domain::{CompanyId, DeviceId, PanelExitId, StaffId};

use super::PanelAccount;
use crate::columns::{read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::select::Select;

/// How the comparing of a panel stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelState {
    /// When its accounts were last read.
    pub checked_at: Option<DateTime<Utc>>,
    /// When it is compared next.
    pub due_at: DateTime<Utc>,
    /// Why the last comparison failed, if it did.
    pub reason_code: Option<String>,
    /// How it keeps its accounts, once known.
    pub method: Option<AccountMethod>,
    /// Whether it is leaving the platform.
    pub leaving: bool,
}

/// A person's account on a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPanel {
    /// The panel.
    pub device_id: DeviceId,
    /// Its name.
    pub device_name: String,
    /// The name of its site.
    pub site_name: String,
    /// The user name on it.
    pub user_name: String,
    /// As what.
    pub role: String,
    /// Where it stands.
    pub state: AccountState,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// An account that was taken off a panel, as read back from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The panel.
    pub device_id: DeviceId,
    /// Its name then.
    pub device_name: String,
    /// Its short serial, where known.
    pub serial: Option<String>,
    /// The name of its site then.
    pub site_name: String,
    /// The person's name then; empty where it was nobody's.
    pub person_name: String,
    /// The user name.
    pub user_name: String,
    /// As what.
    pub role: String,
    /// When the panel was read without it.
    pub removed_at: DateTime<Utc>,
}

/// Whose removals.
#[derive(Debug, Clone, Copy)]
pub enum Removed<'a> {
    /// Of one person.
    Of(&'a StaffId),
    /// In the course of one exit.
    InExit(&'a PanelExitId),
}

/// A panel with its accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfPanel {
    /// How the comparing stands.
    pub state: PanelState,
    /// Its accounts, by user name.
    pub accounts: Vec<PanelAccount>,
}

#[derive(QueryableByName)]
struct PanelRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    checked_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    due_at: i64,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    method: Option<String>,
    #[diesel(sql_type = Bool)]
    leaving: bool,
}

#[derive(QueryableByName)]
struct OnPanelRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    since: i64,
}

#[derive(QueryableByName)]
struct RemovalRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    person_name: String,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = BigInt)]
    removed_at: i64,
}

/// How the comparing of a panel stands; `None` when the company has no such panel.
pub fn find_panel(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<Option<PanelState>, StoreError> {
    let rows: Vec<PanelRow> = Select::new(
        "SELECT checked_at, due_at, reason_code, method, leaving_since IS NOT NULL AS leaving FROM panels WHERE company_id = ",
    )
    .text(company.as_str())
    .sql(" AND device_id = ")
    .text(device.as_str())
    .load(conn)?;
    let state = |row: PanelRow| {
        Ok(PanelState {
            checked_at: time_or_none(row.checked_at)?,
            due_at: time(row.due_at)?,
            reason_code: row.reason_code,
            method: row.method.map(|method| word(AccountMethod::from_stored(&method), "panels.method")).transpose()?,
            leaving: row.leaving,
        })
    };
    rows.into_iter().next().map(state).transpose()
}

/// Who can enter a panel. [`StoreError::NotFound`] when the company has no such panel.
pub fn list_for_panel(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<OfPanel, StoreError> {
    let state = find_panel(conn, company, device)?.ok_or(StoreError::NotFound)?;
    Ok(OfPanel { state, accounts: super::load(conn, device)? })
}

/// The panels that a person has an account on, newest account first.
pub fn list_for_person(
    conn: &mut DbConn,
    company: &CompanyId,
    person: &StaffId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<OnPanel>, StoreError> {
    let mut query = Select::new(
        "SELECT a.id, a.device_id, coalesce(d.name, p.name) AS device_name, coalesce(s.name, p.site_name) AS site_name,
         a.user_name, a.role, a.state, a.since
         FROM panel_accounts a JOIN panels p ON p.device_id = a.device_id LEFT JOIN devices d ON d.id = a.device_id
         LEFT JOIN sites s ON s.id = d.site_id WHERE a.company_id = ",
    )
    .text(company.as_str())
    .sql(" AND a.person_id = ")
    .text(person.as_str());
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        query = query.sql(" AND a.id < ").text(id);
    }
    let rows: Vec<OnPanelRow> = query.sql(" ORDER BY a.id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    let on_panel = |row: OnPanelRow| {
        Ok::<_, StoreError>(OnPanel {
            device_id: read(row.device_id, "panel_accounts.device_id")?,
            device_name: row.device_name,
            site_name: row.site_name,
            user_name: row.user_name,
            role: row.role,
            state: word(AccountState::from_stored(&row.state), "panel_accounts.state")?,
            since: time(row.since)?,
        })
    };
    Ok(Page { items: rows.into_iter().map(on_panel).collect::<Result<_, _>>()?, next_cursor })
}

/// What was taken off panels, newest first.
pub fn list_removals(
    conn: &mut DbConn,
    company: &CompanyId,
    of: Removed<'_>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Removal>, StoreError> {
    let mut query = Select::new(
        "SELECT id, device_id, device_name, serial, site_name, person_name, user_name, role, removed_at
         FROM panel_removals WHERE company_id = ",
    )
    .text(company.as_str());
    query = match of {
        Removed::Of(staff) => query.sql(" AND person_id = ").text(staff.as_str()),
        Removed::InExit(exit) => query.sql(" AND exit_id = ").text(exit.as_str()),
    };
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        query = query.sql(" AND id < ").text(id);
    }
    let rows: Vec<RemovalRow> = query.sql(" ORDER BY id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    let removal = |row: RemovalRow| {
        Ok::<_, StoreError>(Removal {
            device_id: read(row.device_id, "panel_removals.device_id")?,
            device_name: row.device_name,
            serial: row.serial,
            site_name: row.site_name,
            person_name: row.person_name,
            user_name: row.user_name,
            role: row.role,
            removed_at: time(row.removed_at)?,
        })
    };
    Ok(Page { items: rows.into_iter().map(removal).collect::<Result<_, _>>()?, next_cursor })
}
