//! What a person looks at while a device is not there (R-D5), by what it is and by what is known.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::add_state::AddState;
use siteward_domain::device::DeviceKind as Kind;
use utoipa::ToSchema;

use crate::words::DeviceKind;

/// What to look at while a device is not online.
#[derive(Serialize, ToSchema)]
pub(crate) struct AdditionHelp {
    /// For what kind of device.
    pub(super) kind: DeviceKind,
    /// What to look at, in this order.
    pub(super) checks: Vec<HelpCheck>,
    /// When a link saw it last.
    #[schema(required = true)]
    pub(super) last_seen_at: Option<DateTime<Utc>>,
    /// Where a link saw it last.
    #[schema(required = true)]
    pub(super) last_host: Option<String>,
    /// Links of the site that are connected now.
    pub(super) links_online: u32,
}

/// One thing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HelpCheck {
    /// The site has no link, or none is connected.
    Link,
    /// The serial number as on the label.
    Serial,
    /// Power supply, or PoE.
    Power,
    /// Network cable and switch.
    Cable,
    /// Wi-Fi.
    WiFi,
    /// Same LAN as the link.
    SameLan,
    /// An address by DHCP, or a fixed one that fits.
    Dhcp,
    /// A name server.
    Dns,
    /// The way out of the LAN.
    Gateway,
    /// Ports that a firewall closes.
    Ports,
}

/// What to look at, most likely first. A device that was never seen may be another than the label says, or in another LAN;
/// one that waits for its registration has its way to the outside in doubt, and nothing else.
pub(super) fn checks(state: AddState, kind: Kind, link_is_online: bool) -> Vec<HelpCheck> {
    use HelpCheck as C;
    if state == AddState::WaitingForRegistration {
        return vec![C::Gateway, C::Dns, C::Ports];
    }
    if !link_is_online {
        return vec![C::Link];
    }
    let mut checks = if state == AddState::Unknown { vec![C::Serial, C::SameLan] } else { Vec::new() };
    checks.push(C::Power);
    // Recorders have no Wi-Fi; what is not known may have it.
    match kind {
        Kind::Nvr | Kind::Dvr => checks.push(C::Cable),
        _ => checks.extend([C::Cable, C::WiFi]),
    }
    checks.extend([C::Dhcp, C::Dns, C::Gateway, C::Ports]);
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_keeps_a_device_off_the_net_is_told_while_it_is_offline() {
        use HelpCheck as C;
        for (kind, cables) in [(Kind::Camera, &[C::Cable, C::WiFi][..]), (Kind::Nvr, &[C::Cable])] {
            let all = [&[C::Power][..], cables, &[C::Dhcp, C::Dns, C::Gateway, C::Ports]].concat();
            assert_eq!(checks(AddState::Offline, kind, true), all);
        }
    }

    #[test]
    fn help_fits_what_is_known() {
        use HelpCheck as C;
        for (state, kind, link, first, without) in [
            (AddState::Offline, Kind::Nvr, true, C::Power, C::WiFi),
            (AddState::Offline, Kind::Camera, true, C::Power, C::Serial),
            (AddState::Unknown, Kind::Unknown, true, C::Serial, C::Link),
            (AddState::Unknown, Kind::Unknown, false, C::Link, C::Power),
            (AddState::WaitingForRegistration, Kind::Camera, true, C::Gateway, C::Power),
        ] {
            let checks = checks(state, kind, link);
            assert_eq!(checks.first(), Some(&first), "{state:?} {kind:?} {link}");
            assert!(!checks.contains(&without), "{state:?} {kind:?} {link}");
        }
    }
}
