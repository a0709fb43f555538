//! Channels as an owner names them to share: each on one of their devices.

use serde::Deserialize;
use siteward_domain::share::{MOST_CHANNEL, MOST_CHANNELS, SharePermission as Permission, SharedChannel};
use siteward_domain::{DeviceId, SiteId, end_user};
use siteward_store::owning::{OwnedObject, Owning};
use siteward_store::{DbConn, StoreError, owned_sites};
use siteward_worker::mail::is_address;
use utoipa::ToSchema;

use crate::error::{ApiError, codes};
use crate::session::email;
use crate::words::SharePermission;

/// The e-mail address, in lower case, of who is to have something. A phone number is refused: nobody has shown that theirs is theirs.
pub(crate) fn address(login: &str) -> Result<String, ApiError> {
    let address = email(login).filter(|address| is_address(address)).map(|address| address.to_lowercase());
    let refused = || {
        let is_number = end_user::phone(login).is_some();
        ApiError::field(if is_number { codes::PHONE_NOT_CONFIRMED } else { codes::FIELD_INVALID }, "login")
    };
    address.ok_or_else(refused)
}

/// The same of who is to be offered something; where this server sends text messages, a phone number as accounts hold it, too: it is for whoever
/// shows that it is theirs.
pub(crate) fn address_or_number(login: &str, sends_texts: bool) -> Result<String, ApiError> {
    match end_user::phone(login) {
        Some(number) if sends_texts => Ok(number),
        _ => address(login),
    }
}

/// A channel to share.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelToShare {
    /// The device.
    #[schema(value_type = String, format = "uuid")]
    device_id: DeviceId,
    /// Its channel, from 1; 0: the device itself, where it has none.
    #[schema(maximum = 4096)]
    channel: u32,
    /// What the receiver may do with it; absent: all that a device of its kind has. The live view of what has pictures is always among it.
    #[schema(max_items = 16)]
    permissions: Option<Vec<SharePermission>>,
}

impl From<ChannelToShare> for SharedChannel {
    fn from(channel: ChannelToShare) -> Self {
        let permissions = match channel.permissions {
            Some(some) => some.into_iter().map(|permission| permission.0).collect(),
            None => Permission::ALL.to_vec(),
        };
        Self { device_id: channel.device_id, channel: channel.channel, permissions }
    }
}

/// What is to be shared: something, and no more than may be.
pub(crate) fn to_share(channels: Vec<ChannelToShare>) -> Result<Vec<SharedChannel>, ApiError> {
    let is_good = !channels.is_empty()
        && channels.len() <= MOST_CHANNELS
        && channels.iter().all(|channel| channel.channel <= MOST_CHANNEL);
    if !is_good {
        return Err(ApiError::field(codes::FIELD_INVALID, "channels"));
    }
    Ok(channels.into_iter().map(SharedChannel::from).collect())
}

/// The one site that all of them are on. [`StoreError::NotFound`] where a device is not the owner's, or on a site that is suspended.
pub(crate) fn site_of(
    conn: &mut DbConn,
    owning: &Owning,
    channels: &[SharedChannel],
) -> Result<Result<SiteId, ApiError>, StoreError> {
    let mut devices: Vec<&DeviceId> = channels.iter().map(|channel| &channel.device_id).collect();
    devices.sort();
    devices.dedup();
    let mut site = None;
    for device in devices {
        owning.check(conn, &OwnedObject::Device(device.clone()))?;
        let (_, of_device) = owned_sites::place_of_device(conn, device)?;
        if site.as_ref().is_some_and(|site| *site != of_device) {
            return Ok(Err(ApiError::field(codes::FIELD_INVALID, "channels")));
        }
        site = Some(of_device);
    }
    Ok(site.ok_or_else(|| ApiError::field(codes::FIELD_INVALID, "channels")))
}
