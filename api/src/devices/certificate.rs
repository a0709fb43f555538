//! `POST /devices/{device_id}/certificate`: accepts the certificate that a device shows now.

use actix_web::{post, web};
use serde::Deserialize;
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::site::SiteAction;
use siteward_store::{StoreError, devices, events};
use utoipa::ToSchema;

use super::Device;
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// The certificate to accept: the one that a person saw.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateAccept {
    /// SHA-256 of the certificate, hex.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    fingerprint: String,
}

/// Accepts the changed certificate of a device, if it is still the one it shows.
#[utoipa::path(tag = "devices", request_body = CertificateAccept, params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The device as it is now", body = Device),
    (status = 409, description = "The device shows another one now, or the site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/certificate")]
pub(crate) async fn accept_certificate(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<CertificateAccept>,
) -> Result<web::Json<Device>, ApiError> {
    let (now, yardstick, company) = (platform.clock.now(), platform.yardstick(), on.company_id());
    let fingerprint = body.into_inner().fingerprint;
    if fingerprint.len() != 64 || !fingerprint.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Err(ApiError::field(codes::FIELD_INVALID, "fingerprint"));
    }
    let caller = on.caller().clone();
    let (name, device) = platform
        .write(move |conn| {
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            match devices::accept_certificate(conn, &company, &id, &fingerprint, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::CERTIFICATE_NOT_PENDING))),
                other => other?,
            }
            events::append(conn, &device_event(EventKind::DeviceUpdated, &caller, &device.site_id, &id, now))?;
            Ok(Ok(((device.id, device.name), Device::read(conn, &company, &id, now, &yardstick)?)))
        })
        .await??;
    note.object("device", &name.0, name.1);
    (platform.wake_worker)();
    Ok(web::Json(device))
}
