//! The session of a request: found by name and cookie, and still good in every way.

use actix_web::HttpRequest;
use chrono::{DateTime, Duration, Utc};
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_domain::staff::Right;
use siteward_store::devices::{self, Credential, Device};
use siteward_store::reach::{Object, Reach};
use siteward_store::remote_sessions::{self, Lifetime, RemoteSession};
use siteward_store::{StoreError, grants, sessions, sites};
use siteward_worker::grants::{Use, use_permission};
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
/// loss of their right or of the site, the owner's permission, the device, and by idleness or age.
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
        // What the owner allowed may be over in the middle of a session.
        let permission = DevicePermission::Configuration;
        let Ok(is_first) = grants::to_note(conn, &session.company_id, &session.device_id, permission, now)? else {
            return Ok(None);
        };
        let credential = devices::get_credential(conn, &session.company_id, &session.device_id)?;
        let may_upgrade = rights.contains(&Right::UpgradeFirmware);
        Ok(Some((Open { session, device, credential, may_upgrade }, is_first)))
    });
    let (open, is_first) = found.await.map_err(|_| Page::Unavailable)?.ok_or(Page::Ended)?;
    if is_first {
        note_use(platform, &open, DevicePermission::Configuration, now).await?;
    }
    if open.session.needs_touch(now) {
        let id = open.session.id.clone();
        platform.write(move |conn| remote_sessions::touch(conn, &id, now)).await.map_err(|_| Page::Unavailable)?;
    }
    Ok(open)
}

/// Pictures and recordings need a permission of their own where the site has an owner, who is told of its first use.
pub(super) async fn permit(platform: &Platform, open: &Open, permission: DevicePermission) -> Result<(), Page> {
    let (now, company, device) = (platform.clock.now(), open.session.company_id.clone(), open.device.id.clone());
    let asked = platform.read(move |conn| grants::to_note(conn, &company, &device, permission, now));
    match asked.await.map_err(|_| Page::Unavailable)? {
        Ok(true) => note_use(platform, open, permission, now).await,
        Ok(false) => Ok(()),
        Err(_) => Err(Page::PermissionMissing),
    }
}

/// Another permission has taken the place of the one that the session began with: its owner is told of its first use.
async fn note_use(
    platform: &Platform,
    open: &Open,
    permission: DevicePermission,
    now: DateTime<Utc>,
) -> Result<(), Page> {
    let store = platform.store.clone();
    let used = Use {
        company_id: open.session.company_id.clone(),
        device_id: open.session.device_id.clone(),
        permission,
        staff_id: Some(open.session.staff_id.clone()),
    };
    let allowed = platform.write(move |conn| use_permission(conn, store.vault(), &used, now)).await;
    allowed.map_err(|_| Page::Unavailable)?.map_err(|_| Page::Ended)?;
    (platform.wake_worker)();
    Ok(())
}
