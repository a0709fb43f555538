//! `GET /sites/{site_id}/custody`: whose hands a site is in.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::custody;

use super::Custody;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells who owns a site, and whether there is rental.
#[utoipa::path(tag = "custody", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "Whose hands it is in", body = Custody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/custody")]
pub(crate) async fn get_custody(
    _: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<Custody>, ApiError> {
    let custody = platform
        .read(move |conn| {
            let custody = custody::get(conn, &site_id)?;
            Custody::describe(conn, &custody)
        })
        .await?;
    Ok(web::Json(custody))
}
