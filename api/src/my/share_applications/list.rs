//! `GET /my/share_applications`: who waits for an owner's answer.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::share_applications::list_waiting;
use utoipa::ToSchema;

use super::ShareApplication;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of applications.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareApplicationPage {
    /// The applications, newest first.
    #[schema(max_items = 100)]
    items: Vec<ShareApplication>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists who scanned one's codes and waits for an answer, newest first.
#[utoipa::path(tag = "my sharing", params(PageQuery), responses(
    (status = 200, description = "A page of applications", body = ShareApplicationPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/share_applications")]
pub(crate) async fn list_share_applications(
    end_user: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<ShareApplicationPage>, ApiError> {
    let (giver, limit) = (end_user.0.id(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| list_waiting(conn, &giver, cursor.as_deref(), limit)).await?;
    let items = page.items.into_iter().map(ShareApplication::from).collect();
    Ok(web::Json(ShareApplicationPage { items, next_cursor: page.next_cursor }))
}
