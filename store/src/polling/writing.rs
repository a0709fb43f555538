//! Writing a round: everything that many looks found, one statement a kind.
//!
//! The rows of a kind go over as one JSON text that SQL takes apart (`json_each` on SQLite, `jsonb_array_elements` on
//! PostgreSQL); times of measurement, of which every look has some, go as plain arrays (`unnest`) on PostgreSQL and as
//! one JSON object, device to time, on SQLite. What is about a device that was deleted meanwhile is left out silently.

mod rows;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use serde_json::{Value, json};
use siteward_domain::DeviceId;
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::health::{DeviceHealth, Reachability, Topic};
use siteward_domain::observation::Identity;

use crate::changes;
use crate::columns::{micros, place_of};
use crate::connection::DbConn;
use crate::devices::{What, search_text};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::monitoring;
use crate::panels;
use crate::schema::devices;
use crate::select::Select;

pub use rows::{
    BreakerRow, ClosedRow, FactRow, KnownRow, MeasuredRow, OpenedRow, PinRow, RoundWrite, TemperatureRow,
    TransitionRow, UptimeRow,
};

/// What is told of a device only while somebody watches it.
const IS_OF_HEALTH: [EventKind; 3] = [EventKind::HealthChanged, EventKind::ExceptionOpened, EventKind::ExceptionClosed];

#[derive(QueryableByName)]
struct WatchedRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Bool)]
    watched: bool,
}

/// Writes a round. Inside one transaction; the events come last.
pub fn write_round(conn: &mut DbConn, round: &RoundWrite) -> Result<(), StoreError> {
    write_measured(conn, &round.measured)?;
    let identified = write_facts(conn, &round.facts)?;
    write_temperatures(conn, &round.temperatures)?;
    write_uptime(conn, &round.uptime)?;
    write_transitions(conn, &round.transitions)?;
    write_opened(conn, &round.opened)?;
    write_closed(conn, &round.closed)?;
    write_breakers(conn, &round.breakers)?;
    write_pins(conn, &round.pins)?;
    write_known(conn, &round.known)?;
    write_events(conn, &round.events)?;
    // A firmware that changed may be too old to be watched, or new enough by now.
    identified.iter().try_for_each(|(device, at)| monitoring::judge(conn, device, *at))
}

/// Times of measurement, a statement for each set of topics that were measured together: there are few such sets.
fn write_measured(conn: &mut DbConn, rows: &[MeasuredRow]) -> Result<(), StoreError> {
    let mut by_topics: BTreeMap<Vec<Topic>, BTreeMap<i64, i64>> = BTreeMap::new();
    for row in rows {
        let mut topics = row.topics.clone();
        topics.sort_unstable();
        topics.dedup();
        let at = micros(row.at);
        by_topics
            .entry(topics)
            .or_default()
            .entry(place_of(&row.device_id))
            .and_modify(|last| *last = at.max(*last))
            .or_insert(at);
    }
    for (topics, times) in by_topics {
        if topics.is_empty() {
            continue;
        }
        match conn {
            DbConn::Sqlite(conn) => {
                let set = set_list(&topics, "CAST(look.value AS INTEGER)");
                let sql = format!(
                    "UPDATE measured SET {set} FROM json_each($1) AS look WHERE measured.place = CAST(look.key AS INTEGER)"
                );
                let looks = serde_json::to_string(&times).unwrap_or_default();
                sql_query(sql).bind::<Text, _>(looks).execute(conn)?;
            }
            DbConn::Postgresql(conn) => {
                let set = set_list(&topics, "look.at");
                let sql = format!(
                    "UPDATE measured SET {set} FROM unnest($1, $2) AS look (place, at) WHERE measured.place = look.place"
                );
                let (places, ats): (Vec<i64>, Vec<i64>) = times.into_iter().unzip();
                sql_query(sql).bind::<Array<BigInt>, _>(places).bind::<Array<BigInt>, _>(ats).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Column names are the topics' own words, so nothing foreign gets into the SQL.
fn set_list(topics: &[Topic], value: &str) -> String {
    let columns: Vec<String> = topics.iter().map(|topic| format!("{} = {value}", topic.as_str())).collect();
    columns.join(", ")
}

/// Runs one statement over the rows of a kind. `{rows}` in it stands for the rows, each a JSON object `value`.
fn over(conn: &mut DbConn, rows: Vec<Value>, sql: &str) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let source = match conn {
        DbConn::Sqlite(_) => "json_each($1) AS list",
        DbConn::Postgresql(_) => "jsonb_array_elements($1::jsonb) AS list (value)",
    };
    sql_query(sql.replace("{rows}", source)).bind::<Text, _>(Value::from(rows).to_string()).execute(conn)?;
    Ok(())
}

/// Gives the devices whose identity changed, and when that was seen.
fn write_facts(conn: &mut DbConn, facts: &[FactRow]) -> Result<Vec<(DeviceId, DateTime<Utc>)>, StoreError> {
    // One row must not be written twice in a statement: the last value of a topic counts.
    let last: HashMap<(&str, Topic), &FactRow> =
        facts.iter().map(|fact| ((fact.device_id.as_str(), fact.topic), fact)).collect();
    let mut last: Vec<&FactRow> = last.into_values().collect();
    last.sort_unstable_by(|one, other| (&one.device_id, one.topic).cmp(&(&other.device_id, other.topic)));
    let rows = last
        .iter()
        .map(|fact| {
            json!({ "place": place_of(&fact.device_id), "topic": fact.topic.as_str(), "value": fact.value,
                    "source": fact.source, "at": micros(fact.at) })
        })
        .collect();
    over(
        conn,
        rows,
        "INSERT INTO facts (place, topic, value, source, changed_at)
         SELECT CAST(list.value ->> 'place' AS BIGINT), list.value ->> 'topic', list.value ->> 'value', list.value ->> 'source',
                CAST(list.value ->> 'at' AS BIGINT)
         FROM {rows} WHERE EXISTS (SELECT 1 FROM devices WHERE devices.place = CAST(list.value ->> 'place' AS BIGINT))
         ON CONFLICT (place, topic) DO UPDATE SET value = excluded.value, source = excluded.source,
         changed_at = excluded.changed_at",
    )?;
    let mut identified = Vec::new();
    for fact in last {
        match fact.topic {
            Topic::Identity => {
                if let Ok(identity) = serde_json::from_str(&fact.value) {
                    take_identity(conn, &fact.device_id, &identity, fact.at)?;
                    identified.push((fact.device_id.clone(), fact.at));
                }
            }
            Topic::Reachability => {
                if let Ok(reachability) = serde_json::from_str(&fact.value) {
                    take_certificate(conn, &fact.device_id, &reachability)?;
                }
            }
            _ => {}
        }
    }
    Ok(identified)
}

type IdentityRow = (String, String, String, String, bool, bool, Option<String>);

/// What a device's own row tells follows from its identity. A serial that another device of the company has is not
/// taken over: the fact shows it, and the lists keep both devices. Behind a link the serial is who it is, and stays.
fn take_identity(conn: &mut DbConn, id: &DeviceId, identity: &Identity, at: DateTime<Utc>) -> Result<(), StoreError> {
    let row: Option<IdentityRow> = devices::table
        .select((
            devices::company_id,
            devices::name,
            devices::host,
            devices::kind,
            devices::kind_is_manual,
            devices::link_id.is_not_null(),
            devices::serial,
        ))
        .filter(devices::id.eq(id.as_str()))
        .first(conn)
        .optional()?;
    let Some((company, name, host, kind, kind_is_manual, behind_link, serial)) = row else { return Ok(()) };
    let mut what = What::of(Some(identity));
    if behind_link {
        what.serial = serial.as_deref();
    } else if let Some(serial) = what.serial {
        let other: Option<String> = devices::table
            .select(devices::id)
            .filter(devices::company_id.eq(&company))
            .filter(devices::serial.eq(serial))
            .filter(devices::id.ne(id.as_str()))
            .first(conn)
            .optional()?;
        if other.is_some() {
            what.serial = None;
        }
    }
    let recognised = identity.kind != DeviceKind::Unknown;
    let (kind, kind_is_manual) =
        if recognised { (identity.kind.as_str().to_owned(), false) } else { (kind, kind_is_manual) };
    diesel::update(devices::table.filter(devices::id.eq(id.as_str())))
        .set((
            devices::model.eq(what.model),
            devices::firmware.eq(&what.firmware),
            devices::serial.eq(what.serial),
            devices::kind.eq(kind),
            devices::kind_is_manual.eq(kind_is_manual),
            devices::search.eq(search_text(&name, &host, &what)),
        ))
        .execute(conn)?;
    panels::follow(conn, id, at)
}

/// A changed certificate waits to be accepted; a good look says that none waits any more.
fn take_certificate(conn: &mut DbConn, id: &DeviceId, reachability: &Reachability) -> Result<(), StoreError> {
    let pending = match reachability {
        Reachability::CertificateChanged { fingerprint } => Some(fingerprint.as_str()),
        Reachability::Ok => None,
        _ => return Ok(()),
    };
    diesel::update(devices::table.filter(devices::id.eq(id.as_str())))
        .set(devices::pin_pending.eq(pending))
        .execute(conn)?;
    Ok(())
}

fn write_temperatures(conn: &mut DbConn, temperatures: &[TemperatureRow]) -> Result<(), StoreError> {
    let mut days: BTreeMap<(i64, &str, i64), (i32, i32)> = BTreeMap::new();
    for row in temperatures {
        let key = (place_of(&row.device_id), row.disk.as_str(), row.day);
        let day = days.entry(key).or_insert((row.celsius, row.celsius));
        *day = (day.0.min(row.celsius), day.1.max(row.celsius));
    }
    let rows = days
        .into_iter()
        .map(|((place, disk, day), (lowest, highest))| {
            json!({ "place": place, "disk": disk, "day": day, "lowest": lowest, "highest": highest })
        })
        .collect();
    over(
        conn,
        rows,
        "INSERT INTO disk_temperature_days (place, disk, day, lowest, highest)
         SELECT CAST(list.value ->> 'place' AS BIGINT), list.value ->> 'disk', CAST(list.value ->> 'day' AS BIGINT),
                CAST(list.value ->> 'lowest' AS INTEGER), CAST(list.value ->> 'highest' AS INTEGER)
         FROM {rows} WHERE EXISTS (SELECT 1 FROM devices WHERE devices.place = CAST(list.value ->> 'place' AS BIGINT))
         ON CONFLICT (place, disk, day) DO UPDATE SET
         lowest = CASE WHEN excluded.lowest < disk_temperature_days.lowest THEN excluded.lowest
                  ELSE disk_temperature_days.lowest END,
         highest = CASE WHEN excluded.highest > disk_temperature_days.highest THEN excluded.highest
                   ELSE disk_temperature_days.highest END",
    )
}

fn write_uptime(conn: &mut DbConn, uptime: &[UptimeRow]) -> Result<(), StoreError> {
    let mut sums: BTreeMap<(i64, i64), (u64, u64)> = BTreeMap::new();
    for row in uptime {
        let sum = sums.entry((place_of(&row.device_id), row.hour)).or_default();
        sum.0 += u64::from(row.up_seconds);
        sum.1 += u64::from(row.down_seconds);
    }
    let rows = sums
        .into_iter()
        .map(|((place, hour), (up, down))| json!({ "place": place, "hour": hour, "up": up, "down": down }))
        .collect();
    over(
        conn,
        rows,
        "INSERT INTO uptime_hours (place, hour, up_seconds, down_seconds)
         SELECT CAST(list.value ->> 'place' AS BIGINT), CAST(list.value ->> 'hour' AS BIGINT), CAST(list.value ->> 'up' AS INTEGER),
                CAST(list.value ->> 'down' AS INTEGER)
         FROM {rows} WHERE EXISTS (SELECT 1 FROM devices WHERE devices.place = CAST(list.value ->> 'place' AS BIGINT))
         ON CONFLICT (place, hour) DO UPDATE SET up_seconds = uptime_hours.up_seconds + excluded.up_seconds,
         down_seconds = uptime_hours.down_seconds + excluded.down_seconds",
    )
}

fn write_transitions(conn: &mut DbConn, transitions: &[TransitionRow]) -> Result<(), StoreError> {
    let rows: Vec<Value> = transitions
        .iter()
        .map(|row| {
            json!({ "place": place_of(&row.device_id), "from": row.from.as_str(), "to": row.to.as_str(), "at": micros(row.at) })
        })
        .collect();
    let last: BTreeMap<&str, Value> =
        transitions.iter().map(|row| row.device_id.as_str()).zip(rows.iter().cloned()).collect();
    over(
        conn,
        rows,
        "INSERT INTO transitions (place, from_health, to_health, at)
         SELECT CAST(list.value ->> 'place' AS BIGINT), list.value ->> 'from', list.value ->> 'to', CAST(list.value ->> 'at' AS BIGINT)
         FROM {rows} WHERE EXISTS (SELECT 1 FROM devices WHERE devices.place = CAST(list.value ->> 'place' AS BIGINT)
         AND devices.unwatched_because IS NULL)",
    )?;
    over(
        conn,
        last.into_values().collect(),
        "UPDATE devices SET health = list.value ->> 'to', health_since = CAST(list.value ->> 'at' AS BIGINT)
         FROM {rows} WHERE devices.place = CAST(list.value ->> 'place' AS BIGINT) AND devices.unwatched_because IS NULL",
    )?;
    let logged_in = |row: &&TransitionRow| matches!(row.to, DeviceHealth::Healthy | DeviceHealth::Faulty);
    let returned: Vec<DeviceId> = transitions.iter().filter(logged_in).map(|row| row.device_id.clone()).collect();
    match transitions.last() {
        Some(last) => panels::touch_returned(conn, &returned, last.at),
        None => Ok(()),
    }
}

fn write_opened(conn: &mut DbConn, opened: &[OpenedRow]) -> Result<(), StoreError> {
    let rows = opened
        .iter()
        .map(|row| {
            json!({ "id": row.id, "device": row.device_id, "kind": row.key.kind.as_str(), "part": row.key.part,
                    "at": micros(row.at) })
        })
        .collect();
    over(
        conn,
        rows,
        "INSERT INTO exceptions (id, company_id, site_id, device_id, kind, part, opened_at)
         SELECT list.value ->> 'id', devices.company_id, devices.site_id, devices.id, list.value ->> 'kind',
                list.value ->> 'part', CAST(list.value ->> 'at' AS BIGINT)
         FROM {rows} JOIN devices ON devices.id = list.value ->> 'device' WHERE devices.unwatched_because IS NULL
         ON CONFLICT DO NOTHING",
    )
}

fn write_closed(conn: &mut DbConn, closed: &[ClosedRow]) -> Result<(), StoreError> {
    let rows = closed.iter().map(|row| json!({ "id": row.id, "at": micros(row.at) })).collect();
    over(
        conn,
        rows,
        "UPDATE exceptions SET closed_at = CASE WHEN CAST(list.value ->> 'at' AS BIGINT) < opened_at THEN opened_at
         ELSE CAST(list.value ->> 'at' AS BIGINT) END
         FROM {rows} WHERE exceptions.id = list.value ->> 'id' AND exceptions.closed_at IS NULL",
    )
}

/// Opens the breaker of one device beside a round, and has its poller learn of it.
pub fn open_breaker(conn: &mut DbConn, row: &BreakerRow, now: DateTime<Utc>) -> Result<(), StoreError> {
    write_breakers(conn, std::slice::from_ref(row))?;
    changes::note_device(conn, &row.device_id, now)
}

fn write_breakers(conn: &mut DbConn, breakers: &[BreakerRow]) -> Result<(), StoreError> {
    let last: BTreeMap<&str, &BreakerRow> = breakers.iter().map(|row| (row.device_id.as_str(), row)).collect();
    let rows = last
        .into_values()
        .map(|row| {
            let (reason, until) = match &row.breaker {
                Some((reason, until)) => (serde_json::to_string(reason).ok(), until.map(micros)),
                None => (None, None),
            };
            json!({ "device": row.device_id, "credential": row.credential_version, "reason": reason, "until": until })
        })
        .collect();
    over(
        conn,
        rows,
        "UPDATE devices SET breaker = list.value ->> 'reason', breaker_until = CAST(list.value ->> 'until' AS BIGINT),
         breaker_credential = CASE WHEN list.value ->> 'reason' IS NULL THEN NULL ELSE credential_version END
         FROM {rows} WHERE devices.id = list.value ->> 'device'
         AND devices.credential_version = CAST(list.value ->> 'credential' AS INTEGER)",
    )
}

fn write_pins(conn: &mut DbConn, pins: &[PinRow]) -> Result<(), StoreError> {
    let rows = pins.iter().map(|row| json!({ "device": row.device_id, "pin": row.fingerprint })).collect();
    over(
        conn,
        rows,
        "UPDATE devices SET pin = list.value ->> 'pin'
         FROM {rows} WHERE devices.id = list.value ->> 'device' AND devices.pin IS NULL",
    )
}

fn write_known(conn: &mut DbConn, known: &[KnownRow]) -> Result<(), StoreError> {
    let last: BTreeMap<&str, &KnownRow> = known.iter().map(|row| (row.device_id.as_str(), row)).collect();
    let rows = last.into_values().map(|row| json!({ "device": row.device_id, "known": row.known })).collect();
    over(
        conn,
        rows,
        "UPDATE devices SET known = list.value ->> 'known' FROM {rows} WHERE devices.id = list.value ->> 'device'",
    )
}

/// Events of what is still there, and of its health while somebody watches it: what a look found that began before nobody did
/// any more tells nothing.
fn write_events(conn: &mut DbConn, events: &[NewEvent]) -> Result<(), StoreError> {
    let about: Vec<&str> = events.iter().filter_map(|event| event.device_id.as_ref()).map(DeviceId::as_str).collect();
    let mut watched: HashMap<String, bool> = HashMap::new();
    for some in about.chunks(500) {
        let found: Vec<WatchedRow> =
            Select::new("SELECT id, unwatched_because IS NULL AS watched FROM devices WHERE id IN ")
                .texts(some.iter().copied())
                .load(conn)?;
        watched.extend(found.into_iter().map(|row| (row.id, row.watched)));
    }
    let is_told = |event: &&NewEvent| match event.device_id.as_ref().map(|id| watched.get(id.as_str())) {
        None | Some(Some(true)) => true,
        Some(Some(false)) => !IS_OF_HEALTH.contains(&event.kind),
        Some(None) => false,
    };
    let events: Vec<NewEvent> = events.iter().filter(is_told).cloned().collect();
    events::append_all(conn, &events)
}
