//! `POST /sites/{site_id}/devices`: adds one device by its address (R-D3).

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_devices::Login;
use siteward_domain::device::DeviceKind as KindOfDevice;
use siteward_domain::event::EventKind;
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId, SiteId};
use siteward_store::devices::{self, NewDevice, password_place};
use siteward_store::reach::Reach;
use siteward_store::{DbConn, StoreError, events, sites};
use utoipa::ToSchema;

use super::trying::{self, Tried};
use super::{Device, name, occupied, password, port, user_name};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;
use crate::words::DeviceKind;

/// A device to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceCreate {
    /// Its name; the device's own where it is empty.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// IPv4 or IPv6 address or DNS name.
    #[schema(min_length = 1, max_length = 253)]
    host: String,
    /// Its port; where HTTP is not there, the usual ones are tried too.
    #[schema(minimum = 1, maximum = 65535)]
    port: u32,
    /// The user name on the device, up to 32 bytes.
    #[schema(min_length = 1, max_length = 32)]
    user_name: String,
    /// Its password, up to 64 bytes.
    #[schema(value_type = String, min_length = 1, max_length = 64, format = Password)]
    password: SecretString,
    /// What it is, for a device that is not recognised.
    kind: Option<DeviceKind>,
}

/// Adds a device after trying its address and login: one try, so that a wrong password costs it one refused login.
#[utoipa::path(tag = "devices", request_body = DeviceCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Added", body = Device),
    (status = 409, description = "It is on a site already, or the site's status forbids it", body = ErrorBody),
    (status = 422, description = "The device does not answer, or refuses the login", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/devices")]
pub(crate) async fn create_device(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<DeviceCreate>,
) -> Result<HttpResponse, ApiError> {
    let (body, site_id, reach) = (body.into_inner(), site_id.into_inner(), on.reach());
    note.object("site", &site_id, "");
    let checked = check(&platform, &body);
    let at = checked.as_ref().ok().map(|checked| (checked.host.clone(), checked.port));
    let (within, on_site) = (reach.clone(), site_id.clone());
    platform.read(move |conn| may_add(conn, &within, &on_site, at.as_ref())).await??;
    let Checked { name, host, port, login } = checked?;
    let tried = trying::try_device(&platform, &host, port, &login).await?;
    let now = platform.clock.now();
    let wanted = Wanted { company: on.company_id(), site_id, name, port, kind: body.kind.map(|kind| kind.0) };
    let new = new_device(&platform, wanted, &login, tried, now)?;
    note.object("device", &new.id, &new.name);
    let event = device_event(EventKind::DeviceAdded, on.caller(), &new.site_id, &new.id, now);
    let yardstick = platform.yardstick();
    let device = platform
        .write(move |conn| {
            sites::hold_site(conn, &new.company_id, &new.site_id)?;
            let at = (new.address.host.clone(), new.address.port);
            if let Err(refusal) = may_add(conn, &reach, &new.site_id, Some(&at))? {
                return Ok(Err(refusal));
            }
            if let Err(refusal) = serial_is_free(conn, &reach, &new)? {
                return Ok(Err(refusal));
            }
            devices::create_device(conn, &new, now)?;
            events::append(conn, &event)?;
            Device::read(conn, &new.company_id, &new.id, now, &yardstick).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(device))
}

struct Wanted {
    company: CompanyId,
    site_id: SiteId,
    name: String,
    port: u16,
    kind: Option<KindOfDevice>,
}

/// What was asked, checked.
struct Checked {
    name: String,
    host: String,
    port: u16,
    login: Login,
}

fn check(platform: &Platform, body: &DeviceCreate) -> Result<Checked, ApiError> {
    password(&body.password)?;
    Ok(Checked {
        name: name(&body.name)?,
        host: trying::host(platform, &body.host)?,
        port: port(body.port)?,
        login: Login { user_name: user_name(&body.user_name)?, password: body.password.clone() },
    })
}

/// The site allows it, and nothing of the company is at the address.
pub(crate) fn may_add(
    conn: &mut DbConn,
    reach: &Reach,
    site: &SiteId,
    at: Option<&(String, u16)>,
) -> Result<Result<(), ApiError>, StoreError> {
    if let Err(refusal) = allows(&sites::get_site(conn, reach.company_id(), site)?, SiteAction::ManageDevices) {
        return Ok(Err(refusal));
    }
    let Some((host, port)) = at else { return Ok(Ok(())) };
    match devices::find_by_address(conn, reach.company_id(), host, *port)? {
        Some(occupant) => occupied(conn, reach, &occupant, site).map(Err),
        None => Ok(Ok(())),
    }
}

fn serial_is_free(conn: &mut DbConn, reach: &Reach, new: &NewDevice) -> Result<Result<(), ApiError>, StoreError> {
    let serial = new.identity.as_ref().and_then(|identity| identity.short_serial.as_ref());
    let Some(serial) = serial else { return Ok(Ok(())) };
    match devices::find_by_serial(conn, &new.company_id, serial)? {
        Some(occupant) => occupied(conn, reach, &occupant, &new.site_id).map(Err),
        None => Ok(Ok(())),
    }
}

fn new_device(
    platform: &Platform,
    wanted: Wanted,
    login: &Login,
    tried: Tried,
    now: DateTime<Utc>,
) -> Result<NewDevice, ApiError> {
    let id = DeviceId::generate(now);
    let place = password_place(&wanted.company, &id);
    let sealed_password = platform.store.vault().seal(place, &login.password).map_err(ApiError::internal)?;
    let recognised = tried.identity.kind;
    let by_hand = wanted.kind.filter(|_| recognised == KindOfDevice::Unknown);
    let own_name = tried.identity.device_name.chars().filter(|c| !c.is_control()).take(128).collect::<String>();
    Ok(NewDevice {
        id,
        company_id: wanted.company,
        site_id: wanted.site_id,
        name: if wanted.name.is_empty() { own_name.trim().to_owned() } else { wanted.name },
        kind: by_hand.unwrap_or(recognised),
        kind_is_manual: by_hand.is_some(),
        given_port: Some(wanted.port),
        address: tried.address,
        user_name: login.user_name.clone(),
        sealed_password,
        pin: tried.pin,
        identity: Some(tried.identity),
        link_id: None,
        serial: None,
        sealed_code: None,
        mac: None,
    })
}
