//! Activation: giving a device without a password its first one, over HTTP.
//!
//! Source: the vendor's text and two implementations that agree, whose arithmetic goes round. Its steps: the
//! device is asked for a random text under a key of ours, and gets the password sealed with that text. A random text serves once.
//! Some face terminals are said to want another root element; they are not served (one source).

pub(crate) mod exchange;

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use secrecy::SecretString;
use siteward_domain::device_password::{self, DevicePasswordRule};
use tokio::time::Instant;

use crate::call_error::CallError;
use crate::http::{DeviceClient, Login};
use crate::isapi::outcome::{self, PASSWORD_RULES, refused_for};
use crate::isapi::refusal::mentions_not_activated;
use crate::isapi::{edit, info, read_answer, text_of, yes_or_no};
use exchange::{Exchange, NotOpened, Way};

/// The account that activation makes.
pub const USER: &str = "admin";
/// Tells without a login whether there is a password. Under `/SDK`, not `/ISAPI/SDK`.
const STATUS: &str = "/SDK/activateStatus";
/// The same, on some firmware instead.
const OTHER_STATUS: &str = "/ISAPI/System/activateStatus";
const CHALLENGE: &str = "/ISAPI/Security/challenge";
const ACTIVATE: &str = "/ISAPI/System/activate";
const XML: &str = "application/xml";

/// A device that now has a password and answers with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activated {
    /// The device took the password, and calls it weak.
    pub risk_password: bool,
}

/// How long a change of the device is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Time between two looks.
    pub every: Duration,
    /// Time for all looks together.
    pub most: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { every: Duration::from_secs(3), most: Duration::from_secs(90) }
    }
}

/// Why a device was not activated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActivationError {
    /// It has a password already.
    #[error("the device is already activated")]
    AlreadyActivated,
    /// The password breaks the rule; `None` where the device says so and not which.
    #[error("the device does not take this password")]
    PasswordRule(Option<DevicePasswordRule>),
    /// It took the password, and did not answer with it in time.
    #[error("the device took the password and has not answered since")]
    NotBack(#[source] CallError),
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl ActivationError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyActivated => "already_activated",
            Self::PasswordRule(_) => "password_rule",
            Self::NotBack(error) | Self::Call(error) => error.code(),
        }
    }
}

impl From<NotOpened> for ActivationError {
    fn from(_: NotOpened) -> Self {
        Self::Call(CallError::BadAnswer { what: "challenge" })
    }
}

/// Whether the device has a password. Needs no login; asks up to three resources, as no firmware has them all.
pub async fn is_activated(client: &mut DeviceClient) -> Result<bool, CallError> {
    for path in [STATUS, OTHER_STATUS] {
        match told_status(client, path).await {
            Err(error) if !says_nothing(&error) => return Err(error),
            Err(_) => {}
            told => return told,
        }
    }
    match told_by(tells_itself(client).await.map(|()| true)) {
        // What asks for a login has one to give.
        Err(CallError::NeedsLogin | CallError::LoginRefused { .. } | CallError::Locked { .. }) => Ok(true),
        told => told,
    }
}

async fn told_status(client: &mut DeviceClient, path: &str) -> Result<bool, CallError> {
    let answer = client.get(path).await?;
    told_by(read_answer(&answer, |root| root.text_of("Activated").and_then(yes_or_no)))
}

/// Refusals that are answers to the question.
fn told_by(told: Result<bool, CallError>) -> Result<bool, CallError> {
    match told {
        Err(CallError::NotActivated) => Ok(false),
        Err(error) if refused_for(&error, &["hasActivated"]) => Ok(true),
        told => told,
    }
}

/// Whether another resource may still tell.
fn says_nothing(error: &CallError) -> bool {
    matches!(
        error,
        CallError::NotSupported
            | CallError::LowPrivilege
            | CallError::Refused { .. }
            | CallError::NeedsLogin
            | CallError::BadAnswer { what: "not_isapi" | "redirect" }
    )
}

/// Gives the device its first password and waits until it answers with it; see [`activate_within`].
pub async fn activate(client: &mut DeviceClient, password: &SecretString) -> Result<Activated, ActivationError> {
    activate_within(client, password, Patience::default()).await
}

/// Gives the device its first password. Afterwards the client is logged in with it as [`USER`].
///
/// Errors: [`ActivationError::NotBack`] is no failure to activate: the password is set.
pub async fn activate_within(
    client: &mut DeviceClient,
    password: &SecretString,
    patience: Patience,
) -> Result<Activated, ActivationError> {
    let typed = secrecy::ExposeSecret::expose_secret(password);
    device_password::check_new(typed, USER).map_err(|rule| ActivationError::PasswordRule(Some(rule)))?;
    let exchange = Exchange::begin().await?;
    let key = exchange.public_key(Way::Isapi);
    let ask = Bytes::from(format!("{DECLARATION}<PublicKey><key>{key}</key></PublicKey>"));
    let answer = client.send(Method::POST, CHALLENGE, Some(XML), ask).await.map_err(told_activated)?;
    read_answer(&answer, |_| Some(())).map_err(told_activated)?;
    let sealed = edit::long_text(&text_of(&answer.body), "key").ok_or(NotOpened)?;
    let sealed = exchange.open(Way::Isapi, &sealed)?.seal(password)?;
    let body = Bytes::from(format!("{DECLARATION}<ActivateInfo><password>{sealed}</password></ActivateInfo>"));
    let answer = client.send(Method::PUT, ACTIVATE, Some(XML), body).await.map_err(told_activated)?;
    let done = outcome::read(&answer).map_err(told_activated)?;
    client.log_in_as(Login { user_name: USER.to_owned(), password: password.clone() });
    wait_until_ready(client, patience).await.map_err(ActivationError::NotBack)?;
    Ok(Activated { risk_password: done.risk_password })
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fn told_activated(error: CallError) -> ActivationError {
    match error {
        // Whoever asks for a login here has a password.
        CallError::NeedsLogin => ActivationError::AlreadyActivated,
        error if refused_for(&error, &["hasActivated"]) => ActivationError::AlreadyActivated,
        error if refused_for(&error, &PASSWORD_RULES) => ActivationError::PasswordRule(None),
        error => ActivationError::Call(error),
    }
}

/// Looks at a device until it answers with the client's login: it may restart after a change. A refused login ends it at once.
pub async fn wait_until_ready(client: &mut DeviceClient, patience: Patience) -> Result<(), CallError> {
    let end = Instant::now() + patience.most;
    loop {
        let error = match tells_itself(client).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let passes = matches!(
            error,
            CallError::Unreachable { .. }
                | CallError::NotActivated
                | CallError::Refused { .. }
                | CallError::BadAnswer { .. }
        );
        let next = Instant::now() + patience.every;
        if !passes || next > end {
            return Err(error);
        }
        tokio::time::sleep_until(next).await;
    }
}

/// Reads `deviceInfo` for the sake of its being there.
pub(crate) async fn tells_itself(client: &mut DeviceClient) -> Result<(), CallError> {
    let answer = client.get(info::PATH).await?;
    let told = read_answer(&answer, |root| root.find("DeviceInfo").map(|_| ()));
    // Some say it in a page, with a status of success.
    if told.is_err() && mentions_not_activated(&text_of(&answer.body)) { Err(CallError::NotActivated) } else { told }
}
