//! `DELETE /mail_settings`: no mail server any more.

use actix_web::{HttpResponse, delete, web};
use siteward_store::smtp;

use super::{OBJECT, may_set};
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes the mail server away, with its password; mails wait in the outbox from then on.
#[utoipa::path(tag = "mail", responses(
    (status = 204, description = "Taken away"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/mail_settings")]
pub(crate) async fn delete_mail_settings(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<HttpResponse, ApiError> {
    note.object(OBJECT, &"", "");
    let company = admin.0.company_id();
    platform
        .write(move |conn| match may_set(conn, &company)? {
            Ok(()) => smtp::delete_smtp(conn).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        })
        .await??;
    Ok(HttpResponse::NoContent().finish())
}
