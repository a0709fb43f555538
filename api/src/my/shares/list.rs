//! `GET /my/shares`: what the end user receives.

use actix_web::{get, web};
use siteward_store::shares;

use super::{ReceivedShare, ReceivedShareList};
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists the channels that others share with the end user.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "The shares", body = ReceivedShareList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/shares")]
pub(crate) async fn list_my_shares(
    caller: EndUser,
    platform: web::Data<Platform>,
) -> Result<web::Json<ReceivedShareList>, ApiError> {
    let receiver = caller.0.id();
    let shares = platform.read(move |conn| shares::list_received(conn, &receiver)).await?;
    Ok(web::Json(ReceivedShareList { items: shares.into_iter().map(ReceivedShare::from).collect() }))
}
