//! The list of devices with what a row of it shows: three queries a page, whatever its size.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::Standing;
use siteward_domain::exception::ExceptionKey;
use siteward_domain::health::DeviceHealth;
use siteward_domain::uptime::hour_of;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use super::Device;
use super::finding::{DeviceRow, SELECT};
use crate::columns::{contains, fresh_since, search_words};
use crate::compatibility_rules;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::exceptions;
use crate::history::{self, UptimeHour};
use crate::page::{self, Page};
use crate::reach::{DEVICES, Reach};
use crate::select::Select;

/// Hours that a row's heartbeat shows.
const HEARTBEAT_HOURS: i64 = 24;

/// Which devices to list; what is `None` does not narrow.
#[derive(Debug, Clone, Default)]
pub struct DeviceFilter {
    /// Devices of this site.
    pub site_id: Option<SiteId>,
    /// Words, each of which is in name, host, model or serial, in any case.
    pub search: Option<String>,
    /// Devices shown in this state.
    pub health: Option<DeviceHealth>,
    /// Devices of this kind.
    pub kind: Option<DeviceKind>,
    /// Devices of exactly this model.
    pub model: Option<String>,
    /// Devices that run exactly this firmware.
    pub firmware: Option<String>,
}

/// A device in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSummary {
    /// The device.
    pub device: Device,
    /// What its functions depend on.
    pub standing: Standing,
    /// What is wrong with it now.
    pub open_exceptions: Vec<ExceptionKey>,
    /// The last 24 hours that anything is known of, oldest first; hours nobody looked are left out.
    pub heartbeat: Vec<UptimeHour>,
}

/// A page of the devices within reach, by name.
pub fn list_devices(
    conn: &mut DbConn,
    reach: &Reach,
    filter: &DeviceFilter,
    now: DateTime<Utc>,
    period: Duration,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<DeviceSummary>, StoreError> {
    let filters = filters(reach.company_id(), filter, fresh_since(now, period), cursor)?;
    let filters = if filter.site_id.is_some() {
        reach.rows(&DEVICES, filters)
    } else {
        reach.page(conn, &DEVICES, filters, limit)?
    };
    let query = Select::new(SELECT).then(filters).sql(" ORDER BY d.name_lower, d.id LIMIT ");
    let rows: Vec<DeviceRow> = query.number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.name_lower.clone(), row.id().to_owned()]);
    let devices = rows.into_iter().map(DeviceRow::read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page { items: summarize(conn, devices, now)?, next_cursor })
}

/// What a filter and a cursor ask of `d` and `m`, each beginning with AND.
fn filters(company: &CompanyId, filter: &DeviceFilter, fresh: i64, cursor: Option<&str>) -> Result<Select, StoreError> {
    let mut query = Select::new("");
    if let Some(site) = &filter.site_id {
        query = query.sql(" AND d.site_id = ").text(site.as_str());
    }
    if let Some(kind) = filter.kind {
        query = query.sql(" AND d.kind = ").text(kind.as_str());
    }
    if let Some(model) = &filter.model {
        query = query.sql(" AND d.model = ").text(model);
    }
    if let Some(firmware) = &filter.firmware {
        query = query.sql(" AND d.firmware = ").text(firmware);
    }
    if let Some(health) = filter.health {
        query = if health == DeviceHealth::Unknown {
            places_unknown(query.sql(" AND d.place IN "), company, fresh)
        } else {
            query.sql(" AND d.health = ").text(health.as_str()).sql(" AND m.reachability >= ").number(fresh)
        };
    }
    for word in search_words(filter.search.as_deref().unwrap_or_default()) {
        query = query.sql(" AND d.search LIKE ").text(contains(&word)).sql(" ESCAPE '\\'");
    }
    if let Some(cursor) = cursor {
        let [name, id] = page::decode(cursor)?;
        query = query.sql(" AND (d.name_lower, d.id) > (").text(name).sql(", ").text(id).sql(")");
    }
    Ok(query)
}

/// Adds to devices of one company what a row of a list shows of them.
pub fn summarize(
    conn: &mut DbConn,
    devices: Vec<Device>,
    now: DateTime<Utc>,
) -> Result<Vec<DeviceSummary>, StoreError> {
    let rules = match devices.first() {
        Some(device) => compatibility_rules::of_company(conn, &device.company_id)?,
        None => return Ok(Vec::new()),
    };
    let ids: Vec<&DeviceId> = devices.iter().map(|device| &device.id).collect();
    let mut open: HashMap<DeviceId, Vec<ExceptionKey>> = exceptions::open_of_devices(conn, &ids)?;
    let this_hour = hour_of(now);
    let mut beats = history::heartbeats(conn, &ids, this_hour - HEARTBEAT_HOURS + 1, this_hour)?;
    Ok(devices
        .into_iter()
        .map(|device| DeviceSummary {
            open_exceptions: open.remove(&device.id).unwrap_or_default(),
            heartbeat: beats.remove(&device.id).unwrap_or_default(),
            standing: Standing {
                monitoring: device.switched_off.is_none(),
                incompatibility: rules.check(device.kind, &device.model, &device.firmware),
            },
            device,
        })
        .collect())
}

/// The places of devices that are shown as unknown, as a list in brackets. Read from the small table of measurements,
/// in its order: to ask each device in the order of names takes ten times as long when few are unknown.
pub(crate) fn places_unknown(query: Select, company: &CompanyId, fresh: i64) -> Select {
    query
        .sql("(SELECT place FROM measured WHERE reachability IS NULL OR reachability < ")
        .number(fresh)
        .sql(" UNION ALL SELECT place FROM devices WHERE health = 'unknown' AND company_id = ")
        .text(company.as_str())
        .sql(")")
}
