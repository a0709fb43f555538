//! `POST /sites/{site_id}/routers`: adds the router of a site by its address.

use actix_web::{HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::{DeviceId, SiteId};
use siteward_store::devices::{self, NewDevice, password_place};
use siteward_store::events;
use utoipa::ToSchema;

use super::trying::try_router;
use crate::access::OnSites;
use crate::body::Body;
use crate::devices::{Device, may_add, name};
use crate::error::{ApiError, ErrorBody};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// A router to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouterCreate {
    /// Its name, may be empty.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// IPv4 or IPv6 address or DNS name.
    #[schema(min_length = 1, max_length = 253)]
    host: String,
    /// A port of it. Nothing need listen there: it is enough that it refuses.
    #[schema(minimum = 1, maximum = 65535)]
    port: u32,
}

/// Adds a router. It has no login; it is there as long as something answers at its port, if only with a refusal.
#[utoipa::path(tag = "devices", request_body = RouterCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Added", body = Device),
    (status = 409, description = "Its address is on a site already, or the site's status forbids it", body = ErrorBody),
    (status = 422, description = "Nothing answers there", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/routers")]
pub(crate) async fn create_router(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<RouterCreate>,
) -> Result<HttpResponse, ApiError> {
    let (body, site_id, reach) = (body.into_inner(), site_id.into_inner(), on.reach());
    note.object("site", &site_id, "");
    let name = name(&body.name)?;
    let address = try_router(&platform, &body.host, body.port).await?;
    let now = platform.clock.now();
    let id = DeviceId::generate(now);
    // Every device has a password; this one's is empty and nobody is ever given it.
    let place = password_place(reach.company_id(), &id);
    let sealed = platform.store.vault().seal(place, &SecretString::from(String::new())).map_err(ApiError::internal)?;
    let new = NewDevice {
        company_id: on.company_id(),
        site_id,
        name,
        kind: DeviceKind::Router,
        kind_is_manual: false,
        address,
        given_port: None,
        user_name: String::new(),
        sealed_password: sealed,
        pin: None,
        identity: None,
        link_id: None,
        serial: None,
        sealed_code: None,
        mac: None,
        id,
    };
    note.object("device", &new.id, &new.name);
    let event = device_event(EventKind::DeviceAdded, on.caller(), &new.site_id, &new.id, now);
    let yardstick = platform.yardstick();
    let device = platform
        .write(move |conn| {
            siteward_store::sites::hold_site(conn, &new.company_id, &new.site_id)?;
            let at = (new.address.host.clone(), new.address.port);
            if let Err(refusal) = may_add(conn, &reach, &new.site_id, Some(&at))? {
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
