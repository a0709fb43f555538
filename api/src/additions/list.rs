//! `GET /sites/{site_id}/additions`: what is being added to a site.

use actix_web::{get, web};
use siteward_domain::SiteId;

use super::view::AdditionList;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Lists the additions of a site that go on, newest first.
#[utoipa::path(tag = "additions", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The additions", body = AdditionList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/additions")]
pub(crate) async fn list_additions(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<AdditionList>, ApiError> {
    let _ = (may, platform, site_id);
    Err(ApiError::new(codes::UNAVAILABLE))
}
