//! A stored device of the caller's company, ready to be asked, and what its refusal means for the caller.

use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits};
use siteward_domain::grant::DevicePermission;
use siteward_domain::site::SiteAction;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::devices::{self, Credential, Device};
use siteward_store::owned_sites;
use siteward_store::sites::{self, Site};
use siteward_worker::reaching::{Reaching, Resting, note_refusal};

use super::trying::refusal;
use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::grants::permitted;
use crate::platform::Platform;
use crate::sites::allows;

/// A device of the caller's company that may be asked.
pub(crate) struct Reached {
    /// The device.
    pub(crate) device: Device,
    /// Its site.
    pub(crate) site: Site,
    /// Its client, not connected yet.
    pub(crate) client: DeviceClient,
}

impl Reached {
    /// Opens the way to a device whose site allows to manage devices. Nothing is dialled yet.
    pub(crate) async fn open(platform: &Platform, company: &CompanyId, id: &DeviceId) -> Result<Self, ApiError> {
        let (of_company, of_id) = (company.clone(), id.clone());
        let (device, site, credential) = platform
            .read(move |conn| {
                let device = devices::get_device(conn, &of_company, &of_id)?;
                let site = sites::get_site(conn, &of_company, &device.site_id)?;
                let credential = devices::get_credential(conn, &of_company, &of_id)?;
                Ok((device, site, credential))
            })
            .await?;
        allows(&site, SiteAction::ManageDevices)?;
        let client = client_of(platform, &device, &credential)?;
        Ok(Self { device, site, client })
    }

    /// As [`Reached::open`], where the owner of the site lets the caller's company do so now.
    pub(crate) async fn open_with(
        platform: &Platform,
        caller: &Caller,
        id: &DeviceId,
        permission: DevicePermission,
    ) -> Result<Self, ApiError> {
        let reached = Self::open(platform, &caller.company_id(), id).await?;
        permitted(platform, caller, id, permission).await?;
        Ok(reached)
    }

    /// What the device's answer means for the caller. A refused login is written down, so that nobody repeats it (R-H3).
    pub(crate) async fn heard<T>(&self, platform: &Platform, told: Result<T, CallError>) -> Result<T, ApiError> {
        match told {
            Ok(answer) => Ok(answer),
            Err(error) => Err(refused(platform, &self.device, error).await?),
        }
    }
}

/// How stored devices are reached from this process.
pub(crate) fn reaching(platform: &Platform) -> Reaching {
    let settings = &platform.settings.devices;
    Reaching { hub: platform.hub.clone(), policy: AddressPolicy::from(settings), limits: Limits::from(settings) }
}

/// A stored device with its login, whosever it is: that it may be used was asked before.
pub(crate) async fn stored(platform: &Platform, id: &DeviceId) -> Result<(Device, Credential), ApiError> {
    let id = id.clone();
    let found = platform.read(move |conn| {
        let (company, _) = owned_sites::place_of_device(conn, &id)?;
        Ok((devices::get_device(conn, &company, &id)?, devices::get_credential(conn, &company, &id)?))
    });
    found.await
}

/// A client for a stored device. A login that the device refused, or that it has locked, is not sent again.
pub(crate) fn client_of(
    platform: &Platform,
    device: &Device,
    credential: &Credential,
) -> Result<DeviceClient, ApiError> {
    let client = reaching(platform).client(&platform.store, device, credential, platform.clock.now());
    client.map_err(|why| resting(&why))
}

/// Why a device is left alone, for the caller.
pub(crate) fn resting(why: &Resting) -> ApiError {
    match why {
        Resting::Breaker(error) => refusal(error),
        Resting::NoLogin => ApiError::new(codes::DEVICE_HAS_NO_LOGIN),
        Resting::PasswordLocked => ApiError::new(codes::PASSWORD_LOCKED),
    }
}

/// The refusal for the caller, after a refused login was written down.
pub(crate) async fn refused(platform: &Platform, device: &Device, error: CallError) -> Result<ApiError, ApiError> {
    let (told, now, device) = (refusal(&error), platform.clock.now(), device.clone());
    platform.write(move |conn| note_refusal(conn, &device, &error, now)).await?;
    Ok(told)
}
