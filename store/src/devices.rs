//! Devices: where they are, how to log in, what they are, and how they were when last seen.

mod editing;
mod finding;
mod listing;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use secrecy::SecretString;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::device_functions::Unwatched;
use siteward_domain::health::{DeviceHealth, Reachability};
use siteward_domain::observation::Identity;
use siteward_domain::{CompanyId, DeviceId, LinkId, SerialNumber, SiteId};

use crate::bindings;
use crate::changes;
use crate::columns::{bucket_of, micros, place_of};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::monitoring::{self, SwitchedOff};
use crate::panels;
use crate::schema::{devices, measured, sites};
use crate::select::Select;
use crate::store::Store;
use crate::vault::{Place, SealedText, VaultError};

pub use editing::{
    DeviceChange, accept_certificate, delete_device, hold_device, hold_device_and, move_device, request_check,
    set_code, update_device,
};
pub use finding::{
    Credential, Occupant, find_by_address, find_by_hosts, find_by_serial, find_code, get_credential, get_device,
};
pub(crate) use finding::{breaker, unwatched};
pub(crate) use listing::places_unknown;
pub use listing::{DeviceFilter, DeviceSummary, list_devices, summarize};

/// A device to add.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Its id.
    pub id: DeviceId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// Its name, may be empty.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Whether a person said what it is.
    pub kind_is_manual: bool,
    /// Where HTTP reaches it.
    pub address: DeviceAddress,
    /// The port that the QR gave, where HTTP was found on another.
    pub given_port: Option<u16>,
    /// The user name on the device.
    pub user_name: String,
    /// The password, sealed for [`password_place`] of this id.
    pub sealed_password: SealedText,
    /// SHA-256 of the TLS certificate seen, hex.
    pub pin: Option<String>,
    /// Who it says it is.
    pub identity: Option<Identity>,
    /// The link it is reached through; `None`: directly. With a link the serial is bound to the company.
    pub link_id: Option<LinkId>,
    /// The serial it was found by; needed with a link, where it stays whatever the identity says. Without a link
    /// that of the identity counts.
    pub serial: Option<SerialNumber>,
    /// The verification code, sealed for [`code_place`] of this id.
    pub sealed_code: Option<SealedText>,
    /// The hardware address, as links report it.
    pub mac: Option<String>,
}

/// A device as stored. Its password is asked for by [`get_credential`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// Its name, may be empty.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Whether a person said what it is.
    pub kind_is_manual: bool,
    /// Its model as it writes it, may be empty.
    pub model: String,
    /// Its firmware as it writes it, may be empty.
    pub firmware: String,
    /// Its short serial, where known.
    pub serial: Option<SerialNumber>,
    /// Where HTTP reaches it; behind a link, in that network.
    pub address: DeviceAddress,
    /// The link it is reached through; `None`: directly.
    pub link_id: Option<LinkId>,
    /// That link as it is now; `None` also when the link is gone.
    pub link: Option<DeviceLink>,
    /// The hardware address, where a link reported it.
    pub mac: Option<String>,
    /// Whether its verification code is kept.
    pub has_code: bool,
    /// The user name on the device.
    pub user_name: String,
    /// SHA-256 of the pinned TLS certificate, hex.
    pub pin: Option<String>,
    /// SHA-256 of another certificate that it shows now and that waits to be accepted.
    pub pin_pending: Option<String>,
    /// Its state as judged at `measured_at`. What a person sees is `health.shown(measured_at, now, period)` (R-H1).
    pub health: DeviceHealth,
    /// Since when that state holds.
    pub health_since: Option<DateTime<Utc>>,
    /// When its reachability was last measured.
    pub measured_at: Option<DateTime<Utc>>,
    /// Why it is not logged in to any more, if so.
    pub breaker: Option<Breaker>,
    /// Rises with every change of address, user name or password.
    pub credential_version: i32,
    /// Rises with every change that pollers must see.
    pub config_version: i32,
    /// When a person last asked for a look.
    pub check_requested_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Who switched its health monitoring off; `None`: it is on.
    pub switched_off: Option<SwitchedOff>,
    /// Why nobody watches it; `None`: it is watched.
    pub unwatched: Option<Unwatched>,
}

/// The link that a device is reached through, as a device's page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceLink {
    /// Its name.
    pub name: String,
    /// Whether it holds a session now.
    pub online: bool,
}

/// A credential that is not tried any more (R-H3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaker {
    /// What the device said.
    pub reason: Reachability,
    /// No try before, where that is known; `None`: when the credential changes or a person asks.
    pub until: Option<DateTime<Utc>>,
    /// The credential it opened for.
    pub credential_version: i32,
}

/// The place of a device's password in the vault.
pub fn password_place<'a>(company: &'a CompanyId, device: &'a DeviceId) -> Place<'a> {
    Place { table: "devices", column: "sealed_password", row: device.as_str(), company: company.as_str() }
}

/// The place of a device's verification code in the vault.
pub fn code_place<'a>(company: &'a CompanyId, device: &'a DeviceId) -> Place<'a> {
    Place { table: "devices", column: "sealed_code", row: device.as_str(), company: company.as_str() }
}

/// Seals a password for a device.
pub fn seal_password(
    store: &Store,
    company: &CompanyId,
    device: &DeviceId,
    password: &SecretString,
) -> Result<SealedText, VaultError> {
    store.vault().seal(password_place(company, device), password)
}

/// Opens a device's password.
pub fn open_password(
    store: &Store,
    company: &CompanyId,
    device: &DeviceId,
    sealed: &SealedText,
) -> Result<SecretString, VaultError> {
    store.vault().open(password_place(company, device), sealed)
}

/// Adds a device; its health is unknown until a round is written.
///
/// `Duplicate { what: "device_address" }` when a device of the company has the address and port,
/// `"device_serial"` when one has the serial, `"device_binding"` when an account has the device behind a link already;
/// [`StoreError::NotFound`] when the company has no such site.
pub fn create_device(conn: &mut DbConn, new: &NewDevice, now: DateTime<Utc>) -> Result<(), StoreError> {
    // Before the binding, which is the owner's of this instant.
    crate::sites::hold_site(conn, &new.company_id, &new.site_id)?;
    if new.link_id.is_some() && !bindings::claim(conn, new, now)? {
        return Err(StoreError::Duplicate { what: "device_binding" });
    }
    insert_device(conn, new, now)
}

/// Adds a device whose serial, where it is behind a link, is claimed in this transaction.
pub(crate) fn insert_device(conn: &mut DbConn, new: &NewDevice, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut facts = What::of(new.identity.as_ref());
    if new.link_id.is_some() {
        facts.serial = new.serial.as_ref().map(SerialNumber::as_str);
    }
    let given = new.given_port.filter(|port| *port != new.address.port);
    diesel::insert_into(devices::table)
        .values((
            (
                devices::place.eq(place_of(&new.id)),
                devices::id.eq(new.id.as_str()),
                devices::company_id.eq(new.company_id.as_str()),
                devices::site_id.eq(new.site_id.as_str()),
                devices::bucket.eq(i32::from(bucket_of(new.id.as_str()))),
                devices::name.eq(&new.name),
                devices::name_lower.eq(new.name.to_lowercase()),
                devices::search.eq(search_text(&new.name, &new.address.host, &facts)),
                devices::kind.eq(new.kind.as_str()),
                devices::kind_is_manual.eq(new.kind_is_manual),
                devices::model.eq(facts.model),
                devices::firmware.eq(&facts.firmware),
                devices::serial.eq(facts.serial),
            ),
            (
                devices::scheme.eq(new.address.scheme.as_str()),
                devices::host.eq(&new.address.host),
                devices::host_lower.eq(new.address.host.to_lowercase()),
                devices::port.eq(i32::from(new.address.port)),
                devices::given_port.eq(given.map(i32::from)),
                devices::user_name.eq(&new.user_name),
                devices::sealed_password.eq(new.sealed_password.as_str()),
                devices::pin.eq(new.pin.as_deref()),
                devices::health.eq(DeviceHealth::Unknown.as_str()),
                devices::credential_version.eq(1),
                devices::config_version.eq(1),
                devices::created_at.eq(micros(now)),
                devices::link_id.eq(new.link_id.as_ref().map(LinkId::as_str)),
            ),
        ))
        .execute(conn)?;
    if let Some(code) = &new.sealed_code {
        set_code(conn, &new.company_id, &new.id, code)?;
    }
    if let Some(mac) = &new.mac {
        let update = Select::new("UPDATE devices SET mac = ").text(mac.as_str());
        update.sql(" WHERE id = ").text(new.id.as_str()).execute(conn)?;
    }
    diesel::insert_into(measured::table).values(measured::place.eq(place_of(&new.id))).execute(conn)?;
    monitoring::judge_new(conn, &new.company_id, &new.id)?;
    panels::follow(conn, &new.id, now)?;
    changes::note_device(conn, &new.id, now)
}

/// What columns of a device follow from its identity.
pub(crate) struct What<'a> {
    pub(crate) model: &'a str,
    pub(crate) firmware: String,
    pub(crate) serial: Option<&'a str>,
}

impl<'a> What<'a> {
    pub(crate) fn of(identity: Option<&'a Identity>) -> Self {
        Self {
            model: identity.map_or("", |identity| identity.model.as_str()),
            firmware: identity.map(Identity::firmware_text).unwrap_or_default(),
            serial: identity.and_then(|identity| identity.short_serial.as_ref()).map(SerialNumber::as_str),
        }
    }
}

/// What a search looks through.
pub(crate) fn search_text(name: &str, host: &str, what: &What<'_>) -> String {
    format!("{name}\n{host}\n{}\n{}", what.model, what.serial.unwrap_or_default()).to_lowercase()
}

/// The site of a device of a company, for callers that must check what its status allows.
pub fn find_site_of(conn: &mut DbConn, company: &CompanyId, device: &DeviceId) -> Result<Option<SiteId>, StoreError> {
    let site: Option<String> = devices::table
        .inner_join(sites::table.on(sites::id.eq(devices::site_id)))
        .select(devices::site_id)
        .filter(devices::company_id.eq(company.as_str()))
        .filter(devices::id.eq(device.as_str()))
        .first(conn)
        .optional()?;
    crate::columns::read_or_none(site, "devices.site_id")
}

fn read_scheme(text: &str) -> Result<Scheme, StoreError> {
    crate::columns::word(Scheme::from_stored(text), "devices.scheme")
}

#[cfg(test)]
mod tests;
