//! Whether something answers at a router's address, before it is stored.

use siteward_devices::Limits;
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_store::devices::{Device, DeviceChange};
use siteward_worker::reaching::knock;

use crate::devices::{name, policy, port, refusal, tried_host};
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// The address of a router, checked and knocked at: a connection that is refused is an answer too.
pub(super) async fn try_router(platform: &Platform, host: &str, port_number: u32) -> Result<DeviceAddress, ApiError> {
    let address = DeviceAddress { scheme: Scheme::Http, host: tried_host(platform, host)?, port: port(port_number)? };
    let limits = Limits::from(&platform.settings.devices);
    knock(&policy(platform), &address, limits.connect, true).await.map_err(|error| refusal(&error))?;
    Ok(address)
}

/// What changes of a router that is edited. It has no login that could.
pub(crate) async fn plan(
    platform: &Platform,
    before: &Device,
    new_name: Option<&str>,
    host: Option<&str>,
    port_number: Option<u32>,
    names_login: bool,
) -> Result<DeviceChange, ApiError> {
    if names_login {
        return Err(ApiError::new(codes::DEVICE_HAS_NO_LOGIN));
    }
    let mut change = DeviceChange {
        if_config_version: Some(before.config_version),
        name: new_name.map(name).transpose()?,
        ..DeviceChange::default()
    };
    if host.is_some() || port_number.is_some() {
        let host = host.unwrap_or(&before.address.host);
        let port_number = port_number.unwrap_or_else(|| before.address.port.into());
        change.address = Some(try_router(platform, host, port_number).await?);
    }
    Ok(change)
}
