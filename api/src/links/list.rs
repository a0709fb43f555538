//! `GET /sites/{site_id}/links`: the links of a site.

use actix_web::{get, web};
use siteward_domain::SiteId;

use super::view::LinkList;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Lists the links of a site, oldest first.
#[utoipa::path(tag = "links", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "Its links", body = LinkList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/links")]
pub(crate) async fn list_links(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<LinkList>, ApiError> {
    let _ = (may, platform, site_id);
    Err(ApiError::new(codes::UNAVAILABLE))
}
