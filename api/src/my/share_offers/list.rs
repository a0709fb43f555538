//! `GET /my/share_offers`: what an owner offered.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::share_offers;
use utoipa::ToSchema;

use super::ShareOffer;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of offers.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareOfferPage {
    /// The offers, newest first.
    #[schema(max_items = 100)]
    items: Vec<ShareOffer>,
    /// Asks for the page that follows; null on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what one offered to share, newest first.
#[utoipa::path(tag = "my sharing", params(PageQuery), responses(
    (status = 200, description = "A page of offers", body = ShareOfferPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/share_offers")]
pub(crate) async fn list_share_offers(
    caller: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<ShareOfferPage>, ApiError> {
    let (giver, limit) = (caller.0.id(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| share_offers::list_made(conn, &giver, cursor.as_deref(), limit)).await?;
    Ok(web::Json(ShareOfferPage {
        items: page.items.into_iter().map(ShareOffer::from).collect(),
        next_cursor: page.next_cursor,
    }))
}
