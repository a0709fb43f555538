//! What a round of looks found, row by row.

use chrono::{DateTime, Utc};
use siteward_domain::exception::ExceptionKey;
use siteward_domain::health::{DeviceHealth, Reachability, Topic};
use siteward_domain::{DeviceId, ExceptionId};

use crate::devices::Breaker;
use crate::events::NewEvent;

/// Everything a round of looks found. Write it with `Store::write_relaxed`, or with `Store::write` where it must not
/// be forgotten (a breaker that opened).
#[derive(Debug, Clone, Default)]
pub struct RoundWrite {
    /// Which topics were measured when.
    pub measured: Vec<MeasuredRow>,
    /// Values that changed. Model, firmware, kind and serial of the device follow from a new identity, its waiting
    /// certificate from a new reachability.
    pub facts: Vec<FactRow>,
    /// Changes of health.
    pub transitions: Vec<TransitionRow>,
    /// Exceptions that begin; one that is open already is left as it is.
    pub opened: Vec<OpenedRow>,
    /// Exceptions that end.
    pub closed: Vec<ClosedRow>,
    /// Temperatures of disks; the lowest and the highest of each day are kept.
    pub temperatures: Vec<TemperatureRow>,
    /// Seconds seen up and down; they are added.
    pub uptime: Vec<UptimeRow>,
    /// Breakers that open or close.
    pub breakers: Vec<BreakerRow>,
    /// Certificates seen for the first time.
    pub pins: Vec<PinRow>,
    /// What was learnt of how to ask a device.
    pub known: Vec<KnownRow>,
    /// Events of all this.
    pub events: Vec<NewEvent>,
}

/// Topics of a device that were measured together.
#[derive(Debug, Clone)]
pub struct MeasuredRow {
    /// The device.
    pub device_id: DeviceId,
    /// The topics.
    pub topics: Vec<Topic>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A value that changed.
#[derive(Debug, Clone)]
pub struct FactRow {
    /// The device.
    pub device_id: DeviceId,
    /// The topic.
    pub topic: Topic,
    /// The value as JSON.
    pub value: String,
    /// The resource it was read from.
    pub source: String,
    /// When it was seen.
    pub at: DateTime<Utc>,
}

/// A change of health.
#[derive(Debug, Clone)]
pub struct TransitionRow {
    /// The device.
    pub device_id: DeviceId,
    /// The state before.
    pub from: DeviceHealth,
    /// The state since.
    pub to: DeviceHealth,
    /// When it was seen.
    pub at: DateTime<Utc>,
}

/// An exception that begins.
#[derive(Debug, Clone)]
pub struct OpenedRow {
    /// Its id.
    pub id: ExceptionId,
    /// The device.
    pub device_id: DeviceId,
    /// What is wrong with which part.
    pub key: ExceptionKey,
    /// When.
    pub at: DateTime<Utc>,
}

/// An exception that ends.
#[derive(Debug, Clone)]
pub struct ClosedRow {
    /// Its id.
    pub id: ExceptionId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A temperature of a disk.
#[derive(Debug, Clone)]
pub struct TemperatureRow {
    /// The device.
    pub device_id: DeviceId,
    /// The device's own id of the disk.
    pub disk: String,
    /// Days since 1970 UTC.
    pub day: i64,
    /// Degrees Celsius.
    pub celsius: i32,
}

/// Seconds of an hour.
#[derive(Debug, Clone)]
pub struct UptimeRow {
    /// The device.
    pub device_id: DeviceId,
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// Seconds seen up.
    pub up_seconds: u32,
    /// Seconds seen down.
    pub down_seconds: u32,
}

/// A breaker that opens or closes.
#[derive(Debug, Clone)]
pub struct BreakerRow {
    /// The device.
    pub device_id: DeviceId,
    /// The credential that was tried: nothing is written when it changed meanwhile.
    pub credential_version: i32,
    /// What the device said, and no try before when; `None` closes it.
    pub breaker: Option<(Reachability, Option<DateTime<Utc>>)>,
}

/// A certificate seen for the first time.
#[derive(Debug, Clone)]
pub struct PinRow {
    /// The device.
    pub device_id: DeviceId,
    /// SHA-256 of it, hex. Kept only where none is pinned.
    pub fingerprint: String,
}

/// What was learnt of how to ask a device.
#[derive(Debug, Clone)]
pub struct KnownRow {
    /// The device.
    pub device_id: DeviceId,
    /// As JSON.
    pub known: String,
}

impl From<&Breaker> for (Reachability, Option<DateTime<Utc>>) {
    fn from(breaker: &Breaker) -> Self {
        (breaker.reason.clone(), breaker.until)
    }
}

impl RoundWrite {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.measured.len()
            + self.facts.len()
            + self.transitions.len()
            + self.opened.len()
            + self.closed.len()
            + self.temperatures.len()
            + self.uptime.len()
            + self.breakers.len()
            + self.pins.len()
            + self.known.len()
            + self.events.len()
    }
}
