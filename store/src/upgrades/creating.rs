//! Beginning an upgrade: what is known of the devices, and the rows.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::firmware::upgrade_path::{Runs, region_of};
use siteward_domain::observation::Identity;
use siteward_domain::upgrade::{Stages, UpgradeStanding, Window};
use siteward_domain::{CompanyId, DeviceId, SiteId, StaffId, UpgradeId};

use super::{Step, tell};
use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// An upgrade to begin.
#[derive(Debug, Clone)]
pub struct NewUpgrade {
    /// Its id.
    pub id: UpgradeId,
    /// The company.
    pub company_id: CompanyId,
    /// Who begins it.
    pub created_by: StaffId,
    /// Their name.
    pub created_by_name: String,
    /// No device begins before.
    pub starts_at: DateTime<Utc>,
    /// The hours of the day in which a device may begin.
    pub window: Option<Window>,
    /// Until when devices that are offline are waited for.
    pub waits_until: DateTime<Utc>,
    /// In which order devices follow each other.
    pub stages: Stages,
    /// The devices, the canaries first.
    pub devices: Vec<NewUpgradeDevice>,
}

/// A device of it.
#[derive(Debug, Clone)]
pub struct NewUpgradeDevice {
    /// The device.
    pub device_id: DeviceId,
    /// What is installed, in this order.
    pub steps: Vec<Step>,
    /// What it runs.
    pub from_version: String,
}

/// What is known of a device that may be upgraded.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The device.
    pub device_id: DeviceId,
    /// Its name.
    pub name: String,
    /// Its site.
    pub site_id: SiteId,
    /// What it is.
    pub kind: DeviceKind,
    /// Its model as it writes it.
    pub model: String,
    /// Its firmware as it writes it.
    pub firmware: String,
    /// Its hardware, where it tells.
    pub hardware: Option<String>,
    /// Its long serial number.
    pub serial_number: String,
}

impl Candidate {
    /// As planning needs it.
    pub fn runs(&self) -> Runs<'_> {
        Runs {
            kind: self.kind,
            model: &self.model,
            firmware: &self.firmware,
            hardware: self.hardware.as_deref(),
            region: region_of(&self.serial_number),
        }
    }
}

#[derive(QueryableByName)]
struct CandidateRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Nullable<Text>)]
    identity: Option<String>,
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = Text)]
    device_id: String,
}

/// What is known of some devices of a company, in the order in which they are named; those that are not there are left out.
pub fn candidates(conn: &mut DbConn, company: &CompanyId, devices: &[DeviceId]) -> Result<Vec<Candidate>, StoreError> {
    let rows: Vec<CandidateRow> = Select::new(
        "SELECT d.id, d.name, d.site_id, d.kind, d.model, d.firmware, f.value AS identity FROM devices d
         LEFT JOIN facts f ON f.place = d.place AND f.topic = 'identity' WHERE d.company_id = ",
    )
    .text(company.as_str())
    .sql(" AND d.id IN ")
    .texts(devices.iter().map(DeviceId::as_str))
    .sql(" ORDER BY d.id LIMIT ")
    .number(i64::try_from(devices.len()).unwrap_or(i64::MAX))
    .load(conn)?;
    let mut found = rows.into_iter().map(candidate).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|one| devices.iter().position(|id| *id == one.device_id));
    Ok(found)
}

fn candidate(row: CandidateRow) -> Result<Candidate, StoreError> {
    let identity: Option<Identity> = row.identity.as_deref().and_then(|text| serde_json::from_str(text).ok());
    Ok(Candidate {
        device_id: read(row.id, "devices.id")?,
        name: row.name,
        site_id: read(row.site_id, "devices.site_id")?,
        kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
        model: row.model,
        firmware: row.firmware,
        hardware: identity.as_ref().and_then(|identity| identity.hardware_version.clone()),
        serial_number: identity.map(|identity| identity.serial_number).unwrap_or_default(),
    })
}

/// Which of some devices have an upgrade that is open.
pub fn open_of_devices(
    conn: &mut DbConn,
    company: &CompanyId,
    devices: &[DeviceId],
) -> Result<Vec<DeviceId>, StoreError> {
    let rows: Vec<OpenRow> =
        Select::new("SELECT device_id FROM upgrade_devices WHERE ended_at IS NULL AND company_id = ")
            .text(company.as_str())
            .sql(" AND device_id IN ")
            .texts(devices.iter().map(DeviceId::as_str))
            .sql(" ORDER BY device_id")
            .load(conn)?;
    rows.into_iter().map(|row| read(row.device_id, "upgrade_devices.device_id")).collect()
}

/// Begins an upgrade. `Duplicate { what: "upgrade" }` when one of the devices has one that is open;
/// [`StoreError::NotFound`] when the company has no such device.
pub fn create(conn: &mut DbConn, new: &NewUpgrade, now: DateTime<Utc>) -> Result<(), StoreError> {
    let stages = new.stages.of(new.devices.len());
    let count = stages.last().map_or(1, |last| last + 1);
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let insert = Select::new(
        "INSERT INTO upgrades (id, company_id, state, created_by, created_by_name, created_at, starts_at, waits_until,
         error_threshold, stage, stages, window_from, window_until) VALUES (",
    )
    .text(new.id.as_str())
    .sql(", ")
    .text(new.company_id.as_str())
    .sql(", 'running', ")
    .text(new.created_by.as_str())
    .sql(", ")
    .text(new.created_by_name.as_str())
    .sql(", ")
    .number(micros(now))
    .sql(", ")
    .number(micros(new.starts_at))
    .sql(", ")
    .number(micros(new.waits_until))
    .sql(", ")
    .number(whole(new.stages.error_threshold.max(1)))
    .sql(", 0, ")
    .number(whole(count));
    let insert = match new.window {
        Some(window) => insert
            .sql(", ")
            .number(i64::from(window.opens_at()))
            .sql(", ")
            .number(i64::from(window.closes_at()))
            .sql(")"),
        None => insert.sql(", NULL, NULL)"),
    };
    insert.execute(conn)?;
    for (device, stage) in new.devices.iter().zip(stages) {
        let to_version = device.steps.last().map(|step| step.version.as_str()).unwrap_or_default();
        Select::new(
            "INSERT INTO upgrade_devices (upgrade_id, device_id, company_id, stage, state, steps, from_version,
             to_version, due_at, updated_at) VALUES (",
        )
        .text(new.id.as_str())
        .sql(", ")
        .text(device.device_id.as_str())
        .sql(", ")
        .text(new.company_id.as_str())
        .sql(", ")
        .number(whole(stage))
        .sql(", 'waiting', ")
        .text(serde_json::json!(device.steps).to_string())
        .sql(", ")
        .text(device.from_version.as_str())
        .sql(", ")
        .text(to_version)
        .sql(", ")
        .number(micros(new.starts_at))
        .sql(", ")
        .number(micros(now))
        .sql(")")
        .execute(conn)?;
    }
    tell(conn, &new.company_id, &new.id, UpgradeStanding::Running, now)
}
