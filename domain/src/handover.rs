//! Handing a site over to its owner (R-G1 to R-G3), or sharing channels of it (R-G5).

use serde::{Deserialize, Serialize};

use crate::grant::{DevicePermission, Validity};
use crate::ids::DeviceId;
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
