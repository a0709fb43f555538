//! `GET /my/sites/{site_id}/grant_requests`: what companies applied for on a site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::grant_requests;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::grant_requests::GrantRequestPage;
use crate::page::PageQuery;
use crate::platform::Platform;

/// Lists what companies applied for on one's site since it is one's own, newest first.
#[utoipa::path(tag = "my permissions", params(("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery), responses(
    (status = 200, description = "A page of applications", body = GrantRequestPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/grant_requests")]
pub(crate) async fn list_my_grant_requests(
    _owned: Owned,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<GrantRequestPage>, ApiError> {
    let limit = query.limit()?;
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| {
        let page = grant_requests::list_of_owner(conn, &site_id, cursor.as_deref(), limit)?;
        GrantRequestPage::describe(conn, page)
    });
    Ok(web::Json(page.await?))
}
