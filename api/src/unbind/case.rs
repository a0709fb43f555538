//! One try to unbind a device: who tries, what is known of the device, and what is counted.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use siteward_domain::link::Sighting;
use siteward_domain::unbind::{LOCK_SECONDS, UnbindRefusal, can_unbind};
use siteward_domain::{AdditionId, LinkId, SerialNumber, SiteId};
use siteward_store::bindings::{self, Bound};
use siteward_store::reach::Reach;
use siteward_store::{additions, captchas, links, sightings, unbinding};
use siteward_worker::adding::Manner;

use crate::access::session::Caller;
use crate::additions::Addition;
use crate::captchas::{CaptchaAnswer, is_right};
use crate::devices::occupied;
use crate::error::{ApiError, codes, rfc3339};
use crate::platform::Platform;

/// Who tries to unbind what, and from which LAN.
pub(super) struct Case {
    pub(super) site_id: SiteId,
    pub(super) serial: SerialNumber,
    pub(super) caller: Caller,
    pub(super) reach: Reach,
}

/// What is known of the device before it is asked.
pub(super) struct Known {
    /// The link that sees it.
    pub(super) link_id: LinkId,
    /// What the link saw.
    pub(super) sighting: Sighting,
    /// Whether another account of this server has it.
    pub(super) bound_here: bool,
}

impl Case {
    /// Whose wrong passwords are counted.
    fn counted(&self) -> String {
        self.caller.staff_id().to_string()
    }

    /// Takes the captcha, right or wrong, unless this person has to wait with this device anyway.
    pub(super) async fn take_captcha(&self, platform: &Platform, given: CaptchaAnswer) -> Result<(), ApiError> {
        let (by, serial, now) = (self.counted(), self.serial.clone(), platform.clock.now());
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

    /// What links and bindings tell, as far as it allows to go on. Nothing is told of the account that has the device.
    pub(super) async fn look_up(&self, platform: &Platform) -> Result<Known, ApiError> {
        let (reach, site, serial) = (self.reach.clone(), self.site_id.clone(), self.serial.clone());
        let (seen, bound) = platform
            .read(move |conn| {
                let seen = sightings::find_for_site(conn, reach.company_id(), &site, &serial)?;
                let bound = bindings::whose(conn, reach.company_id(), &serial)?;
                if let Some(Bound::Own(occupant)) = &bound {
                    return occupied(conn, &reach, occupant, &site).map(Err);
                }
                Ok(Ok((seen, bound)))
            })
            .await??;
        let bound_here = bound.is_some();
        let told = seen.as_ref().map(|seen| (&seen.sighting, seen.online));
        can_unbind(told, bound_here, None).map_err(|refusal| self.refused(refusal))?;
        let seen = seen.ok_or_else(|| self.refused(UnbindRefusal::NotOnThisLan))?;
        // Whoever has a link can have it say that it sees any device; not so while the account's own link sees it elsewhere.
        let (serial, link) = (self.serial.clone(), seen.link_id.clone());
        if platform.read(move |conn| unbinding::is_seen_elsewhere(conn, &serial, &link)).await? {
            return Err(self.refused(UnbindRefusal::NotOnThisLan));
        }
        Ok(Known { link_id: seen.link_id, sighting: seen.sighting, bound_here })
    }

    /// Why it cannot be unbound here; the service centre wants the serial.
    pub(super) fn refused(&self, refusal: UnbindRefusal) -> ApiError {
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

    /// Counts the try before it is made, so that many at the same instant are no more than their number; gives how many
    /// are left after it.
    pub(super) async fn count_try(&self, platform: &Platform) -> Result<u32, ApiError> {
        let (by, serial, now) = (self.counted(), self.serial.clone(), platform.clock.now());
        let tries = platform.write(move |conn| unbinding::note_wrong(conn, &by, &serial, now)).await?;
        match tries.locked_until {
            // The last of five locks, and is still made itself; a lock of another end is another's.
            Some(until) if until != now + Duration::seconds(LOCK_SECONDS) => Err(locked(until, now)),
            _ => Ok(tries.left),
        }
    }

    /// The device let us in: the tries before do not count any more.
    pub(super) async fn right_password(&self, platform: &Platform) -> Result<(), ApiError> {
        let (by, serial) = (self.counted(), self.serial.clone());
        platform.write(move |conn| unbinding::forget(conn, &by, &serial)).await
    }

    /// This person's addition that waits for the device. It may go on by itself as soon as the link sees the device free.
    pub(super) async fn waiting(&self, platform: &Platform) -> Result<Option<AdditionId>, ApiError> {
        let (company, site, staff) = (self.caller.company_id(), self.site_id.clone(), self.caller.staff_id());
        let (serial, now) = (self.serial.clone(), platform.clock.now());
        let open = platform.read(move |conn| additions::find_open(conn, &company, &site, &staff, &serial, now)).await?;
        Ok(open.map(|addition| addition.id))
    }

    /// The device is free: takes it from its former account here, and goes on with the addition that waited.
    pub(super) async fn conclude(
        &self,
        platform: &Platform,
        known: &Known,
        waiting: Option<AdditionId>,
    ) -> Result<Option<Addition>, ApiError> {
        let (serial, now) = (self.serial.clone(), platform.clock.now());
        let former = platform.write(move |conn| unbinding::unbind(conn, &serial, now)).await?;
        if let Some(former) = former {
            tracing::info!(device.id = %former.device_id, "a device was unbound by who holds it");
            (platform.wake_worker)();
        }
        self.look_again(platform, &known.link_id).await?;
        let (Some(waiting), company) = (waiting, self.caller.company_id()) else { return Ok(None) };
        platform.adding.advance_in(&company, &waiting, Manner::default()).await?;
        let (now, reach) = (platform.clock.now(), self.reach.clone());
        platform.read(move |conn| Addition::read(conn, &reach, &waiting, now)).await.map(Some)
    }

    /// Has the link look at the LAN, so that nobody reads for a minute that the device is bound. It may fail: the next
    /// report tells the same.
    async fn look_again(&self, platform: &Platform, link: &LinkId) -> Result<(), ApiError> {
        let Ok(devices) = platform.hub.discover(link).await else { return Ok(()) };
        let (company, id, now) = (self.caller.company_id(), link.clone(), platform.clock.now());
        platform
            .write(move |conn| {
                let link = links::get_link(conn, &company, &id)?;
                sightings::report_changes(conn, &link, &devices, &[], now).map(drop)
            })
            .await
    }
}

fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> ApiError {
    let seconds = u64::try_from((until - now).num_seconds()).unwrap_or(0).max(1);
    ApiError::new(codes::UNBIND_LOCKED).with_details(json!({ "until": rfc3339(until) })).retry_after(seconds)
}

/// What a wrong password answers: how many tries are left, and nothing of the owner.
pub(super) fn wrong_password(tries_left: u32) -> ApiError {
    ApiError::new(codes::UNBIND_PASSWORD_WRONG).with_details(json!({ "tries_left": tries_left }))
}
