//! `GET /my/sites/{site_id}/access_log`: who did what on one of the end user's sites, newest first.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::page::Page;
use siteward_store::{access_log, owned_sites};
use utoipa::ToSchema;

use super::AccessEntry;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of the access log.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessLogPage {
    /// The entries, newest first.
    #[schema(max_items = 100)]
    items: Vec<AccessEntry>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists who did what on one of the end user's sites since it is theirs, newest first.
#[utoipa::path(tag = "my", params(
    ("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery,
), responses(
    (status = 200, description = "A page of the log", body = AccessLogPage),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/access_log")]
pub(crate) async fn list_my_access_log(
    owned: Owned,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<AccessLogPage>, ApiError> {
    let (now, period, owner, limit) = (platform.clock.now(), platform.period(), owned.id(), query.limit()?);
    let found = platform
        .read(move |conn| {
            let site = owned_sites::get(conn, &owner, &site, now, period)?;
            match access_log::first_since(conn, &site.id, site.owned_since)? {
                Some(first) => access_log::list(conn, &site.id, first, query.cursor.as_deref(), limit),
                None => Ok(Page { items: Vec::new(), next_cursor: None }),
            }
        })
        .await?;
    let items = found.items.into_iter().map(AccessEntry::from).collect();
    Ok(web::Json(AccessLogPage { items, next_cursor: found.next_cursor }))
}
