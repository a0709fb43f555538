//! `GET /my/received_offers`: what waits for the end user's answer.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::share_offers::{self, Offered};
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::my::share_codes::CodeChannel;
use crate::platform::Platform;

/// An offer to the end user.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedOffer {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Who offers.
    giver_name: String,
    /// The name of the site.
    site_name: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Whether it cannot be accepted because the two accounts are in different regions.
    region_differs: bool,
    /// What is offered.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
}

/// The offers that wait.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedOfferList {
    /// The offers, newest first.
    #[schema(max_items = 100)]
    items: Vec<ReceivedOffer>,
}

/// Lists what others offer to share, also to an address that had no account then; the newest hundred.
#[utoipa::path(tag = "my sharing", responses(
    (status = 200, description = "The offers", body = ReceivedOfferList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/received_offers")]
pub(crate) async fn list_received_offers(
    caller: EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<ReceivedOfferList>, ApiError> {
    let receiver = caller.0.id();
    let offers = platform.read(move |conn| share_offers::list_received(conn, &receiver)).await?;
    Ok(web::Json(ReceivedOfferList { items: offers.into_iter().map(ReceivedOffer::from).collect() }))
}

impl From<Offered> for ReceivedOffer {
    fn from(offer: Offered) -> Self {
        Self {
            id: offer.id.to_string(),
            giver_name: offer.giver_name,
            site_name: offer.site_name,
            created_at: offer.created_at,
            region_differs: offer.region_differs,
            channels: offer.channels.into_iter().map(CodeChannel::from).collect(),
        }
    }
}
