//! The handover pack: what a customer was handed, as it was at the instant of the acceptance (R-G3).
//!
//! It is put together once and never again: its JSON text is kept as it was written, and its SHA-256 stands in the access log, so
//! that a copy can be compared with it years later. It never holds a secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::company::Region;
use crate::device::DeviceKind;
use crate::exception::ExceptionKind;
use crate::firmware::Verdict;
use crate::handover::Asks;
use crate::health::DeviceHealth;
use crate::ids::{CompanyId, DeviceId, EndUserId, HandoverId, SiteId};
use crate::observation::DiskState;
use crate::panel_accounts::{AccountRole, PersonKind};
use crate::words::words;

/// The form of the pack, written into it.
pub const VERSION: u32 = 2;
/// Seconds that a clock may be off and still be called right.
pub const CLOCK_TOLERANCE_SECONDS: i64 = 60;

/// A handover pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverPack {
    /// The form: [`VERSION`] when it was made.
    pub version: u32,
    /// The invitation that was accepted.
    pub handover_id: HandoverId,
    /// The company that installed the site.
    pub company: PackCompany,
    /// The site.
    pub site: PackSite,
    /// Who accepted from whom, when and what.
    pub acceptance: Acceptance,
    /// The devices by name.
    pub devices: Vec<InstalledDevice>,
    /// What was looked at, and what came of it.
    pub checklist: Vec<CheckResult>,
    /// Who has an account on each alarm panel from the acceptance on.
    pub panels: Vec<PanelAccounts>,
}

/// The company that installed the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackCompany {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: Region,
}

/// The site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackSite {
    /// Its id.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// Its address; may be empty.
    pub address: String,
    /// Its time zone.
    pub time_zone: String,
}

/// Who accepted from whom, when and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// When it was accepted; everything in the pack is as of then.
    pub accepted_at: DateTime<Utc>,
    /// The owner's account.
    pub owner_id: EndUserId,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's address.
    pub owner_email: String,
    /// The name of who handed over, of the company's staff; may be empty where they had left.
    pub handed_over_by: String,
    /// When they invited the owner.
    pub invited_at: DateTime<Utc>,
    /// What the owner lets the company do.
    pub allowed: Asks,
}

/// A device as it was installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledDevice {
    /// Its id.
    pub id: DeviceId,
    /// Its name, or its host where it has none.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its model as it writes it; may be empty.
    pub model: String,
    /// Its short serial number.
    pub serial: Option<String>,
    /// Its hardware address.
    pub mac: Option<String>,
    /// Where it is in its network.
    pub address: String,
    /// Its firmware as it writes it; may be empty.
    pub firmware: String,
    /// What is known of that firmware.
    pub firmware_verdict: Verdict,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// How it was at the acceptance.
    pub baseline: Baseline,
}

/// How a device was, to compare with later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Its health.
    pub health: DeviceHealth,
    /// When it was last looked at.
    pub measured_at: Option<DateTime<Utc>>,
    /// Whether its health is monitored.
    pub monitored: bool,
    /// Whether it takes the platform's login; none where that is not known.
    pub login_accepted: Option<bool>,
    /// Channels, where it told of any: how many there are, and how many of them are online.
    pub channels: Option<(u32, u32)>,
    /// Its disks.
    pub disks: Vec<PackDisk>,
    /// Seconds that its clock was ahead.
    pub clock_offset_seconds: Option<i64>,
    /// Whether it calls its own password weak, or has the factory one.
    pub weak_password: Option<bool>,
    /// What was wrong with it.
    pub open_exceptions: Vec<PackException>,
}

/// A disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackDisk {
    /// The device's own name of it.
    pub name: String,
    /// Its state.
    pub state: DiskState,
    /// Its capacity in MB.
    pub capacity_mb: Option<u64>,
}

/// Something that was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackException {
    /// What.
    pub kind: ExceptionKind,
    /// With which part: a channel number or disk id; empty for the device itself.
    pub part: String,
}

/// Who has an account on an alarm panel from the acceptance on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelAccounts {
    /// The panel.
    pub device_id: DeviceId,
    /// Its name.
    pub name: String,
    /// Who has an account from the acceptance on.
    pub accounts: Vec<PackAccount>,
    /// When its accounts were last read to the end; none where they never were, where the last reading failed, or where one was under way.
    #[serde(default)]
    pub read_at: Option<DateTime<Utc>>,
    /// Accounts that were on it when it was last read, and that nobody has from the acceptance on. They come off with the next
    /// visits, those of nobody when a person orders it.
    #[serde(default)]
    pub still_there: Vec<LeftAccount>,
}

/// An account that was still on an alarm panel at the acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAccount {
    /// The user name on the panel.
    pub user_name: String,
    /// Whose it is; none where the platform did not make it.
    pub person: Option<PersonKind>,
    /// The person's name; may be empty.
    pub name: String,
}

/// An account on an alarm panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackAccount {
    /// Staff of the company, or an end user.
    pub person: PersonKind,
    /// The person's name.
    pub name: String,
    /// As what.
    pub role: AccountRole,
}

words! {
    /// What is looked at before a site is handed over.
    pub enum Check {
        /// Every device answers.
        Answers = "answers",
        /// Every device takes its login.
        Login = "login",
        /// Health monitoring is on.
        Monitored = "monitored",
        /// Every channel is online.
        Channels = "channels",
        /// Every disk is in order.
        Disks = "disks",
        /// Every clock is right.
        Clock = "clock",
        /// No password is weak or the factory one.
        Passwords = "passwords",
        /// No firmware has known vulnerabilities.
        Firmware = "firmware",
        /// Nothing else is wrong.
        NothingOpen = "nothing_open",
        /// Nobody of the company has an account on an alarm panel that the owner did not allow: as the panel was last read.
        PanelAccounts = "panel_accounts",
    }
}

words! {
    /// What came of a check.
    pub enum CheckOutcome {
        /// It is so.
        Passed = "passed",
        /// It is not so for the devices that are named.
        Failed = "failed",
        /// It is not known of the devices that are named.
        NotKnown = "not_known",
        /// There is nothing to look at.
        NothingToCheck = "nothing_to_check",
    }
}

words! {
    /// Why it is not known who is on an alarm panel.
    pub enum NotKnownBecause {
        /// Accounts that nobody should have any more were still on it.
        StillThere = "still_there",
        /// Its accounts were not read, or not to the end.
        NotRead = "not_read",
    }
}

/// A check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The check.
    pub check: Check,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// Devices that it failed for, or of which it is not known.
    pub devices: Vec<DeviceId>,
    /// Why it is not known, of accounts on alarm panels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<NotKnownBecause>,
}

impl HandoverPack {
    /// The text that is kept: the same pack gives the same text.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a kept text.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The name of a device of the pack; empty where it has none such.
    pub fn name_of(&self, id: &DeviceId) -> &str {
        self.devices.iter().find(|device| device.id == *id).map_or("", |device| &device.name)
    }
}

impl Check {
    /// What it says of a device; the outer `None`: there is nothing to look at, the inner: it is not known.
    #[expect(clippy::option_option, reason = "not to be asked and not known are two things in a checklist")]
    fn of(self, device: &InstalledDevice) -> Option<Option<bool>> {
        let baseline = &device.baseline;
        match self {
            Self::Answers => Some(match baseline.health {
                DeviceHealth::Unknown => None,
                health => Some(health != DeviceHealth::Offline),
            }),
            Self::Login => Some(baseline.login_accepted),
            Self::Monitored => Some(Some(baseline.monitored)),
            Self::Channels => baseline.channels.map(|(all, online)| Some(online >= all)),
            Self::Disks => {
                let states: Vec<DiskState> =
                    baseline.disks.iter().map(|disk| disk.state).filter(|state| *state != DiskState::Empty).collect();
                if states.is_empty() {
                    return None;
                }
                let bad = states.iter().any(|state| matches!(state, DiskState::Error | DiskState::Unformatted));
                let unknown = states.contains(&DiskState::Unknown);
                Some(if bad { Some(false) } else { (!unknown).then_some(true) })
            }
            Self::Clock => baseline.clock_offset_seconds.map(|offset| Some(offset.abs() <= CLOCK_TOLERANCE_SECONDS)),
            Self::Passwords => baseline.weak_password.map(|weak| Some(!weak)),
            Self::Firmware => Some(match device.firmware_verdict {
                Verdict::Vulnerable => Some(false),
                Verdict::Fixed | Verdict::NotListed => Some(true),
                Verdict::Review | Verdict::Unknown => None,
            }),
            Self::NothingOpen => Some(Some(baseline.open_exceptions.is_empty())),
            Self::PanelAccounts => None,
        }
    }
}

/// Goes through the checklist.
pub fn checklist(devices: &[InstalledDevice], panels: &[PanelAccounts], allowed: &Asks) -> Vec<CheckResult> {
    Check::ALL
        .iter()
        .map(|check| {
            let answers: Vec<(DeviceId, Option<bool>)> = if *check == Check::PanelAccounts {
                panels.iter().map(|panel| (panel.device_id.clone(), panel.is_clean(allowed))).collect()
            } else {
                devices.iter().filter_map(|device| Some((device.id.clone(), check.of(device)?))).collect()
            };
            let mut result = result(*check, &answers);
            if *check == Check::PanelAccounts && result.outcome == CheckOutcome::NotKnown {
                result.because = because(panels);
            }
            result
        })
        .collect()
}

impl PanelAccounts {
    /// Whether nobody stays on it unasked; `None`: that is not known yet.
    fn is_clean(&self, allowed: &Asks) -> Option<bool> {
        let is_customers = |account: &PackAccount| account.person == PersonKind::EndUser;
        if !allowed.site && !self.accounts.iter().all(is_customers) {
            return Some(false);
        }
        (self.read_at.is_some() && self.still_there.is_empty()).then_some(true)
    }
}

fn because(panels: &[PanelAccounts]) -> Vec<NotKnownBecause> {
    let still_there = panels.iter().any(|panel| !panel.still_there.is_empty());
    let not_read = panels.iter().any(|panel| panel.read_at.is_none());
    let each = [(still_there, NotKnownBecause::StillThere), (not_read, NotKnownBecause::NotRead)];
    each.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| why).collect()
}

fn result(check: Check, answers: &[(DeviceId, Option<bool>)]) -> CheckResult {
    let those = |wanted: Option<bool>| -> Vec<DeviceId> {
        answers.iter().filter(|(_, answer)| *answer == wanted).map(|(id, _)| id.clone()).collect()
    };
    let (failed, unknown) = (those(Some(false)), those(None));
    let (outcome, devices) = if answers.is_empty() {
        (CheckOutcome::NothingToCheck, Vec::new())
    } else if !failed.is_empty() {
        (CheckOutcome::Failed, failed)
    } else if !unknown.is_empty() {
        (CheckOutcome::NotKnown, unknown)
    } else {
        (CheckOutcome::Passed, Vec::new())
    };
    CheckResult { check, outcome, devices, because: Vec::new() }
}

#[cfg(test)]
mod tests;
