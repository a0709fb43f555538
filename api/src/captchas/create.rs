//! `POST /captchas`: a new captcha.

use actix_web::{HttpResponse, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use siteward_domain::CaptchaId;
use siteward_store::captchas::{self, NewCaptcha};
use utoipa::ToSchema;

use super::{answer, picture, work};
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::{Platform, off_thread};

/// How long one is good.
const GOOD_MINUTES: i64 = 5;

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
pub(crate) async fn create_captcha(on: OnSites, platform: web::Data<Platform>) -> Result<HttpResponse, ApiError> {
    let made = make(&platform, on.caller().staff_id().as_str()).await?;
    Ok(HttpResponse::Created().json(made))
}

/// Makes a captcha for a person, named by their id.
pub(crate) async fn make(platform: &Platform, person: &str) -> Result<Captcha, ApiError> {
    let now = platform.clock.now();
    if !platform.captchas.allows(person, now) {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60));
    }
    let (text, challenge) = (picture::new_text(), hex::encode(rand::random::<[u8; 16]>()));
    let id = CaptchaId::generate(now);
    let new = NewCaptcha {
        answer_hash: answer::hash(&id, &text),
        work_challenge: challenge.clone(),
        expires_at: now + Duration::minutes(GOOD_MINUTES),
        id: id.clone(),
    };
    let expires_at = new.expires_at;
    let png = off_thread(move || picture::draw(&text)).await?.map_err(ApiError::internal)?;
    platform.write(move |conn| captchas::create(conn, &new)).await?;
    Ok(Captcha {
        id: id.to_string(),
        picture: format!("data:image/png;base64,{}", STANDARD.encode(png)),
        work: CaptchaWork { challenge, difficulty: work::DIFFICULTY },
        expires_at,
    })
}
