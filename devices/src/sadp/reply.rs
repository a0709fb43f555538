//! What a device answers to a command.

use siteward_domain::link::BindState;

use super::{NotSadp, read_probe_match};
use crate::isapi::edit::long_text;
use crate::isapi::whole_number;
use crate::xml::Element;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Done.
    Success,
    /// Not done.
    Failed,
    /// Not done, for lack of the right password.
    Denied,
}

/// Whether the device can be freed from its account now, as its SDK tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnbindState {
    /// Not told.
    #[default]
    Unknown,
    /// An account holds it, and it can be freed.
    Possible,
    /// No account holds it.
    NotBound,
    /// The cloud service is off.
    ServiceOff,
    /// The device has no connection to the cloud service.
    ServiceOffline,
}

/// An answer to a command.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The id of the command, in capitals.
    pub uuid: Option<String>,
    /// `Types`, as the command's.
    pub kind: Option<String>,
    /// Lower case with colons.
    pub mac: Option<String>,
    /// `Result`; `None` when it has none, or another word.
    pub verdict: Option<Verdict>,
    /// Whether the device can be freed.
    pub unbind: UnbindState,
    /// A number of the vendor's SDK, where one comes along.
    pub error_number: Option<u32>,
    /// `Code` of an `exchangecode`: sealed for whoever asked, but nobody else's business.
    pub(super) code: Option<String>,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, verdict, error) = (&self.kind, self.verdict, self.error_number);
        write!(out, "Reply({kind:?}, {verdict:?}, {:?}, {error:?})", self.unbind)
    }
}

/// Reads an answer to a command.
pub fn read_reply(datagram: &[u8]) -> Result<Reply, NotSadp> {
    read_probe_match(datagram, |root, text| Reply {
        uuid: root.child_text("Uuid").map(str::to_ascii_uppercase),
        // Some firmware writes `activate ` with a space.
        kind: root.child_text("Types").map(|kind| kind.trim().to_owned()),
        mac: root.child_text("MAC").and_then(super::answer::mac_with_colons),
        verdict: root.child_text("Result").and_then(verdict_of),
        unbind: UnbindState::read(root),
        error_number: error_number_of(root),
        code: long_text(text, "Code"),
    })
}

fn verdict_of(word: &str) -> Option<Verdict> {
    match word.trim().to_ascii_lowercase().as_str() {
        "success" | "ok" => Some(Verdict::Success),
        "failed" | "fail" => Some(Verdict::Failed),
        "denied" => Some(Verdict::Denied),
        _ => None,
    }
}

/// [?] No capture shows whether a number comes along, nor under which name.
fn error_number_of(root: &Element<'_>) -> Option<u32> {
    let text = ["ErrorCode", "ErrorNo"].iter().find_map(|name| root.child_text(name))?;
    whole_number(text).and_then(|number| u32::try_from(number).ok())
}

impl UnbindState {
    /// Reads `getUnbindStatus`, or an inquiry that tells it.
    ///
    /// [?] The five states are the SDK's (numbers 0 to 4); which element of the XML carries them, and in which words,
    /// no capture shows. Elements and words of the same matter elsewhere (`bindStatus` bind | unbind) are taken.
    pub(super) fn read(root: &Element<'_>) -> Self {
        const NAMES: [&str; 4] = ["UnbindStatus", "EzvizUnbindStatus", "BindStatus", "EzvizBindStatus"];
        let Some(word) = NAMES.iter().find_map(|name| root.child_text(name)) else { return Self::Unknown };
        match word.trim().to_ascii_lowercase().as_str() {
            "1" | "bind" | "bound" | "true" => Self::Possible,
            "2" | "unbind" | "unbound" | "false" | "flase" => Self::NotBound,
            "3" => Self::ServiceOff,
            "4" | "offline" => Self::ServiceOffline,
            _ => Self::Unknown,
        }
    }

    /// Whether an account holds it. A device without the service does not tell.
    pub fn bind(self) -> BindState {
        match self {
            Self::Possible => BindState::Bound,
            Self::NotBound => BindState::Free,
            Self::Unknown | Self::ServiceOff | Self::ServiceOffline => BindState::Unknown,
        }
    }
}

/// Why a command was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SadpError {
    /// No target could be sent to.
    #[error("the network cannot be reached")]
    Network,
    /// `mac` is no MAC address.
    #[error("not a MAC address")]
    NoMac,
    /// Nobody answered within the time.
    #[error("the device did not answer")]
    NoAnswer,
    /// The device refused for lack of the right password.
    #[error("the device refused the password")]
    Denied,
    /// The device is locked after wrong passwords.
    #[error("the device is locked")]
    Locked,
    /// The device has a password already.
    #[error("the device is already activated")]
    AlreadyActivated,
    /// The device has no password yet.
    #[error("the device is not activated")]
    NotActivated,
    /// The new password breaks the device's rule.
    #[error("the device refused the new password")]
    PasswordRule,
    /// The new verification code breaks the device's rule.
    #[error("the device refused the verification code")]
    CodeRule,
    /// The device says no more than that it failed.
    #[error("the device refused")]
    Failed,
    /// An answer that cannot be used.
    #[error("the device gave an answer that cannot be used")]
    BadAnswer,
}

impl SadpError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Network | Self::NoMac | Self::NoAnswer => "device_unreachable",
            Self::Denied => "denied",
            Self::Locked => "device_locked",
            Self::AlreadyActivated => "already_activated",
            Self::NotActivated => "device_not_activated",
            Self::PasswordRule => "password_rule",
            Self::CodeRule => "code_rule",
            Self::Failed => "device_refused",
            Self::BadAnswer => "device_bad_answer",
        }
    }

    /// What a number of the vendor's SDK means.
    fn of_number(number: u32) -> Option<Self> {
        Some(match number {
            2009 | 2024 | 2040 => Self::Denied,
            2011 => Self::NoAnswer,
            2018 => Self::Locked,
            2019 => Self::NotActivated,
            2020 => Self::PasswordRule,
            2021 => Self::AlreadyActivated,
            2033 => Self::CodeRule,
            _ => return None,
        })
    }
}

impl Reply {
    /// Nothing, or why it was not done.
    pub(super) fn judge(&self) -> Result<(), SadpError> {
        let numbered = self.error_number.and_then(SadpError::of_number);
        match self.verdict {
            Some(Verdict::Success) => Ok(()),
            Some(Verdict::Denied) => Err(numbered.unwrap_or(SadpError::Denied)),
            Some(Verdict::Failed) => Err(numbered.unwrap_or(SadpError::Failed)),
            None => Err(numbered.unwrap_or(SadpError::BadAnswer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(fields: &str) -> Reply {
        read_reply(format!("<ProbeMatch><Uuid>ab</Uuid><Types>activate </Types>{fields}</ProbeMatch>").as_bytes())
            .unwrap()
    }

    #[test]
    fn a_verdict_is_read_and_a_number_says_it_closer() {
        assert_eq!(reply("<Result>success</Result>").judge(), Ok(()));
        assert_eq!(reply("<Result>Denied</Result>").judge(), Err(SadpError::Denied));
        assert_eq!(reply("<Result>failed</Result>").judge(), Err(SadpError::Failed));
        assert_eq!(
            reply("<Result>failed</Result><ErrorCode>2021</ErrorCode>").judge(),
            Err(SadpError::AlreadyActivated)
        );
        assert_eq!(reply("<Result>perhaps</Result>").judge(), Err(SadpError::BadAnswer));
        assert_eq!(reply("").kind.as_deref(), Some("activate"));
    }

    #[test]
    fn the_states_of_binding_are_told_apart() {
        for (fields, state, bind) in [
            ("<UnbindStatus>1</UnbindStatus>", UnbindState::Possible, BindState::Bound),
            ("<unbindStatus>2</unbindStatus>", UnbindState::NotBound, BindState::Free),
            ("<UnbindStatus>3</UnbindStatus>", UnbindState::ServiceOff, BindState::Unknown),
            ("<UnbindStatus>4</UnbindStatus>", UnbindState::ServiceOffline, BindState::Unknown),
            ("<bindStatus>bind</bindStatus>", UnbindState::Possible, BindState::Bound),
            ("<bindStatus>unbind</bindStatus>", UnbindState::NotBound, BindState::Free),
            ("", UnbindState::Unknown, BindState::Unknown),
        ] {
            assert_eq!((reply(fields).unbind, reply(fields).unbind.bind()), (state, bind), "{fields}");
        }
    }

    #[test]
    fn a_code_longer_than_other_texts_is_read_in_full() {
        let code = "A".repeat(344);
        assert_eq!(reply(&format!("<Code>{code}</Code>")).code.map(|code| code.len()), Some(344));
    }
}
