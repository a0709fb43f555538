//! `POST /password_resets` and `POST /my/password_resets`: ask for a link to a new password.
//!
//! What is answered, and when, hangs on nothing that is known of the address: it is looked up only after the answer (T13).

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use siteward_domain::panel_accounts::PersonKind;
use utoipa::ToSchema;

use super::mailing;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::address_of;
use crate::platform::Platform;
use crate::session::email;

/// Whose password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetRequest {
    /// The account's e-mail address, in any case.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
}

/// Taken; it tells nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResetTaken {}

/// Sends a link to a new password to this address, where it is an account's, at most 3 an hour. Known and unknown addresses
/// are answered alike.
#[utoipa::path(tag = "session", request_body = ResetRequest, security(()), responses(
    (status = 202, description = "Taken", body = ResetTaken),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/password_resets")]
pub(crate) async fn create_password_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    body: Body<ResetRequest>,
) -> Result<HttpResponse, ApiError> {
    take(&request, platform.get_ref(), PersonKind::Staff, &body.into_inner())
}

/// The same for an end user: their link is at `/my/reset/`.
#[utoipa::path(tag = "my", request_body = ResetRequest, security(()), responses(
    (status = 202, description = "Taken", body = ResetTaken),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/password_resets")]
pub(crate) async fn create_my_password_reset(
    request: HttpRequest,
    platform: web::Data<Platform>,
    body: Body<ResetRequest>,
) -> Result<HttpResponse, ApiError> {
    take(&request, platform.get_ref(), PersonKind::EndUser, &body.into_inner())
}

fn take(
    request: &HttpRequest,
    platform: &Platform,
    kind: PersonKind,
    body: &ResetRequest,
) -> Result<HttpResponse, ApiError> {
    let email = email(&body.email).ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))?;
    let busy = |_| ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(10);
    let place = platform.resets_at_once.clone().try_acquire_owned().map_err(busy)?;
    let address = address_of(request, platform);
    let for_later = platform.clone();
    platform.runtime.spawn(async move {
        mailing::mail_link(&for_later, kind, email, address).await;
        drop(place);
    });
    Ok(HttpResponse::Accepted().json(ResetTaken {}))
}
