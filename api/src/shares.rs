//! Channels of a site that a company shares with customers while it stays the owner (R-G5). Inviting to a share is `handovers`.

pub(crate) mod list;
pub(crate) mod remove;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::health::DeviceHealth as Health;
use siteward_store::shares as stored;
use utoipa::ToSchema;

use crate::words::{DeviceHealth, DeviceKind, SharePermission};

/// Channels that somebody may use.
#[derive(Serialize, ToSchema)]
pub(crate) struct Share {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Who receives it.
    receiver_name: String,
    /// Their e-mail address.
    receiver_email: String,
    /// Since when.
    created_at: DateTime<Utc>,
    /// What is shared.
    #[schema(max_items = 1024)]
    channels: Vec<ReceivedChannel>,
}

/// The shares of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareList {
    /// The shares, oldest first.
    #[schema(max_items = 10000)]
    items: Vec<Share>,
}

/// A channel within a share.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedChannel {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name.
    device_name: String,
    /// What it is.
    device_kind: DeviceKind,
    /// Its serial; null where it has none.
    #[schema(required = true)]
    serial: Option<String>,
    /// How it was last seen.
    health: DeviceHealth,
    /// The channel; 0: the device itself.
    channel: u32,
    /// What the device calls the channel; null where that is not known.
    #[schema(required = true)]
    channel_name: Option<String>,
    /// What the receiver may do with it.
    permissions: Vec<SharePermission>,
}

impl From<stored::ReceivedChannel> for ReceivedChannel {
    fn from(channel: stored::ReceivedChannel) -> Self {
        Self {
            device_id: channel.device_id.to_string(),
            device_name: channel.device_name,
            device_kind: DeviceKind(channel.device_kind),
            serial: channel.serial,
            health: DeviceHealth(if channel.measured_at.is_some() { channel.health } else { Health::Unknown }),
            channel: channel.channel,
            channel_name: channel.channel_name,
            permissions: channel.permissions.into_iter().map(SharePermission).collect(),
        }
    }
}

impl From<stored::Share> for Share {
    fn from(share: stored::Share) -> Self {
        Self {
            id: share.id.to_string(),
            receiver_name: share.receiver_name,
            receiver_email: share.receiver_email,
            created_at: share.created_at,
            channels: share.channels.into_iter().map(ReceivedChannel::from).collect(),
        }
    }
}
