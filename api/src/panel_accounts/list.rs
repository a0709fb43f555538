//! `GET /devices/{device_id}/panel_accounts`: who can enter an alarm panel.

use actix_web::{get, web};
use siteward_domain::DeviceId;
use siteward_store::{devices, panel_accounts};

use super::PanelAccountList;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::panels::is_panel;
use crate::platform::Platform;

/// Lists the accounts of an alarm panel: those of people, and those that nobody should have.
#[utoipa::path(tag = "panels", params(("device_id" = String, Path, format = "uuid", description = "The alarm panel")), responses(
    (status = 200, description = "The accounts", body = PanelAccountList),
    (status = 409, description = "The device is no alarm panel", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/panel_accounts")]
pub(crate) async fn list_panel_accounts(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<PanelAccountList>, ApiError> {
    let company = on.company_id();
    let accounts = platform
        .read(move |conn| {
            let device = devices::get_device(conn, &company, &id)?;
            match is_panel(&device) {
                Ok(()) => panel_accounts::list_for_panel(conn, &company, &id).map(Ok),
                Err(refusal) => Ok(Err(refusal)),
            }
        })
        .await??;
    Ok(web::Json(accounts.into()))
}
