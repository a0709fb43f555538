//! What is known now of the devices and people that rules name.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::Standing;
use siteward_domain::linkage::{Action, Content, Known};
use siteward_domain::{CompanyId, DeviceId, SiteId, StaffId};

use crate::columns::{read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::{compatibility_rules, notifications};

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Bool)]
    monitoring: bool,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct HeardRow {
    #[diesel(sql_type = Text)]
    device_id: String,
}

/// The names of some of the staff of a company, by their ids.
pub fn names_of(
    conn: &mut DbConn,
    company: &CompanyId,
    staff: &[StaffId],
) -> Result<Vec<(StaffId, String)>, StoreError> {
    let query = Select::new("SELECT id, name FROM staff WHERE company_id = ").text(company.as_str()).sql(" AND id IN ");
    let query = query.texts(staff.iter().map(StaffId::as_str)).sql(" ORDER BY name, id LIMIT 10000");
    query.load::<NameRow>(conn)?.into_iter().map(|row| Ok((read(row.id, "staff.id")?, row.name))).collect()
}

/// What is known at `now` of everything that some rules of a site name.
pub fn known(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    rules: &[&Content],
    now: DateTime<Utc>,
) -> Result<Known, StoreError> {
    let mut named: BTreeSet<&DeviceId> = rules.iter().map(|content| &content.source.device).collect();
    named.extend(rules.iter().flat_map(|content| &content.actions).filter_map(Action::device));
    let mut known = Known::default();
    let ids: Vec<&str> = named.iter().map(|id| id.as_str()).collect();
    let query = Select::new("SELECT id, kind, model, firmware, monitoring FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND id IN ")
        .texts(ids.iter().copied())
        .sql(" ORDER BY id LIMIT 10000");
    let rows: Vec<DeviceRow> = query.load(conn)?;
    let compatibility = compatibility_rules::of_company(conn, company)?;
    for row in rows {
        let kind = word(DeviceKind::from_stored(&row.kind), "devices.kind")?;
        let incompatibility = compatibility.check(kind, &row.model, &row.firmware);
        known.devices.insert(read(row.id, "devices.id")?, Standing { monitoring: row.monitoring, incompatibility });
    }
    let query = Select::new(
        "SELECT device_id FROM device_event_sources
         WHERE (stream IN ('open', 'connecting') OR token_hash IS NOT NULL) AND device_id IN ",
    );
    let rows: Vec<HeardRow> = query.texts(ids).sql(" ORDER BY device_id LIMIT 10000").load(conn)?;
    for row in rows {
        known.heard.insert(read(row.device_id, "device_event_sources.device_id")?);
    }
    let tells = rules.iter().flat_map(|content| &content.actions).any(|action| matches!(action, Action::Notify { .. }));
    if tells {
        known.receivers =
            notifications::receivers(conn, company, site, now)?.into_iter().map(|receiver| receiver.id).collect();
    }
    Ok(known)
}
