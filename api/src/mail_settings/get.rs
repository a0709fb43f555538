//! `GET /mail_settings`: the mail server as it is set.

use actix_web::{get, web};
use siteward_store::smtp;

use super::{MailServer, may_set};
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells how mails are sent. For the Admin of the company that set the server up.
#[utoipa::path(tag = "mail", responses(
    (status = 200, description = "The mail server", body = MailServer),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/mail_settings")]
pub(crate) async fn get_mail_settings(
    admin: Admin,
    platform: web::Data<Platform>,
) -> Result<web::Json<MailServer>, ApiError> {
    let company = admin.0.company_id();
    let found = platform
        .read(move |conn| match may_set(conn, &company)? {
            Ok(()) => Ok(Ok(smtp::find_smtp(conn)?)),
            Err(refusal) => Ok(Err(refusal)),
        })
        .await??;
    Ok(web::Json(MailServer { settings: found.map(Into::into) }))
}
