//! Daily summaries: who gets one at which minute of their day, and what it tells.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::notification::{SummaryMode, USUAL_SUMMARY_MINUTE};
use siteward_domain::schedule::{next_minute_of_day, zone_named};
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, number, read, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::incidents::{self, Incident};
use crate::reach::Reach;
use crate::select::Select;

/// When somebody gets their summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummarySetting {
    /// On which days.
    pub mode: SummaryMode,
    /// At which minute of their day.
    pub minute: u16,
}

/// A summary whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSummary {
    /// The company.
    pub company_id: CompanyId,
    /// Whose.
    pub staff_id: StaffId,
    /// On which days they want one.
    pub setting: SummarySetting,
    /// When the last one went.
    pub sent_at: Option<DateTime<Utc>>,
}

/// What a summary tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryContent {
    /// How many incidents are open.
    pub open_count: u32,
    /// The newest of them.
    pub open: Vec<Incident>,
    /// How many ended since.
    pub ended_count: u32,
    /// The last of them.
    pub ended: Vec<Incident>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    mode: String,
    #[diesel(sql_type = Integer)]
    minute: i32,
}

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    staff_id: String,
    #[diesel(sql_type = Text)]
    mode: String,
    #[diesel(sql_type = Integer)]
    minute: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    sent_at: Option<i64>,
}

#[derive(QueryableByName)]
struct StaffRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
}

impl Default for SummarySetting {
    fn default() -> Self {
        Self { mode: SummaryMode::IfWrong, minute: USUAL_SUMMARY_MINUTE }
    }
}

impl SummarySetting {
    /// When the next one goes, by the clock of the person; in a day where that clock knows no such time.
    fn next(self, zone: &str, now: DateTime<Utc>) -> DateTime<Utc> {
        next_minute_of_day(now, self.minute, zone_named(zone)).unwrap_or(now + chrono::Duration::days(1))
    }
}

/// When somebody gets their summary.
pub fn find(conn: &mut DbConn, staff: &StaffId) -> Result<SummarySetting, StoreError> {
    let rows: Vec<Row> = Select::new("SELECT mode, minute FROM daily_summaries WHERE staff_id = ")
        .text(staff.as_str())
        .sql(" LIMIT 1")
        .load(conn)?;
    rows.into_iter().next().map_or(Ok(SummarySetting::default()), |row| setting(&row.mode, row.minute))
}

/// Sets when somebody in a time zone gets their summary. Also to be called when the zone changes.
pub fn set(
    conn: &mut DbConn,
    staff: &StaffId,
    setting: SummarySetting,
    zone: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("INSERT INTO daily_summaries (staff_id, mode, minute, next_at) VALUES (")
        .text(staff.as_str())
        .sql(", ")
        .text(setting.mode.as_str())
        .sql(", ")
        .number(i64::from(setting.minute))
        .sql(", ")
        .number(micros(setting.next(zone, now)))
        .sql(
            ") ON CONFLICT (staff_id) DO UPDATE SET mode = excluded.mode, minute = excluded.minute,
             next_at = excluded.next_at",
        )
        .execute(conn)?;
    Ok(())
}

/// Gives staff without a row the usual one, so that their time comes; gives how many that were.
pub fn begin(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<usize, StoreError> {
    let without = without_row(conn, limit)?;
    for staff in &without {
        set(conn, &read(staff.id.clone(), "staff.id")?, SummarySetting::default(), &staff.time_zone, now)?;
    }
    Ok(without.len())
}

/// Whether anybody's time has come, or somebody has no row, only to look.
pub fn is_due(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!without_row(conn, 1)?.is_empty() || !due_rows(conn, now, 1)?.is_empty())
}

/// Takes summaries whose time has come, each until its next time: of two who take at once one gets it.
pub fn take_due(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<Vec<DueSummary>, StoreError> {
    let mut taken = Vec::new();
    for row in due_rows(conn, now, limit)? {
        let due = DueSummary {
            company_id: read(row.company_id, "staff.company_id")?,
            staff_id: read(row.staff_id, "daily_summaries.staff_id")?,
            setting: setting(&row.mode, row.minute)?,
            sent_at: time_or_none(row.sent_at)?,
        };
        let zone = crate::staff::get_staff(conn, &due.company_id, &due.staff_id)?.time_zone;
        let moved = Select::new("UPDATE daily_summaries SET next_at = ")
            .number(micros(due.setting.next(&zone, now)))
            .sql(", sent_at = ")
            .number(micros(now))
            .sql(" WHERE next_at <= ")
            .number(micros(now))
            .sql(" AND staff_id = ")
            .text(due.staff_id.as_str())
            .execute(conn)?;
        if moved > 0 {
            taken.push(due);
        }
    }
    Ok(taken)
}

/// What is wrong within reach, and what ended since; of each the newest, at most `most`.
pub fn content(
    conn: &mut DbConn,
    reach: &Reach,
    since: DateTime<Utc>,
    most: u32,
) -> Result<SummaryContent, StoreError> {
    let open = incidents::Selection::Open;
    let ended = incidents::Selection::EndedSince(since);
    Ok(SummaryContent {
        open_count: incidents::count(conn, reach, open)?,
        open: incidents::newest(conn, reach, open, most)?,
        ended_count: incidents::count(conn, reach, ended)?,
        ended: incidents::newest(conn, reach, ended, most)?,
    })
}

fn without_row(conn: &mut DbConn, limit: u32) -> Result<Vec<StaffRow>, StoreError> {
    Select::new(
        "SELECT s.id, s.time_zone FROM staff s WHERE NOT EXISTS
         (SELECT 1 FROM daily_summaries d WHERE d.staff_id = s.id) ORDER BY s.id LIMIT ",
    )
    .number(i64::from(limit))
    .load(conn)
}

fn due_rows(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<Vec<DueRow>, StoreError> {
    Select::new(
        "SELECT s.company_id, d.staff_id, d.mode, d.minute, d.sent_at FROM daily_summaries d
         JOIN staff s ON s.id = d.staff_id WHERE d.next_at <= ",
    )
    .number(micros(now))
    .sql(" ORDER BY d.next_at, d.staff_id LIMIT ")
    .number(i64::from(limit))
    .load(conn)
}

fn setting(mode: &str, minute: i32) -> Result<SummarySetting, StoreError> {
    Ok(SummarySetting {
        mode: word(SummaryMode::from_stored(mode), "daily_summaries.mode")?,
        minute: number(minute, "daily_summaries.minute")?,
    })
}

#[cfg(test)]
mod tests;
