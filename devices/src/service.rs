//! The vendor's cloud service on a device: what it says of it, switching it on, checking a verification code.
//!
//! The code is sent as it is, under digest, as the maker's own onboarding app does: its sealed form
//! (`?security=1`) is not settled between sources.

use bytes::Bytes;
use http::Method;
use secrecy::ExposeSecret as _;
use siteward_domain::VerificationCode;

use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::cloud_service::{self, PATH, ROOT};
use crate::isapi::edit::Edit;
use crate::isapi::outcome::{self, Done, refused_for};
use crate::isapi::read_answer;

pub use crate::isapi::cloud_service::CloudService;

/// Whether a verification code is the device's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCheck {
    /// It is.
    Right,
    /// It is not.
    Wrong,
    /// The device does not tell its code.
    NotTold,
}

/// Why the service was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// The device does not take this verification code.
    #[error("the device does not take this verification code")]
    CodeRule,
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl ServiceError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CodeRule => "code_rule",
            Self::Call(error) => error.code(),
        }
    }
}

/// Sub status codes that say: this code will not do.
const CODE_RULES: [&str; 4] =
    ["illegalVerificationCode", "invalidEZVIZSecretKey", "verificationFailed", "lackVerificationCode"];

/// [?] How a device is freed from its account over HTTP. The vendor's capability text names the path and no more:
/// method and body are a guess, and so is that the login alone is enough.
const UNBIND: (Method, &str, &str) = (Method::PUT, "/ISAPI/System/Network/EZVIZ/unbind?format=json", "{}");

/// [?] Domains of the maker's service for consumers; devices bound to it cannot be unbound by an installer (R-U2). Names
/// met in the public, not a list of the vendor's.
const CONSUMER_DOMAINS: [&str; 4] = ["ezvizlife.com", "ezviz7.com", "ezviz.com", "ys7.com"];

/// What the device says of its service.
pub async fn read(client: &mut DeviceClient) -> Result<CloudService, CallError> {
    let answer = client.get(PATH).await?;
    read_answer(&answer, cloud_service::read)
}

/// Switches the service on with this verification code: the device's own document, changed and sent back.
pub async fn enable(client: &mut DeviceClient, code: &VerificationCode) -> Result<Done, ServiceError> {
    change(client, |edit| {
        edit.set("enabled", "true")?;
        edit.set("verificationCode", code.expose())
    })
    .await
}

/// Sets the verification code and leaves the service as it is.
pub async fn set_code(client: &mut DeviceClient, code: &VerificationCode) -> Result<Done, ServiceError> {
    change(client, |edit| edit.set("verificationCode", code.expose())).await
}

async fn change(
    client: &mut DeviceClient,
    change: impl FnOnce(&mut Edit) -> Result<(), CallError>,
) -> Result<Done, ServiceError> {
    let answer = client.get(PATH).await?;
    let mut edit = Edit::read(&answer, ROOT)?;
    change(&mut edit)?;
    let answer = client.send(Method::PUT, PATH, Some("application/xml"), edit.into_body()).await?;
    outcome::read(&answer).map_err(|error| {
        if refused_for(&error, &CODE_RULES) { ServiceError::CodeRule } else { ServiceError::Call(error) }
    })
}

/// Compares a verification code with the device's own, where it tells it.
pub async fn check_code(client: &mut DeviceClient, code: &VerificationCode) -> Result<CodeCheck, CallError> {
    Ok(judge_code(&read(client).await?, code))
}

/// [`check_code`] for what was read before.
pub fn judge_code(service: &CloudService, code: &VerificationCode) -> CodeCheck {
    match &service.code {
        Some(told) if told.expose_secret() == code.expose() => CodeCheck::Right,
        Some(_) => CodeCheck::Wrong,
        None => CodeCheck::NotTold,
    }
}

/// Whether a server is of the maker's service for consumers, and not of the one for installers.
pub fn is_ezviz(host: &str) -> bool {
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    CONSUMER_DOMAINS
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Frees the device from the account that holds it. The login proves that the caller holds the device (R-U1).
pub async fn unbind(client: &mut DeviceClient) -> Result<Done, CallError> {
    let (method, path, body) = UNBIND;
    let answer = client.send(method, path, Some("application/json"), Bytes::from_static(body.as_bytes())).await?;
    outcome::read(&answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_for_consumers_are_told_by_their_domain() {
        for host in ["dev.ezvizlife.com", "EUdev.EZVIZlife.com.", "dev.ys7.com", "ezviz7.com"] {
            assert!(is_ezviz(host), "{host}");
        }
        for host in ["litedev.hik-connect.com", "notys7.com", "ys7.com.example", ""] {
            assert!(!is_ezviz(host), "{host}");
        }
    }
}
