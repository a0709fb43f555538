//! `PATCH /profile`: name, language, time zone, daily summary.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::schedule::{DAY_MINUTES, read_minute};
use siteward_domain::text;
use siteward_store::daily_summaries::{self, SummarySetting};
use siteward_store::profiles::{self, ProfileChange};
use siteward_store::staff;
use utoipa::ToSchema;

use super::Profile;
use crate::access::Enrolling;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::time_zone;
use crate::words::{MailLanguage, SummaryMode};

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
    /// The daily summary by mail.
    daily_summary: Option<DailySummaryUpdate>,
}

/// When to get the summary of what is and was wrong.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DailySummaryUpdate {
    /// On which days.
    mode: SummaryMode,
    /// At which time of one's day, `00:00` to `23:59`.
    #[schema(min_length = 5, max_length = 5)]
    time: String,
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
    let summary = update.daily_summary.as_ref().map(setting).transpose()?;
    let now = platform.clock.now();
    let profile = platform
        .write(move |conn| {
            profiles::update_profile(conn, &caller.company_id(), &caller.staff_id(), &change, now)?;
            // Its next time follows the clock of the person.
            if summary.is_some() || change.time_zone.is_some() {
                let id = caller.staff_id();
                let zone = staff::get_staff(conn, &caller.company_id(), &id)?.time_zone;
                let setting = summary.map_or_else(|| daily_summaries::find(conn, &id), Ok)?;
                daily_summaries::set(conn, &id, setting, &zone, now)?;
            }
            Profile::read(conn, &caller)
        })
        .await?;
    Ok(web::Json(profile))
}

fn setting(update: &DailySummaryUpdate) -> Result<SummarySetting, ApiError> {
    let minute = read_minute(&update.time).filter(|minute| *minute < DAY_MINUTES);
    let minute = minute.ok_or_else(|| ApiError::field(codes::FIELD_INVALID, "daily_summary"))?;
    Ok(SummarySetting { mode: update.mode.0, minute })
}
