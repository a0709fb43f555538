//! Moving a camera that an end user owns or receives: a moment in a direction, or to a place that it remembers.

pub(crate) mod go_to_preset;
pub(crate) mod list_presets;
pub(crate) mod step;

use siteward_devices::{CallError, DeviceClient};
use siteward_domain::share::SharePermission;
use siteward_domain::{DeviceId, EndUserId};
use siteward_store::devices::Device;

use super::channels::{checked_channel, may_use};
use crate::devices::{client_of, refused, stored};
use crate::error::ApiError;
use crate::platform::Platform;

/// A camera that may be moved, not connected yet.
struct Movable {
    device: Device,
    client: DeviceClient,
}

impl Movable {
    /// The camera of a channel, where the end user may move it now.
    async fn open(platform: &Platform, who: &EndUserId, id: &DeviceId, channel: u32) -> Result<Self, ApiError> {
        may_use(platform, who, id, checked_channel(channel)?, SharePermission::Ptz).await?;
        let (device, credential) = stored(platform, id).await?;
        let client = client_of(platform, &device, &credential)?;
        Ok(Self { device, client })
    }

    /// What the device's answer means for the caller.
    async fn heard<T>(&self, platform: &Platform, told: Result<T, CallError>) -> Result<T, ApiError> {
        match told {
            Ok(answer) => Ok(answer),
            Err(error) => Err(refused(platform, &self.device, error).await?),
        }
    }
}
