//! `GET /devices`: the devices on sites that the caller may work on, by name.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::SiteId;
use siteward_store::devices::{self, DeviceFilter};
use utoipa::{IntoParams, ToSchema};

use super::DeviceSummary;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::{DeviceHealth, DeviceKind};

/// Which devices, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeviceQuery {
    /// Only of this site.
    #[param(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
    /// Words that are in name, host, model or serial, in any case.
    #[param(max_length = 128)]
    search: Option<String>,
    /// Only devices shown in this state.
    health: Option<DeviceHealth>,
    /// Only devices of this kind.
    kind: Option<DeviceKind>,
    /// Only devices of exactly this model, as they write it.
    #[param(max_length = 256)]
    model: Option<String>,
    /// Only devices that run exactly this firmware, as they write it.
    #[param(max_length = 256)]
    firmware: Option<String>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Devices wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of devices.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevicePage {
    /// The devices, by name.
    #[schema(max_items = 100)]
    items: Vec<DeviceSummary>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the devices on sites that the caller may work on, by name.
#[utoipa::path(tag = "devices", params(DeviceQuery), responses(
    (status = 200, description = "A page of devices", body = DevicePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices")]
pub(crate) async fn list_devices(
    on: OnSites,
    platform: web::Data<Platform>,
    query: web::Query<DeviceQuery>,
) -> Result<web::Json<DevicePage>, ApiError> {
    let (now, yardstick, reach) = (platform.clock.now(), platform.yardstick(), on.reach());
    let period = yardstick.period;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = DeviceFilter {
        site_id: query.site_id,
        search: page::search(query.search)?,
        health: query.health.map(|health| health.0),
        kind: query.kind.map(|kind| kind.0),
        model: page::exactly(query.model, "model")?,
        firmware: page::exactly(query.firmware, "firmware")?,
    };
    let found = platform
        .read(move |conn| devices::list_devices(conn, &reach, &filter, now, period, query.cursor.as_deref(), limit))
        .await?;
    let items = found.items.into_iter().map(|summary| DeviceSummary::new(summary, now, &yardstick));
    Ok(web::Json(DevicePage { items: items.collect(), next_cursor: found.next_cursor }))
}
