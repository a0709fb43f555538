//! `POST /devices/{device_id}/check`: looks at a device now, also when its login was refused (R-H3).

use actix_web::{HttpResponse, post, web};
use siteward_domain::DeviceId;
use siteward_domain::device_functions::Unwatched;
use siteward_domain::site::SiteAction;
use siteward_store::devices;

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Asks for a look at once; a login that was refused is tried once more.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 202, description = "The worker looks at it soon", body = Object),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = 409, description = "Its health monitoring is off, or the site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/check")]
pub(crate) async fn check_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let (now, company) = (platform.clock.now(), on.company_id());
    let device = platform
        .write(move |conn| {
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            // To look is to log in: not where its owner lets nobody in.
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            if device.unwatched == Some(Unwatched::MonitoringOff) {
                return Ok(Err(ApiError::new(codes::MONITORING_OFF)));
            }
            devices::request_check(conn, &company, &id, now)?;
            devices::get_device(conn, &company, &id).map(Ok)
        })
        .await??;
    note.object("device", &device.id, &device.name);
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(serde_json::json!({})))
}
