//! Links, the agents in customers' networks, and what they see there.

use serde::{Deserialize, Serialize};

use crate::device::DeviceKind;
use crate::serial::SerialNumber;
use crate::words::words;

/// How long a code to enrol a link is good, in seconds.
pub const ENROL_SECONDS: i64 = 24 * 60 * 60;

words! {
    /// Whether a device says that it belongs to an account of the vendor's cloud.
    pub enum BindState {
        /// It does not tell.
        Unknown = "unknown",
        /// It belongs to nobody.
        Free = "free",
        /// It belongs to somebody.
        Bound = "bound",
    }
}

words! {
    /// How a link came to know a device.
    pub enum FoundBy {
        /// It answered an inquiry in the local network.
        Sadp = "sadp",
        /// Its address is configured at the link.
        Configured = "configured",
    }
}

words! {
    /// Where a link stands.
    pub enum LinkState {
        /// Its code has not been taken yet.
        Waiting = "waiting",
        /// It holds a session now.
        Online = "online",
        /// It holds none.
        Offline = "offline",
        /// A person ended it; its token is worth nothing.
        Revoked = "revoked",
    }
}

/// What a link reports of one device in its network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The short serial: who it is, whatever its address.
    pub serial: SerialNumber,
    /// The serial as the device writes it.
    pub long_serial: String,
    /// The hardware address, `44:19:b6:…` in lower case.
    pub mac: Option<String>,
    /// The model as it writes it, may be empty.
    pub model: String,
    /// The firmware as it writes it, e.g. `V5.6.2build 190701`, may be empty.
    pub firmware: String,
    /// Its address in that network, an IP literal.
    pub host: String,
    /// The port of HTTP there.
    pub http_port: u16,
    /// Whether it gets its address by DHCP, where told.
    pub dhcp: Option<bool>,
    /// Whether it has an administrator's password, where told.
    pub activated: Option<bool>,
    /// Whether the vendor's cloud service is on, where told.
    pub service_enabled: Option<bool>,
    /// Whether it says that it belongs to an account.
    pub bind: BindState,
    /// Whether it says that it can be unbound from here, where told.
    pub unbind_supported: Option<bool>,
    /// How the link came to know it.
    pub found_by: FoundBy,
}

impl Sighting {
    /// What it is, as far as its model tells.
    pub fn kind(&self) -> DeviceKind {
        DeviceKind::recognise("", &self.model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_are_sent_as_they_are_stored() {
        for state in BindState::ALL {
            assert_eq!(BindState::from_stored(state.as_str()), Some(*state));
        }
        for state in LinkState::ALL {
            assert_eq!(LinkState::from_stored(state.as_str()), Some(*state));
        }
        for found in FoundBy::ALL {
            assert_eq!(FoundBy::from_stored(found.as_str()), Some(*found));
        }
        assert_eq!(BindState::from_stored("Bound"), None);
    }
}
