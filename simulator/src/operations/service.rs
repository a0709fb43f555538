//! The switch for the cloud, and unbinding.

use super::{Outcome, Refusal};
use crate::device::{Device, Now, held};
use crate::profile::Profile;
use crate::rules;
use crate::settings::ServiceHost;
use crate::xml;

pub(super) fn set(device: &Device, body: &str, now: Now) -> Result<Outcome, Refusal> {
    let enabled = match xml::find(body, "enabled").as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err((400, "badXmlContent")),
        None => None,
    };
    // An empty one is what the device itself told, or did not: nothing changes.
    let code = xml::find(body, "verificationCode").filter(|code| !code.is_empty());
    if enabled.is_none() && code.is_none() {
        return Err((400, "badXmlContent"));
    }
    let mut setup = held(&device.setup);
    if let Some(code) = &code
        && setup.service.code.as_ref() != Some(code)
        && !rules::is_code(code, setup.wants_old_codes(&device.identity))
    {
        return Err((400, "illegalVerificationCode"));
    }
    if enabled == Some(true) && code.is_none() && setup.service.code.is_none() {
        return Err((400, "illegalVerificationCode"));
    }
    if let Some(code) = code {
        setup.service.code = Some(code);
    }
    if let Some(enabled) = enabled {
        setup.service.switch(enabled, now.instant);
    }
    Ok(Outcome::OK)
}

pub(super) fn unbind(device: &Device, now: Now) -> Result<Outcome, Refusal> {
    let mut setup = held(&device.setup);
    let knows = device.identity.profile == Profile::Camera && !setup.is_version_3(&device.identity);
    if !knows {
        return Err((device.identity.profile.style().unsupported, "notSupport"));
    }
    if !setup.bound || setup.service.host == ServiceHost::Ezviz {
        return Err((403, "invalidOperation"));
    }
    if !setup.service.is_registered(now.instant, device.limits.registration) {
        return Err((403, "CloudServiceNotEnabledOrAbnotmal"));
    }
    setup.bound = false;
    Ok(Outcome::OK)
}
