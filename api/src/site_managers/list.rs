//! `GET /sites/{site_id}/managers`: who manages a site.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::{site_managers, sites};
use utoipa::ToSchema;

use super::SiteManager;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The managers of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteManagerList {
    /// The managers, by name.
    #[schema(max_items = 1000)]
    items: Vec<SiteManager>,
}

/// Lists who manages a site: those assigned to it, also those whose time has come to an end, and those who manage every
/// site.
#[utoipa::path(tag = "site managers", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The managers", body = SiteManagerList),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/managers")]
pub(crate) async fn list_site_managers(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    id: web::Path<SiteId>,
) -> Result<web::Json<SiteManagerList>, ApiError> {
    let (company, now) = (may.company_id(), platform.clock.now());
    let found = platform
        .read(move |conn| {
            sites::get_site(conn, &company, &id)?;
            site_managers::list_of_site(conn, &company, &id)
        })
        .await?;
    let items = found.into_iter().map(|manager| SiteManager::new(manager, now)).collect();
    Ok(web::Json(SiteManagerList { items }))
}
