//! Upgrades of firmware (R-H7): where one stands, when a device may begin, in which stages devices follow each other,
//! and whether a device is worse off afterwards.

mod window;

use serde::{Deserialize, Serialize};

use crate::exception::{ExceptionKey, ExceptionKind};
use crate::health::DeviceHealth;
use crate::words::words;

pub use window::{BadWindow, Window};

/// Devices of one upgrade at most.
pub const MOST_DEVICES: usize = 1000;
/// Hours for which devices that are offline are waited for, unless told.
pub const WAITS_HOURS: u32 = 72;
/// Hours for which they are waited for at most.
pub const MOST_WAITS_HOURS: u32 = 30 * 24;
/// Devices of a stage after the canaries, unless told.
pub const STAGE_DEVICES: usize = 50;

words! {
    /// Where the upgrade of one device stands.
    pub enum UpgradeState {
        /// For its stage, the time of the schedule, or a free place.
        Waiting = "waiting",
        /// For the device to be online.
        WaitingOnline = "waiting_online",
        /// The device is looked at, and its configuration saved.
        Preparing = "preparing",
        /// The file is on its way.
        Sending = "sending",
        /// The device writes it.
        Installing = "installing",
        /// The device is away.
        Restarting = "restarting",
        /// It is back; its health is compared.
        Checking = "checking",
        /// It runs the new firmware.
        Done = "done",
        /// It does not.
        Failed = "failed",
    }
}

impl UpgradeState {
    /// Whether nothing follows.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }

    /// Whether the device has not been touched: it can still be left as it is.
    pub fn is_untouched(self) -> bool {
        matches!(self, Self::Waiting | Self::WaitingOnline | Self::Preparing)
    }
}

words! {
    /// Where an upgrade of one or many devices stands.
    pub enum UpgradeStanding {
        /// It runs, or waits for its time.
        Running = "running",
        /// Too many devices went wrong: no more begin until a person decides.
        Stopped = "stopped",
        /// A person ended it.
        Cancelled = "cancelled",
        /// Every device came to an end.
        Ended = "ended",
    }
}

/// In which order devices are upgraded, and what stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stages {
    /// Devices of the first stage.
    pub canaries: usize,
    /// Devices of each stage after it.
    pub then: usize,
    /// So many devices that went wrong stop it.
    pub error_threshold: usize,
}

impl Stages {
    /// What is sensible for so many devices: one is no roll-out; of more, a tenth goes first, and the first error stops.
    pub fn sensible(devices: usize) -> Self {
        Self { canaries: devices.div_ceil(10).max(1), then: STAGE_DEVICES, error_threshold: 1 }
    }

    /// The stage of each of so many devices, from 0.
    pub fn of(&self, devices: usize) -> Vec<usize> {
        let (first, then) = (self.canaries.max(1), self.then.max(1));
        (0..devices).map(|place| if place < first { 0 } else { 1 + (place - first) / then }).collect()
    }
}

/// How a device was at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthMark {
    /// The word.
    pub health: DeviceHealth,
    /// What was wrong.
    pub exceptions: Vec<ExceptionKey>,
}

impl HealthMark {
    /// What is wrong after an upgrade and was not before. Restarts belong to it, and its firmware is judged elsewhere.
    pub fn new_after<'a>(&'a self, after: &'a Self) -> impl Iterator<Item = &'a ExceptionKey> {
        let expected = [ExceptionKind::FirmwareVulnerable, ExceptionKind::RebootsOften];
        after.exceptions.iter().filter(move |key| !expected.contains(&key.kind) && !self.exceptions.contains(key))
    }

    /// Whether the device is worse off afterwards.
    pub fn is_worse_after(&self, after: &Self) -> bool {
        self.new_after(after).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canaries_go_first_and_the_rest_follows_in_stages() {
        let stages = Stages { canaries: 3, then: 4, error_threshold: 1 };
        assert_eq!(stages.of(9), [0, 0, 0, 1, 1, 1, 1, 2, 2]);
        assert_eq!(Stages::sensible(30).of(30).iter().filter(|stage| **stage == 0).count(), 3);
        assert_eq!(Stages::sensible(1).of(1), [0]);
        assert!(stages.of(0).is_empty());
    }

    #[test]
    fn only_what_was_not_wrong_before_makes_it_worse() {
        let mark = |kinds: &[ExceptionKind]| HealthMark {
            health: DeviceHealth::Healthy,
            exceptions: kinds.iter().copied().map(ExceptionKey::of_device).collect(),
        };
        let before = mark(&[ExceptionKind::DiskError]);
        assert!(!before.is_worse_after(&mark(&[ExceptionKind::DiskError, ExceptionKind::RebootsOften])));
        assert!(!before.is_worse_after(&mark(&[])));
        assert!(before.is_worse_after(&mark(&[ExceptionKind::DiskError, ExceptionKind::VideoLoss])));
    }
}
