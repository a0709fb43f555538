//! A device that a link has found.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_domain::add_state::{AddState as State, Found, Whose, judge};
use siteward_store::reach::{Object, Reach};
use siteward_store::sightings::{self, Seen};
use siteward_store::{DbConn, StoreError};
use utoipa::ToSchema;

use crate::words::{AddState, BindState, DeviceKind, NextStep};

/// A device that a link of the site has found in its LAN.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundDevice {
    /// Its short serial number.
    serial: String,
    /// Its model as it writes it; may be empty.
    model: String,
    /// Its firmware as it writes it; may be empty.
    firmware: String,
    /// What it is, as far as its model tells.
    kind: DeviceKind,
    /// Its address in the LAN.
    host: String,
    /// Its MAC address, where it told.
    #[schema(required = true)]
    mac: Option<String>,
    /// The link that sees it.
    #[schema(format = "uuid")]
    link_id: String,
    /// The link's name.
    link_name: String,
    /// Whether the link sees it now, and is itself connected.
    online: bool,
    /// Whether it has an admin password, where it told.
    #[schema(required = true)]
    activated: Option<bool>,
    /// Whether its cloud service is on, where it told.
    #[schema(required = true)]
    service_enabled: Option<bool>,
    /// Whether an account has it, as it told.
    bind: BindState,
    /// Where adding it stands.
    state: AddState,
    /// What a person does next.
    next: NextStep,
    /// The device it is, where it is on a site that the caller may work on.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// When it was last seen.
    last_seen_at: DateTime<Utc>,
}

/// What the links of a site have found.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundList {
    /// The devices; those that can be added first, then by serial.
    items: Vec<FoundDevice>,
}

impl FoundList {
    /// Reads what the links of a site have found. Of a device on a site out of reach only that it is on another one.
    pub(crate) fn read(conn: &mut DbConn, reach: &Reach, site: &SiteId) -> Result<Self, StoreError> {
        reach.check(conn, &Object::Site(site.clone()))?;
        let mut found = sightings::list_for_site(conn, reach.company_id(), site)?;
        for one in found.iter_mut().filter(|one| one.whose == Some(Whose::OtherSite)) {
            if let Some(device) = &one.device_id
                && !reach.holds(conn, &Object::Device(device.clone()))?
            {
                one.device_id = None;
            }
        }
        let mut items: Vec<_> = found.into_iter().map(FoundDevice::from).collect();
        items.sort_by_key(|found| rank(found.state.0));
        Ok(Self { items })
    }
}

/// What can be added comes first, what is here already last; the list comes sorted by serial, and stays so within.
fn rank(state: State) -> u8 {
    match state {
        State::Ready | State::LoginNeeded | State::NotActivated | State::ServiceDisabled => 0,
        State::OnThisSite | State::OnOtherSite | State::Added => 3,
        State::SomeoneElses | State::FirmwareTooOld => 2,
        _ => 1,
    }
}

impl From<sightings::FoundDevice> for FoundDevice {
    fn from(found: sightings::FoundDevice) -> Self {
        let Seen { link_id, link_name, sighting, online, last_seen_at, .. } = found.seen;
        let state = judge(&Found::new(found.whose, Some(&sighting), online));
        Self {
            kind: DeviceKind(sighting.kind()),
            serial: sighting.serial.into(),
            model: sighting.model,
            firmware: sighting.firmware,
            host: sighting.host,
            mac: sighting.mac,
            link_id: link_id.to_string(),
            link_name,
            online,
            activated: sighting.activated,
            service_enabled: sighting.service_enabled,
            bind: BindState(sighting.bind),
            state: AddState(state),
            next: NextStep(state.next_step()),
            device_id: found.device_id.map(|id| id.to_string()),
            last_seen_at,
        }
    }
}
