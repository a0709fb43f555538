//! `POST /additions/{addition_id}/service`: turns the device's cloud service on (R-D7).

use actix_web::{post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::AdditionId;
use utoipa::ToSchema;

use super::{Addition, changeable, chosen_code, show};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// The verification code that the device gets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionService {
    /// 6 to 12 letters and digits, not `ABCDEF`.
    #[schema(value_type = String, min_length = 6, max_length = 12, format = Password)]
    verification_code: SecretString,
}

/// Turns the cloud service on with a verification code, waits for its registration, and goes on.
#[utoipa::path(tag = "additions", request_body = AdditionService, params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 200, description = "Where it stands now", body = Addition),
    (status = 409, description = "It does not wait for that now", body = ErrorBody),
    (status = 422, description = "The code is not valid; details.rule", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/additions/{addition_id}/service")]
pub(crate) async fn enable_addition_service(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<AdditionId>,
    body: Body<AdditionService>,
) -> Result<web::Json<Addition>, ApiError> {
    let (company, id) = (on.company_id(), id.into_inner());
    changeable(&platform, &note, &company, &id).await?;
    let code = chosen_code(&body.into_inner().verification_code)?;
    platform.adding.enable_service(&company, &id, &code).await?;
    Ok(web::Json(show(&platform, on.reach(), id).await?))
}
