//! Panels that leave the platform: from the deletion to the proof that no account of the staff is left on them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::panel_accounts::ExitState;
use siteward_domain::{CompanyId, DeviceId, PanelExitId, StaffId};

use crate::columns::{micros, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::page::{self, Page};
use crate::panels::Remaining;
use crate::select::Select;
use crate::sites;

/// Names that an exit waits for, at most so many are told.
const MOST_NAMES: i64 = 200;

/// A panel's leaving of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelExit {
    /// Its id.
    pub id: PanelExitId,
    /// The device it was.
    pub device_id: DeviceId,
    /// Its name.
    pub device_name: String,
    /// Its model, may be empty.
    pub model: String,
    /// Its short serial, where known.
    pub serial: Option<String>,
    /// The name of its site.
    pub site_name: String,
    /// Where the exit stands.
    pub state: ExitState,
    /// When the panel was deleted.
    pub begun_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The name of who gave it up.
    pub ended_by: Option<String>,
    /// Why it does not go on, or why it was given up.
    pub reason_code: Option<String>,
    /// User names that are not known to be off yet.
    pub waiting_for: Vec<String>,
    /// What was read on the panel at the end, or believed to be there when it was given up.
    pub remaining: Vec<Remaining>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    begun_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    ended_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    remaining: Option<String>,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    role: String,
}

#[derive(QueryableByName)]
struct CompanyRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
}

fn select(company: &CompanyId) -> Select {
    Select::new(
        "SELECT e.id, e.device_id, e.device_name, e.model, e.serial, e.site_name, e.state, e.begun_at, e.ended_at,
         t.name AS ended_by, coalesce(e.reason_code, p.reason_code) AS reason_code, e.remaining
         FROM panel_exits e LEFT JOIN panels p ON p.exit_id = e.id AND p.device_id = e.device_id
         LEFT JOIN staff t ON t.id = e.ended_by WHERE e.company_id = ",
    )
    .text(company.as_str())
}

/// The exits of a company, newest first.
pub fn list(
    conn: &mut DbConn,
    company: &CompanyId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<PanelExit>, StoreError> {
    let mut query = select(company);
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        query = query.sql(" AND e.id < ").text(id);
    }
    let rows: Vec<Row> = query.sql(" ORDER BY e.id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    let items = rows.into_iter().map(|row| exit(conn, row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

/// One exit of a company; another company's is not found.
pub fn get(conn: &mut DbConn, company: &CompanyId, id: &PanelExitId) -> Result<PanelExit, StoreError> {
    let rows: Vec<Row> = select(company).sql(" AND e.id = ").text(id.as_str()).load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    exit(conn, row)
}

/// Gives an exit up: the panel is not tried any more, and its password is erased. What is believed to be on it stays in the
/// exit. `by`: the person who says so; `None`: the platform by itself. [`StoreError::NotFound`] when the company has no such
/// exit, [`StoreError::Stale`] when it has ended.
pub fn give_up(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &PanelExitId,
    by: Option<&StaffId>,
    now: DateTime<Utc>,
) -> Result<PanelExit, StoreError> {
    let before = get(conn, company, id)?;
    // First the panel's row, as whoever writes down a comparison does.
    let rows: Vec<CompanyRow> =
        Select::new("UPDATE panels SET wanted_version = wanted_version + 1 WHERE company_id = ")
            .text(company.as_str())
            .sql(" AND exit_id = ")
            .text(id.as_str())
            .sql(" RETURNING company_id, device_id, reason_code")
            .load(conn)?;
    let panel = rows.into_iter().next().ok_or(StoreError::Stale)?;
    let remaining = believed_there(conn, &panel.device_id)?;
    let query = Select::new("UPDATE panel_exits SET state = 'given_up', ended_at = ")
        .number(micros(now))
        .sql(", remaining = ")
        .text(json!(remaining).to_string());
    let query = match by {
        Some(staff) => query.sql(", ended_by = ").text(staff.as_str()),
        None => query,
    };
    let query = match panel.reason_code {
        Some(code) => query.sql(", reason_code = ").text(code),
        None => query,
    };
    let changed = query.sql(" WHERE state = 'running' AND id = ").text(id.as_str()).execute(conn)?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    Select::new("DELETE FROM panels WHERE device_id = ").text(panel.device_id.as_str()).execute(conn)?;
    sites::delete_closed(conn, company)?;
    let told = NewEvent {
        company_id: read(panel.company_id, "panels.company_id")?,
        site_id: None,
        device_id: Some(before.device_id.clone()),
        kind: EventKind::PanelExitEnded,
        actor: by.map_or_else(|| "system".to_owned(), |staff| format!("staff:{staff}")),
        at: now,
        data: json!({ "exit_id": id, "state": ExitState::GivenUp.as_str() }),
    };
    events::append(conn, &told)?;
    get(conn, company, id)
}

/// The accounts of a panel that may be on it.
fn believed_there(conn: &mut DbConn, device: &str) -> Result<Vec<Remaining>, StoreError> {
    let rows: Vec<NameRow> = Select::new("SELECT user_name, role FROM panel_accounts WHERE device_id = ")
        .text(device)
        .sql(" ORDER BY user_name LIMIT ")
        .number(MOST_NAMES)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Remaining { user_name: row.user_name, role: row.role }).collect())
}

fn waiting_for(conn: &mut DbConn, exit: &str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<NameRow> = Select::new(
        "SELECT a.user_name, a.role FROM panel_accounts a JOIN panels p ON p.device_id = a.device_id
         WHERE a.person_id IS NOT NULL AND p.exit_id = ",
    )
    .text(exit)
    .sql(" ORDER BY a.user_name LIMIT ")
    .number(MOST_NAMES)
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.user_name).collect())
}

fn exit(conn: &mut DbConn, row: Row) -> Result<PanelExit, StoreError> {
    let state = word(ExitState::from_stored(&row.state), "panel_exits.state")?;
    let waiting_for = if state == ExitState::Running { waiting_for(conn, &row.id)? } else { Vec::new() };
    let remaining = match row.remaining {
        Some(json) => {
            serde_json::from_str(&json).map_err(|_| StoreError::Unreadable { column: "panel_exits.remaining" })?
        }
        None => Vec::new(),
    };
    Ok(PanelExit {
        id: read(row.id, "panel_exits.id")?,
        device_id: read(row.device_id, "panel_exits.device_id")?,
        device_name: row.device_name,
        model: row.model,
        serial: row.serial,
        site_name: row.site_name,
        state,
        begun_at: time(row.begun_at)?,
        ended_at: time_or_none(row.ended_at)?,
        ended_by: row.ended_by,
        reason_code: row.reason_code,
        waiting_for,
        remaining,
    })
}
