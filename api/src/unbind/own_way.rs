//! The device as the platform itself reaches it, before what a caller's link says of it counts: whatever stands behind that
//! link may answer with any serial number and take any password.

use chrono::{DateTime, Duration, Utc};
use siteward_devices::probe::probe_known;
use siteward_devices::{CallError, Login, activation, operations};
use siteward_domain::health::DeviceHealth;
use siteward_domain::unbind::{LOCK_SECONDS, TRIES_TO_LOCK, UnbindRefusal};
use siteward_store::unbinding;

use super::attempt::{Attempt, locked, wrong_password};
use super::on_device::Known;
use crate::devices::{reaching, refusal};
use crate::error::ApiError;
use crate::platform::Platform;

/// Under what name the tries of all callers at one device are counted.
const EVERYBODY: &str = "everybody";
/// Wrong passwords that reach the device of an account within half an hour, whoever gives them: below what devices lock at,
/// for it is the account's own way that would be locked out.
const MOST_TRIES: u32 = 2;

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
    let everybody = Attempt { by: EVERYBODY.to_owned(), serial: attempt.serial.clone() };
    if everybody.count_try(platform).await? < TRIES_TO_LOCK - MOST_TRIES {
        let now = platform.clock.now();
        return Err(locked(now + Duration::seconds(LOCK_SECONDS), now));
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
    everybody.forget_tries(platform).await?;
    if !answers {
        let (now, period) = (platform.clock.now(), platform.period());
        let was_reached = was_reached(device.health, device.health_since, device.measured_at, now, period);
        return if was_reached { Err(attempt.refused(UnbindRefusal::NotOnThisLan)) } else { Ok(()) };
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

/// Whether it was reached within two periods: one look that fails is no more than a line that was cut for a moment.
fn was_reached(
    health: DeviceHealth,
    since: Option<DateTime<Utc>>,
    measured_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    period: Duration,
) -> bool {
    let longest = period * 2;
    match health.shown(measured_at, now, period) {
        DeviceHealth::Offline => since.is_some_and(|since| now - since <= longest),
        // Nobody looked for a while. What was looked at just now and is unknown answered something, as that it has no session left.
        DeviceHealth::Unknown => measured_at.is_some_and(|at| now - at <= longest),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_held_until_it_was_silent_for_two_periods() {
        let at = |seconds: i64| DateTime::from_timestamp(1_700_000_000 + seconds, 0);
        let held = |health, since, measured| {
            was_reached(health, at(since), at(measured), at(1000).unwrap(), Duration::seconds(60))
        };
        assert!(held(DeviceHealth::Healthy, 0, 990), "it answers");
        assert!(held(DeviceHealth::Offline, 990, 990), "one look failed");
        assert!(held(DeviceHealth::Offline, 880, 990), "two periods at most");
        assert!(!held(DeviceHealth::Offline, 879, 990), "it was silent for longer");
        assert!(held(DeviceHealth::Unknown, 990, 990), "too many sessions are an answer");
        assert!(!held(DeviceHealth::Healthy, 0, 879), "nobody looked for a while");
        let never = was_reached(DeviceHealth::Unknown, None, None, at(1000).unwrap(), Duration::seconds(60));
        assert!(!never, "it never was looked at");
    }
}
