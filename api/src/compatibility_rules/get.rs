//! `GET /compatibility_rules`.

use actix_web::{get, web};

use super::CompatibilityRules;
use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The rules that the company's devices are judged by.
#[utoipa::path(tag = "compatibility", responses(
    (status = 200, description = "The rules", body = CompatibilityRules),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/compatibility_rules")]
pub(crate) async fn get_compatibility_rules(
    SignedIn(caller): SignedIn,
    platform: web::Data<Platform>,
) -> Result<web::Json<CompatibilityRules>, ApiError> {
    let company = caller.company_id();
    Ok(web::Json(platform.read(move |conn| CompatibilityRules::read(conn, &company)).await?))
}
