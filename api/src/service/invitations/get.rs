//! `GET /service_invitations/{token}`: what an owner's invitation says.

use actix_web::{get, web};
use siteward_store::company_invitations;

use super::{ServiceInvitation, gone};
use crate::access::{May, rights, token};
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells what the invitation of a link says.
#[utoipa::path(tag = "custody", params(("token" = String, Path, description = "The end of the link")), responses(
    (status = 200, description = "The invitation", body = ServiceInvitation),
    (status = 410, description = "The link is good no more", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/service_invitations/{token}")]
pub(crate) async fn get_service_invitation(
    _: May<rights::Handover>,
    platform: web::Data<Platform>,
    path: web::Path<String>,
) -> Result<web::Json<ServiceInvitation>, ApiError> {
    let (now, hash) = (platform.clock.now(), token::hash(&path));
    let found = platform.read(move |conn| company_invitations::find_open(conn, &hash, now)).await?;
    Ok(web::Json(found.ok_or_else(gone)?.into()))
}
