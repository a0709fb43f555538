//! Reports of links: compared with what is stored, and only the difference is written, in two statements.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde_json::{Value, json};
use siteward_domain::SerialNumber;
use siteward_domain::link::Sighting;

use super::following;
use super::stored::Stored;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::links::{Link, get_link};
use crate::select::Select;

/// Most devices of one report, and of one link altogether; what comes after them is left out.
pub const MOST_DEVICES: usize = 5_000;

/// Takes everything that a link sees now: what it does not name is not there any more. [`StoreError::NotFound`] when
/// the link is gone or revoked.
pub fn report_all(conn: &mut DbConn, link: &Link, found: &[Sighting], now: DateTime<Utc>) -> Result<(), StoreError> {
    check(conn, link)?;
    let found = clean(found);
    let before = stored(conn, link, None)?;
    let lost: Vec<&str> = before
        .iter()
        .filter(|(serial, row)| row.online && !found.contains_key(serial.as_str()))
        .map(|(serial, _)| serial.as_str())
        .collect();
    write(conn, link, &before, found, &lost, now)
}

/// Takes what changed of what a link sees: new and changed devices, and those that are not there any more.
/// [`StoreError::NotFound`] when the link is gone or revoked.
pub fn report_changes(
    conn: &mut DbConn,
    link: &Link,
    found: &[Sighting],
    lost: &[SerialNumber],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    check(conn, link)?;
    let found = clean(found);
    let lost: BTreeSet<&str> = lost
        .iter()
        .map(SerialNumber::as_str)
        .filter(|serial| !found.contains_key(*serial))
        .take(MOST_DEVICES)
        .collect();
    let named: Vec<&str> = found.keys().map(String::as_str).chain(lost.iter().copied()).collect();
    let before = stored(conn, link, Some(&named))?;
    let lost: Vec<&str> = lost.into_iter().filter(|serial| before.get(*serial).is_some_and(|row| row.online)).collect();
    write(conn, link, &before, found, &lost, now)
}

/// Nothing is taken from a link that was revoked a moment ago.
fn check(conn: &mut DbConn, link: &Link) -> Result<(), StoreError> {
    let now = get_link(conn, &link.company_id, &link.id)?;
    if now.revoked_at.is_some() { Err(StoreError::NotFound) } else { Ok(()) }
}

/// By serial, the last of a serial; texts cut to what is reasonable; without those whose address is none.
fn clean(found: &[Sighting]) -> BTreeMap<String, Stored> {
    found
        .iter()
        .take(MOST_DEVICES)
        .filter(|sighting| sighting.host.parse::<IpAddr>().is_ok())
        .map(|sighting| {
            let row = Stored::of(sighting);
            (row.serial.clone(), row)
        })
        .collect()
}

/// What is stored of a link's devices, of all or of some.
fn stored(conn: &mut DbConn, link: &Link, some: Option<&[&str]>) -> Result<BTreeMap<String, Stored>, StoreError> {
    let mut query = Select::new(
        "SELECT serial, long_serial, mac, model, firmware, host, http_port, dhcp, activated, service_enabled, bind,
         unbind_supported, found_by, online FROM sightings WHERE link_id = ",
    )
    .text(link.id.as_str());
    if let Some(some) = some {
        query = in_list(conn, query.sql(" AND serial IN "), some);
    }
    let rows: Vec<Stored> = query.load(conn)?;
    Ok(rows.into_iter().map(|row| (row.serial.clone(), row)).collect())
}

/// Adds a list of texts in one bind, however many.
pub(super) fn in_list(conn: &DbConn, query: Select, some: &[&str]) -> Select {
    let list = json!(some).to_string();
    match conn {
        DbConn::Sqlite(_) => query.sql("(SELECT value FROM json_each(").text(list).sql("))"),
        DbConn::Postgresql(_) => query.sql("(SELECT jsonb_array_elements_text(").text(list).sql("::jsonb))"),
    }
}

fn write(
    conn: &mut DbConn,
    link: &Link,
    before: &BTreeMap<String, Stored>,
    mut found: BTreeMap<String, Stored>,
    lost: &[&str],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !lost.is_empty() {
        let query = Select::new("UPDATE sightings SET online = (1 = 0), last_seen_at = ")
            .number(micros(now))
            .sql(" WHERE link_id = ")
            .text(link.id.as_str())
            .sql(" AND online AND serial IN ");
        in_list(conn, query, lost).execute(conn)?;
    }
    make_room(conn, link, before, &mut found)?;
    let changed: Vec<&Stored> = found.values().filter(|row| before.get(&row.serial) != Some(row)).collect();
    if !changed.is_empty() {
        upsert(conn, link, &changed, now)?;
    }
    let seen: Vec<following::Where<'_>> = found
        .values()
        .map(|row| following::Where {
            serial: &row.serial,
            host: &row.host,
            http_port: row.http_port,
            port_before: before.get(&row.serial).map(|before| before.http_port),
            mac: row.mac.as_deref(),
        })
        .collect();
    following::follow(conn, link, &seen, now)
}

/// Keeps what a link ever saw within [`MOST_DEVICES`], whatever it goes on to invent: those lost longest make room for new
/// ones, and new ones beyond that are left out.
fn make_room(
    conn: &mut DbConn,
    link: &Link,
    before: &BTreeMap<String, Stored>,
    found: &mut BTreeMap<String, Stored>,
) -> Result<(), StoreError> {
    let new: Vec<String> = found.keys().filter(|serial| !before.contains_key(*serial)).cloned().collect();
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<Count> =
        Select::new("SELECT count(*) AS count FROM sightings WHERE link_id = ").text(link.id.as_str()).load(conn)?;
    let there = rows.first().and_then(|row| usize::try_from(row.count).ok()).unwrap_or(0);
    let over = (there + new.len()).saturating_sub(MOST_DEVICES);
    if over == 0 {
        return Ok(());
    }
    let query = Select::new("DELETE FROM sightings WHERE link_id = ")
        .text(link.id.as_str())
        .sql(" AND serial IN (SELECT serial FROM sightings WHERE NOT online AND link_id = ")
        .text(link.id.as_str())
        .sql(" AND serial NOT IN ");
    let named: Vec<&str> = found.keys().map(String::as_str).collect();
    let gone = in_list(conn, query, &named)
        .sql(" ORDER BY last_seen_at, serial LIMIT ")
        .number(i64::try_from(over).unwrap_or(i64::MAX))
        .sql(")")
        .execute(conn)?;
    for serial in new.iter().rev().take(over.saturating_sub(gone)) {
        found.remove(serial);
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn upsert(conn: &mut DbConn, link: &Link, rows: &[&Stored], now: DateTime<Utc>) -> Result<(), StoreError> {
    let list: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!([
                row.serial,
                row.long_serial,
                row.mac,
                row.model,
                row.firmware,
                row.host,
                row.http_port,
                row.dhcp,
                row.activated,
                row.service_enabled,
                row.bind,
                row.unbind_supported,
                row.found_by,
            ])
        })
        .collect();
    let source = match conn {
        DbConn::Sqlite(_) => {
            "value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
             value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, (1 = 1), $4, $5 FROM json_each($6)"
        }
        DbConn::Postgresql(_) => {
            "value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, (value ->> 6)::integer,
             (value ->> 7)::boolean, (value ->> 8)::boolean, (value ->> 9)::boolean, value ->> 10,
             (value ->> 11)::boolean, value ->> 12, TRUE, $4, $5 FROM jsonb_array_elements($6::jsonb) AS list (value)"
        }
    };
    let sql = format!(
        "INSERT INTO sightings (link_id, company_id, site_id, serial, long_serial, mac, model, firmware, host, http_port,
         dhcp, activated, service_enabled, bind, unbind_supported, found_by, online, first_seen_at, last_seen_at)
         SELECT $1, $2, $3, {source} WHERE (1 = 1)
         ON CONFLICT (link_id, serial) DO UPDATE SET long_serial = excluded.long_serial, mac = excluded.mac,
         model = excluded.model, firmware = excluded.firmware, host = excluded.host, http_port = excluded.http_port,
         dhcp = excluded.dhcp, activated = excluded.activated, service_enabled = excluded.service_enabled,
         bind = excluded.bind, unbind_supported = excluded.unbind_supported, found_by = excluded.found_by,
         online = excluded.online, last_seen_at = excluded.last_seen_at"
    );
    sql_query(sql)
        .bind::<Text, _>(link.id.as_str())
        .bind::<Text, _>(link.company_id.as_str())
        .bind::<Text, _>(link.site_id.as_str())
        .bind::<BigInt, _>(micros(now))
        .bind::<BigInt, _>(micros(now))
        .bind::<Text, _>(Value::from(list).to_string())
        .execute(conn)?;
    Ok(())
}
