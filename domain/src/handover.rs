//! Handing a site over to its owner (R-G1 to R-G3), or sharing channels of it (R-G5).

use serde::{Deserialize, Serialize};

use crate::grant::{DevicePermission, Validity};
use crate::ids::DeviceId;
use crate::share::SharedChannel;
use crate::words::words;

/// Days in which an invitation can be accepted, where the settings say nothing else.
pub const INVITATION_DAYS: u32 = 7;
/// Invitations that an address gets within an hour.
pub const MOST_AN_HOUR: usize = 3;
/// Most characters of the remark to the receiver.
pub const MOST_REMARK_CHARACTERS: usize = 500;

words! {
    /// What an invitation offers.
    pub enum HandoverKind {
        /// To own the site and its devices.
        Transfer = "transfer",
        /// To see some of its channels, while the company stays what it is.
        Share = "share",
    }
}

words! {
    /// Where an invitation stands, as kept; whether its receiver is registered is asked when it is shown.
    pub enum HandoverState {
        /// Whoever has the link may accept.
        Pending = "pending",
        /// The receiver accepted.
        Accepted = "accepted",
        /// The receiver refused.
        Refused = "refused",
        /// Nobody answered in time.
        Expired = "expired",
        /// The company took it back.
        Cancelled = "cancelled",
    }
}

words! {
    /// Where an invitation stands, as its company is shown it.
    pub enum HandoverStanding {
        /// It waits, and nobody has an account with its address.
        NotRegistered = "not_registered",
        /// It waits for its receiver.
        Pending = "pending",
        /// The receiver accepted.
        Accepted = "accepted",
        /// The receiver refused.
        Refused = "refused",
        /// Nobody answered in time.
        Expired = "expired",
        /// The company took it back.
        Cancelled = "cancelled",
    }
}

impl HandoverStanding {
    /// Of an invitation whose receiver is registered or not.
    pub fn of(state: HandoverState, is_registered: bool) -> Self {
        match state {
            HandoverState::Pending if is_registered => Self::Pending,
            HandoverState::Pending => Self::NotRegistered,
            HandoverState::Accepted => Self::Accepted,
            HandoverState::Refused => Self::Refused,
            HandoverState::Expired => Self::Expired,
            HandoverState::Cancelled => Self::Cancelled,
        }
    }
}

/// A permission for a device, asked for in advance or in an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceAsk {
    /// The device.
    pub device_id: DeviceId,
    /// To do what.
    pub permission: DevicePermission,
    /// For how long, from the moment it is granted.
    pub validity: Validity,
}

/// What a company asks for in advance (R-G2), and what is granted with the acceptance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// Site information management: the authorization of the site.
    pub site: bool,
    /// Permissions for devices of the site, at most one of a kind for each.
    pub devices: Vec<DeviceAsk>,
}

impl Asks {
    /// Whether it allows something on devices that has no effect before the company may manage the site, too.
    pub fn rests(&self) -> bool {
        !self.site && !self.devices.is_empty()
    }

    /// Whether `self` asks for nothing that `wanted` does not, and for no longer: what an owner may make of an application.
    pub fn is_within(&self, wanted: &Self) -> bool {
        let within = |ask: &DeviceAsk| {
            wanted.devices.iter().any(|other| {
                other.device_id == ask.device_id
                    && other.permission == ask.permission
                    && ask.validity.is_within(other.validity)
            })
        };
        (wanted.site || !self.site) && self.devices.iter().all(within)
    }
}

/// What an invitation offers, and what is asked for in return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// The site with its devices, for these permissions.
    Transfer(Asks),
    /// Some of its channels, for nothing.
    Share(Vec<SharedChannel>),
}

impl Offer {
    /// Its kind.
    pub fn kind(&self) -> HandoverKind {
        match self {
            Self::Transfer(_) => HandoverKind::Transfer,
            Self::Share(_) => HandoverKind::Share,
        }
    }

    /// What is asked for; nothing where channels are shared.
    pub fn asks(&self) -> Asks {
        match self {
            Self::Transfer(asks) => asks.clone(),
            Self::Share(_) => Asks::default(),
        }
    }

    /// As it is kept, JSON.
    pub fn to_stored(&self) -> String {
        match self {
            Self::Transfer(asks) => serde_json::json!(asks).to_string(),
            Self::Share(channels) => serde_json::json!(channels).to_string(),
        }
    }

    /// Reads what is kept of an invitation of this kind.
    pub fn from_stored(kind: HandoverKind, text: &str) -> Option<Self> {
        match kind {
            HandoverKind::Transfer => serde_json::from_str(text).ok().map(Self::Transfer),
            HandoverKind::Share => serde_json::from_str(text).ok().map(Self::Share),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DevicePermission::{Configuration, LiveView};

    fn ask(device: u32, permission: DevicePermission, validity: Validity) -> DeviceAsk {
        let device_id = DeviceId::parse(&format!("01890f00-0000-7000-8000-{device:012}")).unwrap();
        DeviceAsk { device_id, permission, validity }
    }

    #[test]
    fn an_owner_narrows_what_was_asked_for_and_never_widens_it() {
        let wanted = Asks {
            site: false,
            devices: vec![ask(1, LiveView, Validity::Hours4), ask(2, Configuration, Validity::Permanent)],
        };
        let of = |devices: Vec<DeviceAsk>| Asks { site: false, devices };
        for (answer, good) in [
            (wanted.clone(), true),
            (Asks::default(), true),
            (of(vec![ask(1, LiveView, Validity::Hours1)]), true),
            (of(vec![ask(2, Configuration, Validity::Hours8)]), true),
            (of(vec![ask(1, LiveView, Validity::Hours8)]), false),
            (of(vec![ask(1, LiveView, Validity::Permanent)]), false),
            (of(vec![ask(1, Configuration, Validity::Hours1)]), false),
            (of(vec![ask(3, LiveView, Validity::Hours1)]), false),
            (Asks { site: true, devices: Vec::new() }, false),
        ] {
            assert_eq!(answer.is_within(&wanted), good, "{answer:?}");
        }
    }
}
