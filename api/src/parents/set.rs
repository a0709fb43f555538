//! `PUT /devices/{device_id}/parent`: what a person says a device hangs behind.

use actix_web::{put, web};
use serde::Deserialize;
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::incident::Said;
use siteward_domain::site::SiteAction;
use siteward_store::reach::Object;
use siteward_store::{devices, events, incidents};
use utoipa::ToSchema;

use super::{DeviceParent, ParentMode};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// What a device hangs behind.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceParentSet {
    /// Who says so.
    mode: ParentMode,
    /// With `device`: the device, on the same site.
    #[schema(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
}

/// Says what a device hangs behind, or leaves it to what is known of the site.
#[utoipa::path(tag = "devices", request_body = DeviceParentSet, params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "What it hangs behind now", body = DeviceParent),
    (status = 409, description = "It would hang behind itself, or the site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/devices/{device_id}/parent")]
pub(crate) async fn set_parent(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<DeviceParentSet>,
) -> Result<web::Json<DeviceParent>, ApiError> {
    let (id, company, reach, now) = (id.into_inner(), on.company_id(), on.reach(), platform.clock.now());
    let said = said(body.into_inner())?;
    let (of_id, caller) = (id.clone(), on.caller().clone());
    let (name, parent) = platform
        .write(move |conn| {
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            if let Said::Behind(parent) = &said {
                reach.check(conn, &Object::Device(parent.clone()))?;
                if incidents::would_be_circle(conn, &company, &id, parent)? {
                    return Ok(Err(ApiError::new(codes::PARENT_IS_CIRCLE)));
                }
            }
            incidents::set_parent(conn, &company, &id, &said)?;
            events::append(conn, &device_event(EventKind::DeviceUpdated, &caller, &device.site_id, &id, now))?;
            Ok(Ok((device.name, DeviceParent::read(conn, &company, &id)?)))
        })
        .await??;
    note.object("device", &of_id, name);
    Ok(web::Json(parent))
}

fn said(body: DeviceParentSet) -> Result<Said, ApiError> {
    match (body.mode, body.device_id) {
        (ParentMode::Derived, None) => Ok(Said::Nothing),
        (ParentMode::Alone, None) => Ok(Said::Alone),
        (ParentMode::Device, Some(parent)) => Ok(Said::Behind(parent)),
        _ => Err(ApiError::field(codes::FIELD_INVALID, "device_id")),
    }
}
