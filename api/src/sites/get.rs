//! `GET /sites/{site_id}`: one site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::sites;

use super::Site;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives one site.
#[utoipa::path(tag = "sites", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The site", body = Site),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}")]
pub(crate) async fn get_site(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
) -> Result<web::Json<Site>, ApiError> {
    let (now, period, company) = (platform.clock.now(), platform.period(), on.company_id());
    let site = platform
        .read(move |conn| {
            let site = sites::get_site(conn, &company, &id)?;
            Site::describe(conn, site, now, period)
        })
        .await?;
    Ok(web::Json(site))
}
