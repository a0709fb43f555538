//! `PATCH /profile`: name, language, time zone.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::text;
use siteward_store::profiles::{self, ProfileChange};
use utoipa::ToSchema;

use super::Profile;
use crate::access::Enrolling;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::time_zone;
use crate::words::MailLanguage;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileUpdate {
    /// The name.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// The language to read.
    language: Option<MailLanguage>,
    /// IANA name of the time zone.
    #[schema(min_length = 1, max_length = 64)]
    time_zone: Option<String>,
}

/// Changes the caller's own account.
#[utoipa::path(tag = "account", request_body = ProfileUpdate, responses(
    (status = 200, description = "The account as it is now", body = Profile),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/profile")]
pub(crate) async fn update_profile(
    caller: Enrolling,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<ProfileUpdate>,
) -> Result<web::Json<Profile>, ApiError> {
    let caller = caller.0;
    note.object("staff", &caller.record.staff_id, &caller.record.staff_name);
    let update = body.into_inner();
    let name = update.name.map(|name| text::needed_line(&name, 128)).transpose();
    let change = ProfileChange {
        name: name.map_err(|error| bad_name(&error, "name"))?,
        language: update.language.map(|language| language.0),
        time_zone: update.time_zone.map(|zone| time_zone(&zone)).transpose()?,
    };
    let now = platform.clock.now();
    let profile = platform
        .write(move |conn| {
            profiles::update_profile(conn, &caller.company_id(), &caller.staff_id(), &change, now)?;
            Profile::read(conn, &caller)
        })
        .await?;
    Ok(web::Json(profile))
}
