//! Handing sites over to their owners (R-G1, R-G2), and inviting to shares (R-G5), as a company does it. What the receiver sees
//! is a page of its own, `handover_page`, or their account's, `my::handovers`.

pub(crate) mod bulk;
mod checking;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
mod mailing;
pub(crate) mod send;
pub(crate) mod update;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::DeviceId;
use siteward_domain::handover::{HandoverStanding, Offer};
use siteward_domain::share as domain;
use siteward_store::handovers as stored;
use siteward_store::shares::ShareRefusal;
use utoipa::ToSchema;

use crate::asks::Asks;
use crate::error::{ApiError, codes};
use crate::platform::Platform;
use crate::words::{HandoverKind, HandoverState, MailLanguage, SharePermission};

/// An invitation to own a site, or to see some of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Handover {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// To own the site, or to see some of it.
    kind: HandoverKind,
    /// The address that it went to.
    email: String,
    /// The receiver's telephone number; null where it is not known.
    #[schema(required = true)]
    phone: Option<String>,
    /// The receiver's name; may be empty.
    name: String,
    /// The language of the mail.
    language: MailLanguage,
    /// What was said besides; may be empty.
    remark: String,
    /// What is asked for in return.
    asks: Asks,
    /// What is shared; empty where the site is handed over.
    channels: Vec<OfferedChannel>,
    /// Where it stands.
    state: HandoverState,
    /// The name of who invites; null when they are not here any more.
    #[schema(required = true)]
    invited_by: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last sent.
    sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
    /// When it ended; null while it waits.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
    /// The SHA-256 of the handover pack, in hex; null where there is none.
    #[schema(required = true)]
    pack_sha256: Option<String>,
}

/// A channel that is offered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferedChannel {
    /// The device.
    #[schema(value_type = String, format = "uuid")]
    pub(crate) device_id: DeviceId,
    /// Its channel, from 1; 0: the device itself, where it has none.
    pub(crate) channel: u32,
    /// What the receiver may do with it.
    pub(crate) permissions: Vec<SharePermission>,
}

impl From<domain::SharedChannel> for OfferedChannel {
    fn from(channel: domain::SharedChannel) -> Self {
        Self {
            device_id: channel.device_id,
            channel: channel.channel,
            permissions: channel.permissions.into_iter().map(SharePermission).collect(),
        }
    }
}

impl From<OfferedChannel> for domain::SharedChannel {
    fn from(channel: OfferedChannel) -> Self {
        Self {
            device_id: channel.device_id,
            channel: channel.channel,
            permissions: channel.permissions.into_iter().map(|permission| permission.0).collect(),
        }
    }
}

/// What is shared with an offer.
pub(crate) fn channels_of(offer: &Offer) -> Vec<OfferedChannel> {
    match offer {
        Offer::Transfer(_) => Vec::new(),
        Offer::Share(channels) => channels.iter().cloned().map(OfferedChannel::from).collect(),
    }
}

impl From<stored::Handover> for Handover {
    fn from(handover: stored::Handover) -> Self {
        Self {
            id: handover.id.to_string(),
            site_id: handover.site_id.to_string(),
            kind: HandoverKind(handover.kind),
            email: handover.email,
            phone: handover.phone,
            name: handover.name,
            language: MailLanguage(handover.language),
            remark: handover.remark,
            asks: handover.offer.asks().into(),
            channels: channels_of(&handover.offer),
            state: HandoverState(HandoverStanding::of(handover.state, handover.is_registered)),
            invited_by: handover.inviter,
            created_at: handover.created_at,
            sent_at: handover.sent_at,
            expires_at: handover.expires_at,
            ended_at: handover.ended_at,
            pack_sha256: handover.pack_sha256,
        }
    }
}

/// Until when an invitation that is sent at `now` can be accepted.
fn end_of(platform: &Platform, now: DateTime<Utc>) -> DateTime<Utc> {
    now + Duration::days(i64::from(platform.settings.handover.days))
}

/// Why a share is not given.
pub(crate) fn share_refused(refusal: ShareRefusal) -> ApiError {
    ApiError::new(match refusal {
        ShareRefusal::AlreadyReceives | ShareRefusal::IsOwner => codes::SHARE_EXISTS,
        ShareRefusal::ChannelIsFull => codes::SHARE_CHANNEL_FULL,
        ShareRefusal::ReceiverIsFull => codes::SHARE_RECEIVER_FULL,
        ShareRefusal::NothingToShare => codes::SHARE_EMPTY,
        ShareRefusal::TooManyChannels => codes::SHARE_TOO_MANY_CHANNELS,
        ShareRefusal::RegionDiffers => codes::REGION_DIFFERS,
        ShareRefusal::FirmwareTooOld { needed } => {
            let details = serde_json::json!({ "needed": needed });
            return ApiError::new(codes::SHARE_FIRMWARE_TOO_OLD).with_details(details);
        }
    })
}
