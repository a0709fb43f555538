//! How additions end: with a device, by somebody else's being faster, given up, or forgotten.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::add_state::{AddState, Whose};
use siteward_domain::event::EventKind;
use siteward_domain::site::{SiteAction, SiteStatus};
use siteward_domain::{AdditionId, CompanyId, DeviceId};

use super::{Addition, event, get, lock, of, write};
use crate::bindings::{self, Bound};
use crate::columns::micros;
use crate::connection::DbConn;
use crate::devices::{self, NewDevice, Occupant};
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::schema::additions::dsl;
use crate::sites;

/// What finishing an addition came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish {
    /// The device is added, now or by an earlier call.
    Added(DeviceId),
    /// Not added: somebody has the serial. The addition says so and waits for a person.
    Taken {
        /// Who has it, seen from the addition's site.
        whose: Whose,
        /// The company's own device that has it; of another account nothing is told.
        occupant: Option<Occupant>,
    },
    /// Not added: the status of the site does not let the company manage devices any more. The addition stays as it was.
    NotAllowed(SiteStatus),
}

/// Finishes an addition: binding, device, addition and events in one transaction, or, when somebody has the serial, only
/// the addition's new state. Of any number at the same instant, of one company or several, exactly one adds (T24).
///
/// `device` must be of the addition's company, site and serial, with a link, its secrets sealed for its own row.
/// [`StoreError::Duplicate`] when the company adds the same serial without a link at the same instant: call it again in a
/// new transaction.
pub fn finish(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &AdditionId,
    device: &NewDevice,
    now: DateTime<Utc>,
) -> Result<Finish, StoreError> {
    let site = sites::hold_site(conn, company, &device.site_id)?;
    lock(conn, id)?;
    let mut addition = get(conn, company, id)?;
    if addition.state.has_ended() {
        return addition.device_id.map(Finish::Added).ok_or(StoreError::Unreadable { column: "additions.device_id" });
    }
    let fits = device.company_id == *company
        && device.site_id == addition.site_id
        && device.serial.as_ref() == Some(&addition.serial)
        && device.link_id.is_some();
    if !fits {
        return Err(StoreError::Refused("the device is not the addition's".to_owned()));
    }
    if !site.status.allows(SiteAction::ManageDevices) {
        return Ok(Finish::NotAllowed(site.status));
    }
    if let Some(bound) = bindings::whose(conn, company, &addition.serial)? {
        return taken(conn, addition, bound, now);
    }
    if !bindings::claim(conn, device, now)? {
        // Somebody else's transaction ended while this one waited for it: now it can be seen who it was.
        let bound = bindings::whose(conn, company, &addition.serial)?.unwrap_or(Bound::SomeoneElse);
        return taken(conn, addition, bound, now);
    }
    devices::insert_device(conn, device, now)?;
    addition.state = AddState::Added;
    addition.reason = None;
    addition.device_id = Some(device.id.clone());
    addition.other_site_id = None;
    addition.sealed_password = None;
    addition.sealed_code = None;
    addition.updated_at = now;
    write(conn, &addition)?;
    let added = NewEvent {
        device_id: Some(device.id.clone()),
        kind: EventKind::DeviceAdded,
        actor: format!("staff:{}", addition.staff_id),
        data: json!({ "addition_id": id }),
        ..event(&addition, now)
    };
    events::append_all(conn, &[added, event(&addition, now)])?;
    Ok(Finish::Added(device.id.clone()))
}

fn taken(conn: &mut DbConn, mut addition: Addition, bound: Bound, now: DateTime<Utc>) -> Result<Finish, StoreError> {
    let whose = bound.whose(&addition.site_id);
    let occupant = match bound {
        Bound::Own(occupant) => Some(occupant),
        Bound::SomeoneElse => None,
    };
    let before = addition.state;
    addition.state = match whose {
        Whose::ThisSite => AddState::OnThisSite,
        Whose::OtherSite => AddState::OnOtherSite,
        Whose::SomeoneElses => AddState::SomeoneElses,
    };
    addition.reason = None;
    addition.device_id = occupant.as_ref().map(|occupant| occupant.device_id.clone());
    addition.other_site_id =
        occupant.as_ref().filter(|_| whose == Whose::OtherSite).map(|occupant| occupant.site_id.clone());
    addition.updated_at = now;
    write(conn, &addition)?;
    if before != addition.state {
        events::append(conn, &event(&addition, now))?;
    }
    Ok(Finish::Taken { whose, occupant })
}

/// Gives an addition up, with its secrets.
pub fn delete(conn: &mut DbConn, company: &CompanyId, id: &AdditionId) -> Result<(), StoreError> {
    let deleted = diesel::delete(dsl::additions.filter(of(company, id))).execute(conn)?;
    if deleted == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Forgets additions that nobody touched for an hour, with their secrets; gives how many.
pub fn expire(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::additions.filter(dsl::expires_at.le(micros(now)))).execute(conn)?)
}
