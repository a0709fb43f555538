//! `GET /devices/{device_id}/disk_temperatures`: how warm the disks of a device were.

use actix_web::{get, web};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use siteward_domain::DeviceId;
use siteward_store::{devices, reports};
use utoipa::{IntoParams, ToSchema};

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;

/// Days told unless asked otherwise.
const USUAL_DAYS: u32 = 30;
/// Most days told.
const MOST_DAYS: u32 = 366;

/// How far back.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemperatureQuery {
    /// Days back from today, 30 unless told.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u32>,
}

/// The temperatures of the disks of a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct DiskTemperatureList {
    /// The disks that ever told of theirs.
    items: Vec<DiskTemperatures>,
}

/// The temperatures of a disk.
#[derive(Serialize, ToSchema)]
pub(crate) struct DiskTemperatures {
    /// The device's own id of the disk.
    disk: String,
    /// Day by day, oldest first; days on which nothing was told are left out.
    days: Vec<TemperatureDay>,
}

/// A day of a disk.
#[derive(Serialize, ToSchema)]
pub(crate) struct TemperatureDay {
    /// Its date in UTC.
    date: NaiveDate,
    /// The lowest temperature, degrees Celsius.
    lowest_celsius: i32,
    /// The highest temperature, degrees Celsius.
    highest_celsius: i32,
}

/// Tells how warm the disks of a device were, day by day.
#[utoipa::path(tag = "devices",
    params(("device_id" = String, Path, format = "uuid", description = "The device"), TemperatureQuery),
    responses(
        (status = 200, description = "Its disks", body = DiskTemperatureList),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/devices/{device_id}/disk_temperatures")]
pub(crate) async fn list_disk_temperatures(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<TemperatureQuery>,
) -> Result<web::Json<DiskTemperatureList>, ApiError> {
    let days = query.days.unwrap_or(USUAL_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(page::bad("days"));
    }
    let (company, today) = (on.company_id(), platform.clock.now().timestamp().div_euclid(86_400));
    let found = platform
        .read(move |conn| {
            devices::get_device(conn, &company, &id)?;
            reports::disk_temperatures(conn, &id, (today - i64::from(days) + 1, today))
        })
        .await?;
    let day = |one: reports::TemperatureDay| TemperatureDay {
        date: NaiveDate::default().checked_add_days(Days::new(u64::try_from(one.day).unwrap_or(0))).unwrap_or_default(),
        lowest_celsius: one.lowest,
        highest_celsius: one.highest,
    };
    let items =
        found.into_iter().map(|one| DiskTemperatures { disk: one.disk, days: one.days.into_iter().map(day).collect() });
    Ok(web::Json(DiskTemperatureList { items: items.collect() }))
}
