//! `GET /my/sites/{site_id}/custody`: who looks after a site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::custody;

use super::MyCustody;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells which company serves a site, and whether there is rental.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "Who looks after it", body = MyCustody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/custody")]
pub(crate) async fn get_my_custody(
    _: Owned,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<MyCustody>, ApiError> {
    let custody = platform
        .read(move |conn| {
            let custody = custody::get(conn, &site_id)?;
            MyCustody::describe(conn, &custody)
        })
        .await?;
    Ok(web::Json(custody))
}
