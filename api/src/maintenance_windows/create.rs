//! `POST /sites/{site_id}/maintenance_windows`: somebody works on a site or a device, now or later.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use siteward_domain::event::EventKind;
use siteward_domain::maintenance::{MOST_DAYS_AHEAD, MOST_HOURS, MOST_NOTE_CHARACTERS, Window};
use siteward_domain::{DeviceId, MaintenanceWindowId, SiteId, text};
use siteward_store::maintenance::{self, NewWindow};
use siteward_store::{StoreError, events, sites};
use utoipa::ToSchema;

use super::{MaintenanceWindow, MaintenanceWindowList, OBJECT};
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::Repeats;

/// How long ago a window may have begun, in hours.
const MOST_HOURS_AGO: i64 = 24;

/// A maintenance window to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaintenanceWindowCreate {
    /// The device, on this site; absent: the whole site.
    #[schema(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// When it begins; absent: now. A day ago at the earliest, a year ahead at the latest.
    starts_at: Option<DateTime<Utc>>,
    /// How long it lasts, in minutes: 31 days at most, and 6 where it comes again.
    #[schema(minimum = 1, maximum = 44640)]
    minutes: u32,
    /// Whether it comes again every week, by the clock of the site.
    repeats: Repeats,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: String,
}

/// Makes a maintenance window. While it lasts nobody is told of what goes wrong there; what still lasts when it ends is
/// told then.
#[utoipa::path(tag = "maintenance", request_body = MaintenanceWindowCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Made", body = MaintenanceWindow),
    (status = 409, description = "The site has as many as it may", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/maintenance_windows")]
pub(crate) async fn create_maintenance_window(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    note: Note,
    site: web::Path<SiteId>,
    body: Body<MaintenanceWindowCreate>,
) -> Result<HttpResponse, ApiError> {
    let (site, company, now) = (site.into_inner(), on.company_id(), platform.clock.now());
    let body = body.into_inner();
    let invalid = |field| ApiError::field(codes::FIELD_INVALID, field);
    let new = NewWindow {
        id: MaintenanceWindowId::generate(now),
        company_id: company.clone(),
        site_id: site.clone(),
        window: window(&body, now)?,
        device_id: body.device_id,
        note: text::optional_line(&body.note, MOST_NOTE_CHARACTERS).map_err(|_| invalid("note"))?,
        created_by: on.caller().staff_id(),
    };
    let (id, caller) = (new.id.clone(), on.caller().clone());
    let (name, made) = platform
        .write(move |conn| {
            match maintenance::create_window(conn, &new, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::MAINTENANCE_WINDOWS_TOO_MANY))),
                made => made?,
            }
            let mut event = site_event(EventKind::MaintenanceChanged, &caller, &site, now);
            event.device_id.clone_from(&new.device_id);
            event.data = serde_json::json!({ "window_id": new.id });
            events::append(conn, &event)?;
            let name = sites::get_site(conn, &company, &site)?.name;
            let made = MaintenanceWindowList::read(conn, &company, &site, now)?.take(new.id.as_str())?;
            Ok(Ok((name, made)))
        })
        .await??;
    note.object(OBJECT, &id, name);
    Ok(HttpResponse::Created().json(made))
}

fn window(body: &MaintenanceWindowCreate, now: DateTime<Utc>) -> Result<Window, ApiError> {
    let starts_at = body.starts_at.unwrap_or(now);
    let (earliest, latest) = (now - Duration::hours(MOST_HOURS_AGO), now + Duration::days(MOST_DAYS_AHEAD));
    if !(earliest..=latest).contains(&starts_at) {
        return Err(ApiError::field(codes::FIELD_INVALID, "starts_at"));
    }
    let minutes = i64::from(body.minutes).min(MOST_HOURS * 60 + 1);
    let ends_at = starts_at + Duration::minutes(minutes);
    let window = Window { starts_at, ends_at, repeats: body.repeats.0, ended_at: None };
    if !window.fits() || window.ends_at <= now {
        return Err(ApiError::field(codes::FIELD_INVALID, "minutes"));
    }
    Ok(window)
}
