//! What adding a device learnt of it, drawn into facts and health as a poll would, so that the device is known from its
//! first moment: written in the transaction that adds it.

use chrono::{DateTime, Duration, Utc};
use siteward_devices::{Look, Pin};
use siteward_domain::health::{Reachability, Topic};
use siteward_store::devices::NewDevice;
use siteward_store::{DbConn, StoreError};

use super::device::Watched;
use super::round::{self, Outcome};
use super::schedule::Cadence;
use super::writing::Pending;

/// The findings of the look that a device was added by.
#[derive(Debug)]
pub struct FirstLook(Pending);

impl FirstLook {
    /// Draws the conclusions of `look`, taken at `at`, for a device that is about to be added.
    pub fn new(device: &NewDevice, look: Look, at: DateTime<Utc>) -> Self {
        let (id, company, site) = (device.id.clone(), device.company_id.clone(), device.site_id.clone());
        let (address, sealed) = (device.address.clone(), device.sealed_password.clone());
        let mut watched = Watched::new(id, company, site, address, sealed, device.kind);
        watched.pin = device.pin.as_deref().and_then(Pin::parse);
        let outcome = Outcome { reachability: Reachability::Ok, look: Some(look), pin: None };
        let findings = round::conclude(&mut watched, &Topic::ALL, outcome, at, Cadence::new(Duration::zero()), None);
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
