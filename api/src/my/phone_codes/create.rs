//! `POST /my/phone_codes`: a code goes to a number.

use actix_web::{HttpResponse, post, web};
use chrono::Duration;
use serde::Deserialize;
use siteward_domain::end_user::{self, PHONE_CODE_MINUTES};
use siteward_store::end_users;
use siteward_store::mail_paces;
use siteward_store::phone_codes::{self, NewPhoneCode};
use siteward_worker::mail::{self, TextTold, address_from_platform_with_token};
use utoipa::ToSchema;

use super::{code_hash, code_paces};
use crate::access::{EndUser, sent_code};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Which number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneCodeCreate {
    /// With its country code.
    #[schema(min_length = 3, max_length = 32)]
    phone: String,
}

/// Sends a code of six digits to a phone number in a text message, good for ten minutes; the one before is of no use any more. Whether the
/// number is somebody's already is told to nobody.
#[utoipa::path(tag = "my", request_body = PhoneCodeCreate, responses(
    (status = 204, description = "It goes there"),
    (status = 409, description = "This server sends no text messages", body = ErrorBody),
    (status = 429, description = "Too many; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/phone_codes")]
pub(crate) async fn create_phone_code(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<PhoneCodeCreate>,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (caller.id(), platform.clock.now());
    note.object("end_user", &id, caller.name());
    let phone =
        end_user::phone(&body.into_inner().phone).ok_or_else(|| ApiError::field(codes::PHONE_INVALID, "phone"))?;
    if !platform.sends_texts() {
        return Err(ApiError::new(codes::SMS_NOT_SET));
    }
    let code = sent_code::new();
    let new = NewPhoneCode {
        code_hash: code_hash(&id, &code),
        code_until: now + Duration::minutes(PHONE_CODE_MINUTES),
        end_user_id: id,
        phone,
    };
    let paces = code_paces(&platform, &new.end_user_id, &new.phone);
    let store = platform.store.clone();
    let sent = platform.write(move |conn| {
        if let Some(free_at) = mail_paces::take_turn(conn, &paces, now)? {
            return Ok(Err(ApiError::too_many_until(free_at, now)));
        }
        phone_codes::create(conn, &new)?;
        let (language, url) = (end_users::get_end_user(conn, &new.end_user_id)?.language, mail::public_url(conn)?);
        let letter = TextTold::Code.letter(language, &url);
        let text = address_from_platform_with_token(store.vault(), &url, &new.phone, letter, &code, now)?;
        mail::enqueue(conn, &text, now).map(Ok)
    });
    sent.await??;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
