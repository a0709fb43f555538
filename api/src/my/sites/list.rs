//! `GET /my/sites`: the sites that the end user owns, by name.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::owned_sites;
use utoipa::ToSchema;

use super::MySite;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of one's own sites.
#[derive(Serialize, ToSchema)]
pub(crate) struct MySitePage {
    /// The sites, by name.
    #[schema(max_items = 100)]
    items: Vec<MySite>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the sites that the end user owns, by name.
#[utoipa::path(tag = "my", params(PageQuery), responses(
    (status = 200, description = "A page of sites", body = MySitePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites")]
pub(crate) async fn list_my_sites(
    end_user: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<MySitePage>, ApiError> {
    let (now, period, owner) = (platform.clock.now(), platform.period(), end_user.0.id());
    let limit = query.limit()?;
    let found =
        platform.read(move |conn| owned_sites::list(conn, &owner, now, period, query.cursor.as_deref(), limit)).await?;
    let items = found.items.into_iter().map(MySite::from).collect();
    Ok(web::Json(MySitePage { items, next_cursor: found.next_cursor }))
}
