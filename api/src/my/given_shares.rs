//! What an owner shares, to look at, edit and end (R-E7).

pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod remove_all;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::shares::Given;
use utoipa::ToSchema;

use super::share_codes::CodeChannel;

/// Channels that an owner shares with somebody.
#[derive(Serialize, ToSchema)]
pub(crate) struct GivenShare {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// Who receives it.
    #[schema(format = "uuid")]
    receiver_id: String,
    /// Their name.
    receiver_name: String,
    /// Their e-mail address.
    receiver_email: String,
    /// Since when.
    created_at: DateTime<Utc>,
    /// What is shared.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
}

impl From<Given> for GivenShare {
    fn from(given: Given) -> Self {
        let Given { site_id, site_name, share } = given;
        Self {
            id: share.id.to_string(),
            site_id: site_id.to_string(),
            site_name,
            receiver_id: share.receiver_id.to_string(),
            receiver_name: share.receiver_name,
            receiver_email: share.receiver_email,
            created_at: share.created_at,
            channels: share.channels.into_iter().map(CodeChannel::from).collect(),
        }
    }
}
