//! `POST /staff_invitations/{invitation_id}/send`: sends an invitation once more, with a new link.

use actix_web::{post, web};
use siteward_domain::InvitationId;
use siteward_domain::staff::InvitationState;
use siteward_store::{StoreError, invitations};

use super::{StaffInvitation, mailing};
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::access::token;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::staff::member::may_give_role;

/// Sends an invitation once more: the new link is good for another 72 hours, and the old one is dead. It counts like a new
/// invitation.
#[utoipa::path(tag = "staff", params(("invitation_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 200, description = "Sent", body = StaffInvitation),
    (status = 409, description = "It was accepted or taken back", body = ErrorBody),
    (status = 429, description = "Too many invitations; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/staff_invitations/{invitation_id}/send")]
pub(crate) async fn send_invitation(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    invitation_id: web::Path<InvitationId>,
) -> Result<web::Json<StaffInvitation>, ApiError> {
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    note.object("staff_invitation", &*invitation_id, "");
    let (store, secret) = (platform.store.clone(), token::new_token());
    let (token_hash, secret) = (token::hash(&secret), secret.into());
    let sent = platform
        .write(move |conn| {
            let invitation = invitations::get_invitation(conn, &company, &invitation_id, now)?;
            if let Err(refusal) = may_give_role(conn, &caller, &invitation.role.id)? {
                return Ok(Err(refusal));
            }
            if matches!(invitation.state, InvitationState::Accepted | InvitationState::Cancelled) {
                return Ok(Err(ApiError::new(codes::INVITATION_ENDED)));
            }
            // Before the old link dies.
            if let Err(refusal) = mailing::pace(conn, &company, &invitation.email, now)? {
                return Ok(Err(refusal));
            }
            match invitations::renew_invitation(conn, &company, &invitation_id, &token_hash, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::INVITATION_ENDED))),
                renewed => renewed?,
            }
            let sent = invitations::get_invitation(conn, &company, &invitation_id, now)?;
            mailing::write(conn, &store, &company, &sent, &secret, now)?;
            Ok(Ok(sent))
        })
        .await??;
    note.object("staff_invitation", &sent.id, &sent.name);
    (platform.wake_worker)();
    Ok(web::Json(sent.into()))
}
