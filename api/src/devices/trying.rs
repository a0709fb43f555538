//! Trying an address and a login on the device itself, before anything is stored (R-D3, R-O7).
//!
//! Never inside a transaction, and never twice with a login that was refused.

use serde_json::json;
use siteward_devices::probe::probe_known;
use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits, Login, Pin, Target, find_http};
use siteward_domain::device::DeviceAddress;
use siteward_domain::observation::Identity;
use siteward_store::devices::Device;
use siteward_worker::clock::SharedClock;

use super::reaching::reaching;
use crate::error::{ApiError, codes, rfc3339};
use crate::platform::Platform;

/// What a device answered to a try.
pub(super) struct Tried {
    /// Where HTTP was found.
    pub(super) address: DeviceAddress,
    /// The certificate it showed, hex of SHA-256.
    pub(super) pin: Option<String>,
    /// Who it says it is.
    pub(super) identity: Identity,
}

/// The address policy that the settings make.
pub(crate) fn policy(platform: &Platform) -> AddressPolicy {
    AddressPolicy::from(&platform.settings.devices)
}

/// Checks the host's text; refuses what may never be dialled, without asking a name server.
pub(crate) fn host(platform: &Platform, text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    policy(platform).check_host_text(bare).map_err(|refused| {
        ApiError::of_code(refused.code(), codes::ADDRESS_NOT_ALLOWED)
            .with_message(refused.to_string())
            .with_details(json!({ "field": "host" }))
    })?;
    Ok(bare.to_owned())
}

/// Finds HTTP on the device, logs in, and asks who it is.
pub(super) async fn try_device(platform: &Platform, host: &str, port: u16, login: &Login) -> Result<Tried, ApiError> {
    let (policy, limits) = (policy(platform), Limits::from(&platform.settings.devices));
    let clock = platform.clock.clone();
    let (address, client) = find_http(host, port, login, &policy, &limits).await.map_err(|e| refusal(&e))?;
    ask(address, client, clock).await
}

/// Tries a login on a device whose certificate is pinned: there, by TLS, and only if it still shows that certificate.
/// The search would take any certificate, or none, and hand the password to whoever stands in between.
pub(super) async fn try_pinned(
    platform: &Platform,
    address: DeviceAddress,
    pin: Pin,
    login: Login,
) -> Result<Tried, ApiError> {
    let target = Target { address: address.clone(), login, pin: Some(pin) };
    let client = DeviceClient::new(target, Limits::from(&platform.settings.devices), policy(platform));
    ask(address, client, platform.clock.clone()).await
}

/// Tries a login on a device behind a link, where the link knows it to be.
pub(super) async fn try_behind_link(platform: &Platform, device: &Device, login: Login) -> Result<Tried, ApiError> {
    let client = reaching(platform).client_with(device, login);
    ask(device.address.clone(), client, platform.clock.clone()).await
}

async fn ask(address: DeviceAddress, mut client: DeviceClient, clock: SharedClock) -> Result<Tried, ApiError> {
    let look = probe_known(&mut client, move || clock.now()).await.map_err(|error| refusal(&error))?;
    let identity = look.observation.identity.ok_or_else(|| ApiError::new(codes::DEVICE_BAD_ANSWER))?.value;
    Ok(Tried { address, pin: client.pin().map(Pin::to_hex), identity })
}

/// What a person is told when the device does not play along.
pub(crate) fn refusal(error: &CallError) -> ApiError {
    let told = ApiError::of_code(error.code(), codes::DEVICE_BAD_ANSWER).with_message(error.to_string());
    match error {
        CallError::Unreachable { reason } => told.with_details(json!({ "reason": reason })),
        CallError::LoginRefused { tries_left } => told.with_details(json!({ "tries_left": tries_left })),
        CallError::Locked { until } => told.with_details(json!({ "until": until.map(rfc3339) })),
        CallError::CertificateChanged { fingerprint } => told.with_details(json!({ "fingerprint": fingerprint })),
        CallError::BadAnswer { what } => told.with_details(json!({ "what": what })),
        CallError::AddressRefused(_) => told.with_details(json!({ "field": "host" })),
        _ => told,
    }
}
