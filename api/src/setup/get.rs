//! `GET /setup`: whether the server waits for its company.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::companies;
use utoipa::ToSchema;

use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Whether there is something to set up.
#[derive(Serialize, ToSchema)]
pub(crate) struct Setup {
    /// True until the company is made.
    needed: bool,
    /// The server's version.
    version: &'static str,
}

/// Tells whether the server waits for its company.
#[utoipa::path(tag = "setup", security(()), responses(
    (status = 200, description = "Whether set-up is needed", body = Setup),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/setup")]
pub(crate) async fn get_setup(platform: web::Data<Platform>) -> Result<web::Json<Setup>, ApiError> {
    let done = platform.read(companies::any_company).await?;
    Ok(web::Json(Setup { needed: !done, version: env!("CARGO_PKG_VERSION") }))
}
