//! Whether somebody may use a channel: asked at each use, and for as long as it lasts.

use actix_web::web;
use siteward_domain::share::{MOST_CHANNEL, SharePermission};
use siteward_domain::{DeviceId, EndUserId};
use siteward_store::shares::{self, Use, UseRefusal};
use siteward_store::{end_user_sessions, viewing};

use crate::access::end_user::EndUserCaller;
use crate::access::token;
use crate::error::{ApiError, codes};
use crate::lenses::Watcher;
use crate::page;
use crate::platform::Platform;

/// The number of a channel, checked.
pub(crate) fn checked_channel(channel: u32) -> Result<u32, ApiError> {
    if (1..=MOST_CHANNEL).contains(&channel) { Ok(channel) } else { Err(page::bad("channel")) }
}

/// Refuses unless the end user may do something with a channel now. A receiver's first use of each permission is noted for the owner.
pub(crate) async fn may_use(
    platform: &Platform,
    end_user: &EndUserId,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
) -> Result<(), ApiError> {
    let (who, id) = (end_user.clone(), device.clone());
    // Nearly every use is a further one, which writes nothing.
    let looked = platform.read(move |conn| {
        Ok(match shares::may_see(conn, &who, &id, channel, permission)? {
            Ok(Use::Owner) => Ok(true),
            Ok(Use::Receiver { share_id, .. }) => Ok(viewing::is_noted(conn, &share_id, &id, channel, permission)?),
            Err(refusal) => Err(refusal),
        })
    });
    if !looked.await?.map_err(refused)? {
        let (who, id, now) = (end_user.clone(), device.clone(), platform.clock.now());
        let used = platform.write(move |conn| shares::may_use(conn, &who, &id, channel, permission, now));
        used.await?.map_err(refused)?;
    }
    Ok(())
}

/// Watches a channel for an end user who may see it live now.
pub(super) async fn watch(
    platform: &web::Data<Platform>,
    end_user: &EndUserId,
    device: &DeviceId,
    channel: u32,
) -> Result<Watcher, ApiError> {
    may_use(platform, end_user, device, channel, SharePermission::LiveView).await?;
    platform.lenses.watch(platform, end_user, device, channel)
}

/// Whether somebody may go on with what they began: they are signed in, and it is still theirs or shared with them. A database that
/// is away just now ends nothing.
pub(crate) async fn may_still(
    platform: &Platform,
    caller: &EndUserCaller,
    device: &DeviceId,
    channel: u32,
    permission: SharePermission,
) -> bool {
    let (hash, who, id, now) = (token::hash(&caller.token), caller.id(), device.clone(), platform.clock.now());
    let looked = platform.read(move |conn| {
        let signed_in = end_user_sessions::find_session(conn, &hash, now)?.is_some();
        Ok(signed_in && shares::may_see(conn, &who, &id, channel, permission)?.is_ok())
    });
    looked.await.unwrap_or(true)
}

fn refused(refusal: UseRefusal) -> ApiError {
    match refusal {
        UseRefusal::NotFound => ApiError::new(codes::NOT_FOUND),
        UseRefusal::NotShared => ApiError::new(codes::NOT_SHARED),
        UseRefusal::Suspended => ApiError::new(codes::SITE_SUSPENDED),
    }
}
