//! `POST /sites/{site_id}/unbind`: frees a device with its admin password.

use actix_web::{post, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use siteward_domain::{CaptchaId, SiteId};
use utoipa::ToSchema;

use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::additions::Addition;
use crate::body::{Body, object};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::BindState;

/// A device to unbind.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnbindRequest {
    /// Its serial number.
    #[schema(min_length = 9, max_length = 96)]
    serial: String,
    /// The user name on the device; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
    /// Its password, which the device itself checks.
    #[schema(value_type = String, min_length = 1, max_length = 64, format = Password)]
    password: SecretString,
    /// The captcha.
    #[serde(deserialize_with = "object")]
    captcha: CaptchaAnswer,
}

/// The answer to a captcha: what its picture says, or the number that its work found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaptchaAnswer {
    /// The captcha.
    #[schema(value_type = String, format = "uuid")]
    id: CaptchaId,
    /// What the picture says, in any case.
    #[schema(max_length = 32)]
    answer: Option<String>,
    /// The number that the work found, in decimal.
    #[schema(max_length = 20)]
    work: Option<String>,
}

/// A device that is free.
#[derive(Serialize, ToSchema)]
pub(crate) struct Unbound {
    /// `free`.
    state: BindState,
    /// The addition of this person that went on by it.
    #[schema(required = true)]
    addition: Option<Addition>,
}

/// Frees a device from the account that has it: by its admin password, over a link in its LAN. The former account is told.
/// After five wrong passwords the device rests for this person for 30 minutes.
#[utoipa::path(tag = "unbind", request_body = UnbindRequest, params(("site_id" = String, Path, format = "uuid", description = "The site in whose LAN it is")), responses(
    (status = 200, description = "It is free", body = Unbound),
    (status = 409, description = "Not bound, not online, not in this LAN, or a matter of the service centre (details.reason, details.serial)", body = ErrorBody),
    (status = 422, description = "The captcha or the password is wrong (details.tries_left)", body = ErrorBody),
    (status = 423, description = "Too many wrong passwords; details.until", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/unbind")]
pub(crate) async fn unbind_device(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<UnbindRequest>,
) -> Result<web::Json<Unbound>, ApiError> {
    let body = body.into_inner();
    let _ = (may, platform, note, site_id, body.serial, body.user_name, body.password);
    let _ = (body.captcha.id, body.captcha.answer, body.captcha.work);
    Err(ApiError::new(codes::UNAVAILABLE))
}
