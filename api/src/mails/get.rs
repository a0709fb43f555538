//! `GET /mails/{mail_id}`: a mail with what it says.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::MailId;
use siteward_store::mails;
use siteward_worker::mail::TOKEN_GAP;
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
    /// What it says, as HTML.
    html: String,
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
    let mail = platform.read(move |conn| mails::get_mail(conn, &company, &mail_id)).await?;
    let shown = |body: &str| body.replace(TOKEN_GAP, "…");
    let (text, html) = (shown(&mail.text), shown(&mail.html));
    Ok(web::Json(MailPreview { mail: mail.into(), text, html }))
}
