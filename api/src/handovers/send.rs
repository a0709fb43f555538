//! `POST /handovers/{handover_id}/send`: sends an invitation once more, with a new link.

use actix_web::{post, web};
use siteward_domain::HandoverId;
use siteward_store::handovers::HandoverChange;

use super::Handover;
use super::update::renew;
use crate::access::OnSites;
use crate::access::rights;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Sends an invitation once more: the new link is good for its full time, and the old one is dead. It counts like a new
/// invitation.
#[utoipa::path(tag = "handovers", params(("handover_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 200, description = "Sent", body = Handover),
    (status = 409, description = "It ended", body = ErrorBody),
    (status = 429, description = "Too many invitations to this address; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/handovers/{handover_id}/send")]
pub(crate) async fn send_handover(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    handover_id: web::Path<HandoverId>,
) -> Result<web::Json<Handover>, ApiError> {
    note.object("handover", &*handover_id, "");
    let sent = renew(&platform, on.company_id(), handover_id.into_inner(), HandoverChange::default()).await?;
    note.object("handover", &sent.id, &sent.site_name);
    Ok(web::Json(sent.into()))
}
