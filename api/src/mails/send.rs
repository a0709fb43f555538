//! `POST /mails/{mail_id}/send`: sends a mail again that was given up.

use actix_web::{post, web};
use siteward_domain::MailId;
use siteward_store::{StoreError, jobs, mails};
use siteward_worker::jobs::send_mail::new_job;

use super::Mail;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Has a mail sent again that was given up.
#[utoipa::path(tag = "mail", params(("mail_id" = String, Path, format = "uuid", description = "The mail")), responses(
    (status = 200, description = "The mail, which waits now", body = Mail),
    (status = 409, description = "It waits, is being sent, or was sent", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/mails/{mail_id}/send")]
pub(crate) async fn send_mail(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    mail_id: web::Path<MailId>,
) -> Result<web::Json<Mail>, ApiError> {
    let (company, now) = (admin.0.company_id(), platform.clock.now());
    note.object("mail", &*mail_id, "");
    let mail = platform
        .write(move |conn| match mails::send_again(conn, &company, &mail_id, now) {
            Ok(mail) => {
                jobs::enqueue_anew(conn, &new_job(&mail.id, now), now)?;
                Ok(Ok(mail))
            }
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::MAIL_NOT_FAILED))),
            Err(error) => Err(error),
        })
        .await??;
    note.object("mail", &mail.id, mail.subject.clone());
    (platform.wake_worker)();
    Ok(web::Json(mail.into()))
}
