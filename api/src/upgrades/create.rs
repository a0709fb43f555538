//! `POST /upgrades`: upgrades one or many devices.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use siteward_domain::firmware::upgrade_path::Consent;
use siteward_domain::upgrade::{MOST_DEVICES, MOST_WAITS_HOURS, Stages, WAITS_HOURS, Window};
use siteward_domain::{DeviceId, FirmwareFileId, UpgradeId};
use siteward_store::upgrades::{self, NewUpgrade};
use utoipa::ToSchema;

use super::planning::{Wanted, all_or_refusal};
use super::{OBJECT, Upgrade, read};
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// An upgrade may begin so many days from now at the latest.
const MOST_DAYS_AHEAD: i64 = 365;

/// An upgrade to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpgradeCreate {
    /// The devices, those that go first in front.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 1000)]
    device_ids: Vec<DeviceId>,
    /// The file to install.
    #[schema(value_type = Option<String>, format = "uuid")]
    firmware_file_id: Option<FirmwareFileId>,
    /// Or a version: of each device the file that fits it. Neither: the newest that fits.
    #[schema(max_length = 64)]
    target_version: Option<String>,
    /// When; absent: now.
    schedule: Option<UpgradeSchedule>,
    /// In which order; absent: a tenth of the devices first, and the first error stops.
    stages: Option<UpgradeStages>,
    /// Also where that is older than what the device runs.
    #[serde(default)]
    allow_downgrade: bool,
    /// Also where hardware or region of the device are not known: the device itself is then the one to refuse.
    #[serde(default)]
    accept_unknown: bool,
}

/// When devices are upgraded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpgradeSchedule {
    /// No device begins before; absent: now.
    starts_at: Option<DateTime<Utc>>,
    /// The hours of the day in which a device may begin, in the time zone of its site; absent: all.
    window: Option<UpgradeHours>,
    /// Hours for which devices that are offline are waited for; 72 unless told.
    #[schema(minimum = 1, maximum = 720)]
    wait_hours: Option<u32>,
}

/// Hours of the day.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpgradeHours {
    /// From, `HH:MM`.
    #[schema(min_length = 5, max_length = 5)]
    from: String,
    /// Until, `HH:MM`; earlier than `from`: on the next day.
    #[schema(min_length = 5, max_length = 5)]
    until: String,
}

/// In which order devices are upgraded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpgradeStages {
    /// Devices of the first stage; a tenth unless told.
    #[schema(minimum = 1, maximum = 1000)]
    canaries: Option<usize>,
    /// Devices of each stage after it; 50 unless told.
    #[schema(minimum = 1, maximum = 1000)]
    then: Option<usize>,
    /// So many devices that went wrong stop it; 1 unless told.
    #[schema(minimum = 1, maximum = 1000)]
    error_threshold: Option<usize>,
}

/// Begins an upgrade of one or many devices, now or later. Either all of them can be given the firmware, or none is begun:
/// the code of the refusal is that of the first device that cannot, and `details.devices` tells each with its own.
#[utoipa::path(tag = "firmware", request_body = UpgradeCreate, responses(
    (status = 201, description = "Begun", body = Upgrade),
    (status = 409, description = "A device is being upgraded, or is not watched", body = ErrorBody),
    (status = 422, description = "A device cannot be given this firmware", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/upgrades")]
pub(crate) async fn create_upgrade(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<UpgradeCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, reach, company) = (platform.clock.now(), on.reach(), on.company_id());
    let body = body.into_inner();
    let id = UpgradeId::generate(now);
    note.object(OBJECT, &id, format!("devices: {}", body.device_ids.len()));
    note.devices(&body.device_ids);
    let consent = Consent { downgrade: body.allow_downgrade, unknown: body.accept_unknown };
    let wanted = Wanted::parse(body.device_ids, body.firmware_file_id, body.target_version.as_deref(), consent)?;
    let stages = stages(body.stages.as_ref(), wanted.devices.len())?;
    let Times { starts_at, window, waits_until } = times(body.schedule.as_ref(), now)?;
    let caller = on.caller().clone();
    let made = platform
        .write(move |conn| {
            siteward_store::sites::hold_sites_of(conn, &company, &wanted.devices)?;
            let devices = match all_or_refusal(wanted.plan(conn, &reach, now)?) {
                Ok(devices) => devices,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let new = NewUpgrade {
                id: id.clone(),
                company_id: company.clone(),
                created_by: caller.staff_id(),
                created_by_name: caller.record.staff_name.clone(),
                starts_at,
                window,
                waits_until,
                stages,
                devices,
            };
            upgrades::create(conn, &new, now)?;
            read(conn, &company, &reach, &id).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(made))
}

fn stages(given: Option<&UpgradeStages>, devices: usize) -> Result<Stages, ApiError> {
    let sensible = Stages::sensible(devices);
    let Some(given) = given else { return Ok(sensible) };
    let checked = |number: Option<usize>, otherwise: usize, field| match number {
        None => Ok(otherwise),
        Some(number) if (1..=MOST_DEVICES).contains(&number) => Ok(number),
        Some(_) => Err(ApiError::field(codes::FIELD_INVALID, field)),
    };
    Ok(Stages {
        canaries: checked(given.canaries, sensible.canaries, "canaries")?,
        then: checked(given.then, sensible.then, "then")?,
        error_threshold: checked(given.error_threshold, sensible.error_threshold, "error_threshold")?,
    })
}

struct Times {
    starts_at: DateTime<Utc>,
    window: Option<Window>,
    waits_until: DateTime<Utc>,
}

fn times(given: Option<&UpgradeSchedule>, now: DateTime<Utc>) -> Result<Times, ApiError> {
    let invalid = |field| ApiError::field(codes::FIELD_INVALID, field);
    let starts_at = given.and_then(|given| given.starts_at).unwrap_or(now).max(now);
    if starts_at > now + Duration::days(MOST_DAYS_AHEAD) {
        return Err(invalid("starts_at"));
    }
    let window = given.and_then(|given| given.window.as_ref());
    let window = window.map(|hours| Window::parse(&hours.from, &hours.until)).transpose();
    let window = window.map_err(|_| invalid("window"))?;
    let hours = given.and_then(|given| given.wait_hours).unwrap_or(WAITS_HOURS);
    if !(1..=MOST_WAITS_HOURS).contains(&hours) {
        return Err(invalid("wait_hours"));
    }
    Ok(Times { starts_at, window, waits_until: starts_at + Duration::hours(i64::from(hours)) })
}
