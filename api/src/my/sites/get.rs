//! `GET /my/sites/{site_id}`: one of the end user's sites.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::owned_sites;

use super::MySite;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives one of the end user's sites.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The site", body = MySite),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}")]
pub(crate) async fn get_my_site(
    owned: Owned,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
) -> Result<web::Json<MySite>, ApiError> {
    let (now, period, owner) = (platform.clock.now(), platform.period(), owned.id());
    let site = platform.read(move |conn| owned_sites::get(conn, &owner, &id, now, period)).await?;
    Ok(web::Json(site.into()))
}
