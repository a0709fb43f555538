//! One try of staff to unbind a device: who tries, from which site, and what is known of the device.

use siteward_domain::unbind::{UnbindRefusal, can_unbind};
use siteward_domain::{AdditionId, SiteId};
use siteward_store::bindings::{self, Bound};
use siteward_store::reach::Reach;
use siteward_store::{additions, sightings, unbinding};
use siteward_worker::adding::Manner;

use super::attempt::Attempt;
use super::on_device::{Known, look_again};
use crate::access::session::Caller;
use crate::additions::Addition;
use crate::devices::occupied;
use crate::error::ApiError;
use crate::platform::Platform;

/// Who tries to unbind what, and from which LAN.
pub(super) struct Case {
    pub(super) site_id: SiteId,
    pub(super) attempt: Attempt,
    pub(super) caller: Caller,
    pub(super) reach: Reach,
}

impl Case {
    /// What links and bindings tell, as far as it allows to go on. Nothing is told of the account that has the device.
    pub(super) async fn look_up(&self, platform: &Platform) -> Result<Known, ApiError> {
        let (reach, site, serial) = (self.reach.clone(), self.site_id.clone(), self.attempt.serial.clone());
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
        can_unbind(told, bound_here, None).map_err(|refusal| self.attempt.refused(refusal))?;
        let seen = seen.ok_or_else(|| self.attempt.refused(UnbindRefusal::NotOnThisLan))?;
        // Whoever has a link can have it say that it sees any device; not so while the account's own link sees it elsewhere.
        let (serial, link) = (self.attempt.serial.clone(), seen.link_id.clone());
        if platform.read(move |conn| unbinding::is_seen_elsewhere(conn, &serial, &link)).await? {
            return Err(self.attempt.refused(UnbindRefusal::NotOnThisLan));
        }
        Ok(Known { link_id: seen.link_id, sighting: seen.sighting, bound_here })
    }

    /// This person's addition that waits for the device. It may go on by itself as soon as the link sees the device free.
    pub(super) async fn waiting(&self, platform: &Platform) -> Result<Option<AdditionId>, ApiError> {
        let (company, site, staff) = (self.caller.company_id(), self.site_id.clone(), self.caller.staff_id());
        let (serial, now) = (self.attempt.serial.clone(), platform.clock.now());
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
        let (serial, now) = (self.attempt.serial.clone(), platform.clock.now());
        let former = platform.write(move |conn| unbinding::unbind(conn, &serial, now)).await?;
        if let Some(former) = former {
            tracing::info!(device.id = %former.device_id, "a device was unbound by who holds it");
            (platform.wake_worker)();
        }
        look_again(platform, self.caller.company_id(), &known.link_id).await?;
        let (Some(waiting), company) = (waiting, self.caller.company_id()) else { return Ok(None) };
        platform.adding.advance_in(&company, &waiting, Manner::default()).await?;
        let (now, reach) = (platform.clock.now(), self.reach.clone());
        platform.read(move |conn| Addition::read(conn, &reach, &waiting, now)).await.map(Some)
    }
}
