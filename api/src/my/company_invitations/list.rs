//! `GET /my/sites/{site_id}/company_invitations`: the companies that an owner invited.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::company_invitations;
use utoipa::ToSchema;

use super::CompanyInvitation;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The companies that were invited to serve a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompanyInvitationList {
    /// The invitations, newest first.
    #[schema(max_items = 100)]
    items: Vec<CompanyInvitation>,
}

/// Lists the companies that were invited to serve a site, the newest hundred.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The invitations", body = CompanyInvitationList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/company_invitations")]
pub(crate) async fn list_company_invitations(
    _: Owned,
    platform: web::Data<Platform>,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<CompanyInvitationList>, ApiError> {
    let now = platform.clock.now();
    let invitations = platform.read(move |conn| company_invitations::list_of_site(conn, &site_id, now)).await?;
    Ok(web::Json(CompanyInvitationList { items: invitations.into_iter().map(CompanyInvitation::from).collect() }))
}
