//! `POST /additions/{addition_id}/activation`: gives a new device its admin password (R-D6).

use actix_web::{post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::AdditionId;
use utoipa::ToSchema;

use super::{Addition, changeable, show};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// The admin password that a new device gets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionActivation {
    /// 8 to 16 characters, two of: small letters, capitals, digits, others; without `admin` or its reverse.
    #[schema(value_type = String, min_length = 8, max_length = 16, format = Password)]
    password: SecretString,
}

/// Activates the device with a password, turns DHCP on, and goes on with adding it.
#[utoipa::path(tag = "additions", request_body = AdditionActivation, params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 200, description = "Where it stands now", body = Addition),
    (status = 409, description = "It does not wait for that now", body = ErrorBody),
    (status = 422, description = "The password is too weak; details.rule", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/additions/{addition_id}/activation")]
pub(crate) async fn activate_addition(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<AdditionId>,
    body: Body<AdditionActivation>,
) -> Result<web::Json<Addition>, ApiError> {
    let (company, id) = (on.company_id(), id.into_inner());
    changeable(&platform, &note, &company, &id).await?;
    platform.adding.activate(&company, &id, &body.into_inner().password).await?;
    Ok(web::Json(show(&platform, on.reach(), id).await?))
}
