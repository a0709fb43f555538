//! `PATCH /my/profile`: name, phone, region, language, time zone.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::end_user::{self, MOST_NAME_CHARACTERS};
use siteward_domain::text;
use siteward_store::end_users::{self, EndUserChange};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::shares;
use utoipa::ToSchema;

use super::MyProfile;
use crate::access::EndUser;
use crate::body::Body;
use crate::company::update::given;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::my::registrations::region;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::time_zone;
use crate::words::MailLanguage;

/// Different phone numbers that somebody gives within an hour.
const MOST_NUMBERS_AN_HOUR: usize = 3;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyProfileUpdate {
    /// The name.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// The phone number with its country code; `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 32)]
    #[expect(clippy::option_option, reason = "absent and null are two things in a PATCH")]
    phone: Option<Option<String>>,
    /// Two letters of a country code.
    #[schema(min_length = 2, max_length = 2)]
    region: Option<String>,
    /// The language to read.
    language: Option<MailLanguage>,
    /// IANA name of the time zone.
    #[schema(min_length = 1, max_length = 64)]
    time_zone: Option<String>,
}

/// Changes the end user's own account. Whether somebody else has the phone number is told to nobody: it is kept all the same, and signs in
/// whoever gave it first.
#[utoipa::path(tag = "my", request_body = MyProfileUpdate, responses(
    (status = 200, description = "The account as it is now", body = MyProfile),
    (status = 429, description = "Too many phone numbers; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/my/profile")]
pub(crate) async fn update_my_profile(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MyProfileUpdate>,
) -> Result<web::Json<MyProfile>, ApiError> {
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let change = change(body.into_inner())?;
    let (id, now, sends_texts) = (caller.id(), platform.clock.now(), platform.sends_texts());
    let changed = platform.write(move |conn| {
        if change.region.is_some() {
            shares::hold_sites_around(conn, &id)?;
        }
        if change.phone.as_ref().is_some_and(Option::is_some) {
            let before = end_users::get_end_user(conn, &id)?.phone_given;
            // So that nobody goes through numbers by giving one after the other and trying to sign in with each.
            let pace = Pace { purpose: "phone_given", subject: id.to_string(), most: MOST_NUMBERS_AN_HOUR };
            if change.phone.as_ref() != Some(&before)
                && let Some(free_at) = mail_paces::take_turn(conn, &[pace], now)?
            {
                return Ok(Err(ApiError::too_many_until(free_at, now)));
            }
        }
        end_users::update_end_user(conn, &id, &change, now)?;
        MyProfile::read(conn, &id, sends_texts).map(Ok)
    });
    let changed = changed.await??;
    // Whoever loses a share by it is told.
    (platform.wake_worker)();
    Ok(web::Json(changed))
}

fn change(update: MyProfileUpdate) -> Result<EndUserChange, ApiError> {
    let name = update.name.map(|name| text::needed_line(&name, MOST_NAME_CHARACTERS)).transpose();
    let read_phone =
        |phone: String| end_user::phone(&phone).ok_or_else(|| ApiError::field(codes::PHONE_INVALID, "phone"));
    Ok(EndUserChange {
        name: name.map_err(|error| bad_name(&error, "name"))?,
        region: update.region.map(|text| region(&text)).transpose()?,
        language: update.language.map(|language| language.0),
        time_zone: update.time_zone.map(|zone| time_zone(&zone)).transpose()?,
        phone: update.phone.map(|phone| phone.map(read_phone).transpose()).transpose()?,
    })
}
