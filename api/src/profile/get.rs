//! `GET /profile`: the caller's own account.

use actix_web::{get, web};

use super::Profile;
use crate::access::Enrolling;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives the caller's own account.
#[utoipa::path(tag = "account", responses(
    (status = 200, description = "The account", body = Profile),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/profile")]
pub(crate) async fn get_profile(
    caller: Enrolling,
    platform: web::Data<Platform>,
) -> Result<web::Json<Profile>, ApiError> {
    Ok(web::Json(platform.read(move |conn| Profile::read(conn, &caller.0)).await?))
}
