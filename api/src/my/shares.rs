//! What an end user receives: channels of sites that they do not own (R-G5).

pub(crate) mod leave;
pub(crate) mod list;
pub(crate) mod rename;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::shares as stored;
use utoipa::ToSchema;

use crate::shares::ReceivedChannel;
use crate::words::GiverKind;

/// Channels that somebody shares with the end user.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedShare {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The name of the site.
    site_name: String,
    /// Its address; may be empty.
    site_address: String,
    /// The end user's own name for it; null where they gave none.
    #[schema(required = true)]
    name: Option<String>,
    /// The company or person that shares.
    giver_name: String,
    /// Which of the two.
    giver_kind: GiverKind,
    /// Since when.
    created_at: DateTime<Utc>,
    /// What is shared.
    #[schema(max_items = 1024)]
    channels: Vec<ReceivedChannel>,
}

/// A page of what an end user receives.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedSharePage {
    /// The shares, oldest first.
    #[schema(max_items = 100)]
    items: Vec<ReceivedShare>,
    /// Asks for the page that follows; null on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl From<stored::Received> for ReceivedShare {
    fn from(share: stored::Received) -> Self {
        Self {
            id: share.id.to_string(),
            site_name: share.site_name,
            site_address: share.site_address,
            name: share.name,
            giver_name: share.giver_name,
            giver_kind: GiverKind(share.giver_kind),
            created_at: share.created_at,
            channels: share.channels.into_iter().map(ReceivedChannel::from).collect(),
        }
    }
}
