//! `POST /captchas`: a new captcha.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// A captcha: answer its picture, or do its work.
#[derive(Serialize, ToSchema)]
pub(crate) struct Captcha {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The picture as an address: `data:image/png;base64,…`.
    picture: String,
    /// The work, instead of the picture.
    work: CaptchaWork,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
}

/// Work to do instead of reading the picture: find a number `n` so that SHA-256 of `challenge:n` (n in decimal) begins
/// with so many zero bits.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaptchaWork {
    /// What the number is looked for.
    challenge: String,
    /// How many leading zero bits.
    difficulty: u32,
}

/// Makes a captcha, good for five minutes and one answer.
#[utoipa::path(tag = "unbind", responses(
    (status = 201, description = "Made", body = Captcha),
    (status = 429, description = "Too many", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/captchas")]
pub(crate) async fn create_captcha(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
) -> Result<HttpResponse, ApiError> {
    let _ = (may, platform);
    Err(ApiError::new(codes::UNAVAILABLE))
}
