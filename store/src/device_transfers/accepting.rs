//! A device goes to another owner: what reaches it goes with it, sealed anew, and nothing of what the former owner did with it.
//!
//! So it is another row with another id. The former one is deleted with its history, permissions and shares, its panel
//! accounts come off, and whoever looks for it finds nothing.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Integer, Nullable, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::share::TransferState;
use siteward_domain::{CompanyId, DeviceId, DeviceTransferId, EndUserId, LinkId, SiteId};

use super::{Transfer, claim, end, get_offered, tell};
use crate::access_log::{self, Actor, NewEntry};
use crate::changes;
use crate::connection::DbConn;
use crate::custody;
use crate::devices::{self, Device, NewDevice};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::monitoring;
use crate::owned_sites;
use crate::panels;
use crate::select::Select;
use crate::shares;
use crate::sites;
use crate::vault::Vault;

/// Where a device goes.
#[derive(Debug, Clone)]
pub enum Destination {
    /// To a site that the receiver owns.
    Site(SiteId),
    /// To a new one of theirs, which no company serves.
    New {
        /// Its name.
        name: String,
        /// Its time zone.
        time_zone: String,
    },
}

/// An acceptance.
#[derive(Debug, Clone)]
pub struct Accepting {
    /// The transfer.
    pub id: DeviceTransferId,
    /// Who accepts.
    pub receiver: EndUserId,
    /// Where the device goes.
    pub into: Destination,
}

/// Why a device is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAccepted {
    /// The two are of different regions (R-E2).
    RegionDiffers,
    /// The receiver owns the site that it is on.
    IsOwner,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The transfer, as it was offered.
    pub transfer: Transfer,
    /// The device that the receiver has.
    pub device_id: DeviceId,
    /// The site that it is on.
    pub site_id: SiteId,
}

/// The two ends of a move.
struct Move<'a> {
    old: &'a Device,
    new: &'a DeviceId,
    company: &'a CompanyId,
    site: &'a SiteId,
}

#[derive(QueryableByName)]
struct GivenPort {
    #[diesel(sql_type = Nullable<Integer>)]
    given_port: Option<i32>,
}

/// The receiver takes the device. [`StoreError::NotFound`]: nothing of this id is offered to them, or the site is not theirs;
/// `Duplicate`: the company that keeps that site has the device already.
pub fn accept(
    conn: &mut DbConn,
    vault: &Vault,
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<Result<Accepted, NotAccepted>, StoreError> {
    let Accepting { id, receiver, into } = accepting;
    let offered = get_offered(conn, receiver, id)?;
    if offered.region_differs {
        return Ok(Err(NotAccepted::RegionDiffers));
    }
    if offered.giver_id == *receiver {
        return Ok(Err(NotAccepted::IsOwner));
    }
    let (from_company, from_site) = owned_sites::place_of_device(conn, &offered.device_id)?;
    let site = match into {
        Destination::Site(site) => {
            let to = custody::get(conn, site)?;
            if to.owner.as_ref() != Some(receiver) || to.suspended_at.is_some() {
                return Err(StoreError::NotFound);
            }
            site.clone()
        }
        Destination::New { name, time_zone } => {
            custody::found_unserved(conn, receiver, (name.as_str(), time_zone.as_str()), &from_company, now)?
        }
    };
    let company = keeper_of(conn, &site)?;
    hold_both(conn, (&from_company, &from_site), (&company, &site))?;
    // Whoever changed it meanwhile is through by now.
    let offered = get_offered(conn, receiver, id)?;
    let old = devices::get_device(conn, &from_company, &offered.device_id)?;
    claim(conn, id, receiver)?;
    let new = DeviceId::generate(now);
    let ends = Move { old: &old, new: &new, company: &company, site: &site };
    let losing = shares::with_device(conn, &old.id)?;
    replace(conn, vault, id, &ends, now)?;
    end(conn, id, TransferState::Accepted, now)?;
    // What is told comes last: until the commit nobody else tells anything.
    shares::lose_device(conn, &losing, now)?;
    write_down(conn, accepting, &offered, &ends, now)?;
    tell(conn, id, receiver, now)?;
    Ok(Ok(Accepted { transfer: offered, device_id: new, site_id: site }))
}

/// The company whose rows those of a site are.
fn keeper_of(conn: &mut DbConn, site: &SiteId) -> Result<CompanyId, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        company_id: String,
    }
    let rows: Vec<Row> = Select::new("SELECT company_id FROM sites WHERE id = ").text(site.as_str()).load(conn)?;
    crate::columns::read(rows.into_iter().next().ok_or(StoreError::NotFound)?.company_id, "sites.company_id")
}

/// Holds both sites, in the order of their ids: two who move devices to each other never wait for each other.
fn hold_both(conn: &mut DbConn, one: (&CompanyId, &SiteId), other: (&CompanyId, &SiteId)) -> Result<(), StoreError> {
    let mut both = [one, other];
    both.sort_by_key(|(_, site)| *site);
    for (company, site) in both {
        sites::hold_site(conn, company, site)?;
    }
    Ok(())
}

/// Makes the new row and deletes the former one.
fn replace(
    conn: &mut DbConn,
    vault: &Vault,
    id: &DeviceTransferId,
    ends: &Move<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Move { old, new, .. } = ends;
    let device = carried(conn, vault, ends, now)?;
    // What reaches the panel is copied before the serial goes.
    panels::leave(conn, &old.id, now)?;
    Select::new("DELETE FROM bindings WHERE device_id = ").text(old.id.as_str()).execute(conn)?;
    Select::new("UPDATE devices SET serial = NULL WHERE id = ").text(old.id.as_str()).execute(conn)?;
    devices::create_device(conn, &device, now)?;
    let facts = "SELECT o.{} FROM devices o WHERE o.id = ";
    let mut update = Select::new("UPDATE devices SET kind_is_manual = kind_is_manual");
    for column in ["model", "firmware", "search"] {
        update =
            update.sql(&format!(", {column} = (")).sql(&facts.replace("{}", column)).text(old.id.as_str()).sql(")");
    }
    update.sql(" WHERE id = ").text(new.as_str()).execute(conn)?;
    monitoring::judge(conn, new, now)?;
    Select::new("UPDATE device_transfers SET device_id = ")
        .text(new.as_str())
        .sql(" WHERE id = ")
        .text(id.as_str())
        .execute(conn)?;
    let deleted = Select::new("DELETE FROM devices WHERE id = ").text(old.id.as_str()).execute(conn)?;
    if deleted == 0 {
        return Err(StoreError::NotFound);
    }
    changes::note_device(conn, &old.id, now)
}

/// The row that the receiver gets: how it is reached and logged in to, sealed for its new place.
fn carried(conn: &mut DbConn, vault: &Vault, ends: &Move<'_>, now: DateTime<Utc>) -> Result<NewDevice, StoreError> {
    let Move { old, new, company, site } = ends;
    let credential = devices::get_credential(conn, &old.company_id, &old.id)?;
    let password = vault.open(devices::password_place(&old.company_id, &old.id), &credential.sealed_password)?;
    let code = devices::find_code(conn, &old.company_id, &old.id)?;
    let code = code.map(|code| vault.open(devices::code_place(&old.company_id, &old.id), &code)).transpose()?;
    let code = code.map(|code| vault.seal(devices::code_place(company, new), &code)).transpose()?;
    let rows: Vec<GivenPort> =
        Select::new("SELECT given_port FROM devices WHERE id = ").text(old.id.as_str()).load(conn)?;
    let given_port = rows.into_iter().next().and_then(|row| row.given_port);
    Ok(NewDevice {
        id: (*new).clone(),
        company_id: (*company).clone(),
        site_id: (*site).clone(),
        name: old.name.clone(),
        kind: old.kind,
        kind_is_manual: old.kind_is_manual,
        address: old.address.clone(),
        given_port: given_port.and_then(|port| u16::try_from(port).ok()),
        user_name: credential.user_name,
        sealed_password: vault.seal(devices::password_place(company, new), &password)?,
        pin: old.pin.clone(),
        identity: None,
        // The link is the former owner's: the device waits for one of its new site that sees it.
        link_id: old.link_id.as_ref().map(|_| LinkId::generate(now)),
        serial: old.serial.clone(),
        sealed_code: code,
        mac: old.mac.clone(),
    })
}

/// Writes into the logs of both owners and both companies what happened.
fn write_down(
    conn: &mut DbConn,
    Accepting { receiver, into, .. }: &Accepting,
    offered: &Transfer,
    ends: &Move<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Move { old, new, company, site } = ends;
    let actor = format!("end_user:{receiver}");
    let event = |company: &CompanyId, site: &SiteId, device: &DeviceId, kind| NewEvent {
        company_id: company.clone(),
        site_id: Some(site.clone()),
        device_id: Some(device.clone()),
        kind,
        actor: actor.clone(),
        at: now,
        data: json!({}),
    };
    if let Destination::New { name, .. } = into {
        let founded = NewEvent {
            device_id: None,
            data: json!({ "name": name }),
            ..event(company, site, new, EventKind::SiteCreated)
        };
        events::append(conn, &founded)?;
    }
    events::append(conn, &event(&old.company_id, &old.site_id, &old.id, EventKind::DeviceDeleted))?;
    events::append(conn, &event(company, site, new, EventKind::DeviceAdded))?;
    for (site, company, action, by, device) in [
        (&old.site_id, &old.company_id, "device_given_away", &offered.giver_id, &old.id),
        (*site, *company, "device_received", receiver, *new),
    ] {
        let entry = NewEntry {
            site_id: site.clone(),
            actor: Actor::EndUser(by.clone()),
            company: Some(company.clone()),
            action,
            device: Some((device.clone(), old.name.clone())),
            detail: json!({ "serial": old.serial }),
        };
        access_log::append(conn, &entry, now)?;
    }
    Ok(())
}
