//! `POST /my/phone_codes/confirm`: the code of the text message.

use actix_web::{post, web};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use siteward_store::phone_codes::{self, PhoneConfirmed};
use siteward_worker::mail::AccountChange;
use utoipa::ToSchema;

use super::code_hash;
use crate::access::{EndUser, sent_code};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::my::profile::MyProfile;
use crate::my::profile::telling::tell_end_user;
use crate::operation_log::Note;
use crate::platform::Platform;

/// The code of the text message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneCodeConfirm {
    /// Six digits.
    #[schema(value_type = String, min_length = 6, max_length = 12)]
    code: SecretString,
}

/// Takes the code: the number is the end user's, signs them in, and what is shared with it reaches them. Whoever signed in with it before
/// does so no more, and is told by mail. Five wrong codes end it.
#[utoipa::path(tag = "my", request_body = PhoneCodeConfirm, responses(
    (status = 200, description = "The account as it is now", body = MyProfile),
    (status = 409, description = "Too late, or wrong too often", body = ErrorBody),
    (status = 422, description = "The code is wrong (details.tries_left)", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/phone_codes/confirm")]
pub(crate) async fn confirm_phone_code(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<PhoneCodeConfirm>,
) -> Result<web::Json<MyProfile>, ApiError> {
    let (id, now) = (caller.id(), platform.clock.now());
    note.object("end_user", &id, caller.name());
    let hash = code_hash(&id, &sent_code::given(&body.into_inner().code));
    let sends_texts = platform.sends_texts();
    let confirmed = platform.write(move |conn| {
        let lost_by = match phone_codes::confirm(conn, &id, &hash, now)? {
            PhoneConfirmed::Yes { lost_by } => lost_by,
            PhoneConfirmed::Wrong { left } => {
                let details = json!({ "field": "code", "tries_left": left });
                return Ok(Err(ApiError::new(codes::PHONE_CODE_WRONG).with_details(details)));
            }
            PhoneConfirmed::Over => return Ok(Err(ApiError::new(codes::PHONE_CODE_OVER))),
        };
        if let Some(other) = lost_by {
            tell_end_user(conn, &other, AccountChange::PhoneLost, "", now)?;
        }
        MyProfile::read(conn, &id, sends_texts).map(Ok)
    });
    let profile = confirmed.await??;
    (platform.wake_worker)();
    Ok(web::Json(profile))
}
