//! `POST /service_invitations/{token}/refuse`: the company does not want to serve the site.

use actix_web::{HttpResponse, post, web};
use siteward_worker::custody;

use super::refused;
use crate::access::{May, rights, token};
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Refuses an owner's invitation: its link is dead from now on.
#[utoipa::path(tag = "custody", params(("token" = String, Path, description = "The end of the link")), responses(
    (status = 204, description = "Refused"),
    (status = 410, description = "The link is good no more", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/service_invitations/{token}/refuse")]
pub(crate) async fn refuse_service_invitation(
    may: May<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (now, hash, company) = (platform.clock.now(), token::hash(&path), may.company_id());
    note.object("site", &"", "");
    let answered = platform.write(move |conn| custody::refuse_invitation(conn, &hash, &company, now)).await;
    match answered {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(error) => Err(refused(error)),
    }
}
