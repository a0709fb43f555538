//! Upgrades as the API tells them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::upgrade::HealthMark;
use siteward_store::upgrades as stored;
use utoipa::ToSchema;

use crate::words::{DeviceHealth, ExceptionKind, UpgradeStanding, UpgradeState};

/// An upgrade of one or many devices.
#[derive(Serialize, ToSchema)]
pub(crate) struct Upgrade {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Where it stands.
    state: UpgradeStanding,
    /// Who began it.
    created_by: String,
    /// When.
    created_at: DateTime<Utc>,
    /// No device begins before.
    starts_at: DateTime<Utc>,
    /// The hours of the day in which a device may begin, in the time zone of its site; null: all.
    #[schema(required = true)]
    window: Option<UpgradeWindow>,
    /// Until when devices that are offline are waited for.
    waits_until: DateTime<Utc>,
    /// So many devices that went wrong stop it.
    error_threshold: u32,
    /// The stage that runs, from 0.
    stage: u32,
    /// How many stages there are.
    stages: u32,
    /// How many of the devices that you may work on stand where.
    devices: UpgradeTally,
    /// The versions that those are to run.
    to_versions: FirstNames,
    /// The names of the sites that those are on.
    site_names: FirstNames,
    /// When it came to its end; null while it has not.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

/// The first of some different names, by alphabet.
#[derive(Serialize, ToSchema)]
pub(crate) struct FirstNames {
    /// The first.
    #[schema(max_items = 2)]
    first: Vec<String>,
    /// How many there are.
    all: u32,
}

impl From<stored::Named> for FirstNames {
    fn from(stored::Named { first, all }: stored::Named) -> Self {
        Self { first, all }
    }
}

/// Hours of the day.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeWindow {
    /// From, `HH:MM`.
    from: String,
    /// Until, `HH:MM`; earlier than `from`: on the next day.
    until: String,
}

/// How many devices stand where.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeTally {
    /// All.
    all: u32,
    /// Wait.
    waiting: u32,
    /// Are being upgraded.
    under_way: u32,
    /// Run the new firmware.
    done: u32,
    /// Do not.
    failed: u32,
    /// Of those done: are worse off than before.
    got_worse: u32,
}

/// A device of an upgrade.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeDevice {
    /// The upgrade.
    #[schema(format = "uuid")]
    upgrade_id: String,
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name.
    device_name: String,
    /// Its model.
    model: String,
    /// Its site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// Its stage, from 0.
    stage: u32,
    /// Where it stands.
    state: UpgradeState,
    /// How far it is with that.
    percent: u8,
    /// Why it waits or failed: a code as in errors.
    #[schema(required = true)]
    reason_code: Option<String>,
    /// The firmwares to install, in their order.
    steps: Vec<UpgradeStep>,
    /// Which of them is under way, from 0.
    step: u32,
    /// What it ran before.
    from_version: String,
    /// What it is to run.
    to_version: String,
    /// How it was before; null until it is known.
    #[schema(required = true)]
    health_before: Option<UpgradeHealth>,
    /// How it was afterwards; null until it is known.
    #[schema(required = true)]
    health_after: Option<UpgradeHealth>,
    /// Whether it is worse off than before.
    got_worse: bool,
    /// What became of saving its configuration: `saved`, `expired`, or a code as in errors; null until it was tried.
    #[schema(required = true)]
    configuration: Option<String>,
    /// When it was begun.
    #[schema(required = true)]
    started_at: Option<DateTime<Utc>>,
    /// When it last went on.
    updated_at: DateTime<Utc>,
    /// When it came to its end.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

/// A firmware on the way.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeStep {
    /// The file.
    #[schema(format = "uuid")]
    pub(super) firmware_file_id: String,
    /// Its version.
    pub(super) version: String,
}

/// How a device was at one time.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeHealth {
    /// The word.
    health: DeviceHealth,
    /// What was wrong.
    exceptions: Vec<UpgradeException>,
}

/// What was wrong with a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeException {
    /// What.
    kind: ExceptionKind,
    /// With which part.
    part: String,
}

impl Upgrade {
    pub(super) fn new(upgrade: stored::Upgrade, tally: stored::Tally, contents: stored::Contents) -> Self {
        let window = upgrade.window.map(|window| {
            let (from, until) = window.written();
            UpgradeWindow { from, until }
        });
        Self {
            id: upgrade.id.to_string(),
            state: UpgradeStanding(upgrade.state),
            created_by: upgrade.created_by_name,
            created_at: upgrade.created_at,
            starts_at: upgrade.starts_at,
            window,
            waits_until: upgrade.waits_until,
            error_threshold: upgrade.error_threshold,
            stage: upgrade.stage,
            stages: upgrade.stages,
            devices: UpgradeTally {
                all: tally.devices,
                waiting: tally.devices.saturating_sub(tally.under_way + tally.done + tally.failed),
                under_way: tally.under_way,
                done: tally.done,
                failed: tally.failed,
                got_worse: tally.got_worse,
            },
            to_versions: contents.versions.into(),
            site_names: contents.sites.into(),
            ended_at: upgrade.ended_at,
        }
    }
}

impl From<stored::UpgradeDevice> for UpgradeDevice {
    fn from(device: stored::UpgradeDevice) -> Self {
        Self {
            upgrade_id: device.upgrade_id.to_string(),
            device_id: device.device_id.to_string(),
            device_name: device.device_name,
            model: device.model,
            site_id: device.site_id.to_string(),
            site_name: device.site_name,
            stage: device.stage,
            state: UpgradeState(device.state),
            percent: device.percent,
            reason_code: device.reason_code,
            steps: device.steps.into_iter().map(Into::into).collect(),
            step: device.step,
            from_version: device.from_version,
            to_version: device.to_version,
            health_before: device.health_before.map(Into::into),
            health_after: device.health_after.map(Into::into),
            got_worse: device.got_worse,
            configuration: device.configuration,
            started_at: device.started_at,
            updated_at: device.updated_at,
            ended_at: device.ended_at,
        }
    }
}

impl From<stored::Step> for UpgradeStep {
    fn from(step: stored::Step) -> Self {
        Self { firmware_file_id: step.file_id.to_string(), version: step.version }
    }
}

impl From<HealthMark> for UpgradeHealth {
    fn from(mark: HealthMark) -> Self {
        let exceptions = mark.exceptions.into_iter();
        Self {
            health: DeviceHealth(mark.health),
            exceptions: exceptions
                .map(|key| UpgradeException { kind: ExceptionKind(key.kind), part: key.part })
                .collect(),
        }
    }
}
