//! `PATCH /devices/{device_id}`: name, address, login, kind (R-O7, R-O8).

use actix_web::{patch, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_devices::{Login, Pin};
use siteward_domain::device::DeviceKind as KindOfDevice;
use siteward_domain::event::EventKind;
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::devices::{self, Credential, DeviceChange, password_place};
use siteward_store::reach::Reach;
use siteward_store::{DbConn, StoreError, events, sites};
use utoipa::ToSchema;

use super::trying::{self, Tried};
use super::{Device, name, occupied, password, port, user_name};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::routers;
use crate::sites::allows;
use crate::words::DeviceKind;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceUpdate {
    /// Its name.
    #[schema(max_length = 128)]
    name: Option<String>,
    /// IPv4 or IPv6 address or DNS name.
    #[schema(min_length = 1, max_length = 253)]
    host: Option<String>,
    /// Its port.
    #[schema(minimum = 1, maximum = 65535)]
    port: Option<u32>,
    /// The user name on the device, up to 32 bytes.
    #[schema(min_length = 1, max_length = 32)]
    user_name: Option<String>,
    /// Its password, up to 64 bytes.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// What it is, where that was not recognised.
    kind: Option<DeviceKind>,
}

/// Changes a device. A new address or login is tried on the device before it replaces the old one.
#[utoipa::path(tag = "devices", request_body = DeviceUpdate, params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The device as it is now", body = Device),
    (status = 409, description = "Occupied, recognised, changed meanwhile, or the site's status forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or refuses the login", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/devices/{device_id}")]
pub(crate) async fn update_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<DeviceId>,
    body: Body<DeviceUpdate>,
) -> Result<web::Json<Device>, ApiError> {
    let (body, id, company) = (body.into_inner(), id.into_inner(), on.company_id());
    let (of_company, of_id) = (company.clone(), id.clone());
    let (before, credential) = platform.read(move |conn| may_edit(conn, &of_company, &of_id)).await??;
    note.object("device", &id, &before.name);
    let change = plan(&platform, &company, &before, &credential, body).await?;
    let (now, yardstick, reach) = (platform.clock.now(), platform.yardstick(), on.reach());
    let event = device_event(EventKind::DeviceUpdated, on.caller(), &before.site_id, &id, now);
    let device = platform
        .write(move |conn| {
            // While the device was asked the site may have been handed over.
            let (_, site) = devices::hold_device(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            if let Err(refusal) = is_free(conn, &reach, &before, &change)? {
                return Ok(Err(refusal));
            }
            devices::update_device(conn, &company, &id, &change, now)?;
            events::append(conn, &event)?;
            Device::read(conn, &company, &id, now, &yardstick).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(device))
}

type Editable = Result<(devices::Device, Credential), ApiError>;

fn may_edit(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Editable, StoreError> {
    let device = devices::get_device(conn, company, id)?;
    let site = sites::get_site(conn, company, &device.site_id)?;
    if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
        return Ok(Err(refusal));
    }
    let credential = devices::get_credential(conn, company, id)?;
    Ok(Ok((device, credential)))
}

/// Checks what is asked, and tries on the device what concerns reaching it.
async fn plan(
    platform: &Platform,
    company: &CompanyId,
    before: &devices::Device,
    credential: &Credential,
    body: DeviceUpdate,
) -> Result<DeviceChange, ApiError> {
    if !before.kind.has_login() {
        if body.kind.is_some_and(|kind| kind.0 != before.kind) {
            return Err(ApiError::new(codes::KIND_RECOGNISED));
        }
        let (name, host) = (body.name.as_deref(), body.host.as_deref());
        let names_login = body.user_name.is_some() || body.password.is_some();
        return routers::plan(platform, before, name, host, body.port, names_login).await;
    }
    if body.kind.as_ref().is_some_and(|kind| !kind.0.has_login()) {
        return Err(ApiError::field(codes::FIELD_INVALID, "kind"));
    }
    let mut change = DeviceChange {
        if_config_version: Some(before.config_version),
        name: body.name.as_deref().map(name).transpose()?,
        ..DeviceChange::default()
    };
    if let Some(DeviceKind(kind)) = body.kind.filter(|kind| kind.0 != before.kind) {
        if before.kind != KindOfDevice::Unknown && !before.kind_is_manual {
            return Err(ApiError::new(codes::KIND_RECOGNISED));
        }
        change.kind = Some(kind);
    }
    let reaches = body.host.is_some() || body.port.is_some() || body.user_name.is_some() || body.password.is_some();
    if !reaches {
        return Ok(change);
    }
    if before.link_id.is_some() && (body.host.is_some() || body.port.is_some()) {
        // Where it is in its network the link knows.
        return Err(ApiError::field(codes::FIELD_INVALID, "host"));
    }
    let host = body.host.as_deref().map(|host| trying::host(platform, host)).transpose()?;
    let host = host.unwrap_or_else(|| before.address.host.clone());
    let port = body.port.map(port).transpose()?.unwrap_or(before.address.port);
    body.password.as_ref().map(password).transpose()?;
    // A stored password goes to the device that it was given for, and nowhere else.
    if !host.eq_ignore_ascii_case(&before.address.host) && body.password.is_none() {
        return Err(ApiError::field(codes::PASSWORD_NEEDED, "password"));
    }
    let user = body.user_name.as_deref().map(user_name).transpose()?.unwrap_or_else(|| credential.user_name.clone());
    let secret = match body.password {
        Some(secret) => secret,
        None => open(platform, company, &before.id, credential)?,
    };
    let login = Login { user_name: user.clone(), password: secret };
    let stays = host.eq_ignore_ascii_case(&before.address.host) && port == before.address.port;
    let tried = match before.pin.as_deref().and_then(Pin::parse).filter(|_| stays) {
        _ if before.link_id.is_some() => trying::try_behind_link(platform, before, login.clone()).await?,
        Some(pin) => trying::try_pinned(platform, before.address.clone(), pin, login.clone()).await?,
        None => trying::try_device(platform, &host, port, &login).await?,
    };
    let Tried { address, pin, identity } = tried;
    let place = password_place(company, &before.id);
    change.sealed_password = Some(platform.store.vault().seal(place, &login.password).map_err(ApiError::internal)?);
    change.address = Some(address);
    change.user_name = Some(user);
    change.pin = pin;
    change.identity = Some(identity);
    Ok(change)
}

fn open(
    platform: &Platform,
    company: &CompanyId,
    id: &DeviceId,
    credential: &Credential,
) -> Result<SecretString, ApiError> {
    let place = password_place(company, id);
    platform.store.vault().open(place, &credential.sealed_password).map_err(ApiError::internal)
}

/// No other device of the company is at the new address or has the serial found there.
fn is_free(
    conn: &mut DbConn,
    reach: &Reach,
    before: &devices::Device,
    change: &DeviceChange,
) -> Result<Result<(), ApiError>, StoreError> {
    let company = reach.company_id();
    let mut there = Vec::new();
    if let Some(address) = &change.address {
        there.extend(devices::find_by_address(conn, company, &address.host, address.port)?);
    }
    if let Some(serial) = change.identity.as_ref().and_then(|identity| identity.short_serial.as_ref()) {
        there.extend(devices::find_by_serial(conn, company, serial)?);
    }
    match there.into_iter().find(|occupant| occupant.device_id != before.id) {
        Some(occupant) => occupied(conn, reach, &occupant, &before.site_id).map(Err),
        None => Ok(Ok(())),
    }
}
