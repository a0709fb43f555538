//! `GET /company/logo`: the logo of the caller's company.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::company_logos::find_logo;
use utoipa::ToSchema;

use super::CompanyLogo;
use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The logo, where there is one.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundLogo {
    /// The logo; null: the company has none.
    #[schema(required = true)]
    logo: Option<CompanyLogo>,
}

/// Gives the logo of the caller's company.
#[utoipa::path(tag = "company", responses(
    (status = 200, description = "The logo, or that there is none", body = FoundLogo),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/company/logo")]
pub(crate) async fn get_company_logo(
    caller: SignedIn,
    platform: web::Data<Platform>,
) -> Result<web::Json<FoundLogo>, ApiError> {
    let company = caller.0.company_id();
    let logo = platform.read(move |conn| find_logo(conn, &company)).await?;
    Ok(web::Json(FoundLogo { logo: logo.map(Into::into) }))
}
