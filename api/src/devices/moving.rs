//! `POST /devices/{device_id}/move`: to another site of the company (R-O5).

use actix_web::{post, web};
use serde::Deserialize;
use siteward_domain::event::EventKind;
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId, LinkId, SiteId};
use siteward_store::events::{self, NewEvent};
use siteward_store::reach::Object;
use siteward_store::{DbConn, StoreError, devices, grants, sightings, sites};
use utoipa::ToSchema;

use super::Device;
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Where to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceMove {
    /// The site it is moved to.
    #[schema(value_type = String, format = "uuid")]
    site_id: SiteId,
}

/// Moves a device to another site with its history. A cloud device is reached through a link of that site from now on,
/// where one has found it.
#[utoipa::path(tag = "devices", request_body = DeviceMove, params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The device as it is now", body = Device),
    (status = 409, description = "The status of one of the sites forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/move")]
pub(crate) async fn move_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<DeviceMove>,
) -> Result<web::Json<Device>, ApiError> {
    let of_id = id.clone();
    let (now, yardstick, company) = (platform.clock.now(), platform.yardstick(), on.company_id());
    let (caller, reach, to) = (on.caller().clone(), on.reach(), body.into_inner().site_id);
    let destination = to.clone();
    let (before, device) = platform
        .write(move |conn| {
            reach.check(conn, &Object::Site(to.clone()))?;
            let (before, _) = devices::hold_device_and(conn, &company, &id, Some(&to))?;
            for site in [&before.site_id, &to] {
                if let Err(refusal) = allows(&sites::get_site(conn, &company, site)?, SiteAction::ManageDevices) {
                    return Ok(Err(refusal));
                }
            }
            // What is an owner's is not taken from them by moving it, whatever reaches it.
            let (from, into) = (grants::owner_of(conn, &before.site_id)?, grants::owner_of(conn, &to)?);
            let is_taken_away = from.as_ref().is_some_and(|from| into.is_none_or(|into| into.id != from.id));
            if is_taken_away {
                return Ok(Err(ApiError::new(codes::SITE_AUTHORIZED)));
            }
            if before.site_id != to {
                let link = new_link(conn, &company, &before, &to)?;
                devices::move_device(conn, &company, &id, &to, link.as_ref(), now)?;
                let event = device_event(EventKind::DeviceMoved, &caller, &to, &id, now);
                let data = serde_json::json!({ "from": before.site_id, "to": to });
                events::append(conn, &NewEvent { data, ..event })?;
            }
            let device = Device::read(conn, &company, &id, now, &yardstick)?;
            Ok(Ok((before, device)))
        })
        .await??;
    note.object("device", &of_id, before.name);
    if before.site_id != destination {
        // The owner of the site that it left is told by the path.
        note.sites(&[destination]);
    }
    (platform.wake_worker)();
    Ok(web::Json(device))
}

/// The link of the new site that has found a cloud device; where none has, it keeps its link.
fn new_link(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &devices::Device,
    to: &SiteId,
) -> Result<Option<LinkId>, StoreError> {
    let (Some(_), Some(serial)) = (&device.link_id, &device.serial) else { return Ok(None) };
    Ok(sightings::find_for_site(conn, company, to, serial)?.map(|seen| seen.link_id))
}
