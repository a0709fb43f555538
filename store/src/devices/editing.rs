//! Changing, checking and deleting devices. Whatever pollers must see raises the version and is noted for them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::device::{DeviceAddress, DeviceKind};
use siteward_domain::observation::Identity;
use siteward_domain::{CompanyId, DeviceId, LinkId, SerialNumber, SiteId};

use super::{Device, What, get_device, search_text};
use crate::bindings;
use crate::changes;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::device_events;
use crate::error::StoreError;
use crate::links;
use crate::maintenance;
use crate::monitoring;
use crate::panels;
use crate::schema::devices::dsl;
use crate::schema::exceptions;
use crate::select::Select;
use crate::shares;
use crate::sites::{self, Site};
use crate::vault::SealedText;

/// What to change of a device; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct DeviceChange {
    /// The version the change is based on: [`StoreError::Stale`] when the device changed since.
    pub if_config_version: Option<i32>,
    /// The name.
    pub name: Option<String>,
    /// Where HTTP reaches it. A new address forgets the pinned certificate unless `pin` gives one.
    pub address: Option<DeviceAddress>,
    /// The user name.
    pub user_name: Option<String>,
    /// The password, sealed for this device.
    pub sealed_password: Option<SealedText>,
    /// What a person says it is (R-O8).
    pub kind: Option<DeviceKind>,
    /// The certificate seen when the new data were tried.
    pub pin: Option<String>,
    /// Who it says it is, learnt when the new data were tried (R-O7).
    pub identity: Option<Identity>,
}

impl DeviceChange {
    fn is_of_credential(&self) -> bool {
        self.address.is_some() || self.user_name.is_some() || self.sealed_password.is_some()
    }
}

/// Changes a device and gives it as it now is. A new address, user name or password closes the breaker (R-H3).
///
/// `Duplicate { what: "device_address" }` or `"device_serial"` when another device of the company has them.
pub fn update_device(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    change: &DeviceChange,
    now: DateTime<Utc>,
) -> Result<Device, StoreError> {
    let before = get_device(conn, company, id)?;
    if change.if_config_version.is_some_and(|version| version != before.config_version) {
        return Err(StoreError::Stale);
    }
    let this = || dsl::devices.filter(dsl::id.eq(id.as_str())).filter(dsl::config_version.eq(before.config_version));
    let name = change.name.as_ref().unwrap_or(&before.name);
    let address = change.address.as_ref().unwrap_or(&before.address);
    let (model, firmware, serial) = match &change.identity {
        Some(identity) => {
            let mut what = What::of(Some(identity));
            // Behind a link the serial is who it is, whatever it says.
            if before.link_id.is_some() {
                what.serial = before.serial.as_ref().map(SerialNumber::as_str);
            }
            (what.model.to_owned(), what.firmware, what.serial.map(str::to_owned))
        }
        None => (
            before.model.clone(),
            before.firmware.clone(),
            before.serial.as_ref().map(|serial| serial.as_str().to_owned()),
        ),
    };
    let recognised = change.identity.as_ref().map(|identity| identity.kind).filter(|kind| *kind != DeviceKind::Unknown);
    let (kind, kind_is_manual) = match (change.kind, recognised) {
        (_, Some(kind)) => (kind, false),
        (Some(kind), None) => (kind, true),
        (None, None) => (before.kind, before.kind_is_manual),
    };
    let what = What { model: &model, firmware: firmware.clone(), serial: serial.as_deref() };
    let changed = diesel::update(this())
        .set((
            dsl::name.eq(name),
            dsl::name_lower.eq(name.to_lowercase()),
            dsl::search.eq(search_text(name, &address.host, &what)),
            dsl::kind.eq(kind.as_str()),
            dsl::kind_is_manual.eq(kind_is_manual),
            dsl::model.eq(&model),
            dsl::firmware.eq(&firmware),
            dsl::serial.eq(serial.as_deref()),
            dsl::user_name.eq(change.user_name.as_ref().unwrap_or(&before.user_name)),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    if *address != before.address {
        diesel::update(this())
            .set((
                dsl::scheme.eq(address.scheme.as_str()),
                dsl::host.eq(&address.host),
                dsl::host_lower.eq(address.host.to_lowercase()),
                dsl::port.eq(i32::from(address.port)),
                dsl::given_port.eq(None::<i32>),
                dsl::pin.eq(None::<&str>),
                dsl::pin_pending.eq(None::<&str>),
                dsl::known.eq(None::<&str>),
            ))
            .execute(conn)?;
    }
    if let Some(pin) = &change.pin {
        diesel::update(this()).set((dsl::pin.eq(Some(pin)), dsl::pin_pending.eq(None::<&str>))).execute(conn)?;
    }
    if let Some(sealed) = &change.sealed_password {
        diesel::update(this()).set(dsl::sealed_password.eq(sealed.as_str())).execute(conn)?;
    }
    if change.is_of_credential() {
        diesel::update(this())
            .set((dsl::credential_version.eq(dsl::credential_version + 1), closed_breaker()))
            .execute(conn)?;
    }
    diesel::update(this()).set(dsl::config_version.eq(dsl::config_version + 1)).execute(conn)?;
    if change.is_of_credential() || change.identity.is_some() || kind != before.kind {
        panels::follow(conn, id, now)?;
    }
    changes::note_device(conn, id, now)?;
    monitoring::judge(conn, id, now)?;
    get_device(conn, company, id)
}

/// Asks for a look at once and closes the breaker: a person may always try again (R-H3).
pub fn request_check(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let changed = diesel::update(of(company, id))
        .set((
            dsl::check_requested_at.eq(Some(micros(now))),
            closed_breaker(),
            dsl::config_version.eq(dsl::config_version + 1),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    panels::follow(conn, id, now)?;
    changes::note_device(conn, id, now)
}

/// Accepts the certificate that a device shows now instead of the pinned one. [`StoreError::Stale`] when it is not
/// `fingerprint` that waits: nobody accepts what they did not see.
pub fn accept_certificate(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    get_device(conn, company, id)?;
    let changed = diesel::update(of(company, id).filter(dsl::pin_pending.eq(fingerprint)))
        .set((
            dsl::pin.eq(Some(fingerprint)),
            dsl::pin_pending.eq(None::<&str>),
            dsl::check_requested_at.eq(Some(micros(now))),
            closed_breaker(),
            dsl::config_version.eq(dsl::config_version + 1),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::Stale);
    }
    panels::follow(conn, id, now)?;
    changes::note_device(conn, id, now)
}

/// Keeps a device's verification code, sealed for [`super::code_place`].
pub fn set_code(conn: &mut DbConn, company: &CompanyId, id: &DeviceId, sealed: &SealedText) -> Result<(), StoreError> {
    let changed = Select::new("UPDATE devices SET sealed_code = ")
        .text(sealed.as_str())
        .sql(" WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// So often at most a device is looked for that somebody else moves away at the same instant.
const MOST_LOOKS: u32 = 8;

/// Holds the site that a device is on, as [`sites::hold_site`] does, and gives both as they are then.
pub fn hold_device(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<(Device, Site), StoreError> {
    hold_device_and(conn, company, id, None)
}

/// Holds the site that a device is on and the one that it is to be moved to; gives the device and the site that it is on.
pub fn hold_device_and(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    to: Option<&SiteId>,
) -> Result<(Device, Site), StoreError> {
    let mut from = get_device(conn, company, id)?.site_id;
    for _ in 0..MOST_LOOKS {
        let both: Vec<&SiteId> = [&from].into_iter().chain(to).collect();
        sites::hold_sites(conn, company, &both)?;
        // Whoever held it before may have moved or deleted the device.
        let device = get_device(conn, company, id)?;
        if device.site_id == from {
            let site = sites::get_site(conn, company, &from)?;
            return Ok((device, site));
        }
        from = device.site_id;
    }
    Err(StoreError::Stale)
}

/// Moves a device to another site of the company (R-O5), with its exceptions and events; history hangs on the device anyway. With
/// `link` it is reached through that one from now on. Whether both sites' status allows it, and the event, are for the
/// caller, in the same transaction. [`StoreError::NotFound`] when the company has no such device, site or link.
pub fn move_device(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    to_site: &SiteId,
    link: Option<&LinkId>,
    now: DateTime<Utc>,
) -> Result<Device, StoreError> {
    let (before, _) = hold_device_and(conn, company, id, Some(to_site))?;
    if let Some(link) = link {
        let link = links::get_link(conn, company, link)?;
        if before.link_id.is_none() || link.revoked_at.is_some() {
            return Err(StoreError::NotFound);
        }
    }
    let link_id = link.or(before.link_id.as_ref()).map(LinkId::as_str);
    diesel::update(of(company, id))
        .set((
            dsl::site_id.eq(to_site.as_str()),
            dsl::link_id.eq(link_id),
            dsl::config_version.eq(dsl::config_version + 1),
        ))
        .execute(conn)?;
    diesel::update(
        exceptions::table
            .filter(exceptions::company_id.eq(company.as_str()))
            .filter(exceptions::device_id.eq(id.as_str())),
    )
    .set(exceptions::site_id.eq(to_site.as_str()))
    .execute(conn)?;
    bindings::follow_move(conn, id, to_site)?;
    device_events::follow_move(conn, id, to_site)?;
    maintenance::follow_move(conn, id, to_site)?;
    panels::follow(conn, id, now)?;
    changes::note_device(conn, id, now)?;
    if before.site_id != *to_site {
        shares::follow_move(conn, id, now)?;
    }
    get_device(conn, company, id)
}

/// Deletes a device with its password, binding, facts, exceptions and history; an alarm panel with accounts of the staff keeps
/// what reaches it until they are off (R-A2). Whether the site's status allows it is for the caller to ask in the same
/// transaction (R-O4).
pub fn delete_device(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    hold_device(conn, company, id)?;
    let losing = shares::with_device(conn, id)?;
    panels::leave(conn, id, now)?;
    let deleted = diesel::delete(of(company, id)).execute(conn)?;
    if deleted == 0 {
        return Err(StoreError::NotFound);
    }
    changes::note_device(conn, id, now)?;
    shares::lose_device(conn, &losing, now)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of<'a>(company: &'a CompanyId, id: &'a DeviceId) -> _ {
    let (company, id): (&'a str, &'a str) = (company.as_str(), id.as_str());
    dsl::devices.filter(dsl::company_id.eq(company)).filter(dsl::id.eq(id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn closed_breaker() -> _ {
    let (reason, until, credential): (Option<&'static str>, Option<i64>, Option<i32>) = (None, None, None);
    (dsl::breaker.eq(reason), dsl::breaker_until.eq(until), dsl::breaker_credential.eq(credential))
}
