//! `DELETE /my/own_applications/{share_application_id}`: takes one's own application back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::ShareApplicationId;
use siteward_store::share_applications;

use super::answered;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes an application back before it is answered. Its place of the code is free again.
#[utoipa::path(tag = "my sharing", params(("share_application_id" = String, Path, format = "uuid", description = "The application")), responses(
    (status = 204, description = "Taken back"),
    (status = 409, description = "It was answered already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/own_applications/{share_application_id}")]
pub(crate) async fn withdraw_share_application(
    end_user: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareApplicationId>,
) -> Result<HttpResponse, ApiError> {
    let (now, applicant) = (platform.clock.now(), end_user.0.id());
    note.object("share_application", &*id, "");
    platform.write(move |conn| answered(share_applications::withdraw(conn, &applicant, &id, now))).await??;
    Ok(HttpResponse::NoContent().finish())
}
