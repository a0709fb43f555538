//! `POST /link/enrolment`: a box takes its code and gets its token.

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::Duration;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use siteward_domain::text;
use siteward_store::{StoreError, links as stored, sign_in};
use utoipa::ToSchema;

use crate::access::token;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::links;
use crate::operation_log::{Note, address_of};
use crate::platform::Platform;
use crate::session::guessing;

/// Wrong codes from one address within the window: more is no person any more.
const MOST_FAILURES: u64 = 10;
/// The window.
const WINDOW_SECONDS: i64 = 15 * 60;
/// What wrong codes are counted under beside their address; no account's key, which is a hash.
const ACCOUNT: &str = "enrolment";
const MOST_VERSION: usize = 64;
const MOST_SYSTEM: usize = 128;

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
    let (body, now) = (body.into_inner(), platform.clock.now());
    let version = told(&body.version, MOST_VERSION, "version")?;
    let system = told(&body.system, MOST_SYSTEM, "system")?;
    let from = format!("enrolment {}", guessing::address_key(&address_of(&request, &platform)));
    let (code, token) = (links::hash(body.code.expose_secret()), token::new_token());
    let token_hash = token::hash(&token);
    let (address, since) = (from.clone(), now - Duration::seconds(WINDOW_SECONDS));
    if platform.read(move |conn| sign_in::failures_from(conn, &address, since)).await? >= MOST_FAILURES {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60));
    }
    let enrolled = platform
        .write(move |conn| match stored::enrol(conn, &code, &token_hash, &version, &system, now) {
            Err(StoreError::NotFound) => {
                sign_in::record_failure(conn, ACCOUNT, &from, now)?;
                Ok(Err(ApiError::new(codes::ENROLMENT_CODE_WRONG)))
            }
            enrolled => enrolled.map(Ok),
        })
        .await??;
    // The box before, if there was one, has a token that is worth nothing now.
    platform.hub.end(&enrolled.id);
    note.who(enrolled.company_id, None);
    note.object("link", &enrolled.id, &enrolled.name);
    Ok(HttpResponse::Created().json(Enrolled { link_id: enrolled.id.to_string(), token }))
}

/// What an agent tells of itself: shown to people, so one line without control characters.
fn told(given: &str, most: usize, field: &'static str) -> Result<String, ApiError> {
    text::optional_line(given, most).map_err(|_| ApiError::field(codes::FIELD_INVALID, field))
}
