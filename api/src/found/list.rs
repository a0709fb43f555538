//! `GET /sites/{site_id}/found`: LAN devices found here.

use actix_web::{get, web};
use siteward_domain::SiteId;

use super::FoundList;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists what the links of a site have found in its LAN, those that can be added first.
#[utoipa::path(tag = "additions", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "What was found", body = FoundList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/found")]
pub(crate) async fn list_found(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<FoundList>, ApiError> {
    let reach = on.reach();
    Ok(web::Json(platform.read(move |conn| FoundList::read(conn, &reach, &site_id)).await?))
}
