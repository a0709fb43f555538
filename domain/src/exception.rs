//! Exceptions: what is wrong with a device, opened once and closed once, with duration (R-H4).

use serde::{Deserialize, Serialize};

use crate::health::Reachability;
use crate::observation::{Channel, ChannelSource, Disk, DiskState};

/// A kind of exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// The device does not answer.
    DeviceOffline,
    /// The login is refused, locked out, or the certificate changed.
    LoginFailed,
    /// A disk reports an error.
    DiskError,
    /// A recorder has no disk at all, or none formatted.
    NoDisk,
    /// A channel has no picture.
    VideoLoss,
    /// A channel's camera is not connected.
    ChannelOffline,
    /// The device runs a firmware that is known to be vulnerable.
    FirmwareVulnerable,
}

impl ExceptionKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::DeviceOffline,
        Self::LoginFailed,
        Self::DiskError,
        Self::NoDisk,
        Self::VideoLoss,
        Self::ChannelOffline,
        Self::FirmwareVulnerable,
    ];

    /// The kind as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeviceOffline => "device_offline",
            Self::LoginFailed => "login_failed",
            Self::DiskError => "disk_error",
            Self::NoDisk => "no_disk",
            Self::VideoLoss => "video_loss",
            Self::ChannelOffline => "channel_offline",
            Self::FirmwareVulnerable => "firmware_vulnerable",
        }
    }

    /// Reads a stored kind.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it makes a reached device *faulty*. Offline and login failed have states of their own, and a vulnerable
    /// firmware works as it should.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::DeviceOffline | Self::LoginFailed | Self::FirmwareVulnerable)
    }
}

/// What is wrong, and with which part: at most one open exception of a key a device.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExceptionKey {
    /// What is wrong.
    pub kind: ExceptionKind,
    /// The part: a channel number or disk id as text; empty for the device itself.
    pub part: String,
}

impl ExceptionKey {
    /// An exception of the device itself.
    pub fn of_device(kind: ExceptionKind) -> Self {
        Self { kind, part: String::new() }
    }

    /// An exception of a part of it.
    pub fn of_part(kind: ExceptionKind, part: impl Into<String>) -> Self {
        Self { kind, part: part.into() }
    }
}

/// Exceptions that follow from reachability: offline or login failed, or none.
pub fn from_reachability(reachability: &Reachability) -> Option<ExceptionKey> {
    match reachability {
        Reachability::Ok | Reachability::TooManySessions => None,
        Reachability::Unreachable { .. } => Some(ExceptionKey::of_device(ExceptionKind::DeviceOffline)),
        Reachability::LoginRefused { .. }
        | Reachability::Locked { .. }
        | Reachability::CertificateChanged { .. }
        | Reachability::NotActivated => Some(ExceptionKey::of_device(ExceptionKind::LoginFailed)),
    }
}

/// Exceptions that follow from a list of channels.
pub fn from_channels(channels: &[Channel]) -> Vec<ExceptionKey> {
    channels
        .iter()
        .filter_map(|channel| {
            let part = channel.number.to_string();
            if channel.online == Some(false) && channel.source == ChannelSource::Ip {
                Some(ExceptionKey::of_part(ExceptionKind::ChannelOffline, part))
            } else if channel.video_loss == Some(true) {
                Some(ExceptionKey::of_part(ExceptionKind::VideoLoss, part))
            } else {
                None
            }
        })
        .collect()
}

/// Exceptions that follow from a list of disks. An empty bay is not a fault; a recorder
/// (`needs_disk`) with nothing usable is.
pub fn from_disks(disks: &[Disk], needs_disk: bool) -> Vec<ExceptionKey> {
    let mut found: Vec<ExceptionKey> = disks
        .iter()
        .filter(|disk| disk.state == DiskState::Error)
        .map(|disk| ExceptionKey::of_part(ExceptionKind::DiskError, disk.id.clone()))
        .collect();
    let any = disks.iter().any(|disk| !matches!(disk.state, DiskState::Empty | DiskState::Unformatted));
    if needs_disk && !any {
        found.push(ExceptionKey::of_device(ExceptionKind::NoDisk));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(id: &str, word: &str) -> Disk {
        Disk {
            id: id.into(),
            name: format!("hdd{id}"),
            kind: "hdd".into(),
            state: DiskState::read(word),
            raw_state: word.into(),
            capacity_mb: None,
            free_mb: None,
        }
    }

    #[test]
    fn a_failed_disk_is_an_exception_and_an_empty_bay_is_not() {
        let found = from_disks(&[disk("1", "ok"), disk("2", "notexist"), disk("3", "smartFailed")], true);
        assert_eq!(found, vec![ExceptionKey::of_part(ExceptionKind::DiskError, "3")]);
    }

    #[test]
    fn a_recorder_without_any_usable_disk_says_so() {
        assert_eq!(from_disks(&[], true), vec![ExceptionKey::of_device(ExceptionKind::NoDisk)]);
        assert_eq!(from_disks(&[], false), vec![]);
    }
}
