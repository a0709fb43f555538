//! Devices follow what links see: a new address in the customer's network, or another link that sees them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Integer, Nullable, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};

use super::reporting::in_list;
use crate::changes;
use crate::columns::read;
use crate::connection::DbConn;
use crate::devices::{What, search_text};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::exceptions;
use crate::links::Link;
use crate::select::Select;

/// Where a link sees a serial.
pub(super) struct Where<'a> {
    pub(super) serial: &'a str,
    pub(super) host: &'a str,
    pub(super) http_port: i32,
    /// What this link told of its port before.
    pub(super) port_before: Option<i32>,
    pub(super) mac: Option<&'a str>,
}

#[derive(QueryableByName)]
struct Bound {
    #[diesel(sql_type = Text)]
    serial: String,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Integer)]
    bucket: i32,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Nullable<Text>)]
    link_id: Option<String>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    scheme: String,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Nullable<Text>)]
    mac: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    link_site_id: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    link_online: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    link_sees: Option<bool>,
}

/// Lets the company's devices follow. Those of another company are not read, let alone written.
pub(super) fn follow(conn: &mut DbConn, link: &Link, seen: &[Where<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
    if seen.is_empty() {
        return Ok(());
    }
    let by_serial: HashMap<&str, &Where<'_>> = seen.iter().map(|seen| (seen.serial, seen)).collect();
    let serials: Vec<&str> = seen.iter().map(|seen| seen.serial).collect();
    let query = Select::new(
        "SELECT b.serial, d.id, d.bucket, d.site_id, d.link_id, d.name, d.model, d.scheme, d.host, d.port, d.mac,
         l.site_id AS link_site_id, l.online AS link_online, s.online AS link_sees
         FROM bindings b JOIN devices d ON d.id = b.device_id
         LEFT JOIN links l ON l.id = d.link_id
         LEFT JOIN sightings s ON s.link_id = d.link_id AND s.serial = b.serial
         WHERE b.company_id = ",
    )
    .text(link.company_id.as_str())
    .sql(" AND b.serial IN ");
    let bound: Vec<Bound> = in_list(conn, query, &serials).sql(" ORDER BY d.id").load(conn)?;
    let (mut changed, mut told, mut opened) = (Vec::new(), Vec::new(), Vec::new());
    for device in bound {
        let Some(seen) = by_serial.get(device.serial.as_str()) else { continue };
        if device.link_id.as_deref() != Some(link.id.as_str()) && !device.may_be_taken_over_by(link) {
            continue;
        }
        let port = device.port_after(seen);
        let moved = device.host != seen.host || device.port != port;
        let mac = seen.mac.or(device.mac.as_deref());
        if !moved && device.link_id.as_deref() == Some(link.id.as_str()) && device.mac.as_deref() == mac {
            continue;
        }
        write(conn, link, &device, seen.host, port, mac)?;
        changed.push((device.bucket, device.id.clone()));
        if moved {
            opened.push(read(device.id.clone(), "devices.id")?);
            told.push(NewEvent {
                company_id: link.company_id.clone(),
                site_id: Some(read(device.site_id.clone(), "devices.site_id")?),
                device_id: Some(read(device.id.clone(), "devices.id")?),
                kind: EventKind::DeviceAddressChanged,
                actor: "link".to_owned(),
                at: now,
                data: json!({ "from": address(&device.host, device.port), "to": address(seen.host, port) }),
            });
        }
    }
    let moved = ExceptionKey::of_device(ExceptionKind::AddressChanged);
    exceptions::open_beside(conn, &opened, &moved, now)?;
    changes::note_devices(conn, &changed, now)?;
    events::append_all(conn, &told)
}

impl Bound {
    /// The port follows what the device tells of it when that changes. What it told all along may not be the port that
    /// HTTP was found on, which stays.
    fn port_after(&self, seen: &Where<'_>) -> i32 {
        let is_news = seen.port_before.map_or(self.host != seen.host, |before| before != seen.http_port);
        if self.scheme == "http" && seen.http_port != 0 && is_news { seen.http_port } else { self.port }
    }

    /// Whether a link of the device's own site takes over from the one it was reached through: that is gone, revoked,
    /// offline, of another site, or does not see it any more. Two links that both see it leave it where it is.
    fn may_be_taken_over_by(&self, link: &Link) -> bool {
        let still_good = self.link_site_id.as_deref() == Some(link.site_id.as_str())
            && self.link_online == Some(true)
            && self.link_sees == Some(true);
        self.site_id == link.site_id.as_str() && !still_good
    }
}

fn write(
    conn: &mut DbConn,
    link: &Link,
    device: &Bound,
    host: &str,
    port: i32,
    mac: Option<&str>,
) -> Result<(), StoreError> {
    let what = What { model: &device.model, firmware: String::new(), serial: Some(&device.serial) };
    let mut query = Select::new("UPDATE devices SET host = ")
        .text(host)
        .sql(", host_lower = ")
        .text(host.to_lowercase())
        .sql(", port = ")
        .number(port.into())
        .sql(", link_id = ")
        .text(link.id.as_str())
        .sql(", search = ")
        .text(search_text(&device.name, host, &what));
    if let Some(mac) = mac {
        query = query.sql(", mac = ").text(mac);
    }
    query.sql(", config_version = config_version + 1 WHERE id = ").text(device.id.as_str()).execute(conn)?;
    Ok(())
}

fn address(host: &str, port: i32) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}
