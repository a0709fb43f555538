//! Upgrades of firmware (R-H7): which devices get which firmwares in which order, and how far each of them is.
//!
//! The row of a device is written before and after everything that is done to the device, so that whoever goes on after
//! a crash knows what may have happened. Of one device at most one upgrade is open; the database holds that.

mod advancing;
mod contents;
mod creating;
mod deciding;
mod listing;
mod working;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::upgrade::{HealthMark, UpgradeStanding, UpgradeState, Window};
use siteward_domain::{CompanyId, DeviceId, FirmwareFileId, SiteId, UpgradeId};

use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;
use crate::vault::Place;

pub use advancing::{advance, any_running};
pub use contents::{Contents, Named, contents};
pub use creating::{Candidate, NewUpgrade, NewUpgradeDevice, candidates, create, open_of_devices};
pub use deciding::{cancel, go_on, retry};
pub use listing::{
    DeviceFilter, devices_of, get, get_configuration, list, list_devices, list_of_device, prune_configurations, tally,
};
pub use working::{
    Finished, Key, Work, begin, begin_sending, finish, note_back, note_configuration, note_health_before,
    note_progress, note_restarted, note_sent, note_silent, put_off, step_done,
};

/// A firmware that is installed on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The file.
    pub file_id: FirmwareFileId,
    /// Its version.
    pub version: String,
}

/// An upgrade of one or many devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// Its id.
    pub id: UpgradeId,
    /// The company.
    pub company_id: CompanyId,
    /// Where it stands.
    pub state: UpgradeStanding,
    /// Who began it.
    pub created_by_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// No device begins before.
    pub starts_at: DateTime<Utc>,
    /// The hours of the day in which a device may begin.
    pub window: Option<Window>,
    /// Until when devices that are offline are waited for.
    pub waits_until: DateTime<Utc>,
    /// So many devices that went wrong stop it.
    pub error_threshold: u32,
    /// The stage that runs, from 0.
    pub stage: u32,
    /// How many stages there are.
    pub stages: u32,
    /// When it came to its end.
    pub ended_at: Option<DateTime<Utc>>,
}

/// How many devices of an upgrade stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All.
    pub devices: u32,
    /// Run the new firmware.
    pub done: u32,
    /// Do not.
    pub failed: u32,
    /// Are being upgraded just now.
    pub under_way: u32,
    /// Of those done, how many are worse off than before.
    pub got_worse: u32,
}

/// A device of an upgrade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpgradeDevice {
    /// The upgrade.
    pub upgrade_id: UpgradeId,
    /// The device.
    pub device_id: DeviceId,
    /// Its name.
    pub device_name: String,
    /// Its model.
    pub model: String,
    /// Its site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// Its stage, from 0.
    pub stage: u32,
    /// Where it stands.
    pub state: UpgradeState,
    /// How far it is with that.
    pub percent: u8,
    /// Why it waits or failed: a stable code.
    pub reason_code: Option<String>,
    /// The firmwares to install, in their order.
    pub steps: Vec<Step>,
    /// Which of them is under way, from 0.
    pub step: u32,
    /// What it ran before.
    pub from_version: String,
    /// What it is to run.
    pub to_version: String,
    /// How it was before.
    pub health_before: Option<HealthMark>,
    /// How it was afterwards.
    pub health_after: Option<HealthMark>,
    /// Whether it is worse off.
    pub got_worse: bool,
    /// What became of saving its configuration: `saved`, or a code.
    pub configuration: Option<String>,
    /// When it was begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it last went on.
    pub updated_at: DateTime<Utc>,
    /// When it came to its end.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Where the configuration of a device that was saved before an upgrade stands in the vault; `row` is [`place_row`].
pub fn configuration_place<'a>(company: &'a CompanyId, row: &'a str) -> Place<'a> {
    Place { table: "upgrade_devices", column: "sealed_configuration", row, company: company.as_str() }
}

/// The row of a device of an upgrade, as the vault names it.
pub fn place_row(upgrade: &UpgradeId, device: &DeviceId) -> String {
    format!("{upgrade}/{device}")
}

/// Who appends the events of upgrades.
const ACTOR: &str = "system";

fn device_event(
    company: &CompanyId,
    site: &SiteId,
    (upgrade, device): (&UpgradeId, &DeviceId),
    state: UpgradeState,
    percent: u8,
    now: DateTime<Utc>,
) -> NewEvent {
    NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: Some(device.clone()),
        kind: EventKind::UpgradeChanged,
        actor: ACTOR.to_owned(),
        at: now,
        data: json!({ "upgrade_id": upgrade, "state": state, "percent": percent }),
    }
}

/// Tells of an upgrade as a whole, on every site that has a device in it.
fn tell(
    conn: &mut DbConn,
    company: &CompanyId,
    upgrade: &UpgradeId,
    state: UpgradeStanding,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sites: Vec<SiteRow> = Select::new(
        "SELECT DISTINCT d.site_id FROM upgrade_devices u JOIN devices d ON d.id = u.device_id WHERE u.upgrade_id = ",
    )
    .text(upgrade.as_str())
    .sql(" ORDER BY d.site_id LIMIT 1000")
    .load(conn)?;
    let mut told = Vec::new();
    for row in sites {
        told.push(NewEvent {
            company_id: company.clone(),
            site_id: Some(read(row.site_id, "devices.site_id")?),
            device_id: None,
            kind: EventKind::UpgradeChanged,
            actor: ACTOR.to_owned(),
            at: now,
            data: json!({ "upgrade_id": upgrade, "state": state }),
        });
    }
    events::append_all(conn, &told)
}

#[derive(QueryableByName)]
struct SiteRow {
    #[diesel(sql_type = Text)]
    site_id: String,
}

#[cfg(test)]
mod tests;
