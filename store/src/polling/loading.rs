//! Devices as the poller keeps them in memory.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::device_functions::Unwatched;
use siteward_domain::exception::ExceptionKey;
use siteward_domain::flapping::WITHIN;
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::{CompanyId, DeviceId, ExceptionId, LinkId, SerialNumber, SiteId};

use super::lease::in_list;
use crate::columns::{micros, number, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::devices::{Breaker, breaker, unwatched};
use crate::error::StoreError;
use crate::exceptions;
use crate::schema::device_changes;
use crate::select::Select;
use crate::vault::SealedText;

/// Changes read at once; a reader that is further behind comes again.
const MOST_CHANGES: i64 = 5_000;

/// When each topic was last measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MeasuredTimes([Option<DateTime<Utc>>; Topic::ALL.len()]);

impl MeasuredTimes {
    /// When a topic was last measured, if ever.
    pub fn of(&self, topic: Topic) -> Option<DateTime<Utc>> {
        self.0.get(topic as usize).copied().flatten()
    }
}

/// A device with everything that polling it needs.
#[derive(Debug, Clone)]
pub struct PolledDevice {
    /// Its id.
    pub id: DeviceId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// Its bucket.
    pub bucket: u16,
    /// Where HTTP reaches it.
    pub address: DeviceAddress,
    /// The link it is reached through, and by which serial; `None`: directly.
    pub link: Option<(LinkId, SerialNumber)>,
    /// The user name on it.
    pub user_name: String,
    /// Its password, sealed for `devices::password_place`.
    pub sealed_password: SealedText,
    /// SHA-256 of the pinned TLS certificate, hex.
    pub pin: Option<String>,
    /// What it is.
    pub kind: DeviceKind,
    /// Whether a person said what it is.
    pub kind_is_manual: bool,
    /// Its model as it writes it; empty where it never told.
    pub model: String,
    /// Its firmware as it writes it; empty where it never told.
    pub firmware: String,
    /// What the poller learnt of how to ask it, as JSON.
    pub known: Option<String>,
    /// Rises with every change of address, user name or password.
    pub credential_version: i32,
    /// Rises with every change that pollers must see.
    pub config_version: i32,
    /// When a person last asked for a look.
    pub check_requested_at: Option<DateTime<Utc>>,
    /// Why this credential is not tried any more, if so.
    pub breaker: Option<Breaker>,
    /// Whether its firmware is too old to be watched: only its firmware is looked at, now and then.
    pub is_too_old: bool,
    /// Its state as last judged.
    pub health: DeviceHealth,
    /// When each topic was last measured.
    pub measured: MeasuredTimes,
    /// What is wrong with it now.
    pub open: Vec<OpenException>,
    /// What opened within [`WITHIN`] before its last look and is over, and when it opened, the oldest first.
    pub over: Vec<(ExceptionKey, DateTime<Utc>)>,
    /// The last value of each topic.
    pub facts: Vec<StoredFact>,
}

/// An exception that stands open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenException {
    /// Its id.
    pub id: ExceptionId,
    /// What is wrong with which part.
    pub key: ExceptionKey,
    /// When it opened.
    pub opened_at: DateTime<Utc>,
}

/// The last value of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFact {
    /// The topic.
    pub topic: Topic,
    /// The value as JSON.
    pub value: String,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// What changed among the devices of some buckets.
#[derive(Debug, Clone)]
pub struct Changes {
    /// Ask from here next time.
    pub position: i64,
    /// Devices added, edited, or to be looked at now.
    pub devices: Vec<PolledDevice>,
    /// Devices that are gone, or that nobody watches any more.
    pub gone: Vec<DeviceId>,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Integer)]
    bucket: i32,
    #[diesel(sql_type = Text)]
    scheme: String,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    sealed_password: String,
    #[diesel(sql_type = Nullable<Text>)]
    pin: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    kind_is_manual: bool,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Nullable<Text>)]
    known: Option<String>,
    #[diesel(sql_type = Integer)]
    credential_version: i32,
    #[diesel(sql_type = Integer)]
    config_version: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    check_requested_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    breaker: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    breaker_until: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    breaker_credential: Option<i32>,
    #[diesel(sql_type = Text)]
    health: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    reachability: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    identity: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    status: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    channels: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    disks: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    network: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    clock: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    user_check: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    capabilities: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    panel: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    smart: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    recording: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    link_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    unwatched_because: Option<String>,
}

#[derive(QueryableByName)]
struct ExceptionRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
}

#[derive(QueryableByName)]
struct FactRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = BigInt)]
    changed_at: i64,
}

/// The watched devices of some buckets, in four queries: those whose health monitoring is off are left out. Facts are large: with many devices call it for some buckets at a
/// time, in one `read` together with [`change_position`], and follow [`changes_since`] from there.
pub fn load_bucket_devices(conn: &mut DbConn, buckets: &[u16]) -> Result<Vec<PolledDevice>, StoreError> {
    let which = format!("d.bucket IN {}", in_list(buckets));
    load(conn, |query| query.sql(&which))
}

/// Some devices by id; those that are gone, or whose health monitoring is off, are left out.
pub fn load_devices(conn: &mut DbConn, ids: &[&DeviceId]) -> Result<Vec<PolledDevice>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        found.extend(load(conn, |query| query.sql("d.id IN ").texts(some.iter().map(|id| id.as_str())))?);
    }
    Ok(found)
}

/// The number of the last change: where a new follower begins.
pub fn change_position(conn: &mut DbConn) -> Result<i64, StoreError> {
    let last: Option<i64> = device_changes::table
        .select(device_changes::seq)
        .order(device_changes::seq.desc())
        .limit(1)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// What changed among the devices of some buckets after `position`. Nothing is missed as long as a follower asks at
/// least once an hour, see [`prune_changes`]; leases are far shorter.
pub fn changes_since(conn: &mut DbConn, buckets: &[u16], position: i64) -> Result<Changes, StoreError> {
    let rows: Vec<(i64, i32, String)> = device_changes::table
        .select((device_changes::seq, device_changes::bucket, device_changes::device_id))
        .filter(device_changes::seq.gt(position))
        .order(device_changes::seq)
        .limit(MOST_CHANGES)
        .load(conn)?;
    let position = rows.last().map_or(position, |(seq, _, _)| *seq);
    let held = |bucket: i32| u16::try_from(bucket).is_ok_and(|bucket| buckets.contains(&bucket));
    let mut ids: Vec<DeviceId> = rows
        .into_iter()
        .filter(|(_, bucket, _)| held(*bucket))
        .map(|(_, _, id)| read(id, "device_changes.device_id"))
        .collect::<Result<_, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    let devices = load_devices(conn, &ids.iter().collect::<Vec<_>>())?;
    let there: std::collections::HashSet<&DeviceId> = devices.iter().map(|device| &device.id).collect();
    let gone = ids.iter().filter(|id| !there.contains(id)).cloned().collect();
    Ok(Changes { position, devices, gone })
}

/// Forgets changes before a time, at least an hour ago, for tidying up. The last one always stays: a new follower
/// begins at its number.
pub fn prune_changes(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM device_changes WHERE at < ")
        .number(micros(before))
        .sql(" AND seq < (SELECT max(seq) FROM device_changes)")
        .execute(conn)
}

fn load(conn: &mut DbConn, which: impl Fn(Select) -> Select) -> Result<Vec<PolledDevice>, StoreError> {
    let devices: Vec<DeviceRow> = which(Select::new(
        "SELECT d.id, d.company_id, d.site_id, d.bucket, d.scheme, d.host, d.port, d.user_name, d.sealed_password, d.pin,
         d.kind, d.kind_is_manual, d.model, d.firmware, d.known, d.credential_version, d.config_version, d.check_requested_at, d.breaker,
         d.breaker_until, d.breaker_credential, d.health, m.reachability, m.identity, m.status, m.channels, m.disks,
         m.network, m.clock, m.user_check, m.capabilities, m.panel, m.smart, m.recording, d.link_id, d.serial, d.unwatched_because
         FROM devices d LEFT JOIN measured m ON m.place = d.place WHERE coalesce(d.unwatched_because, '') <> 'monitoring_off'
         AND ",
    ))
    .sql(" ORDER BY d.id")
    .load(conn)?;
    let exceptions: Vec<ExceptionRow> = which(Select::new(
        "SELECT e.id, e.device_id, e.kind, e.part, e.opened_at FROM devices d JOIN exceptions e
         ON e.device_id = d.id AND e.closed_at IS NULL WHERE ",
    ))
    .sql(" ORDER BY e.id")
    .load(conn)?;
    let within = WITHIN.num_microseconds().unwrap_or(i64::MAX);
    let over: Vec<ExceptionRow> = which(
        Select::new(
            "SELECT e.id, e.device_id, e.kind, e.part, e.opened_at FROM devices d JOIN measured m ON m.place = d.place
             JOIN exceptions e ON e.device_id = d.id AND e.closed_at IS NOT NULL AND e.opened_at > m.reachability - ",
        )
        .number(within)
        .sql(" WHERE "),
    )
    .sql(" ORDER BY e.opened_at, e.id")
    .load(conn)?;
    let facts: Vec<FactRow> = which(Select::new(
        "SELECT d.id AS device_id, f.topic, f.value, f.changed_at FROM devices d JOIN facts f ON f.place = d.place WHERE ",
    ))
    .sql(" ORDER BY d.id, f.topic")
    .load(conn)?;
    let mut open: HashMap<String, Vec<OpenException>> = HashMap::new();
    for row in exceptions {
        open.entry(row.device_id).or_default().push(OpenException {
            id: read(row.id, "exceptions.id")?,
            key: exceptions::key(&row.kind, row.part)?,
            opened_at: time(row.opened_at)?,
        });
    }
    let mut ended: HashMap<String, Vec<(ExceptionKey, DateTime<Utc>)>> = HashMap::new();
    for row in over {
        let key = exceptions::key(&row.kind, row.part)?;
        ended.entry(row.device_id).or_default().push((key, time(row.opened_at)?));
    }
    let mut values: HashMap<String, Vec<StoredFact>> = HashMap::new();
    for row in facts {
        values.entry(row.device_id).or_default().push(StoredFact {
            topic: word(Topic::from_stored(&row.topic), "facts.topic")?,
            value: row.value,
            changed_at: time(row.changed_at)?,
        });
    }
    let device = |row: DeviceRow| {
        let open = open.remove(&row.id).unwrap_or_default();
        let over = ended.remove(&row.id).unwrap_or_default();
        let facts = values.remove(&row.id).unwrap_or_default();
        Ok(PolledDevice { over, ..device(row, open, facts)? })
    };
    devices.into_iter().map(device).collect()
}

fn device(row: DeviceRow, open: Vec<OpenException>, facts: Vec<StoredFact>) -> Result<PolledDevice, StoreError> {
    let mut measured = MeasuredTimes::default();
    let times = [
        row.reachability,
        row.identity,
        row.status,
        row.channels,
        row.disks,
        row.network,
        row.clock,
        row.user_check,
        row.capabilities,
        row.panel,
        row.smart,
        row.recording,
    ];
    for (slot, micros) in measured.0.iter_mut().zip(times) {
        *slot = time_or_none(micros)?;
    }
    let link: Option<LinkId> = read_or_none(row.link_id, "devices.link_id")?;
    let serial: Option<SerialNumber> = match &link {
        Some(_) => read_or_none(row.serial, "devices.serial")?,
        None => None,
    };
    if link.is_some() && serial.is_none() {
        return Err(StoreError::Unreadable { column: "devices.serial" });
    }
    Ok(PolledDevice {
        link: link.zip(serial),
        breaker: breaker(row.breaker, row.breaker_until, row.breaker_credential, row.credential_version)?,
        id: read(row.id, "devices.id")?,
        company_id: read(row.company_id, "devices.company_id")?,
        site_id: read(row.site_id, "devices.site_id")?,
        bucket: number(row.bucket, "devices.bucket")?,
        address: DeviceAddress {
            scheme: word(Scheme::from_stored(&row.scheme), "devices.scheme")?,
            host: row.host,
            port: number(row.port, "devices.port")?,
        },
        user_name: row.user_name,
        sealed_password: SealedText::from_stored(row.sealed_password),
        pin: row.pin,
        kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
        kind_is_manual: row.kind_is_manual,
        model: row.model,
        firmware: row.firmware,
        known: row.known,
        credential_version: row.credential_version,
        config_version: row.config_version,
        check_requested_at: time_or_none(row.check_requested_at)?,
        is_too_old: unwatched(row.unwatched_because)? == Some(Unwatched::FirmwareIncompatible),
        health: word(DeviceHealth::from_stored(&row.health), "devices.health")?,
        measured,
        open,
        over: Vec::new(),
        facts,
    })
}
