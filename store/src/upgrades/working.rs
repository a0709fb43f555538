//! What a worker writes down while it upgrades a device: before it does something, and after.
//!
//! Each of these touches an upgrade that has not ended only: [`StoreError::Stale`] tells that somebody else ended it.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::upgrade::{HealthMark, UpgradeStanding, UpgradeState};
use siteward_domain::{CompanyId, DeviceId, SiteId, UpgradeId};

use super::{Step, device_event};
use crate::columns::{micros, number, read, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events;
use crate::select::Select;
use crate::vault::SealedText;

/// An upgrade of a device.
pub type Key<'a> = (&'a UpgradeId, &'a DeviceId);

/// What is to be done, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The company.
    pub company_id: CompanyId,
    /// Where it stands.
    pub state: UpgradeState,
    /// The firmwares to install, in their order.
    pub steps: Vec<Step>,
    /// Which of them is under way, from 0.
    pub step: usize,
    /// What the device ran before.
    pub from_version: String,
    /// When the device took the whole file of this step.
    pub sent_at: Option<DateTime<Utc>>,
    /// How often sending it was begun.
    pub sends: u32,
    /// Since when it is silent after that.
    pub silent_since: Option<DateTime<Utc>>,
    /// When it was told to restart.
    pub restarted_at: Option<DateTime<Utc>>,
    /// How it was before.
    pub health_before: Option<HealthMark>,
    /// Since when it is back and its health is waited for.
    pub checked_from: Option<DateTime<Utc>>,
    /// What became of saving its configuration.
    pub configuration: Option<String>,
}

/// How the upgrade of a device came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Done or failed.
    pub state: UpgradeState,
    /// Why it failed.
    pub reason_code: Option<String>,
    /// How the device is afterwards.
    pub health_after: Option<HealthMark>,
    /// Whether it is worse off.
    pub got_worse: bool,
}

impl Finished {
    /// It failed, for this reason.
    pub fn failed(code: &str) -> Self {
        Self { state: UpgradeState::Failed, reason_code: Some(code.to_owned()), health_after: None, got_worse: false }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    standing: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    steps: String,
    #[diesel(sql_type = Integer)]
    step: i32,
    #[diesel(sql_type = Text)]
    from_version: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    sent_at: Option<i64>,
    #[diesel(sql_type = Integer)]
    sends: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    silent_since: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    restarted_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    health_before: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    checked_from: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    configuration: Option<String>,
}

#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    standing: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    percent: i32,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
}

/// Takes up the upgrade of a device: it stands in `preparing` now, or where it was. `None`: there is nothing to do.
///
/// That one which is waited for is tried again is not told, and its reason stays: it may be waited for, for days.
pub fn begin(conn: &mut DbConn, key: Key<'_>, now: DateTime<Utc>) -> Result<Option<Work>, StoreError> {
    let rows: Vec<Row> = Select::new(
        "SELECT u.company_id, w.state AS standing, u.state, u.steps, u.step, u.from_version, u.sent_at, u.sends,
         u.silent_since, u.restarted_at, u.health_before, u.checked_from, u.configuration
         FROM upgrade_devices u JOIN upgrades w ON w.id = u.upgrade_id WHERE u.ended_at IS NULL AND u.upgrade_id = ",
    )
    .text(key.0.as_str())
    .sql(" AND u.device_id = ")
    .text(key.1.as_str())
    .load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let state = word(UpgradeState::from_stored(&row.state), "upgrade_devices.state")?;
    let standing = word(UpgradeStanding::from_stored(&row.standing), "upgrades.state")?;
    if state.is_untouched() {
        match standing {
            UpgradeStanding::Running => {}
            UpgradeStanding::Stopped => {
                put_off(conn, key, UpgradeState::Waiting, None, now, now)?;
                return Ok(None);
            }
            UpgradeStanding::Cancelled | UpgradeStanding::Ended => {
                finish(conn, key, &Finished::failed("upgrade_cancelled"), now)?;
                return Ok(None);
            }
        }
    }
    let is_waited_for = state == UpgradeState::WaitingOnline;
    let state = if state.is_untouched() { UpgradeState::Preparing } else { state };
    if is_waited_for {
        let set = set("state = 'preparing', percent = 0, started_at = coalesce(started_at, ", now);
        update(conn, key, set.sql(")"), now)?;
    } else if state == UpgradeState::Preparing {
        let set = set("state = 'preparing', percent = 0, reason_code = NULL, started_at = coalesce(started_at, ", now);
        touch(conn, key, set.sql(")"), now)?;
    }
    Ok(Some(Work {
        company_id: read(row.company_id, "upgrade_devices.company_id")?,
        state,
        steps: json(&row.steps, "upgrade_devices.steps")?,
        step: number(row.step, "upgrade_devices.step")?,
        from_version: row.from_version,
        sent_at: time_or_none(row.sent_at)?,
        sends: number(row.sends, "upgrade_devices.sends")?,
        silent_since: time_or_none(row.silent_since)?,
        restarted_at: time_or_none(row.restarted_at)?,
        health_before: row.health_before.map(|text| json(&text, "upgrade_devices.health_before")).transpose()?,
        checked_from: time_or_none(row.checked_from)?,
        configuration: row.configuration,
    }))
}

/// How the device is before anything is done to it.
pub fn note_health_before(
    conn: &mut DbConn,
    key: Key<'_>,
    mark: &HealthMark,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    update(conn, key, Select::new("health_before = ").text(serde_json::json!(mark).to_string()), now)
}

/// What became of saving the configuration; with it, where there is one, sealed for [`super::configuration_place`].
pub fn note_configuration(
    conn: &mut DbConn,
    key: Key<'_>,
    outcome: &str,
    sealed: Option<&SealedText>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let set = Select::new("configuration = ").text(outcome);
    let set = match sealed {
        Some(sealed) => set.sql(", sealed_configuration = ").text(sealed.as_str()),
        None => set,
    };
    update(conn, key, set, now)
}

/// The file is about to be sent: whoever reads this later knows that the device may have it. `false`: the upgrade was
/// cancelled or stopped meanwhile, and the device is left as it is.
pub fn begin_sending(conn: &mut DbConn, key: Key<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let set = Select::new(
        "state = 'sending', percent = 0, reason_code = NULL, sent_at = NULL, silent_since = NULL, restarted_at = NULL,
         sends = sends + 1",
    );
    let touched = touch(conn, key, set, now)?;
    match word(UpgradeStanding::from_stored(&touched.standing), "upgrades.state")? {
        UpgradeStanding::Running => Ok(true),
        UpgradeStanding::Stopped => {
            put_off(conn, key, UpgradeState::Waiting, None, now, now)?;
            Ok(false)
        }
        UpgradeStanding::Cancelled | UpgradeStanding::Ended => {
            finish(conn, key, &Finished::failed("upgrade_cancelled"), now)?;
            Ok(false)
        }
    }
}

/// The device took the whole file.
pub fn note_sent(conn: &mut DbConn, key: Key<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    touch(conn, key, set("state = 'installing', percent = 0, sent_at = ", now), now).map(drop)
}

/// How far it is. Told of only where it is another state or another tenth.
pub fn note_progress(
    conn: &mut DbConn,
    key: Key<'_>,
    state: UpgradeState,
    percent: u8,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let set = Select::new("state = ").text(state.as_str()).sql(", percent = ").number(i64::from(percent.min(100)));
    touch(conn, key, set, now).map(drop)
}

/// The device does not answer any more.
pub fn note_silent(conn: &mut DbConn, key: Key<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let set = set("state = 'restarting', percent = 0, silent_since = coalesce(silent_since, ", now);
    touch(conn, key, set.sql(")"), now).map(drop)
}

/// The device was told to restart.
pub fn note_restarted(conn: &mut DbConn, key: Key<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    touch(conn, key, set("state = 'restarting', percent = 0, restarted_at = ", now), now).map(drop)
}

/// The device runs the firmware of a step: the one that follows begins.
pub fn step_done(conn: &mut DbConn, key: Key<'_>, following: usize, now: DateTime<Utc>) -> Result<(), StoreError> {
    let following = i64::try_from(following).unwrap_or(i64::MAX);
    let set = Select::new(
        "state = 'preparing', percent = 0, sent_at = NULL, silent_since = NULL, restarted_at = NULL, sends = 0, step = ",
    );
    touch(conn, key, set.number(following), now).map(drop)
}

/// The device runs what it should: from now on its health is waited for.
pub fn note_back(conn: &mut DbConn, key: Key<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let set = set("state = 'checking', percent = 0, checked_from = coalesce(checked_from, ", now);
    touch(conn, key, set.sql(")"), now).map(drop)
}

/// Nothing can be done just now: it waits until `due_at`. An upgrade that was cancelled ends here. That it goes on waiting to be
/// online after one more try is not told.
pub fn put_off(
    conn: &mut DbConn,
    key: Key<'_>,
    state: UpgradeState,
    reason_code: Option<&str>,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let set = Select::new("state = ").text(state.as_str()).sql(", percent = 0, due_at = ").number(micros(due_at));
    let set = match reason_code {
        Some(code) => set.sql(", reason_code = ").text(code),
        None => set.sql(", reason_code = NULL"),
    };
    let before = look(conn, key)?;
    let goes_on_waiting = state == UpgradeState::WaitingOnline
        && before.state == UpgradeState::Preparing.as_str()
        && before.reason_code.as_deref() == reason_code;
    let touched = if goes_on_waiting {
        update(conn, key, set, now)?;
        before
    } else {
        touch(conn, key, set, now)?
    };
    if touched.standing == UpgradeStanding::Cancelled.as_str() {
        finish(conn, key, &Finished::failed("upgrade_cancelled"), now)?;
    }
    Ok(())
}

/// The upgrade of the device came to its end.
pub fn finish(conn: &mut DbConn, key: Key<'_>, end: &Finished, now: DateTime<Utc>) -> Result<(), StoreError> {
    let percent = if end.state == UpgradeState::Done { 100 } else { 0 };
    let set = set("ended_at = ", now).sql(", state = ").text(end.state.as_str());
    let set = set.sql(", percent = ").number(percent).sql(", got_worse = ").number(i64::from(end.got_worse));
    let set = match &end.reason_code {
        Some(code) => set.sql(", reason_code = ").text(code.as_str()),
        None => set.sql(", reason_code = NULL"),
    };
    let set = match &end.health_after {
        Some(mark) => set.sql(", health_after = ").text(serde_json::json!(mark).to_string()),
        None => set,
    };
    touch(conn, key, set, now).map(drop)
}

fn set(sql: &str, now: DateTime<Utc>) -> Select {
    Select::new(sql).number(micros(now))
}

/// Changes the row where it is open, without telling of it.
fn update(conn: &mut DbConn, key: Key<'_>, set: Select, now: DateTime<Utc>) -> Result<(), StoreError> {
    let changed = Select::new("UPDATE upgrade_devices SET ")
        .then(set)
        .sql(", updated_at = ")
        .number(micros(now))
        .sql(" WHERE ended_at IS NULL AND upgrade_id = ")
        .text(key.0.as_str())
        .sql(" AND device_id = ")
        .text(key.1.as_str())
        .execute(conn)?;
    if changed == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Changes the row where it is open, and tells of it where the state or the tenth is another.
fn touch(conn: &mut DbConn, key: Key<'_>, set: Select, now: DateTime<Utc>) -> Result<Touched, StoreError> {
    let before = look(conn, key)?;
    update(conn, key, set, now)?;
    let after = look(conn, key)?;
    if before.state != after.state || before.percent / 10 != after.percent / 10 {
        let company: CompanyId = read(after.company_id.clone(), "upgrade_devices.company_id")?;
        let site: SiteId = read(after.site_id.clone(), "devices.site_id")?;
        let state = word(UpgradeState::from_stored(&after.state), "upgrade_devices.state")?;
        let percent = number(after.percent, "upgrade_devices.percent")?;
        events::append(conn, &device_event(&company, &site, key, state, percent, now))?;
    }
    Ok(after)
}

fn look(conn: &mut DbConn, key: Key<'_>) -> Result<Touched, StoreError> {
    let rows: Vec<Touched> = Select::new(
        "SELECT u.company_id, d.site_id, w.state AS standing, u.state, u.percent, u.reason_code FROM upgrade_devices u
         JOIN devices d ON d.id = u.device_id JOIN upgrades w ON w.id = u.upgrade_id WHERE u.upgrade_id = ",
    )
    .text(key.0.as_str())
    .sql(" AND u.device_id = ")
    .text(key.1.as_str())
    .load(conn)?;
    rows.into_iter().next().ok_or(StoreError::Stale)
}

fn json<T: serde::de::DeserializeOwned>(text: &str, column: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column })
}
