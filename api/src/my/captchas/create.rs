//! `POST /my/captchas`: a new captcha.

use actix_web::{HttpResponse, post, web};

use crate::access::EndUser;
use crate::captchas::{Captcha, make};
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Makes a captcha, good for five minutes and one answer.
#[utoipa::path(tag = "my", responses(
    (status = 201, description = "Made", body = Captcha),
    (status = 429, description = "Too many", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/captchas")]
pub(crate) async fn create_my_captcha(
    caller: EndUser,
    platform: web::Data<Platform>,
) -> Result<HttpResponse, ApiError> {
    let made = make(&platform, caller.0.id().as_str()).await?;
    Ok(HttpResponse::Created().json(made))
}
