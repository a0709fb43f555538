//! `GET /mails/{mail_id}/attachments/{position}`: a file that goes with a mail.

use actix_web::{HttpResponse, get, web};
use siteward_domain::MailId;
use siteward_store::mails;

use crate::access::Admin;
use crate::documents::file;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The bytes of a file.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they come")]
pub(crate) struct MailFile(Vec<u8>);

/// Gives a file that goes with a mail of the company.
#[utoipa::path(tag = "mail", params(
    ("mail_id" = String, Path, format = "uuid", description = "The mail"),
    ("position" = u32, Path, maximum = 15, description = "Which of its files, from 0"),
), responses(
    (status = 200, description = "The file", body = MailFile, content_type = "application/octet-stream"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/mails/{mail_id}/attachments/{position}")]
pub(crate) async fn get_mail_attachment(
    admin: Admin,
    platform: web::Data<Platform>,
    path: web::Path<(MailId, u32)>,
) -> Result<HttpResponse, ApiError> {
    let (company, (id, position)) = (admin.0.company_id(), path.into_inner());
    let found = platform.read(move |conn| mails::get_attachment(conn, &company, &id, position)).await?;
    Ok(file(&found.content_type, found.file_name, found.body))
}
