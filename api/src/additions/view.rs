//! An addition as people see it: never its password or verification code.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::AdditionId;
use siteward_domain::add_state::{AddState as State, LoginKnown};
use siteward_domain::device::DeviceKind as Kind;
use siteward_domain::unbind::can_unbind;
use siteward_store::additions as stored;
use siteward_store::bindings::{self, Bound};
use siteward_store::reach::{Object, Reach};
use siteward_store::sightings::{self, Seen};
use siteward_store::{DbConn, StoreError, links, sites};
use utoipa::ToSchema;

use super::help::{AdditionHelp, checks};
use crate::words::{AddState, DeviceKind, NextStep, UnbindRefusal};

/// A cloud device on its way to a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct Addition {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site it is to be on.
    #[schema(format = "uuid")]
    site_id: String,
    /// The short serial number.
    serial: String,
    /// The name it is to have; the device's own where it is empty.
    name: String,
    /// Its model, once a link has found it.
    #[schema(required = true)]
    model: Option<String>,
    /// What it is, as far as its model tells.
    kind: DeviceKind,
    /// Where adding it stands.
    state: AddState,
    /// What a person does next.
    next: NextStep,
    /// Why the last step did not work.
    #[schema(required = true)]
    reason: Option<AdditionReason>,
    /// What to look at while it is not online (R-D5).
    #[schema(required = true)]
    help: Option<AdditionHelp>,
    /// Whether a link sees it now; null where none ever did.
    #[schema(required = true)]
    online: Option<bool>,
    /// Its address in the LAN.
    #[schema(required = true)]
    host: Option<String>,
    /// The link that sees it, or saw it last.
    #[schema(required = true)]
    link: Option<AdditionLink>,
    /// The site of the company that has it already; null where the caller may not work on it.
    #[schema(required = true)]
    other_site: Option<AdditionSite>,
    /// The device it became, or is already.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// Whether it can be unbound from the account that has it; null where no other account has it.
    #[schema(required = true)]
    unbind: Option<UnbindHint>,
    /// Whether its verification code is known.
    has_verification_code: bool,
    /// Whether its login is known.
    has_login: bool,
    /// When it ends unless somebody goes on.
    expires_at: DateTime<Utc>,
}

/// Why a step did not work.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionReason {
    /// A stable code, of docs/errors.md.
    code: String,
    /// The same in English.
    message: String,
}

/// The link that sees a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionLink {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// Another site of the company.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionSite {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// Whether a device can be unbound here (R-U1, R-U2).
#[derive(Serialize, ToSchema)]
pub(crate) struct UnbindHint {
    /// Whether it can.
    possible: bool,
    /// Why it cannot.
    #[schema(required = true)]
    reason: Option<UnbindRefusal>,
}

/// The additions of a site that go on.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionList {
    /// The additions, newest first.
    pub(super) items: Vec<Addition>,
}

impl Addition {
    /// Reads an addition with everything that is known of its serial.
    pub(crate) fn read(
        conn: &mut DbConn,
        reach: &Reach,
        id: &AdditionId,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let addition = stored::get(conn, reach.company_id(), id)?;
        // Forgotten, even if its row still waits to be swept.
        if addition.expires_at <= now {
            return Err(StoreError::NotFound);
        }
        Self::describe(conn, reach, addition)
    }

    /// Adds what is known of an addition's serial. Where another site has it that is out of reach, not which one.
    pub(super) fn describe(
        conn: &mut DbConn,
        reach: &Reach,
        mut addition: stored::Addition,
    ) -> Result<Self, StoreError> {
        if let Some(other) = &addition.other_site_id
            && *other != addition.site_id
            && !reach.holds(conn, &Object::Site(other.clone()))?
        {
            (addition.other_site_id, addition.device_id) = (None, None);
        }
        let (company, site) = (&addition.company_id, &addition.site_id);
        let seen = sightings::find_for_site(conn, company, site, &addition.serial)?;
        let bound = bindings::whose(conn, company, &addition.serial)?;
        let other_site = match &addition.other_site_id {
            Some(other) => Some(sites::get_site(conn, company, other)?),
            None => None,
        };
        let needs_help = matches!(addition.state, State::Unknown | State::Offline | State::WaitingForRegistration);
        let links_online = if needs_help {
            links::list_links(conn, company, site)?.iter().filter(|link| link.online).count()
        } else {
            0
        };
        let kind = seen.as_ref().map_or(Kind::Unknown, |seen| seen.sighting.kind());
        let help = needs_help.then(|| AdditionHelp {
            kind: DeviceKind(kind),
            checks: checks(addition.state, kind, links_online > 0),
            last_seen_at: seen.as_ref().map(|seen| seen.last_seen_at),
            last_host: seen.as_ref().map(|seen| seen.sighting.host.clone()),
            links_online: u32::try_from(links_online).unwrap_or(u32::MAX),
        });
        let unbind = (addition.state == State::SomeoneElses).then(|| UnbindHint::of(seen.as_ref(), bound.as_ref()));
        Ok(Self {
            id: addition.id.to_string(),
            site_id: addition.site_id.to_string(),
            has_login: addition.sealed_password.is_some() && addition.login != LoginKnown::Refused,
            has_verification_code: addition.sealed_code.is_some(),
            serial: addition.serial.into(),
            name: addition.name,
            model: seen.as_ref().map(|seen| seen.sighting.model.clone()).filter(|model| !model.is_empty()),
            kind: DeviceKind(kind),
            state: AddState(addition.state),
            next: NextStep(addition.state.next_step()),
            reason: addition.reason.map(|reason| AdditionReason { code: reason.code, message: reason.message }),
            help,
            online: seen.as_ref().map(|seen| seen.online),
            host: seen.as_ref().map(|seen| seen.sighting.host.clone()),
            link: seen.map(|seen| AdditionLink { id: seen.link_id.to_string(), name: seen.link_name }),
            other_site: other_site.map(|site| AdditionSite { id: site.id.to_string(), name: site.name }),
            device_id: addition.device_id.map(|id| id.to_string()),
            unbind,
            expires_at: addition.expires_at,
        })
    }
}

impl UnbindHint {
    fn of(seen: Option<&Seen>, bound: Option<&Bound>) -> Self {
        let seen = seen.map(|seen| (&seen.sighting, seen.online));
        let refused = can_unbind(seen, matches!(bound, Some(Bound::SomeoneElse)), None).err();
        Self { possible: refused.is_none(), reason: refused.map(UnbindRefusal) }
    }
}
