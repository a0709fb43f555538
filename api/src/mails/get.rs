//! `GET /mails/{mail_id}`: a mail with what it says.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::MailId;
use siteward_store::{companies, company_logos, mails};
use siteward_worker::mail::{TOKEN_GAP, preview};
use utoipa::ToSchema;

use super::Mail;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// A mail to look at.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailPreview {
    /// The mail.
    mail: Mail,
    /// What it says, as text; of a link that is as good as a password only the beginning.
    text: String,
    /// What it says, as HTML, with its pictures within.
    html: String,
    /// The files that go with it.
    #[schema(max_items = 16)]
    attachments: Vec<MailAttachment>,
}

/// A file that goes with a mail.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailAttachment {
    /// What it is called.
    file_name: String,
    /// What it is.
    content_type: String,
    /// How many bytes it has.
    size: u64,
}

impl From<&mails::Attachment> for MailAttachment {
    fn from(file: &mails::Attachment) -> Self {
        Self {
            file_name: file.file_name.clone(),
            content_type: file.content_type.clone(),
            size: u64::try_from(file.body.len()).unwrap_or(u64::MAX),
        }
    }
}

/// Gives a mail of the company with what it says.
#[utoipa::path(tag = "mail", params(("mail_id" = String, Path, format = "uuid", description = "The mail")), responses(
    (status = 200, description = "The mail", body = MailPreview),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/mails/{mail_id}")]
pub(crate) async fn get_mail(
    admin: Admin,
    platform: web::Data<Platform>,
    mail_id: web::Path<MailId>,
) -> Result<web::Json<MailPreview>, ApiError> {
    let company = admin.0.company_id();
    let (mail, files, writer) = platform
        .read(move |conn| {
            let mail = mails::get_mail(conn, &company, &mail_id)?;
            let files = mails::list_attachments(conn, &mail.id)?;
            let logo = company_logos::find_logo(conn, &company)?;
            Ok((mail, files, companies::find_company(conn, &company)?.zip(logo)))
        })
        .await?;
    let text = mail.text.replace(TOKEN_GAP, "…");
    let html = preview(&mail.html, writer.as_ref().map(|(company, logo)| (company, logo)));
    let attachments = files.iter().map(Into::into).collect();
    Ok(web::Json(MailPreview { mail: mail.into(), text, html, attachments }))
}
