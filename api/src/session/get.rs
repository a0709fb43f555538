//! `GET /session`: who is signed in.

use actix_web::{get, web};
use siteward_store::{StoreError, companies};

use super::Session;
use crate::access::Enrolling;
use crate::company::{Company, may_move};
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells who is signed in, and gives the CSRF token.
#[utoipa::path(tag = "session", responses(
    (status = 200, description = "Signed in", body = Session),
    (status = 401, description = "Nobody is signed in", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/session")]
pub(crate) async fn get_session(
    signed_in: Enrolling,
    platform: web::Data<Platform>,
) -> Result<web::Json<Session>, ApiError> {
    let id = signed_in.0.company_id();
    let (company, may_move) = platform
        .read(move |conn| {
            let company = companies::find_company(conn, &id)?.ok_or(StoreError::NotFound)?;
            Ok((company, may_move(conn, &id)?))
        })
        .await?;
    Ok(web::Json(Session::describe(&platform, &signed_in.0, Company::from(company), may_move)))
}
