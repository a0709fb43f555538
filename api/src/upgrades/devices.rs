//! `GET /upgrades/{upgrade_id}/devices`: how far each device of an upgrade is.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::UpgradeId;
use siteward_store::upgrades::{self, DeviceFilter};
use utoipa::{IntoParams, ToSchema};

use super::UpgradeDevice;
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::UpgradeState;

/// Which devices, and which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UpgradeDeviceQuery {
    /// Only those in this state.
    state: Option<UpgradeState>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Items wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of the devices of an upgrade.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradeDevicePage {
    /// The devices, in the order of stages.
    #[schema(max_items = 100)]
    items: Vec<UpgradeDevice>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the devices of an upgrade that are on sites that the caller may work on, in the order of stages.
#[utoipa::path(tag = "firmware", params(("upgrade_id" = String, Path, format = "uuid", description = "The upgrade"), UpgradeDeviceQuery), responses(
    (status = 200, description = "A page of devices", body = UpgradeDevicePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/upgrades/{upgrade_id}/devices")]
pub(crate) async fn list_upgrade_devices(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    id: web::Path<UpgradeId>,
    query: web::Query<UpgradeDeviceQuery>,
) -> Result<web::Json<UpgradeDevicePage>, ApiError> {
    let (reach, query) = (on.reach(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let filter = DeviceFilter { state: query.state.map(|state| state.0) };
    let found = platform
        .read(move |conn| upgrades::list_devices(conn, &reach, &id, filter, query.cursor.as_deref(), limit))
        .await?;
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(web::Json(UpgradeDevicePage { items, next_cursor: found.next_cursor }))
}
