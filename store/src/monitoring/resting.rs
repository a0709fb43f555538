//! Leaving devices alone, and watching them again.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text};
use serde_json::json;
use siteward_domain::DeviceId;
use siteward_domain::device_functions::Unwatched;
use siteward_domain::event::EventKind;

use crate::changes;
use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;

/// Most devices of one statement.
const AT_ONCE: usize = 500;

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
    health: String,
}

#[derive(QueryableByName)]
struct ClosedRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = BigInt)]
    opened_at: i64,
}

/// What is appended when all rows are written.
struct Told<'a> {
    actor: &'a str,
    now: DateTime<Utc>,
    events: Vec<NewEvent>,
    changed: Vec<(i32, String)>,
}

/// Leaves devices alone: their health is unknown from now on, and what is open on them closes, because nobody looks any
/// more and not because it got better.
pub(super) fn rest(
    conn: &mut DbConn,
    devices: &[DeviceId],
    because: Unwatched,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut told = Told { actor, now, events: Vec::new(), changed: Vec::new() };
    for some in devices.chunks(AT_ONCE) {
        let resting = mark(conn, some, Some(because))?;
        note_transitions(conn, some, now)?;
        for closed in close_exceptions(conn, some, because, now)? {
            told.closed(&closed, because)?;
        }
        for device in resting {
            told.unwatched(device, because)?;
        }
    }
    told.append(conn)
}

/// Has devices watched again: everything is asked anew, at once.
pub(super) fn wake(conn: &mut DbConn, devices: &[DeviceId], actor: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut told = Told { actor, now, events: Vec::new(), changed: Vec::new() };
    for some in devices.chunks(AT_ONCE) {
        let awake = mark(conn, some, None)?;
        Select::new(
            "UPDATE measured SET reachability = NULL, identity = NULL, status = NULL, channels = NULL, disks = NULL,
             network = NULL, clock = NULL, user_check = NULL, capabilities = NULL, panel = NULL
             WHERE place IN (SELECT place FROM devices WHERE id IN ",
        )
        .texts(some.iter().map(DeviceId::as_str))
        .sql(")")
        .execute(conn)?;
        for device in awake {
            told.changed.push((device.bucket, device.id.clone()));
            told.tell(
                &device.company_id,
                &device.site_id,
                &device.id,
                EventKind::MonitoringChanged,
                json!({ "watched": true }),
            )?;
        }
    }
    told.append(conn)
}

/// Writes down why devices are not watched; gives them as they were.
fn mark(conn: &mut DbConn, some: &[DeviceId], because: Option<Unwatched>) -> Result<Vec<DeviceRow>, StoreError> {
    let ids = || some.iter().map(DeviceId::as_str);
    let rows = Select::new("SELECT id, company_id, site_id, bucket, health FROM devices WHERE id IN ")
        .texts(ids())
        .sql(" ORDER BY id")
        .load(conn)?;
    let update = match because {
        Some(because) => Select::new("UPDATE devices SET unwatched_because = ").text(because.as_str()),
        None => Select::new("UPDATE devices SET unwatched_because = NULL"),
    };
    update.sql(", config_version = config_version + 1 WHERE id IN ").texts(ids()).execute(conn)?;
    Ok(rows)
}

fn note_transitions(conn: &mut DbConn, some: &[DeviceId], now: DateTime<Utc>) -> Result<(), StoreError> {
    let ids = || some.iter().map(DeviceId::as_str);
    Select::new("INSERT INTO transitions (place, at, from_health, to_health) SELECT place, ")
        .number(micros(now))
        .sql(", health, 'unknown' FROM devices WHERE health <> 'unknown' AND id IN ")
        .texts(ids())
        .execute(conn)?;
    Select::new("UPDATE devices SET health = 'unknown', health_since = ")
        .number(micros(now))
        .sql(" WHERE health <> 'unknown' AND id IN ")
        .texts(ids())
        .execute(conn)?;
    Ok(())
}

fn close_exceptions(
    conn: &mut DbConn,
    some: &[DeviceId],
    because: Unwatched,
    now: DateTime<Utc>,
) -> Result<Vec<ClosedRow>, StoreError> {
    let mut closed: Vec<ClosedRow> = Select::new("UPDATE exceptions SET closed_because = ")
        .text(because.as_str())
        .sql(", closed_at = CASE WHEN opened_at > ")
        .number(micros(now))
        .sql(" THEN opened_at ELSE ")
        .number(micros(now))
        .sql(" END WHERE closed_at IS NULL AND device_id IN ")
        .texts(some.iter().map(DeviceId::as_str))
        .sql(" RETURNING id, company_id, site_id, device_id, kind, part, opened_at")
        .load(conn)?;
    closed.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(closed)
}

impl Told<'_> {
    fn closed(&mut self, row: &ClosedRow, because: Unwatched) -> Result<(), StoreError> {
        let seconds = (micros(self.now) - row.opened_at).max(0) / 1_000_000;
        let data = json!({ "exception_id": row.id, "kind": row.kind, "part": row.part, "duration_seconds": seconds,
                           "because": because.as_str() });
        self.tell(&row.company_id, &row.site_id, &row.device_id, EventKind::ExceptionClosed, data)
    }

    fn unwatched(&mut self, row: DeviceRow, because: Unwatched) -> Result<(), StoreError> {
        if row.health != "unknown" {
            let data = json!({ "from": row.health, "to": "unknown", "because": because.as_str() });
            self.tell(&row.company_id, &row.site_id, &row.id, EventKind::HealthChanged, data)?;
        }
        let data = json!({ "watched": false, "because": because.as_str() });
        self.tell(&row.company_id, &row.site_id, &row.id, EventKind::MonitoringChanged, data)?;
        self.changed.push((row.bucket, row.id));
        Ok(())
    }

    fn tell(
        &mut self,
        company: &str,
        site: &str,
        device: &str,
        kind: EventKind,
        data: serde_json::Value,
    ) -> Result<(), StoreError> {
        self.events.push(NewEvent {
            company_id: read(company.to_owned(), "devices.company_id")?,
            site_id: Some(read(site.to_owned(), "devices.site_id")?),
            device_id: Some(read(device.to_owned(), "devices.id")?),
            kind,
            actor: self.actor.to_owned(),
            at: self.now,
            data,
        });
        Ok(())
    }

    /// Logs come after the rows they tell of.
    fn append(self, conn: &mut DbConn) -> Result<(), StoreError> {
        changes::note_devices(conn, &self.changed, self.now)?;
        events::append_all(conn, &self.events)
    }
}
