//! `GET /sites/{site_id}/maintenance_windows`: when somebody works on a site, now or later.

use actix_web::{get, web};
use siteward_domain::SiteId;

use super::MaintenanceWindowList;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists the maintenance windows of a site that are not over, the next ones first.
#[utoipa::path(tag = "maintenance", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The windows", body = MaintenanceWindowList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/maintenance_windows")]
pub(crate) async fn list_maintenance_windows(
    on: OnSites,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
) -> Result<web::Json<MaintenanceWindowList>, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    Ok(web::Json(platform.read(move |conn| MaintenanceWindowList::read(conn, &company, &site, now)).await?))
}
