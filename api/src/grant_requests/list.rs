//! `GET /sites/{site_id}/grant_requests`: what the company applied for on a site.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::grant_requests;

use super::GrantRequestPage;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// Lists what the company applied for on a site, newest first.
#[utoipa::path(tag = "permissions", params(("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery), responses(
    (status = 200, description = "A page of applications", body = GrantRequestPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/grant_requests")]
pub(crate) async fn list_grant_requests(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<GrantRequestPage>, ApiError> {
    let (company, limit) = (on.company_id(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| {
        let page = grant_requests::list_of_site(conn, &site_id, &company, cursor.as_deref(), limit)?;
        GrantRequestPage::describe(conn, page)
    });
    Ok(web::Json(page.await?))
}
