//! `GET /my/sites/{site_id}/grants`: what the owner of a site lets its company do now.

use actix_web::{get, web};
use siteward_domain::SiteId;
use siteward_store::grants;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::grants::GrantPage;
use crate::page::PageQuery;
use crate::platform::Platform;

/// Lists what one lets the company of a site do now, the oldest first.
#[utoipa::path(tag = "my permissions", params(("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery), responses(
    (status = 200, description = "A page of what holds now", body = GrantPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/grants")]
pub(crate) async fn list_my_grants(
    _owned: Owned,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<GrantPage>, ApiError> {
    let (now, limit) = (platform.clock.now(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| grants::list_open(conn, &site_id, now, cursor.as_deref(), limit)).await?;
    Ok(web::Json(page.into()))
}
