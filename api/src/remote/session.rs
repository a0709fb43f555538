//! The session of a request: found by name and cookie, and still good in every way.

use actix_web::HttpRequest;
use chrono::Duration;
use siteward_domain::site::SiteAction;
use siteward_domain::staff::Right;
use siteward_store::devices::{self, Credential, Device};
use siteward_store::reach::{Object, Reach};
use siteward_store::remote_sessions::{self, Lifetime, RemoteSession};
use siteward_store::{StoreError, sessions, sites};
use siteward_worker::settings::Settings;

use super::pages::Page;
use super::{cookies, host, host_of};
use crate::access::token;
use crate::platform::Platform;

/// An open session with its device.
pub(super) struct Open {
    pub(super) session: RemoteSession,
    pub(super) device: Device,
    pub(super) credential: Credential,
    pub(super) may_upgrade: bool,
}

/// How long sessions last here.
pub(crate) fn lifetime(settings: &Settings) -> Lifetime {
    Lifetime {
        idle: Duration::minutes(i64::from(settings.remote.idle_minutes)),
        longest: Duration::minutes(i64::from(settings.remote.longest_minutes)),
    }
}

/// Finds the session that a request belongs to. It has ended with the sign-out of its person (which deletes it), the
/// loss of their right or of the site, the device, and by idleness or age.
pub(super) async fn find(request: &HttpRequest, platform: &Platform) -> Result<Open, Page> {
    let host = host_of(request).ok_or(Page::Ended)?;
    let label = host::label(&host).ok_or(Page::Ended)?;
    let (label, cookie) =
        (token::hash(label), token::hash(&cookies::of(request, platform.is_secure()).ok_or(Page::Ended)?));
    let (now, lifetime) = (platform.clock.now(), lifetime(&platform.settings));
    let found = platform.read(move |conn| {
        let Some(session) = remote_sessions::find_by_cookie(conn, &label, &cookie, now, lifetime)? else {
            return Ok(None);
        };
        let rights = sessions::rights_of(conn, &session.staff_id)?;
        let reach = Reach::of(&session.company_id, &session.staff_id, &rights, now);
        let device = Object::Device(session.device_id.clone());
        if !reach.map_or(Ok(false), |reach| reach.holds(conn, &device))? {
            return Ok(None);
        }
        let device = match devices::get_device(conn, &session.company_id, &session.device_id) {
            Err(StoreError::NotFound) => return Ok(None),
            device => device?,
        };
        let site = sites::get_site(conn, &session.company_id, &device.site_id)?;
        if !rights.contains(&Right::RemoteConfiguration) || !site.status.allows(SiteAction::ManageDevices) {
            return Ok(None);
        }
        let credential = devices::get_credential(conn, &session.company_id, &session.device_id)?;
        Ok(Some(Open { session, device, credential, may_upgrade: rights.contains(&Right::UpgradeFirmware) }))
    });
    let open = found.await.map_err(|_| Page::Unavailable)?.ok_or(Page::Ended)?;
    if open.session.needs_touch(now) {
        let id = open.session.id.clone();
        platform.write(move |conn| remote_sessions::touch(conn, &id, now)).await.map_err(|_| Page::Unavailable)?;
    }
    Ok(open)
}
