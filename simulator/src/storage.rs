//! What is the matter with a device's disks and recordings, and how that is changed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A change of disks and recordings: only what is given changes.
#[derive(Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageChange {
    /// What the check of its first disk says.
    pub smart: Option<Smart>,
    /// Degrees Celsius of its first disk; each further one is two degrees warmer.
    pub temperature: Option<i32>,
    /// Whether what is old is overwritten when the disks are full.
    pub overwrites: Option<bool>,
    /// Whether there is a bay without a disk behind those that have one.
    pub empty_bay: Option<bool>,
    /// Channels that are not being recorded, though they are set to.
    pub not_recording: Option<BTreeSet<u32>>,
    /// Whether it is set to record on motion only.
    pub on_motion: Option<bool>,
    /// Days that its recordings go back; 0: there is none.
    pub recorded_days: Option<u32>,
    /// Bytes of a second of a recording.
    pub recorded_bytes: Option<u32>,
}

/// What a disk's own check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Smart {
    /// The disk is well.
    Good,
    /// It has bad sectors.
    BadSectors,
    /// It fails.
    Failing,
}

impl Smart {
    /// The device's words, of the disk and of the device.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => ("ok", "functional"),
            Self::BadSectors => ("ok", "badsectors"),
            Self::Failing => ("error", "fault"),
        }
    }
}

/// How disks and recordings are.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) smart: Smart,
    pub(crate) temperature: i32,
    pub(crate) overwrites: bool,
    pub(crate) empty_bay: bool,
    pub(crate) not_recording: BTreeSet<u32>,
    pub(crate) on_motion: bool,
    pub(crate) recorded_days: u32,
    pub(crate) recorded_bytes: u32,
}

impl Default for Stored {
    fn default() -> Self {
        Self {
            smart: Smart::Good,
            temperature: 38,
            overwrites: true,
            empty_bay: false,
            not_recording: BTreeSet::new(),
            on_motion: false,
            recorded_days: 21,
            // A few, so that tests are quick.
            recorded_bytes: 64,
        }
    }
}

impl Stored {
    pub(crate) fn change(&mut self, change: &StorageChange) {
        self.smart = change.smart.unwrap_or(self.smart);
        self.temperature = change.temperature.unwrap_or(self.temperature);
        self.overwrites = change.overwrites.unwrap_or(self.overwrites);
        self.empty_bay = change.empty_bay.unwrap_or(self.empty_bay);
        if let Some(channels) = &change.not_recording {
            self.not_recording.clone_from(channels);
        }
        self.on_motion = change.on_motion.unwrap_or(self.on_motion);
        self.recorded_days = change.recorded_days.unwrap_or(self.recorded_days);
        self.recorded_bytes = change.recorded_bytes.unwrap_or(self.recorded_bytes);
    }
}
