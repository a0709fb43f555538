//! `PUT /devices/{device_id}/monitoring`: switches a device's health monitoring on or off.

use actix_web::{put, web};
use serde::Deserialize;
use siteward_domain::DeviceId;
use siteward_domain::site::SiteAction;
use siteward_store::devices;
use siteward_store::monitoring::{self, Switch};
use utoipa::ToSchema;

use crate::access::OnSites;
use crate::access::session::Caller;
use crate::body::Body;
use crate::devices::Device;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Whether a device is to be watched.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MonitoringSet {
    /// On or off.
    on: bool,
}

impl Caller {
    /// The switch in this person's hand.
    pub(super) fn switch(&self, on: bool) -> Switch {
        Switch { company_id: self.company_id(), on, by: self.staff_id(), by_name: self.record.staff_name.clone() }
    }
}

/// Switches a device's health monitoring on or off. Off: it is not polled, its health is unknown, what is open on it closes
/// with that reason, its linkage rules rest, and it gets no upgrade.
#[utoipa::path(tag = "devices", request_body = MonitoringSet, params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The device as it is now", body = Device),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/devices/{device_id}/monitoring")]
pub(crate) async fn set_monitoring(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<MonitoringSet>,
) -> Result<web::Json<Device>, ApiError> {
    let (id, now, yardstick) = (id.into_inner(), platform.clock.now(), platform.yardstick());
    let switch = on.caller().switch(body.0.on);
    let of_id = id.clone();
    let (name, device) = platform
        .write(move |conn| {
            let company = &switch.company_id;
            let (device, site) = devices::hold_device(conn, company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            monitoring::switch(conn, &switch, std::slice::from_ref(&id), now)?;
            Ok(Ok((device.name, Device::read(conn, company, &id, now, &yardstick)?)))
        })
        .await??;
    note.object("device", &of_id, name);
    (platform.wake_worker)();
    Ok(web::Json(device))
}
