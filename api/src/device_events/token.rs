//! `POST` and `DELETE /devices/{device_id}/event_listener`: the address that a device may push its events to.

use actix_web::{HttpResponse, delete, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::{DbConn, StoreError, companies, device_events, devices};
use utoipa::ToSchema;

use crate::access::{OnSites, token};
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Random bytes of a token: few, for devices have little room for a path.
const TOKEN_BYTES: usize = 16;

/// What a person enters in the device's own pages, in the words that they have for it. The path is told only now.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventListenerSettings {
    /// `HTTP` or `HTTPS`.
    protocol: &'static str,
    /// The server's name or address.
    host: String,
    /// Its port.
    port: u16,
    /// The path, with the token of this device.
    path: String,
}

/// Makes the address that a device may push its events to; one that was made before takes nothing any more.
#[utoipa::path(tag = "device events", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 201, description = "What to enter in the device", body = EventListenerSettings),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/devices/{device_id}/event_listener")]
pub(crate) async fn create_event_listener(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    let token = new_token();
    let hash = hash(&token);
    let (device, public_url) = platform
        .write(move |conn| {
            let device = match managed(conn, &company, &id)? {
                Err(refusal) => return Ok(Err(refusal)),
                Ok(device) => device,
            };
            device_events::set_token(conn, &device.id, &hash, now)?;
            let company = companies::find_company(conn, &company)?.ok_or(StoreError::NotFound)?;
            Ok(Ok((device, company.public_url)))
        })
        .await??;
    note.object("device", &device.id, &device.name);
    Ok(HttpResponse::Created().json(settings(&public_url, &token)))
}

/// Takes the address away that a device may push to.
#[utoipa::path(tag = "device events", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 204, description = "It may not push any more"),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/devices/{device_id}/event_listener")]
pub(crate) async fn delete_event_listener(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
) -> Result<HttpResponse, ApiError> {
    let company = on.company_id();
    let device = platform
        .write(move |conn| {
            let device = managed(conn, &company, &id)?;
            if device.is_ok() {
                device_events::forget_token(conn, &id)?;
            }
            Ok(device)
        })
        .await??;
    note.object("device", &device.id, &device.name);
    Ok(HttpResponse::NoContent().finish())
}

/// A device whose site lets the company manage devices.
fn managed(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &DeviceId,
) -> Result<Result<devices::Device, ApiError>, StoreError> {
    let (device, site) = devices::hold_device(conn, company, id)?;
    Ok(allows(&site, SiteAction::ManageDevices).map(|()| device))
}

/// What is kept of a token.
pub(super) fn hash(given: &str) -> String {
    token::hash(&format!("device events:{given}"))
}

fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; TOKEN_BYTES]>())
}

/// How a device reaches the server by the address that browsers use.
fn settings(public_url: &str, token: &str) -> EventListenerSettings {
    let (scheme, rest) = public_url.split_once("://").unwrap_or(("http", public_url));
    let is_https = scheme.eq_ignore_ascii_case("https");
    let (authority, base) = rest.split_once('/').unwrap_or((rest, ""));
    let own_port = if is_https { 443 } else { 80 };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(own_port)),
        _ => (authority, own_port),
    };
    let base = base.trim_matches('/');
    let base = if base.is_empty() { String::new() } else { format!("/{base}") };
    EventListenerSettings {
        protocol: if is_https { "HTTPS" } else { "HTTP" },
        host: host.trim_matches(['[', ']']).to_owned(),
        port,
        path: format!("{base}/api/v1/device_events/{token}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_entered_in_a_device_follows_from_the_address_that_browsers_use() {
        let told = |url: &str| {
            let settings = settings(url, "t");
            (settings.protocol, settings.host, settings.port, settings.path)
        };
        let path = "/api/v1/device_events/t".to_owned();
        assert_eq!(told("http://localhost:8080"), ("HTTP", "localhost".into(), 8080, path.clone()));
        assert_eq!(told("https://desk.example.com/"), ("HTTPS", "desk.example.com".into(), 443, path.clone()));
        assert_eq!(told("http://[2001:db8::1]"), ("HTTP", "2001:db8::1".into(), 80, path));
        assert_eq!(told("https://x.example/desk").3, "/desk/api/v1/device_events/t");
    }

    #[test]
    fn a_token_is_short_enough_for_a_device_and_too_long_to_guess() {
        assert_eq!(new_token().len(), 22);
        assert_ne!(new_token(), new_token());
    }
}
