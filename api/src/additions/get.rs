//! `GET /additions/{addition_id}`: where adding a device stands.

use actix_web::{get, web};
use siteward_domain::AdditionId;

use super::{Addition, show};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives an addition as it stands; it asks nothing of the device.
#[utoipa::path(tag = "additions", params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 200, description = "Where it stands", body = Addition),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/additions/{addition_id}")]
pub(crate) async fn get_addition(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<AdditionId>,
) -> Result<web::Json<Addition>, ApiError> {
    Ok(web::Json(show(&platform, on.reach(), id.into_inner()).await?))
}
