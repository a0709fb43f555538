//! One try at unbinding a device, whoever makes it: its captcha, the tries that are counted, and what a refusal tells.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use siteward_domain::SerialNumber;
use siteward_domain::unbind::{LOCK_SECONDS, UnbindRefusal};
use siteward_store::{captchas, unbinding};

use crate::captchas::{CaptchaAnswer, is_right};
use crate::error::{ApiError, codes, rfc3339};
use crate::platform::Platform;

/// Who tries which serial.
pub(crate) struct Attempt {
    /// Whose wrong tries are counted: the id of a person.
    pub(crate) by: String,
    /// The device.
    pub(crate) serial: SerialNumber,
}

impl Attempt {
    /// Takes the captcha, right or wrong, unless this person has to wait with this device anyway.
    pub(crate) async fn take_captcha(&self, platform: &Platform, given: CaptchaAnswer) -> Result<(), ApiError> {
        let (by, serial, now) = (self.by.clone(), self.serial.clone(), platform.clock.now());
        let id = given.id.clone();
        let taken = platform
            .write(move |conn| match unbinding::locked_until(conn, &by, &serial, now)? {
                Some(until) => Ok(Err(locked(until, now))),
                None => captchas::take(conn, &id, now).map(Ok),
            })
            .await??;
        match taken {
            Some(captcha) if is_right(&captcha, &given) => Ok(()),
            _ => Err(ApiError::field(codes::CAPTCHA_WRONG, "captcha")),
        }
    }

    /// Counts the try before it is made, so that many at the same instant are no more than their number; gives how many
    /// are left after it.
    pub(crate) async fn count_try(&self, platform: &Platform) -> Result<u32, ApiError> {
        let (by, serial, now) = (self.by.clone(), self.serial.clone(), platform.clock.now());
        let tries = platform.write(move |conn| unbinding::note_wrong(conn, &by, &serial, now)).await?;
        match tries.locked_until {
            // The last of five locks, and is still made itself; a lock of another end is another's.
            Some(until) if until != now + Duration::seconds(LOCK_SECONDS) => Err(locked(until, now)),
            _ => Ok(tries.left),
        }
    }

    /// The device let them in: the tries before do not count any more.
    pub(crate) async fn forget_tries(&self, platform: &Platform) -> Result<(), ApiError> {
        let (by, serial) = (self.by.clone(), self.serial.clone());
        platform.write(move |conn| unbinding::forget(conn, &by, &serial)).await
    }

    /// Why it cannot be unbound here; the service centre wants the serial.
    pub(crate) fn refused(&self, refusal: UnbindRefusal) -> ApiError {
        match refusal {
            UnbindRefusal::ServiceCentreFirmware | UnbindRefusal::ServiceCentreEzviz => {
                ApiError::new(codes::UNBIND_SERVICE_CENTRE)
                    .with_details(json!({ "reason": refusal.as_str(), "serial": self.serial }))
            }
            UnbindRefusal::NotOnThisLan => ApiError::new(codes::NOT_ON_THIS_LAN),
            UnbindRefusal::Offline => ApiError::new(codes::DEVICE_OFFLINE),
            UnbindRefusal::NotBound => ApiError::new(codes::NOT_BOUND),
        }
    }
}

/// Too many wrong tries until then.
pub(crate) fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> ApiError {
    ApiError::new(codes::UNBIND_LOCKED).with_details(json!({ "until": rfc3339(until) })).retry_at(until, now)
}

/// What a wrong password answers: how many tries are left, and nothing of the owner.
pub(super) fn wrong_password(tries_left: u32) -> ApiError {
    ApiError::new(codes::UNBIND_PASSWORD_WRONG).with_details(json!({ "tries_left": tries_left }))
}
