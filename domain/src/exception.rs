//! Exceptions: what is wrong with a device, opened once and closed once, with duration (R-H4).

mod panel;
mod storage;

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::health::Reachability;
use crate::observation::{Channel, ChannelSource};
use crate::words::words;

pub use panel::{from_panel, panel_tells};
pub use storage::{StorageSeen, from_disks, from_recording};

/// A clock that is off by more than so many seconds is wrong.
pub const CLOCK_DRIFT_SECONDS: u64 = 60;
/// A clock that was wrong is right again when it is off by no more than so many seconds.
pub const CLOCK_RIGHT_SECONDS: u64 = 30;
/// A device that started anew so often within a day does so too often.
pub const OFTEN_RESTARTS: usize = 3;
/// How long it is told that a device moved to another address.
pub const ADDRESS_CHANGE_TOLD: Duration = Duration::hours(24);

words! {
    /// A kind of exception. What each means, and what to do about it: docs/health.md.
    pub enum ExceptionKind {
        /// The device does not answer.
        DeviceOffline = "device_offline",
        /// The login is refused, locked out, or the certificate changed.
        LoginFailed = "login_failed",
        /// A disk reports an error, or its SMART test fails.
        DiskError = "disk_error",
        /// A disk is full, and the device does not overwrite what is old.
        DiskFull = "disk_full",
        /// A recorder has no disk at all, or none formatted.
        NoDisk = "no_disk",
        /// A channel has no picture.
        VideoLoss = "video_loss",
        /// A channel's camera is not connected.
        ChannelOffline = "channel_offline",
        /// A channel that should record does not.
        RecordingGap = "recording_gap",
        /// The device's clock is wrong.
        ClockDrift = "clock_drift",
        /// The device started anew again and again.
        RebootsOften = "reboots_often",
        /// The device moved to another address.
        AddressChanged = "address_changed",
        /// The case of a panel, a detector or something else on it is open.
        Tamper = "tamper",
        /// A battery is low or missing.
        LowBattery = "low_battery",
        /// An alarm panel runs without mains power.
        MainsLost = "mains_lost",
        /// One of a panel's ways to the outside does not work.
        PanelLinkDown = "panel_link_down",
        /// A panel does not hear the detector of a zone.
        ZoneFault = "zone_fault",
        /// A panel does not hear a siren, a keypad or something else.
        PeripheralOffline = "peripheral_offline",
        /// The device runs a firmware that is known to be vulnerable.
        FirmwareVulnerable = "firmware_vulnerable",
        /// The device did not come back after a firmware upgrade.
        OfflineAfterUpgrade = "offline_after_upgrade",
    }
}

words! {
    /// How much an exception matters, the gravest first.
    pub enum Severity {
        /// Something is not watched or not recorded: go there.
        Critical = "critical",
        /// It works still, and needs somebody's hand.
        Warning = "warning",
        /// Good to know.
        Info = "info",
    }
}

impl ExceptionKind {
    /// How much it matters.
    pub fn severity(self) -> Severity {
        match self {
            Self::DeviceOffline
            | Self::DiskError
            | Self::DiskFull
            | Self::NoDisk
            | Self::VideoLoss
            | Self::ChannelOffline
            | Self::RecordingGap
            | Self::Tamper
            | Self::MainsLost
            | Self::OfflineAfterUpgrade => Severity::Critical,
            Self::LoginFailed
            | Self::ClockDrift
            | Self::RebootsOften
            | Self::LowBattery
            | Self::PanelLinkDown
            | Self::ZoneFault
            | Self::PeripheralOffline
            | Self::FirmwareVulnerable => Severity::Warning,
            Self::AddressChanged => Severity::Info,
        }
    }

    /// Whether the part that it is about is a channel.
    pub fn is_of_channel(self) -> bool {
        matches!(self, Self::VideoLoss | Self::ChannelOffline | Self::RecordingGap)
    }

    /// Whether it makes a reached device *faulty*. Offline and login failed have states of their own; a device with a
    /// vulnerable firmware, a wrong clock or a new address works as it should.
    pub fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::DeviceOffline
                | Self::LoginFailed
                | Self::FirmwareVulnerable
                | Self::OfflineAfterUpgrade
                | Self::ClockDrift
                | Self::AddressChanged
        )
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

/// Whether a clock is wrong. One that `was_wrong` is so for longer, so that it does not waver at the limit.
pub fn is_clock_wrong(offset_seconds: i64, was_wrong: bool) -> bool {
    offset_seconds.unsigned_abs() > if was_wrong { CLOCK_RIGHT_SECONDS } else { CLOCK_DRIFT_SECONDS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own_and_comes_back() {
        for kind in ExceptionKind::ALL {
            assert_eq!(ExceptionKind::from_stored(kind.as_str()), Some(*kind));
        }
        assert!(Severity::Critical < Severity::Warning && Severity::Warning < Severity::Info);
    }

    #[test]
    fn a_clock_is_wrong_beyond_a_minute_either_way_and_right_within_half_of_it() {
        assert!(is_clock_wrong(61, false) && is_clock_wrong(-61, false) && !is_clock_wrong(60, false));
        assert!(is_clock_wrong(31, true) && !is_clock_wrong(-30, true) && is_clock_wrong(i64::MIN, false));
    }
}
