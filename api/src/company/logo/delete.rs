//! `DELETE /company/logo`: the company has no logo any more.

use actix_web::{HttpResponse, delete, web};
use siteward_store::company_logos::delete_logo;

use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes the company's logo away.
#[utoipa::path(tag = "company", responses(
    (status = 204, description = "There is none any more"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/company/logo")]
pub(crate) async fn delete_company_logo(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<HttpResponse, ApiError> {
    let company = admin.0.company_id();
    note.object("company", &company, "");
    platform.write(move |conn| delete_logo(conn, &company)).await?;
    Ok(HttpResponse::NoContent().finish())
}
