//! Unbinding a device from an account without that account's help (R-U1, R-U2).

use crate::device_needs::is_generation_3;
use crate::link::{BindState, Sighting};
use crate::words::words;

/// Wrong passwords of one caller for one device that lock it for this caller.
pub const TRIES_TO_LOCK: u32 = 5;
/// How long it stays locked, in seconds; older wrong passwords do not count any more either.
pub const LOCK_SECONDS: i64 = 30 * 60;

words! {
    /// Why a device cannot be unbound from here.
    pub enum UnbindRefusal {
        /// Its firmware is of generation 3: only the vendor's service centre can.
        ServiceCentreFirmware = "firmware",
        /// It is bound to the EZVIZ service: only the service centre can.
        ServiceCentreEzviz = "ezviz",
        /// No link of the site has seen it.
        NotOnThisLan = "not_on_this_lan",
        /// The link does not see it now.
        Offline = "offline",
        /// It belongs to nobody.
        NotBound = "not_bound",
    }
}

/// Whether a device can be unbound from here: what a link of the site saw of it and whether it sees it now, whether an
/// account here has it, and whether it is bound to EZVIZ, where that could be read.
pub fn can_unbind(seen: Option<(&Sighting, bool)>, bound_here: bool, ezviz: Option<bool>) -> Result<(), UnbindRefusal> {
    let Some((sighting, online)) = seen else { return Err(UnbindRefusal::NotOnThisLan) };
    if !bound_here && sighting.bind == BindState::Free {
        return Err(UnbindRefusal::NotBound);
    }
    if is_generation_3(sighting.kind(), &sighting.firmware) {
        return Err(UnbindRefusal::ServiceCentreFirmware);
    }
    if ezviz == Some(true) {
        return Err(UnbindRefusal::ServiceCentreEzviz);
    }
    if online { Ok(()) } else { Err(UnbindRefusal::Offline) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::FoundBy;
    use crate::serial::SerialNumber;

    fn sighting(model: &str, firmware: &str, bind: BindState) -> Sighting {
        Sighting {
            serial: SerialNumber::parse("G12345678").unwrap(),
            long_serial: String::new(),
            mac: None,
            model: model.into(),
            firmware: firmware.into(),
            host: "192.168.1.64".into(),
            http_port: 80,
            dhcp: None,
            activated: Some(true),
            service_enabled: Some(true),
            bind,
            unbind_supported: None,
            found_by: FoundBy::Sadp,
        }
    }

    #[test]
    fn each_reason_is_told_and_a_device_that_can_be_unbound_may() {
        use UnbindRefusal as No;
        let camera = |bind| sighting("DS-2CD2146G2-ISU", "V5.7.3 build 220112", bind);
        let old = sighting("DS-7608NI-E2", "V3.4.98 build 180104", BindState::Bound);
        let panel = sighting("DS-PWA64-L-WE", "V1.2.9", BindState::Bound);
        for (seen, here, ezviz, expected) in [
            (None, true, None, Err(No::NotOnThisLan)),
            (Some((&camera(BindState::Free), true)), false, None, Err(No::NotBound)),
            (Some((&camera(BindState::Free), true)), true, None, Ok(())),
            (Some((&camera(BindState::Bound), true)), false, Some(true), Err(No::ServiceCentreEzviz)),
            (Some((&camera(BindState::Bound), false)), false, Some(true), Err(No::ServiceCentreEzviz)),
            (Some((&old, true)), false, Some(false), Err(No::ServiceCentreFirmware)),
            (Some((&camera(BindState::Bound), false)), false, None, Err(No::Offline)),
            (Some((&camera(BindState::Unknown), true)), false, None, Ok(())),
            (Some((&panel, true)), false, Some(false), Ok(())),
        ] {
            assert_eq!(can_unbind(seen, here, ezviz), expected, "{seen:?}");
        }
    }
}
