//! Upgrading the firmware of a device (R-H7): its configuration, the file, and how far it is.
//!
//! Sources: an upload by PUT in two implementations and a hardware report, by POST in a vendor's guide; the body is the file
//! itself, labelled `application/octet-stream`. That the configuration can be read at `configurationData` is not confirmed on
//! hardware. A device restarts by itself or says that it wants to be restarted.
//!
//! Nothing here decides whether a device has a file already: whoever sends one looks at the device first.

mod progress;

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use siteward_domain::observation::Identity;

use crate::call_error::CallError;
use crate::http::{DeviceClient, Limits, Package};
use crate::isapi::outcome::refused_for;
use crate::isapi::{info, outcome, read_answer, text_of};

pub use progress::Progress;

const UPLOAD: &str = "/ISAPI/System/updateFirmware";
const PROGRESS: &str = "/ISAPI/System/upgradeStatus";
const CONFIGURATION: &str = "/ISAPI/System/configurationData";

/// Bytes of a configuration at most.
pub const MOST_CONFIGURATION_BYTES: usize = 4 * 1024 * 1024;
/// A file may be on its way for so long.
const LONGEST_UPLOAD: Duration = Duration::from_secs(45 * 60);
/// So long may a device take nothing of it.
const LONGEST_STALL: Duration = Duration::from_secs(60);
/// So long may it take to answer when it has all of it: it looks through the file first.
const LONGEST_ANSWER: Duration = Duration::from_secs(5 * 60);
const WATCH: Duration = Duration::from_millis(500);

/// How a device is in the eyes of somebody who upgrades it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Who it is, and what it runs.
    pub identity: Identity,
    /// How far it is with an upgrade; `None` where it does not tell.
    pub progress: Option<Progress>,
}

/// A device that took a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// It does not restart by itself.
    pub needs_reboot: bool,
}

/// Why a device did not take a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpgradeError {
    /// The file is for another language or region.
    #[error("the file is for another language or region")]
    LanguageMismatch,
    /// The file is broken, or none for this device.
    #[error("the device does not take this file for a firmware of its own")]
    BadPackage,
    /// The device runs it already.
    #[error("the device runs this firmware already")]
    NotNeeded,
    /// The device is being upgraded by somebody else.
    #[error("the device is being upgraded already")]
    Upgrading,
    /// The account may not.
    #[error("the account may not upgrade the device")]
    LowPrivilege,
    /// The device wants another version first.
    #[error("the device does not go from its version to this one")]
    VersionMismatch,
    /// The device cannot be upgraded over the network.
    #[error("the device cannot be upgraded over the network")]
    NotSupported,
    /// All of it was sent and no answer came: whether the device has it is not known.
    #[error("the answer of the device got lost")]
    AnswerLost,
    /// The device does not have it.
    #[error(transparent)]
    Call(CallError),
}

impl UpgradeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::LanguageMismatch => "firmware_language_mismatch",
            Self::BadPackage => "firmware_package_bad",
            Self::NotNeeded => "upgrade_not_needed",
            Self::Upgrading => "device_upgrading",
            Self::LowPrivilege => "device_low_privilege",
            Self::VersionMismatch => "firmware_version_mismatch",
            Self::NotSupported => "device_not_supported",
            Self::AnswerLost => "upgrade_answer_lost",
            Self::Call(CallError::BadAnswer { what: "package_unreadable" }) => "firmware_file_missing",
            Self::Call(error) => error.code(),
        }
    }
}

/// Looks at a device: what it runs, and whether it is being upgraded.
pub async fn look(client: &mut DeviceClient) -> Result<Look, CallError> {
    let identity = read_answer(&client.get(info::PATH).await?, info::read)?;
    let progress = match read_answer(&client.get(PROGRESS).await?, progress::read) {
        Ok(progress) => Some(progress),
        Err(
            CallError::NotSupported | CallError::LowPrivilege | CallError::BadAnswer { .. } | CallError::Refused { .. },
        ) => None,
        Err(error) => return Err(error),
    };
    Ok(Look { identity, progress })
}

/// The device's configuration as it exports it, for the day that it is lost. [`CallError::NotSupported`] where it does not.
pub async fn configuration(client: &mut DeviceClient) -> Result<Bytes, CallError> {
    let usual = client.limits();
    let call = usual.call.max(Duration::from_secs(30));
    client.set_limits(Limits { body_bytes: MOST_CONFIGURATION_BYTES, call, ..usual });
    let answered = client.get(CONFIGURATION).await;
    client.set_limits(usual);
    let answer = answered?;
    let is_refusal = answer.status != 200 || answer.body.is_empty() || text_of(&answer.body).contains("ResponseStatus");
    if is_refusal {
        read_answer(&answer, |_| None::<()>)?;
    }
    Ok(answer.body)
}

/// Sends a file: by PUT, and by POST where the device knows no PUT. `package` tells meanwhile how much was sent.
pub async fn send(client: &mut DeviceClient, package: &Package) -> Result<Accepted, UpgradeError> {
    match send_by(client, Method::PUT, package).await {
        Err(UpgradeError::NotSupported) => send_by(client, Method::POST, package).await,
        ended => ended,
    }
}

async fn send_by(client: &mut DeviceClient, method: Method, package: &Package) -> Result<Accepted, UpgradeError> {
    let sending = client.send_package(method, UPLOAD, package, LONGEST_UPLOAD);
    let answered = tokio::select! {
        answered = sending => answered,
        () = stalled(package) => Err(CallError::Unreachable { reason: "timeout" }),
    };
    client.drop_connection();
    match answered {
        Ok(answer) => match outcome::read(&answer) {
            Ok(done) => Ok(Accepted { needs_reboot: done.needs_reboot }),
            Err(error) => Err(judge(error)),
        },
        Err(CallError::Unreachable { .. } | CallError::BadAnswer { what: "not_http" })
            if package.sent() >= package.size() =>
        {
            Err(UpgradeError::AnswerLost)
        }
        Err(error) => Err(UpgradeError::Call(error)),
    }
}

/// Ends when the device takes nothing any more, or has everything and says nothing.
async fn stalled(package: &Package) {
    let mut seen = (package.sent(), tokio::time::Instant::now());
    loop {
        tokio::time::sleep(WATCH).await;
        let sent = package.sent();
        if sent != seen.0 {
            seen = (sent, tokio::time::Instant::now());
        }
        let longest = if sent >= package.size() { LONGEST_ANSWER } else { LONGEST_STALL };
        if seen.1.elapsed() > longest {
            return;
        }
    }
}

fn judge(error: CallError) -> UpgradeError {
    let is = |word: &str| refused_for(&error, &[word]);
    if is("updateLangUnmatched") || is("languageMismatch") {
        UpgradeError::LanguageMismatch
    } else if is("badUpgradePackage") || is("packageTypeMismatch") {
        UpgradeError::BadPackage
    } else if is("noNeedUpgrade") {
        UpgradeError::NotNeeded
    } else if is("upgrading") {
        UpgradeError::Upgrading
    } else if is("versionMismatch") || is("packageVersionMismatch") {
        UpgradeError::VersionMismatch
    } else {
        match error {
            CallError::LowPrivilege => UpgradeError::LowPrivilege,
            CallError::NotSupported => UpgradeError::NotSupported,
            error => UpgradeError::Call(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status_code: u32, word: &str) -> UpgradeError {
        judge(CallError::Refused { status_code, sub_status_code: word.to_owned() })
    }

    #[test]
    fn each_refusal_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> = [
            judged(4, "updateLangUnmatched"),
            judged(6, "BADUPGRADEPACKAGE"),
            judged(4, "noNeedUpgrade"),
            judged(2, "upgrading"),
            judged(6, "versionMismatch"),
            judge(CallError::LowPrivilege),
            judge(CallError::NotSupported),
            judged(3, "deviceError"),
        ]
        .iter()
        .map(UpgradeError::code)
        .collect();
        assert_eq!(codes.len(), 8, "{codes:?}");
    }
}
