//! `GET /sites/{site_id}/grants`: what the owner of a site lets the company do now.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::grants;

use super::GrantPage;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// Lists what the owner of a site lets the company do now, the oldest first.
#[utoipa::path(tag = "permissions", params(("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery), responses(
    (status = 200, description = "A page of what holds now", body = GrantPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/grants")]
pub(crate) async fn list_grants(
    _on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<GrantPage>, ApiError> {
    let (now, limit) = (platform.clock.now(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| grants::list_open(conn, &site_id, now, cursor.as_deref(), limit)).await?;
    Ok(web::Json(page.into()))
}
