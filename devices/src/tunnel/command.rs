//! What a link can be told to do in its LAN.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use siteward_domain::link::{BindState, Sighting};
use siteward_domain::serial::SerialNumber;

/// Something for a link to do. It only serialises inside this module, for it carries secrets.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum LinkCommand {
    /// Look around now.
    Discover,
    /// Set the first password of a device that is not activated.
    Activate {
        /// Which device.
        serial: SerialNumber,
        /// The password it gets.
        password: SecretString,
    },
    /// Switch the vendor's cloud service on.
    EnableService {
        /// Which device.
        serial: SerialNumber,
        /// A user that may.
        user: String,
        /// That user's password.
        password: SecretString,
        /// The verification code it gets.
        verification_code: SecretString,
    },
    /// Give the device another verification code.
    SetVerificationCode {
        /// Which device.
        serial: SerialNumber,
        /// A user that may.
        user: String,
        /// That user's password.
        password: SecretString,
        /// The verification code it gets.
        verification_code: SecretString,
    },
    /// Ask whether the device belongs to an account.
    ReadBindState {
        /// Which device.
        serial: SerialNumber,
    },
    /// Take the device from the account it belongs to.
    Unbind {
        /// Which device.
        serial: SerialNumber,
        /// The administrator.
        user: String,
        /// The administrator's password.
        password: SecretString,
    },
    /// Have the device get its address by DHCP.
    DhcpOn {
        /// Which device.
        serial: SerialNumber,
        /// A user that may.
        user: String,
        /// That user's password.
        password: SecretString,
    },
    /// Say whether a code is one that the page of the network shows now, and take it.
    CheckLanCode {
        /// The code.
        code: SecretString,
    },
    /// Say where the page of the network is, for somebody beside a device.
    FindLanPage {
        /// Which device.
        serial: SerialNumber,
    },
}

impl LinkCommand {
    /// The device it is about.
    pub fn serial(&self) -> Option<&SerialNumber> {
        match self {
            Self::Discover | Self::CheckLanCode { .. } => None,
            Self::Activate { serial, .. }
            | Self::EnableService { serial, .. }
            | Self::SetVerificationCode { serial, .. }
            | Self::ReadBindState { serial }
            | Self::Unbind { serial, .. }
            | Self::DhcpOn { serial, .. }
            | Self::FindLanPage { serial } => Some(serial),
        }
    }
}

/// What came of a [`LinkCommand`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum CommandAnswer {
    /// What is there now, all of it.
    Sightings {
        /// The devices.
        devices: Vec<Sighting>,
    },
    /// It is done.
    Done,
    /// The device is activated.
    Activated {
        /// The device calls the password risky, and took it.
        risk_password: bool,
    },
    /// What the device says of its account.
    BindState {
        /// Free, bound, or not told.
        bind: BindState,
    },
    /// Where the page of the network is.
    LanPage {
        /// Its address; `None`: the link serves none.
        url: Option<String>,
    },
    /// It did not come about.
    Failed {
        /// A stable code: one of [`crate::CallError::code`], or `already_activated`, `password_rule`, `code_rule`,
        /// `denied`, `not_supported`, `unknown_device`, `lan_code_wrong`.
        code: String,
        /// For people, without secrets.
        message: String,
    },
}

/// [`LinkCommand`] with its secrets in the open, for the moment of writing it.
#[derive(Serialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub(super) enum Exposed<'a> {
    Discover,
    Activate { serial: &'a SerialNumber, password: &'a str },
    EnableService { serial: &'a SerialNumber, user: &'a str, password: &'a str, verification_code: &'a str },
    SetVerificationCode { serial: &'a SerialNumber, user: &'a str, password: &'a str, verification_code: &'a str },
    ReadBindState { serial: &'a SerialNumber },
    Unbind { serial: &'a SerialNumber, user: &'a str, password: &'a str },
    DhcpOn { serial: &'a SerialNumber, user: &'a str, password: &'a str },
    CheckLanCode { code: &'a str },
    FindLanPage { serial: &'a SerialNumber },
}

impl<'a> Exposed<'a> {
    pub(super) fn of(command: &'a LinkCommand) -> Self {
        use LinkCommand as Command;
        let open = |secret: &'a SecretString| secret.expose_secret();
        match command {
            Command::Discover => Self::Discover,
            Command::Activate { serial, password } => Self::Activate { serial, password: open(password) },
            Command::EnableService { serial, user, password, verification_code } => Self::EnableService {
                serial,
                user,
                password: open(password),
                verification_code: open(verification_code),
            },
            Command::SetVerificationCode { serial, user, password, verification_code } => Self::SetVerificationCode {
                serial,
                user,
                password: open(password),
                verification_code: open(verification_code),
            },
            Command::ReadBindState { serial } => Self::ReadBindState { serial },
            Command::Unbind { serial, user, password } => Self::Unbind { serial, user, password: open(password) },
            Command::CheckLanCode { code } => Self::CheckLanCode { code: open(code) },
            Command::FindLanPage { serial } => Self::FindLanPage { serial },
            Command::DhcpOn { serial, user, password } => Self::DhcpOn { serial, user, password: open(password) },
        }
    }
}
