//! `GET /sites/{site_id}/handovers`: the invitations of a site, newest first.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::handovers;
use utoipa::ToSchema;

use super::Handover;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandoverPage {
    /// The invitations, newest first.
    #[schema(max_items = 100)]
    items: Vec<Handover>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the invitations of a site, newest first.
#[utoipa::path(tag = "handovers", params(("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery), responses(
    (status = 200, description = "A page of invitations", body = HandoverPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/handovers")]
pub(crate) async fn list_handovers(
    on: OnSites,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<HandoverPage>, ApiError> {
    let (company, now, limit) = (on.company_id(), platform.clock.now(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let found = platform
        .read(move |conn| handovers::list_handovers(conn, &company, &site_id, now, cursor.as_deref(), limit))
        .await?;
    let items = found.items.into_iter().map(Handover::from).collect();
    Ok(web::Json(HandoverPage { items, next_cursor: found.next_cursor }))
}
