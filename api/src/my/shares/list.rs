//! `GET /my/shares`: what the end user receives.

use actix_web::{get, web};
use siteward_store::shares;

use super::{ReceivedShare, ReceivedSharePage};
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// Lists the channels that others share with the end user. A page of many channels has fewer shares than was asked for.
#[utoipa::path(tag = "my", params(PageQuery), responses(
    (status = 200, description = "A page of shares", body = ReceivedSharePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/shares")]
pub(crate) async fn list_my_shares(
    caller: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<ReceivedSharePage>, ApiError> {
    let (receiver, limit) = (caller.0.id(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| shares::list_received(conn, &receiver, cursor.as_deref(), limit)).await?;
    Ok(web::Json(ReceivedSharePage {
        items: page.items.into_iter().map(ReceivedShare::from).collect(),
        next_cursor: page.next_cursor,
    }))
}
