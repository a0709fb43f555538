//! `POST /my/account_codes`: a QR code that shows who one is.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use siteward_domain::share::ACCOUNT_CODE_SECONDS;
use siteward_store::account_codes;
use siteward_store::end_users::get_end_user;
use siteward_worker::mail;
use utoipa::ToSchema;

use crate::access::{EndUser, token};
use crate::documents::Texts;
use crate::error::{ApiError, ErrorBody, codes};
use crate::my::code_pictures::{CodePictures, Words, draw, until};
use crate::platform::Platform;

/// A code that shows who one is. Its link and pictures are given now and never again.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountCode {
    /// The link that its pictures hold.
    url: String,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
    /// The code with whose it is and until when printed beneath.
    pictures: CodePictures,
}

/// Makes a code that shows who one is, good for ten minutes: an owner who scans it may offer to share, and learns one's name.
#[utoipa::path(tag = "my sharing", responses(
    (status = 201, description = "Made", body = AccountCode),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/account_codes")]
pub(crate) async fn create_account_code(
    end_user: EndUser,
    platform: web::Data<Platform>,
) -> Result<HttpResponse, ApiError> {
    let (now, id, token) = (platform.clock.now(), end_user.0.id(), token::new_code_token());
    if !platform.captchas.allows(&format!("account code of {id}"), now) {
        return Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60));
    }
    let (hash, expires_at) = (token::hash(&token), now + Duration::seconds(ACCOUNT_CODE_SECONDS));
    let (account, public_url) = platform
        .write(move |conn| {
            account_codes::create(conn, &hash, &id, now, expires_at)?;
            Ok((get_end_user(conn, &id)?, mail::public_url(conn)?))
        })
        .await?;
    let url = format!("{}/my/share#{token}", public_url.trim_end_matches('/'));
    let what = Texts { language: account.language }.get("code_picture.account").to_owned();
    let words = Words { title: account.name.clone(), more: vec![what, until(&account, expires_at)] };
    let pictures = draw(&url, words).await?;
    Ok(HttpResponse::Created().json(AccountCode { url, expires_at, pictures }))
}
