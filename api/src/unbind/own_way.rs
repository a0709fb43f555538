//! The device as the platform itself reaches it, before what a caller's link says of it counts: whatever stands behind that
//! link may answer with any serial number and take any password.

use siteward_devices::probe::probe_known;
use siteward_devices::{CallError, Login, activation, operations};
use siteward_domain::health::DeviceHealth;
use siteward_domain::unbind::UnbindRefusal;
use siteward_store::devices::Device;
use siteward_store::unbinding;

use super::attempt::{Attempt, wrong_password};
use super::on_device::Known;
use crate::devices::{reaching, refusal};
use crate::error::ApiError;
use crate::platform::Platform;

/// Lets the device that an account here has judge the login, where the platform reaches it by another way than the caller's
/// link. Where it does not answer for itself, the caller's link is believed; not so while it was reached within two periods.
pub(super) async fn agree(
    platform: &Platform,
    attempt: &Attempt,
    known: &Known,
    login: Login,
    tries_left: u32,
) -> Result<(), ApiError> {
    let serial = attempt.serial.clone();
    let Some(device) = platform.read(move |conn| unbinding::bound(conn, &serial)).await? else { return Ok(()) };
    if device.link_id.as_ref() == Some(&known.link_id) {
        return Ok(());
    }
    let is_first = login.user_name == activation::USER;
    let mut client = reaching(platform).client_with(&device, login);
    client.refuse_basic();
    let clock = platform.clock.clone();
    let answers = match probe_known(&mut client, move || clock.now()).await {
        // Where it is reached by its serial number it need not tell it.
        Ok(look) => look
            .observation
            .identity
            .is_some_and(|identity| identity.value.short_serial.is_none_or(|short| short == attempt.serial)),
        Err(CallError::LoginRefused { .. } | CallError::LowPrivilege) => return Err(wrong_password(tries_left)),
        Err(error @ (CallError::Locked { .. } | CallError::TooManySessions)) => return Err(refusal(&error)),
        Err(error) => {
            tracing::debug!(%error, device.id = %device.id, "a device to unbind did not answer for itself");
            false
        }
    };
    if !answers {
        return if was_reached(platform, &device) { Err(attempt.refused(UnbindRefusal::NotOnThisLan)) } else { Ok(()) };
    }
    if is_first {
        return Ok(());
    }
    match operations::is_administrator(&mut client).await {
        Ok(true) => Ok(()),
        Ok(false) | Err(CallError::LoginRefused { .. }) => Err(wrong_password(tries_left)),
        Err(error) => Err(refusal(&error)),
    }
}

/// Whether it was reached within two periods.
fn was_reached(platform: &Platform, device: &Device) -> bool {
    let shown = device.health.shown(device.measured_at, platform.clock.now(), platform.period());
    !matches!(shown, DeviceHealth::Offline | DeviceHealth::Unknown)
}
