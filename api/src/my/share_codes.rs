//! QR codes that owners share with (R-E5): 300 seconds for whoever is beside them, or days with a password.
//!
//! The link behind a code has its random token in the fragment, which browsers send to no server; the page behind it
//! hands the token in. Only a hash of it is kept, so that a picture is given once, when it is made or renewed.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod look;
pub(crate) mod renew;
mod showing;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::share_code::CodeStanding as Standing;
use siteward_store::end_users::{EndUser, get_end_user};
use siteward_store::share_codes as stored;
use siteward_store::shares::ReceivedChannel;
use siteward_store::{DbConn, StoreError};
use siteward_worker::mail;
use utoipa::ToSchema;

use super::code_pictures::{CodePictures, Words, draw, until};
use crate::documents::Texts;
use crate::error::ApiError;
use crate::words::{DeviceKind, ShareCodeKind, SharePermission};

pub(crate) use showing::{ShareCodeShown, shown};

/// A code as whoever made it sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareCode {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// How long it lasts.
    kind: ShareCodeKind,
    /// What it is for; may be empty.
    label: String,
    /// What is shared with it.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
    /// Whether a password is asked for.
    has_password: bool,
    /// For how many it is; null: for as many as a channel may be shared with.
    #[schema(required = true)]
    most_receivers: Option<u32>,
    /// Applications that wait.
    pending: u32,
    /// Places that are taken: by applications that wait, and by those that were accepted.
    receivers: u32,
    /// Whether somebody may still apply.
    standing: ShareCodeStanding,
    /// When it was made, or a temporary one renewed.
    created_at: DateTime<Utc>,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
    /// When it was revoked; null where it was not.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

/// Whether somebody may still apply with a code.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShareCodeStanding {
    /// They may.
    Open,
    /// Its time is over.
    Expired,
    /// It was revoked, or nothing of it can be shared any more.
    Ended,
    /// As many have applied as may.
    Full,
}

/// A channel that a code shares.
#[derive(Serialize, ToSchema)]
pub(crate) struct CodeChannel {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name; may be empty.
    device_name: String,
    /// What it is.
    device_kind: DeviceKind,
    /// Its channel, from 1; 0: the device itself, where it has none.
    channel: u32,
    /// What the device calls the channel; null where that is not known.
    #[schema(required = true)]
    channel_name: Option<String>,
    /// What a receiver would be let do with it.
    permissions: Vec<SharePermission>,
}

/// A code that was just made or renewed. Its link and pictures are given now and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareCodeMade {
    #[serde(flatten)]
    code: ShareCode,
    /// The link that its pictures hold.
    url: String,
    /// The code with what it is for and until when printed beneath.
    pictures: CodePictures,
}

impl ShareCode {
    fn new(code: stored::ShareCode, now: DateTime<Utc>) -> Self {
        Self {
            standing: ShareCodeStanding::of(code.terms().standing(now)),
            id: code.id.to_string(),
            site_id: code.site_id.to_string(),
            site_name: code.site_name,
            kind: ShareCodeKind(code.kind),
            label: code.label,
            channels: code.channels.into_iter().map(CodeChannel::from).collect(),
            has_password: code.password_hash.is_some(),
            most_receivers: code.most_receivers,
            pending: code.pending,
            receivers: code.pending + code.accepted,
            created_at: code.created_at,
            expires_at: code.expires_at,
            ended_at: code.ended_at,
        }
    }
}

impl From<ReceivedChannel> for CodeChannel {
    fn from(channel: ReceivedChannel) -> Self {
        Self {
            device_id: channel.device_id.to_string(),
            device_name: channel.device_name,
            device_kind: DeviceKind(channel.device_kind),
            channel: channel.channel,
            channel_name: channel.channel_name,
            permissions: channel.permissions.into_iter().map(SharePermission).collect(),
        }
    }
}

/// What a code is drawn with, besides itself.
struct Drawing {
    code: stored::ShareCode,
    giver: EndUser,
    public_url: String,
}

impl Drawing {
    fn of(conn: &mut DbConn, code: stored::ShareCode) -> Result<Self, StoreError> {
        let giver = get_end_user(conn, &code.giver_id)?;
        Ok(Self { code, giver, public_url: mail::public_url(conn)? })
    }

    async fn made(self, token: &str, now: DateTime<Utc>) -> Result<ShareCodeMade, ApiError> {
        let Self { code, giver, public_url } = self;
        let texts = Texts { language: giver.language };
        let from = texts.with("code_picture.from", &[("giver", &giver.name), ("site", &code.site_name)]);
        let title =
            if code.label.is_empty() { texts.get("code_picture.access").to_owned() } else { code.label.clone() };
        let url = format!("{}/my/apply#{token}", public_url.trim_end_matches('/'));
        let pictures = draw(&url, Words { title, more: vec![from, until(&giver, code.expires_at)] }).await?;
        Ok(ShareCodeMade { code: ShareCode::new(code, now), url, pictures })
    }
}

impl ShareCodeStanding {
    fn of(standing: Standing) -> Self {
        match standing {
            Standing::Open => Self::Open,
            Standing::Expired => Self::Expired,
            Standing::Ended => Self::Ended,
            Standing::Full => Self::Full,
        }
    }
}
