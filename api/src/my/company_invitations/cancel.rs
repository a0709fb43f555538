//! `DELETE /my/company_invitations/{company_invitation_id}`: takes an invitation of a company back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::CompanyInvitationId;
use siteward_domain::custody::CompanyInvitationState;
use siteward_store::{StoreError, company_invitations};

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes an invitation back: its link is dead from now on.
#[utoipa::path(tag = "my", params(("company_invitation_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 204, description = "Taken back"),
    (status = 409, description = "It ended before", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/company_invitations/{company_invitation_id}")]
pub(crate) async fn cancel_company_invitation(
    _: Owned,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<CompanyInvitationId>,
) -> Result<HttpResponse, ApiError> {
    let now = platform.clock.now();
    note.object("company_invitation", &*id, "");
    platform
        .write(move |conn| match company_invitations::end(conn, &id, CompanyInvitationState::Cancelled, None, now) {
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::SERVICE_INVITATION_ENDED))),
            ended => ended.map(Ok),
        })
        .await??;
    Ok(HttpResponse::NoContent().finish())
}
