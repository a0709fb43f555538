//! `GET /panel_exits`: the alarm panels that left, newest first.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::panel_exits;
use utoipa::ToSchema;

use super::PanelExit;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of exits.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelExitPage {
    /// The exits, newest first.
    #[schema(max_items = 100)]
    items: Vec<PanelExit>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the alarm panels that were deleted while accounts of the staff were on them.
#[utoipa::path(tag = "panels", params(PageQuery), responses(
    (status = 200, description = "A page of exits", body = PanelExitPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/panel_exits")]
pub(crate) async fn list_panel_exits(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<PanelExitPage>, ApiError> {
    let (company, limit, query) = (may.company_id(), query.limit()?, query.into_inner());
    let found = platform.read(move |conn| panel_exits::list(conn, &company, query.cursor.as_deref(), limit)).await?;
    Ok(web::Json(PanelExitPage {
        items: found.items.iter().map(PanelExit::from).collect(),
        next_cursor: found.next_cursor,
    }))
}
