//! What adding a device learnt of it, drawn into facts and health as a poll would, so that the device is known from its
//! first moment: written in the transaction that adds it.

use chrono::{DateTime, Duration, Utc};
use siteward_devices::{Known, Look, Pin};
use siteward_domain::health::{DeviceHealth, Reachability, Topic};
use siteward_store::devices::NewDevice;
use siteward_store::polling::number_of;
use siteward_store::{DbConn, StoreError};

use super::breaker::Breaker;
use super::compare::Prints;
use super::device::Watched;
use super::lanes::Lane;
use super::round::{self, Outcome};
use super::schedule::Cadence;
use super::writing::Pending;

/// The findings of the look that a device was added by.
#[derive(Debug)]
pub struct FirstLook(Pending);

impl FirstLook {
    /// Draws the conclusions of `look`, taken at `at`, for a device that is about to be added.
    pub fn new(device: &NewDevice, look: Look, at: DateTime<Utc>) -> Self {
        let mut watched = Watched {
            id: device.id.clone(),
            company_id: device.company_id.clone(),
            site_id: device.site_id.clone(),
            bucket: 0,
            number: number_of(&device.id),
            address: device.address.clone(),
            user_name: String::new(),
            sealed_password: device.sealed_password.clone(),
            pin: device.pin.as_deref().and_then(Pin::parse),
            kind: device.kind,
            known: Known::of_kind(device.kind),
            credential_version: 1,
            check_requested_at: None,
            breaker: Breaker::Closed,
            health: DeviceHealth::Unknown,
            open: std::collections::BTreeMap::new(),
            unanswered: 0,
            lane: Lane::Quick,
            last_look: None,
            measured: [0; Topic::ALL.len()],
            prints: [Prints::default(); Topic::ALL.len()],
            status: None,
            uptime: None,
            uptime_hour: None,
            client: None,
        };
        let outcome = Outcome { reachability: Reachability::Ok, look: Some(look), pin: None };
        let findings = round::conclude(&mut watched, &Topic::ALL, outcome, at, Cadence::new(Duration::zero()));
        let mut pending = Pending::default();
        pending.add(0, 0, &watched, findings);
        pending.gather();
        Self(pending)
    }

    /// Writes it; after `create_device`, in the same transaction.
    pub fn write(&self, conn: &mut DbConn) -> Result<(), StoreError> {
        self.0.write_within(conn)
    }
}
