//! `POST /devices/{device_id}/remote_sessions`: opens a device's own web pages.

use actix_web::{HttpRequest, HttpResponse, post, web};
use siteward_domain::firmware::Function;
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_domain::{DeviceId, RemoteSessionId};
use siteward_store::remote_sessions::{self, NewRemoteSession};
use siteward_store::{devices, monitoring};

use super::RemoteSession;
use crate::access::rights::RemoteConfiguration;
use crate::access::{OnSites, token};
use crate::error::{ApiError, ErrorBody, codes};
use crate::grants::permit;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::remote::{host, lifetime};
use crate::sites::allows;

/// Sessions that a person may have open at once.
const MOST_OPEN: usize = 20;

/// Opens a session of remote configuration. The device's login stays on the server.
#[utoipa::path(tag = "remote configuration", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 201, description = "Open its url", body = RemoteSession),
    (status = 409, description = "The server has no domain for it, or the site's status, its owner or the device's firmware forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/remote_sessions")]
pub(crate) async fn create_remote_session(
    on: OnSites<RemoteConfiguration>,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let (now, caller, lifetime) = (platform.clock.now(), on.caller().clone(), lifetime(&platform.settings));
    let (label, code) = (host::new_label(), token::new_token());
    let origin = host::origin(&platform.settings, &request, &label);
    let (of_label, of_code) = (token::hash(&label), token::hash(&code));
    let (has_domain, store) = (origin.is_some(), platform.store.clone());
    let (device, session) = platform
        .write(move |conn| {
            let company = caller.company_id();
            let (device, site) = devices::hold_device(conn, &company, &id)?;
            if !device.kind.has_login() {
                return Ok(Err(ApiError::new(codes::DEVICE_HAS_NO_LOGIN)));
            }
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            if let Err(refusal) = monitoring::standing(conn, &company, &id)?.may(Function::RemoteConfiguration) {
                return Ok(Err(crate::monitoring::refusal(&refusal)));
            }
            if !has_domain {
                return Ok(Err(ApiError::new(codes::REMOTE_DOMAIN_MISSING)));
            }
            if remote_sessions::list_open(conn, &company, &caller.staff_id(), now, lifetime)?.len() >= MOST_OPEN {
                return Ok(Err(ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(60)));
            }
            let permission = DevicePermission::Configuration;
            if let Err(refusal) = permit(conn, store.vault(), &caller, &device.id, permission, now)? {
                return Ok(Err(refusal));
            }
            let new = NewRemoteSession {
                id: RemoteSessionId::generate(now),
                company_id: company,
                device_id: device.id.clone(),
                staff_id: caller.staff_id(),
                session_id: caller.record.id.clone(),
                label_hash: of_label.clone(),
                entry_hash: of_code.clone(),
                may_write: true,
            };
            let session = remote_sessions::open(conn, &new, now)?;
            Ok(Ok((device, session)))
        })
        .await??;
    (platform.wake_worker)();
    note.object("device", &device.id, &device.name);
    let url = origin.map(|origin| format!("{origin}/.siteward/enter?code={code}"));
    Ok(HttpResponse::Created().json(RemoteSession::new(&session, url, &platform.settings)))
}
