//! `GET /my/own_applications`: what one applied for.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::share_applications::list_of_applicant;
use utoipa::ToSchema;

use super::OwnApplication;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of one's own applications.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnApplicationPage {
    /// The applications, newest first.
    #[schema(max_items = 100)]
    items: Vec<OwnApplication>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what one applied for with codes of others, newest first, and what became of it.
#[utoipa::path(tag = "my sharing", params(PageQuery), responses(
    (status = 200, description = "A page of applications", body = OwnApplicationPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/own_applications")]
pub(crate) async fn list_own_applications(
    end_user: EndUser,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<OwnApplicationPage>, ApiError> {
    let (applicant, limit) = (end_user.0.id(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let page = platform.read(move |conn| list_of_applicant(conn, &applicant, cursor.as_deref(), limit)).await?;
    let items = page.items.into_iter().map(OwnApplication::from).collect();
    Ok(web::Json(OwnApplicationPage { items, next_cursor: page.next_cursor }))
}
