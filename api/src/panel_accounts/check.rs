//! `POST /devices/{device_id}/panel_accounts/check`: compares the accounts of an alarm panel now.

use actix_web::{HttpResponse, post, web};
use siteward_domain::DeviceId;
use siteward_domain::site::SiteAction;
use siteward_store::{devices, panels};

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::panels::is_panel;
use crate::platform::Platform;
use crate::sites::allows;

/// Has the accounts of an alarm panel compared at once. A login that the panel refused is not tried again by this: that is
/// what checking the device is for.
#[utoipa::path(tag = "panels", params(("device_id" = String, Path, format = "uuid", description = "The alarm panel")), responses(
    (status = 202, description = "The worker compares them soon", body = Object),
    (status = 409, description = "The device is no alarm panel, or the site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/panel_accounts/check")]
pub(crate) async fn check_panel_accounts(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let (now, company) = (platform.clock.now(), on.company_id());
    let device = platform
        .write(move |conn| {
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            if let Err(refusal) = is_panel(&device) {
                return Ok(Err(refusal));
            }
            panels::check(conn, &company, &id, now)?;
            Ok(Ok(device))
        })
        .await??;
    note.object("device", &device.id, &device.name);
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(serde_json::json!({})))
}
