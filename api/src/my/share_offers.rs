//! What an owner offers to share: by an e-mail address or phone number, or to whoever showed their own QR (R-E4, R-E6).

pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod withdraw;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::share_offers as stored;
use utoipa::ToSchema;

use super::share_codes::CodeChannel;
use crate::words::{AnswerState, OfferWay};

/// An offer as whoever made it sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareOffer {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// Who it went to: the address as it was written, or the name of whoever showed their QR.
    receiver: String,
    /// By what.
    way: OfferWay,
    /// Where it stands; `void`: what it was about is gone.
    state: AnswerState,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was answered or taken back; null while it waits.
    #[schema(required = true)]
    answered_at: Option<DateTime<Utc>>,
    /// Whether it was refused by somebody of another region, who could not have accepted it.
    region_differs: bool,
    /// What is offered.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
}

impl From<stored::ShareOffer> for ShareOffer {
    fn from(offer: stored::ShareOffer) -> Self {
        Self {
            id: offer.id.to_string(),
            site_id: offer.site_id.to_string(),
            site_name: offer.site_name,
            receiver: offer.receiver,
            way: OfferWay(offer.way),
            state: AnswerState(offer.state),
            created_at: offer.created_at,
            answered_at: offer.answered_at,
            region_differs: offer.region_differs,
            channels: offer.channels.into_iter().map(CodeChannel::from).collect(),
        }
    }
}
