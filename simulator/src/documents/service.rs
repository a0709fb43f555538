//! The cloud service as the device tells it.

use super::start;
use crate::device::{Device, Now, held};
use crate::profile::Profile;

pub(super) fn ezviz(device: &Device, now: Now) -> String {
    let setup = held(&device.setup);
    let service = &setup.service;
    let registered = service.is_registered(now.instant, device.limits.registration);
    let mut xml = start(device, "EZVIZ");
    xml.leaf("enabled", service.enabled);
    if device.identity.profile == Profile::Nvr {
        xml.leaf("redirect", false);
    }
    xml.leaf("registerStatus", registered);
    xml.open("serverAddress");
    xml.leaf("addressingFormatType", "hostname");
    xml.leaf("hostName", service.host.name());
    xml.close();
    // Some tell the code, some keep it to themselves.
    let told = if tells_code(device.identity.profile) { service.code.as_deref() } else { None };
    xml.leaf("verificationCode", told.unwrap_or_default());
    if device.identity.profile == Profile::Camera {
        xml.leaf("streamEncrypteEnabled", true);
    }
    xml.leaf("bindStatus", if setup.bound { "bind" } else { "unbind" });
    xml.finish()
}

/// Domes and thermal cameras do not.
const fn tells_code(profile: Profile) -> bool {
    !matches!(profile, Profile::Dome | Profile::Thermal)
}
