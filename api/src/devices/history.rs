//! `GET /devices/{device_id}/history`: how a device has been.

use actix_web::{get, web};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::DeviceId;
use siteward_store::{devices, history};
use utoipa::{IntoParams, ToSchema};

use super::Heartbeat;
use super::summary::hour_of;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::DeviceHealth;

/// Hours told unless asked otherwise, and the fewest.
const FEWEST_HOURS: i64 = 24;
/// The most hours told: a month.
const MOST_HOURS: i64 = 720;

/// How far back.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// Hours back from now, 24 unless told.
    #[param(minimum = 24, maximum = 720)]
    hours: Option<i64>,
}

/// How a device has been.
#[derive(Serialize, ToSchema)]
pub(crate) struct History {
    /// Hour by hour, oldest first; null for an hour in which nobody looked.
    hours: Vec<Option<Heartbeat>>,
    /// Every change of its health, oldest first; of more than 1,000 the newest.
    transitions: Vec<Transition>,
}

/// A change of health.
#[derive(Serialize, ToSchema)]
pub(crate) struct Transition {
    /// When it was seen.
    at: DateTime<Utc>,
    /// The state before.
    from: DeviceHealth,
    /// The state since.
    to: DeviceHealth,
}

/// Tells how a device has been, hour by hour, and every change of its health.
#[utoipa::path(tag = "devices",
    params(("device_id" = String, Path, format = "uuid", description = "The device"), HistoryQuery),
    responses(
        (status = 200, description = "Its history", body = History),
        (status = 404, description = "Not there or not yours", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[get("/devices/{device_id}/history")]
pub(crate) async fn get_history(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
    query: web::Query<HistoryQuery>,
) -> Result<web::Json<History>, ApiError> {
    let count = query.hours.unwrap_or(FEWEST_HOURS);
    if !(FEWEST_HOURS..=MOST_HOURS).contains(&count) {
        return Err(page::bad("hours"));
    }
    let (now, company) = (platform.clock.now(), on.company_id());
    let (hours, transitions) = platform
        .read(move |conn| {
            devices::get_device(conn, &company, &id)?;
            let last = hour_of(now);
            let hours = history::hours(conn, &id, last - count + 1, last)?;
            Ok((hours, history::transitions(conn, &id, now - Duration::hours(count), now)?))
        })
        .await?;
    let transitions = transitions.into_iter().map(|change| Transition {
        at: change.at,
        from: DeviceHealth(change.from),
        to: DeviceHealth(change.to),
    });
    Ok(web::Json(History { hours: Heartbeat::fill(&hours, now, count), transitions: transitions.collect() }))
}
