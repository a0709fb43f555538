//! `POST /link/enrolment`: a box takes its code and gets its token.

use actix_web::{HttpRequest, HttpResponse, post, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// A box that enrols.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolment {
    /// The code from the console, in any case, with or without its dashes.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    code: SecretString,
    /// The agent's version.
    #[schema(max_length = 64)]
    version: String,
    /// The system it runs on.
    #[schema(max_length = 128)]
    system: String,
}

/// What an enrolled box keeps.
#[derive(Serialize, ToSchema)]
pub(crate) struct Enrolled {
    /// The link that it is now.
    #[schema(format = "uuid")]
    link_id: String,
    /// The token that opens its sessions; told only now.
    token: String,
}

/// Enrols a box with a code: once, and within 24 hours of its making. Too many wrong codes from an address rest.
#[utoipa::path(tag = "link agent", request_body = Enrolment, security(()), responses(
    (status = 201, description = "Enrolled", body = Enrolled),
    (status = 404, description = "No link waits for this code", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/link/enrolment")]
pub(crate) async fn create_enrolment(
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<Enrolment>,
) -> Result<HttpResponse, ApiError> {
    let _ = (request, platform, note, body.0.code, body.0.version, body.0.system);
    Err(ApiError::new(codes::UNAVAILABLE))
}
