//! `DELETE /devices/{device_id}`: takes a device off the platform (R-O4).

use actix_web::{HttpResponse, delete, web};
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::site::{SiteAction, SiteStatus};
use siteward_store::{devices, events};

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Deletes a device with its password, facts and history. A device reached by its address may always be deleted, one behind a
/// link not while its owner has authorized the company. Without the authorization of its owner none may be deleted.
#[utoipa::path(tag = "devices", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 204, description = "Deleted"),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = 409, description = "The site's status forbids it, or the device is behind a link of an authorized site", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/devices/{device_id}")]
pub(crate) async fn delete_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let (now, company) = (platform.clock.now(), on.company_id());
    let caller = on.caller().clone();
    let device = platform
        .write(move |conn| {
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            if !may_delete(&device, site.status) {
                return Ok(Err(ApiError::new(codes::SITE_AUTHORIZED)));
            }
            devices::delete_device(conn, &company, &id, now)?;
            events::append(conn, &device_event(EventKind::DeviceDeleted, &caller, &device.site_id, &id, now))?;
            Ok(Ok(device))
        })
        .await??;
    note.object("device", &device.id, &device.name);
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}

/// Whether a device may be deleted where its site lets the company manage devices (R-O4).
pub(super) fn may_delete(device: &devices::Device, status: SiteStatus) -> bool {
    device.link_id.is_none() || status != SiteStatus::Authorized
}
