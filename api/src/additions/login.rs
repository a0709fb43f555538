//! `POST /additions/{addition_id}/login`: the login of a device that is activated already.

use actix_web::{post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::AdditionId;
use utoipa::ToSchema;

use super::{Addition, changeable, show};
use crate::access::OnSites;
use crate::body::Body;
use crate::devices;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// The login on the device.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionLogin {
    /// The user name on the device, up to 32 bytes.
    #[schema(min_length = 1, max_length = 32)]
    user_name: String,
    /// Its password, up to 64 bytes.
    #[schema(value_type = String, min_length = 1, max_length = 64, format = Password)]
    password: SecretString,
}

/// Tries a login once and goes on.
#[utoipa::path(tag = "additions", request_body = AdditionLogin, params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 200, description = "Where it stands now", body = Addition),
    (status = 409, description = "It does not wait for that now", body = ErrorBody),
    (status = 422, description = "A field is not valid", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/additions/{addition_id}/login")]
pub(crate) async fn give_addition_login(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<AdditionId>,
    body: Body<AdditionLogin>,
) -> Result<web::Json<Addition>, ApiError> {
    let (company, id, body) = (on.company_id(), id.into_inner(), body.into_inner());
    changeable(&platform, &note, &company, &id).await?;
    let user_name = devices::user_name(&body.user_name)?;
    devices::password(&body.password)?;
    platform.adding.give_login(&company, &id, &user_name, &body.password).await?;
    Ok(web::Json(show(&platform, on.reach(), id).await?))
}
