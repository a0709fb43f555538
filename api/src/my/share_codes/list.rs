//! `GET /my/share_codes`: the codes that an owner made.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::share_codes;
use utoipa::ToSchema;

use super::ShareCode;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of codes.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareCodePage {
    /// The codes, newest first.
    #[schema(max_items = 100)]
    items: Vec<ShareCode>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the codes that one made, newest first: long-term ones, and temporary ones while they are good.
#[utoipa::path(tag = "my sharing", params(PageQuery), responses(
    (status = 200, description = "A page of codes", body = ShareCodePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/share_codes")]
pub(crate) async fn list_share_codes(
    end_user: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<ShareCodePage>, ApiError> {
    let (now, giver, limit) = (platform.clock.now(), end_user.0.id(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| share_codes::list_codes(conn, &giver, now, cursor.as_deref(), limit)).await?;
    let items = page.items.into_iter().map(|code| ShareCode::new(code, now)).collect();
    Ok(web::Json(ShareCodePage { items, next_cursor: page.next_cursor }))
}
