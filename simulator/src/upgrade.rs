//! Firmware upgrades: a file comes in, is looked at, is written while the progress can be asked for, and the device restarts.
//!
//! Written from the protocol notes: an upload by PUT or POST, `upgradeStatus`, statusCode 7 for a device that wants to be
//! restarted, and the words of refusal. What the files themselves look like is not known; here they begin with a line of
//! JSON, see [`Package`].

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::answers::{JSON, XML};
use crate::change::Change;
use crate::device::{Device, count, held};
use crate::documents::refusal::{response_status, status_code};
use crate::network;
use crate::profile::Profile;
use crate::wire::Request;

const UPLOAD: &str = "/ISAPI/System/updateFirmware";
const STATUS: &str = "/ISAPI/System/upgradeStatus";
const CONFIGURATION: &str = "/ISAPI/System/configurationData";
/// What a file of a simulated device begins with.
const MAGIC: &[u8] = b"SIMULATED-FIRMWARE ";
/// Largest file that is read.
pub(crate) const LARGEST_FILE: usize = 256 * 1024 * 1024;
/// How long writing takes unless told.
const WRITES: Duration = Duration::from_millis(500);

/// A firmware file of simulated devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The models that it is for.
    pub models: Vec<String>,
    /// The language that it is for: the last two of the four letters in long serial numbers.
    pub language: String,
    /// Version and build, e.g. `V5.4.41 build 170312`.
    pub version: String,
    /// The oldest version that it can be installed on; absent: any.
    #[serde(default)]
    pub from: Option<String>,
}

impl Package {
    /// The file, filled up to so many bytes.
    pub fn bytes(&self, size: usize) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(serde_json::to_vec(self).unwrap_or_default());
        bytes.push(b'\n');
        bytes.resize(size.max(bytes.len()), 0x5a);
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        serde_json::from_slice(rest.get(..end)?).ok()
    }
}

/// What goes wrong with the next upgrades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpgradeFault {
    /// It goes off while it writes, and stays off; it then has the old firmware.
    PowerCut,
    /// It restarts and never comes back.
    NeverBack,
    /// It restarts with the old firmware.
    KeepsOld,
    /// It does not restart by itself: statusCode 7.
    NeedsReboot,
    /// It knows POST only.
    NoPut,
    /// Its account may not.
    LowPrivilege,
    /// It takes no file for one of its own.
    BadPackage,
    /// It takes the file and says nothing.
    AnswerLost,
}

/// A change of how it is upgraded.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpgradeChange {
    /// What goes wrong; `"none"` in JSON, for nothing.
    pub fault: Option<Fault>,
    /// Milliseconds that writing takes.
    pub writes_ms: Option<u64>,
    /// Another language.
    pub language: Option<String>,
}

/// A fault, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", untagged)]
pub enum Fault {
    /// This one.
    Some(UpgradeFault),
    /// None.
    None(NoFault),
}

/// The word for no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoFault {
    /// Nothing goes wrong.
    None,
}

/// How it is upgraded, for tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpgradeView {
    /// Files that came in whole, refused ones among them.
    pub received: u32,
    /// Those that it took.
    pub taken: u32,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Firmwares installed.
    pub installed: u32,
    /// Whether it is writing one.
    pub upgrading: bool,
    /// Its language.
    pub language: String,
}

/// How far a device is with an upgrade.
pub(crate) struct Upgrade {
    fault: Option<UpgradeFault>,
    writes: Duration,
    language: String,
    stage: Stage,
    /// Rises with every file taken, so that what was begun before knows that it is over.
    generation: u64,
    received: u32,
    taken: u32,
    bytes: u64,
    installed: u32,
}

enum Stage {
    Idle,
    Writing {
        since: Instant,
    },
    /// Written; it counts from the next start on.
    Ready(Package),
}

impl Upgrade {
    pub(crate) fn new(letters: &str) -> Self {
        Self {
            fault: None,
            writes: WRITES,
            language: letters.get(2..4).unwrap_or("WR").to_owned(),
            stage: Stage::Idle,
            generation: 0,
            received: 0,
            taken: 0,
            bytes: 0,
            installed: 0,
        }
    }

    pub(crate) fn change(&mut self, change: &UpgradeChange) {
        match change.fault {
            Some(Fault::Some(fault)) => self.fault = Some(fault),
            Some(Fault::None(_)) => self.fault = None,
            None => {}
        }
        if let Some(milliseconds) = change.writes_ms {
            self.writes = Duration::from_millis(milliseconds);
        }
        if let Some(language) = &change.language {
            self.language.clone_from(language);
        }
    }

    /// The power is gone: what was being written is lost.
    pub(crate) fn power_lost(&mut self) {
        self.stage = Stage::Idle;
        self.generation += 1;
    }

    pub(crate) fn view(&self) -> UpgradeView {
        UpgradeView {
            received: self.received,
            taken: self.taken,
            bytes: self.bytes,
            installed: self.installed,
            upgrading: matches!(self.stage, Stage::Writing { .. }),
            language: self.language.clone(),
        }
    }

    fn percent(&self, now: Instant) -> u64 {
        match &self.stage {
            Stage::Idle => 0,
            Stage::Ready(_) => 100,
            Stage::Writing { since } => {
                let spent = now.saturating_duration_since(*since).as_millis() * 100;
                let percent = spent / self.writes.as_millis().max(1);
                u64::try_from(percent).unwrap_or(99).min(99)
            }
        }
    }
}

/// An answer: status, content type, body.
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
    /// The connection ends without an answer.
    pub(crate) silent: bool,
}

/// Whether a request may be as large as a file.
pub(crate) fn takes_files(target: &str) -> bool {
    path(target) == UPLOAD
}

/// Answers what belongs to upgrades, of somebody who is let in; `None` for everything else.
pub(crate) fn answer(device: &Arc<Device>, request: &Request<'_>) -> Option<Told> {
    let told = |status: u16, code: u8, word: &str| {
        let (content_type, body) = response_status(device, request.target, code, word);
        Told { status, content_type, body: body.into_bytes(), silent: false }
    };
    match (request.method, path(request.target)) {
        ("GET", STATUS) => Some(progress(device, request.target)),
        ("GET", CONFIGURATION) => Some(match device.identity.profile {
            Profile::CameraOld | Profile::Thermal => told(403, 4, "notSupport"),
            _ => Told {
                status: 200,
                content_type: "application/octet-stream",
                body: format!("CONFIGURATION OF {}\n\u{1}\u{2}", device.identity.short_serial).into_bytes(),
                silent: false,
            },
        }),
        ("PUT", UPLOAD) if held(&device.upgrade).fault == Some(UpgradeFault::NoPut) => {
            Some(told(403, 4, "methodNotAllowed"))
        }
        ("PUT" | "POST", UPLOAD) => Some(match receive(device, request.body) {
            Ok(None) => told(200, 1, "ok"),
            Ok(Some(UpgradeFault::NeedsReboot)) => told(200, 7, "rebootRequired"),
            Ok(Some(_)) => Told { silent: true, ..told(200, 1, "ok") },
            Err(word) => {
                count(&device.tallies.writes_refused);
                told(if word == "lowPrivilege" { 403 } else { 400 }, status_code(word), word)
            }
        }),
        _ => None,
    }
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

fn progress(device: &Device, target: &str) -> Told {
    let upgrade = held(&device.upgrade);
    let (percent, upgrading) = (upgrade.percent(Instant::now()), matches!(upgrade.stage, Stage::Writing { .. }));
    let reboot = matches!(upgrade.stage, Stage::Ready(_));
    if target.contains("format=json") {
        let word = |yes: bool| if yes { "TRUE" } else { "FALSE" };
        let body = serde_json::json!({ "upgradeStatus": {
            "upgrading": word(upgrading), "percent": percent, "reboot": word(reboot),
        } });
        return Told { status: 200, content_type: JSON, body: body.to_string().into_bytes(), silent: false };
    }
    let reboot = if reboot { "<reboot>true</reboot>" } else { "" };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<upgradeStatus version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n\
         <upgrading>{upgrading}</upgrading>\n<percent>{percent}</percent>\n{reboot}</upgradeStatus>\n"
    );
    Told { status: 200, content_type: XML, body: body.into_bytes(), silent: false }
}

/// Takes a file, or says why not; with the fault that changes the answer.
fn receive(device: &Arc<Device>, bytes: &[u8]) -> Result<Option<UpgradeFault>, &'static str> {
    let runs = device.firmware();
    let mut upgrade = held(&device.upgrade);
    if bytes.is_empty() {
        return Err("badUpgradePackage");
    }
    upgrade.received += 1;
    upgrade.bytes += bytes.len() as u64;
    if upgrade.fault == Some(UpgradeFault::LowPrivilege) {
        return Err("lowPrivilege");
    }
    if !matches!(upgrade.stage, Stage::Idle) {
        return Err("upgrading");
    }
    let package = Package::read(bytes).filter(|_| upgrade.fault != Some(UpgradeFault::BadPackage));
    let package = package.ok_or("badUpgradePackage")?;
    if !package.models.iter().any(|model| model == device.identity.model.title) {
        return Err("badUpgradePackage");
    }
    if package.language != upgrade.language {
        return Err("updateLangUnmatched");
    }
    if package.version == format!("{} {}", runs.0, runs.1) {
        return Err("noNeedUpgrade");
    }
    if package.from.as_deref().is_some_and(|from| numbers(&runs.0) < numbers(from)) {
        return Err("versionMismatch");
    }
    count(&device.tallies.writes);
    upgrade.taken += 1;
    upgrade.generation += 1;
    upgrade.stage = Stage::Writing { since: Instant::now() };
    let (generation, writes) = (upgrade.generation, upgrade.writes);
    let fault = upgrade.fault;
    drop(upgrade);
    tokio::spawn(write(Arc::clone(device), package, generation, writes));
    Ok(fault.filter(|fault| matches!(fault, UpgradeFault::NeedsReboot | UpgradeFault::AnswerLost)))
}

fn numbers(version: &str) -> Vec<u32> {
    let version = version.trim_start_matches('V').split(' ').next().unwrap_or_default();
    version.split('.').filter_map(|part| part.parse().ok()).collect()
}

/// Writes the firmware and restarts, unless the power goes away meanwhile.
async fn write(device: Arc<Device>, package: Package, generation: u64, writes: Duration) {
    tokio::time::sleep(writes / 2).await;
    if held(&device.upgrade).fault == Some(UpgradeFault::PowerCut) {
        held(&device.upgrade).power_lost();
        held(&device.condition).power = false;
        network::switch_off(&device).await;
        network::disconnect(&device);
        return;
    }
    tokio::time::sleep(writes / 2).await;
    let fault = {
        let mut upgrade = held(&device.upgrade);
        if upgrade.generation != generation {
            return;
        }
        let fault = upgrade.fault;
        upgrade.stage = match fault {
            Some(UpgradeFault::KeepsOld) => Stage::Idle,
            _ => Stage::Ready(package),
        };
        fault
    };
    match fault {
        Some(UpgradeFault::NeedsReboot) => {}
        Some(UpgradeFault::NeverBack) => {
            held(&device.condition).power = false;
            network::reboot(&device);
        }
        _ => network::reboot(&device),
    }
}

/// The device restarts: what was written counts from now on, what was being written is lost.
pub(crate) fn restarted(device: &Device) {
    let mut upgrade = held(&device.upgrade);
    let stage = std::mem::replace(&mut upgrade.stage, Stage::Idle);
    upgrade.generation += 1;
    if let Stage::Ready(package) = stage {
        upgrade.installed += 1;
        drop(upgrade);
        held(&device.setup).change(&Change { firmware: Some(package.version), ..Change::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_tells_what_it_is_for_and_anything_else_is_none() {
        let package = Package {
            models: vec!["DS-2CD2032-I".into()],
            language: "WR".into(),
            version: "V5.4.41 build 170312".into(),
            from: None,
        };
        let bytes = package.bytes(1000);
        assert_eq!((bytes.len(), Package::read(&bytes)), (1000, Some(package)));
        assert_eq!(Package::read(b"SWKH"), None);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(numbers("V5.3.4") < numbers("V5.4.0"));
        assert!(numbers("V5.4.41 build 170312") > numbers("V5.4.5"));
    }
}
