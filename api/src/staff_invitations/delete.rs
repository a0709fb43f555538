//! `DELETE /staff_invitations/{invitation_id}`: takes an invitation back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::InvitationId;
use siteward_store::{StoreError, invitations};

use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes an invitation back: its link is dead from now on.
#[utoipa::path(tag = "staff", params(("invitation_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 204, description = "Taken back"),
    (status = 409, description = "It was accepted or taken back before", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/staff_invitations/{invitation_id}")]
pub(crate) async fn cancel_invitation(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    invitation_id: web::Path<InvitationId>,
) -> Result<HttpResponse, ApiError> {
    let (company, now) = (may.company_id(), platform.clock.now());
    note.object("staff_invitation", &*invitation_id, "");
    let cancelled = platform
        .write(move |conn| {
            let invitation = invitations::get_invitation(conn, &company, &invitation_id, now)?;
            match invitations::cancel_invitation(conn, &company, &invitation_id, now) {
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::INVITATION_ENDED))),
                cancelled => cancelled.map(|()| Ok(invitation)),
            }
        })
        .await??;
    note.object("staff_invitation", &cancelled.id, &cancelled.name);
    Ok(HttpResponse::NoContent().finish())
}
