//! Moving a camera that an end user owns or receives: a moment in a direction, or to a place that it remembers.

pub(crate) mod go_to_preset;
pub(crate) mod list_presets;
mod pace;
pub(crate) mod step;

use siteward_devices::{CallError, DeviceClient};
use siteward_domain::share::SharePermission;
use siteward_domain::{DeviceId, EndUserId};
use siteward_store::devices::Device;

use tokio::time::Instant;

use super::channels::{checked_channel, may_use};
use crate::devices::{client_of, refused, stored};
use crate::error::{ApiError, codes};
use crate::places::{Place, Room};
use crate::platform::Platform;

pub(crate) use pace::Moves;

/// Cameras that are moved, or asked for their places, at once: each is a connection to the device.
pub(crate) const PTZ: Room = Room { of_person: 2, of_device: 4, in_all: 64, come_again: 1 };

/// A camera that may be moved, not connected yet.
struct Movable {
    device: Device,
    client: DeviceClient,
    _place: Place,
}

impl Movable {
    /// The camera of a channel, where the end user may move it now.
    async fn open(platform: &Platform, who: &EndUserId, id: &DeviceId, channel: u32) -> Result<Self, ApiError> {
        may_use(platform, who, id, checked_channel(channel)?, SharePermission::Ptz).await?;
        Self::open_permitted(platform, who, id).await
    }

    /// The same to be moved, which a person does a few times a second at most.
    async fn open_to_move(platform: &Platform, who: &EndUserId, id: &DeviceId, channel: u32) -> Result<Self, ApiError> {
        may_use(platform, who, id, checked_channel(channel)?, SharePermission::Ptz).await?;
        if !platform.moves.allow(who, id, Instant::now()) {
            return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(1));
        }
        Self::open_permitted(platform, who, id).await
    }

    async fn open_permitted(platform: &Platform, who: &EndUserId, id: &DeviceId) -> Result<Self, ApiError> {
        let place = platform.ptz.take(who.as_str(), id)?;
        let (device, credential) = stored(platform, id).await?;
        let client = client_of(platform, &device, &credential)?;
        Ok(Self { device, client, _place: place })
    }

    /// What the device's answer means for the caller.
    async fn heard<T>(&self, platform: &Platform, told: Result<T, CallError>) -> Result<T, ApiError> {
        match told {
            Ok(answer) => Ok(answer),
            Err(error) => Err(refused(platform, &self.device, error).await?),
        }
    }
}
