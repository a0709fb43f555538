//! Upgrades and their devices, as people look at them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::upgrade::{UpgradeStanding, UpgradeState, Window};
use siteward_domain::{CompanyId, DeviceId, UpgradeId};

use super::{Tally, Upgrade, UpgradeDevice};
use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::Reach;
use crate::select::Select;
use crate::vault::SealedText;

/// Upgrades of one device that are told at most.
const MOST_OF_DEVICE: i64 = 20;

/// Which devices of an upgrade to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeviceFilter {
    /// Only those in this state.
    pub state: Option<UpgradeState>,
}

#[derive(QueryableByName)]
struct UpgradeRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    created_by_name: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    starts_at: i64,
    #[diesel(sql_type = Nullable<Integer>)]
    window_from: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    window_until: Option<i32>,
    #[diesel(sql_type = BigInt)]
    waits_until: i64,
    #[diesel(sql_type = Integer)]
    error_threshold: i32,
    #[diesel(sql_type = Integer)]
    stage: i32,
    #[diesel(sql_type = Integer)]
    stages: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    upgrade_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_name: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Integer)]
    stage: i32,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    percent: i32,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = Text)]
    steps: String,
    #[diesel(sql_type = Integer)]
    step: i32,
    #[diesel(sql_type = Text)]
    from_version: String,
    #[diesel(sql_type = Text)]
    to_version: String,
    #[diesel(sql_type = Nullable<Text>)]
    health_before: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    health_after: Option<String>,
    #[diesel(sql_type = Integer)]
    got_worse: i32,
    #[diesel(sql_type = Nullable<Text>)]
    configuration: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    started_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
}

#[derive(QueryableByName)]
struct TallyRow {
    #[diesel(sql_type = Text)]
    upgrade_id: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    devices: i64,
    #[diesel(sql_type = BigInt)]
    worse: i64,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    device_id: String,
}

#[derive(QueryableByName)]
struct SealedRow {
    #[diesel(sql_type = Nullable<Text>)]
    sealed_configuration: Option<String>,
}

const UPGRADE: &str =
    "SELECT w.id, w.company_id, w.state, w.created_by_name, w.created_at, w.starts_at, w.window_from, w.window_until,
    w.waits_until, w.error_threshold, w.stage, w.stages, w.ended_at FROM upgrades w WHERE w.company_id = ";
const DEVICE: &str = "SELECT u.upgrade_id, u.device_id, d.name AS device_name, d.model, d.site_id, s.name AS site_name, u.stage, u.state, u.percent,
    u.reason_code, u.steps, u.step, u.from_version, u.to_version, u.health_before, u.health_after, u.got_worse, u.configuration,
    u.started_at, u.updated_at, u.ended_at FROM upgrade_devices u JOIN devices d ON d.id = u.device_id
    JOIN sites s ON s.id = d.site_id WHERE u.company_id = ";

/// An upgrade of a company.
pub fn get(conn: &mut DbConn, company: &CompanyId, id: &UpgradeId) -> Result<Upgrade, StoreError> {
    let query = Select::new(UPGRADE).text(company.as_str()).sql(" AND w.id = ").text(id.as_str());
    let rows: Vec<UpgradeRow> = query.load(conn)?;
    rows.into_iter().next().map_or(Err(StoreError::NotFound), upgrade)
}

/// A page of the upgrades that have a device within reach, newest first, each with how many of those stand where.
pub fn list(
    conn: &mut DbConn,
    reach: &Reach,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<(Upgrade, Tally)>, StoreError> {
    let mut query = Select::new(UPGRADE).text(reach.company_id().as_str());
    query = query.sql(
        " AND EXISTS (SELECT 1 FROM upgrade_devices u JOIN devices d ON d.id = u.device_id WHERE u.upgrade_id = w.id",
    );
    query = reach.and_assigned(query, "d.site_id").sql(")");
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        query = query.sql(" AND w.id < ").text(id);
    }
    let rows: Vec<UpgradeRow> = query.sql(" ORDER BY w.id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    let upgrades = rows.into_iter().map(upgrade).collect::<Result<Vec<_>, _>>()?;
    let tallies = tallies(conn, reach, &upgrades.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())?;
    let tally_of =
        |id: &UpgradeId| tallies.iter().find(|(of, _)| of == id.as_str()).map(|(_, tally)| *tally).unwrap_or_default();
    let items = upgrades.into_iter().map(|upgrade| (tally_of(&upgrade.id), upgrade)).map(|(t, u)| (u, t)).collect();
    Ok(Page { items, next_cursor })
}

/// How many devices within reach stand where.
pub fn tally(conn: &mut DbConn, reach: &Reach, id: &UpgradeId) -> Result<Tally, StoreError> {
    Ok(tallies(conn, reach, &[id.as_str()])?.into_iter().next().map(|(_, tally)| tally).unwrap_or_default())
}

fn tallies(conn: &mut DbConn, reach: &Reach, ids: &[&str]) -> Result<Vec<(String, Tally)>, StoreError> {
    let query = Select::new(
        "SELECT u.upgrade_id, u.state, count(*) AS devices, CAST(sum(u.got_worse) AS BIGINT) AS worse FROM upgrade_devices u
         JOIN devices d ON d.id = u.device_id WHERE u.upgrade_id IN ",
    );
    let query = reach.and_assigned(query.texts(ids.iter().copied()), "d.site_id");
    let rows: Vec<TallyRow> = query.sql(" GROUP BY u.upgrade_id, u.state ORDER BY u.upgrade_id, u.state").load(conn)?;
    let mut all: Vec<(String, Tally)> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|(id, _)| *id != row.upgrade_id) {
            all.push((row.upgrade_id.clone(), Tally::default()));
        }
        let Some((_, tally)) = all.last_mut() else { continue };
        let devices: u32 = number(row.devices, "count")?;
        tally.devices += devices;
        tally.got_worse += number::<u32>(row.worse, "sum")?;
        match word(UpgradeState::from_stored(&row.state), "upgrade_devices.state")? {
            UpgradeState::Done => tally.done += devices,
            UpgradeState::Failed => tally.failed += devices,
            UpgradeState::Waiting | UpgradeState::WaitingOnline => {}
            _ => tally.under_way += devices,
        }
    }
    Ok(all)
}

/// A page of the devices of an upgrade that are within reach, in the order of stages.
pub fn list_devices(
    conn: &mut DbConn,
    reach: &Reach,
    id: &UpgradeId,
    filter: DeviceFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<UpgradeDevice>, StoreError> {
    let query = Select::new(DEVICE).text(reach.company_id().as_str()).sql(" AND u.upgrade_id = ").text(id.as_str());
    let mut query = reach.and_assigned(query, "d.site_id");
    if let Some(state) = filter.state {
        query = query.sql(" AND u.state = ").text(state.as_str());
    }
    if let Some(cursor) = cursor {
        let [stage, device] = page::decode(cursor)?;
        let stage: i64 = stage.parse().map_err(|_| StoreError::BadCursor)?;
        query = query.sql(" AND (u.stage > ").number(stage).sql(" OR (u.stage = ").number(stage);
        query = query.sql(" AND u.device_id > ").text(device).sql("))");
    }
    let rows: Vec<DeviceRow> =
        query.sql(" ORDER BY u.stage, u.device_id LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let key = |row: &DeviceRow| vec![row.stage.to_string(), row.device_id.clone()];
    let (rows, next_cursor) = page::cut(rows, limit, key);
    Ok(Page { items: rows.into_iter().map(device).collect::<Result<_, _>>()?, next_cursor })
}

/// Every device of an upgrade.
pub fn devices_of(conn: &mut DbConn, company: &CompanyId, id: &UpgradeId) -> Result<Vec<DeviceId>, StoreError> {
    let query = Select::new("SELECT u.device_id FROM upgrade_devices u WHERE u.company_id = ").text(company.as_str());
    let rows: Vec<IdRow> =
        query.sql(" AND u.upgrade_id = ").text(id.as_str()).sql(" ORDER BY u.device_id").load(conn)?;
    rows.into_iter().map(|row| read(row.device_id, "upgrade_devices.device_id")).collect()
}

/// The last upgrades of a device, newest first.
pub fn list_of_device(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Vec<UpgradeDevice>, StoreError> {
    let query = Select::new(DEVICE).text(company.as_str()).sql(" AND u.device_id = ").text(id.as_str());
    let rows: Vec<DeviceRow> = query.sql(" ORDER BY u.upgrade_id DESC LIMIT ").number(MOST_OF_DEVICE).load(conn)?;
    rows.into_iter().map(device).collect()
}

/// The configuration that was saved before an upgrade, sealed.
pub fn get_configuration(
    conn: &mut DbConn,
    company: &CompanyId,
    upgrade: &UpgradeId,
    device: &DeviceId,
) -> Result<SealedText, StoreError> {
    let query = Select::new("SELECT sealed_configuration FROM upgrade_devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND upgrade_id = ")
        .text(upgrade.as_str())
        .sql(" AND device_id = ")
        .text(device.as_str());
    let rows: Vec<SealedRow> = query.load(conn)?;
    let sealed = rows.into_iter().next().and_then(|row| row.sealed_configuration).ok_or(StoreError::NotFound)?;
    Ok(SealedText::from_stored(sealed))
}

/// Forgets configurations that were saved before upgrades that ended before `before`; gives how many.
pub fn prune_configurations(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new(
        "UPDATE upgrade_devices SET sealed_configuration = NULL, configuration = 'expired'
         WHERE sealed_configuration IS NOT NULL AND ended_at < ",
    )
    .number(micros(before))
    .execute(conn)
}

/// A stored window.
pub(super) fn window(from: Option<i32>, until: Option<i32>) -> Result<Option<Window>, StoreError> {
    let unreadable = || StoreError::Unreadable { column: "upgrades.window_from" };
    match (from, until) {
        (Some(from), Some(until)) => {
            let window = Window::new(number(from, "upgrades.window_from")?, number(until, "upgrades.window_until")?);
            window.map(Some).map_err(|_| unreadable())
        }
        _ => Ok(None),
    }
}

fn upgrade(row: UpgradeRow) -> Result<Upgrade, StoreError> {
    Ok(Upgrade {
        id: read(row.id, "upgrades.id")?,
        company_id: read(row.company_id, "upgrades.company_id")?,
        state: word(UpgradeStanding::from_stored(&row.state), "upgrades.state")?,
        created_by_name: row.created_by_name,
        created_at: time(row.created_at)?,
        starts_at: time(row.starts_at)?,
        window: window(row.window_from, row.window_until)?,
        waits_until: time(row.waits_until)?,
        error_threshold: number(row.error_threshold, "upgrades.error_threshold")?,
        stage: number(row.stage, "upgrades.stage")?,
        stages: number(row.stages, "upgrades.stages")?,
        ended_at: time_or_none(row.ended_at)?,
    })
}

fn device(row: DeviceRow) -> Result<UpgradeDevice, StoreError> {
    let mark = |text: Option<String>, column: &'static str| {
        text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable { column })).transpose()
    };
    Ok(UpgradeDevice {
        upgrade_id: read(row.upgrade_id, "upgrade_devices.upgrade_id")?,
        device_id: read(row.device_id, "upgrade_devices.device_id")?,
        device_name: row.device_name,
        model: row.model,
        site_id: read(row.site_id, "devices.site_id")?,
        site_name: row.site_name,
        stage: number(row.stage, "upgrade_devices.stage")?,
        state: word(UpgradeState::from_stored(&row.state), "upgrade_devices.state")?,
        percent: number(row.percent, "upgrade_devices.percent")?,
        reason_code: row.reason_code,
        steps: serde_json::from_str(&row.steps)
            .map_err(|_| StoreError::Unreadable { column: "upgrade_devices.steps" })?,
        step: number(row.step, "upgrade_devices.step")?,
        from_version: row.from_version,
        to_version: row.to_version,
        health_before: mark(row.health_before, "upgrade_devices.health_before")?,
        health_after: mark(row.health_after, "upgrade_devices.health_after")?,
        got_worse: row.got_worse != 0,
        configuration: row.configuration,
        started_at: time_or_none(row.started_at)?,
        updated_at: time(row.updated_at)?,
        ended_at: time_or_none(row.ended_at)?,
    })
}
