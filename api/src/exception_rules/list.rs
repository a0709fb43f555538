//! `GET /sites/{site_id}/exception_rules`: who is told of what on a site.

use actix_web::{get, web};
use siteward_domain::SiteId;

use super::ExceptionRuleList;
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Lists the rules of a site, oldest first.
#[utoipa::path(tag = "exception rules", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The rules", body = ExceptionRuleList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/exception_rules")]
pub(crate) async fn list_exception_rules(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
) -> Result<web::Json<ExceptionRuleList>, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    Ok(web::Json(platform.read(move |conn| ExceptionRuleList::read(conn, &company, &site, now)).await?))
}
