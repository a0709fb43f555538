//! `GET /staff_invitations`: the company's invitations, newest first.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::invitations;
use utoipa::ToSchema;

use super::StaffInvitation;
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct StaffInvitationPage {
    /// The invitations, newest first.
    #[schema(max_items = 100)]
    items: Vec<StaffInvitation>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the invitations to the company's staff, newest first; those that ended for 90 days.
#[utoipa::path(tag = "staff", params(PageQuery), responses(
    (status = 200, description = "A page of invitations", body = StaffInvitationPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/staff_invitations")]
pub(crate) async fn list_invitations(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<StaffInvitationPage>, ApiError> {
    let (company, now, limit) = (may.company_id(), platform.clock.now(), query.limit()?);
    let cursor = query.into_inner().cursor;
    let found =
        platform.read(move |conn| invitations::list_invitations(conn, &company, now, cursor.as_deref(), limit)).await?;
    let items = found.items.into_iter().map(StaffInvitation::from).collect();
    Ok(web::Json(StaffInvitationPage { items, next_cursor: found.next_cursor }))
}
