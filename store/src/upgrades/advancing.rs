//! What of the running upgrades is to be done now: which devices begin, which stage follows, what stops or ends.
//!
//! One transaction a turn; several workers may take turns, for the rows are locked and doing it twice does no more.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::upgrade::{UpgradeStanding, UpgradeState, Window};
use siteward_domain::{CompanyId, DeviceId, UpgradeId};

use super::tell;
use super::working::{Finished, finish};
use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Upgrades looked at in one turn.
const MOST_UPGRADES: i64 = 200;
/// A device that was handed to a job is handed to one again so late, where the job never came to it.
const HANDED_FOR: Duration = Duration::seconds(60);

#[derive(QueryableByName)]
struct UpgradeRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Nullable<Integer>)]
    window_from: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    window_until: Option<i32>,
    #[diesel(sql_type = BigInt)]
    waits_until: i64,
    #[diesel(sql_type = Integer)]
    error_threshold: i32,
    #[diesel(sql_type = Integer)]
    errors_forgiven: i32,
    #[diesel(sql_type = Integer)]
    stage: i32,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Integer)]
    stage: i32,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = BigInt)]
    due_at: i64,
    #[diesel(sql_type = Integer)]
    got_worse: i32,
    #[diesel(sql_type = Text)]
    time_zone: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Integer)]
    found: i32,
}

/// Whether there is an upgrade that has begun and not ended.
pub fn any_running(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let query =
        Select::new("SELECT 1 AS found FROM upgrades WHERE ended_at IS NULL AND state = 'running' AND starts_at <= ");
    let rows: Vec<Found> = query.number(micros(now)).sql(" LIMIT 1").load(conn)?;
    Ok(rows.first().is_some_and(|row| row.found == 1))
}

/// Goes on with every upgrade that runs; gives the devices that are to begin now.
pub fn advance(conn: &mut DbConn, now: DateTime<Utc>) -> Result<Vec<(UpgradeId, DeviceId)>, StoreError> {
    let skip_locked = match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE SKIP LOCKED",
    };
    let rows: Vec<UpgradeRow> = Select::new(
        "SELECT id, company_id, window_from, window_until, waits_until, error_threshold, errors_forgiven, stage FROM upgrades
         WHERE ended_at IS NULL AND state = 'running' AND starts_at <= ",
    )
    .number(micros(now))
    .sql(" ORDER BY id LIMIT ")
    .number(MOST_UPGRADES)
    .sql(skip_locked)
    .load(conn)?;
    let mut due = Vec::new();
    for row in rows {
        advance_one(conn, &row, now, &mut due)?;
    }
    Ok(due)
}

fn advance_one(
    conn: &mut DbConn,
    row: &UpgradeRow,
    now: DateTime<Utc>,
    due: &mut Vec<(UpgradeId, DeviceId)>,
) -> Result<(), StoreError> {
    let upgrade: UpgradeId = read(row.id.clone(), "upgrades.id")?;
    let company: CompanyId = read(row.company_id.clone(), "upgrades.company_id")?;
    let devices: Vec<DeviceRow> = Select::new(
        "SELECT u.device_id, u.stage, u.state, u.reason_code, u.due_at, u.got_worse, s.time_zone FROM upgrade_devices u
         JOIN devices d ON d.id = u.device_id JOIN sites s ON s.id = d.site_id WHERE u.upgrade_id = ",
    )
    .text(upgrade.as_str())
    .sql(" ORDER BY u.stage, u.device_id")
    .load(conn)?;
    let mut open = Vec::new();
    let mut errors = 0;
    for device in &devices {
        let state = word(UpgradeState::from_stored(&device.state), "upgrade_devices.state")?;
        if !state.is_end() {
            open.push((device, state));
        }
        let went_wrong = state == UpgradeState::Failed && device.reason_code.as_deref() != Some("upgrade_cancelled");
        errors += i32::from(went_wrong || device.got_worse != 0);
    }
    let Some(stage) = open.iter().map(|(device, _)| device.stage).min() else {
        return set_state(conn, &company, &upgrade, UpgradeStanding::Ended, now);
    };
    let waiting = |state: UpgradeState| matches!(state, UpgradeState::Waiting | UpgradeState::WaitingOnline);
    if errors.saturating_sub(row.errors_forgiven) >= row.error_threshold {
        // Those under way come to their end; where none waits for them, that is the end of it.
        if open.iter().any(|(_, state)| waiting(*state)) {
            return set_state(conn, &company, &upgrade, UpgradeStanding::Stopped, now);
        }
        return Ok(());
    }
    if stage != row.stage {
        let update = Select::new("UPDATE upgrades SET stage = ").number(i64::from(stage));
        update.sql(" WHERE id = ").text(upgrade.as_str()).execute(conn)?;
        tell(conn, &company, &upgrade, UpgradeStanding::Running, now)?;
    }
    let window = window_of(row)?;
    for (device, state) in open {
        if device.stage != stage || !waiting(state) || device.due_at > micros(now) {
            continue;
        }
        let id: DeviceId = read(device.device_id.clone(), "upgrade_devices.device_id")?;
        if state == UpgradeState::WaitingOnline && row.waits_until <= micros(now) {
            finish(conn, (&upgrade, &id), &Finished::failed("device_offline"), now)?;
            continue;
        }
        let is_open = window.is_none_or(|window| window.is_open_in(now, &device.time_zone));
        if !is_open {
            continue;
        }
        let update = Select::new("UPDATE upgrade_devices SET due_at = ").number(micros(now + HANDED_FOR));
        let update = update.sql(" WHERE upgrade_id = ").text(upgrade.as_str()).sql(" AND device_id = ");
        update.text(id.as_str()).execute(conn)?;
        due.push((upgrade.clone(), id));
    }
    Ok(())
}

fn window_of(row: &UpgradeRow) -> Result<Option<Window>, StoreError> {
    super::listing::window(row.window_from, row.window_until)
}

/// Writes where an upgrade stands as a whole, and tells of it.
pub(super) fn set_state(
    conn: &mut DbConn,
    company: &CompanyId,
    upgrade: &UpgradeId,
    state: UpgradeStanding,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let update = Select::new("UPDATE upgrades SET state = ").text(state.as_str()).sql(", ended_at = ");
    let update = match state {
        UpgradeStanding::Running | UpgradeStanding::Stopped => update.sql("NULL"),
        UpgradeStanding::Cancelled | UpgradeStanding::Ended => update.number(micros(now)),
    };
    update.sql(" WHERE id = ").text(upgrade.as_str()).execute(conn)?;
    tell(conn, company, upgrade, state, now)
}
