//! What is sent to devices by SADP.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::VerificationCode;
use uuid::Uuid;

use super::answer::mac_with_dashes;
use crate::isapi::edit::escaped;

/// "Who is there?"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    uuid: String,
}

impl Inquiry {
    /// An inquiry with an id of its own, which every answer to it repeats.
    pub fn new(id: Uuid) -> Self {
        Self { uuid: upper(id) }
    }

    /// The id as it stands in inquiry and answers: capitals.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// The datagram.
    pub fn to_xml(&self) -> String {
        format!("{DECLARATION}<Probe><Uuid>{}</Uuid><Types>inquiry</Types></Probe>", self.uuid)
    }
}

/// What one device is told to do, named by its MAC address.
#[derive(Clone)]
pub enum Command {
    /// Sets the first admin password.
    Activate {
        /// The new password.
        password: SecretString,
    },
    /// Switches the cloud service on or off.
    SetService {
        /// On or off.
        enabled: bool,
        /// The admin's.
        password: SecretString,
    },
    /// Sets the verification code.
    SetVerificationCode {
        /// The new code.
        code: VerificationCode,
        /// The admin's.
        password: SecretString,
    },
    /// Asks whether an account holds the device, and whether it can be freed now.
    ReadBindState,
    /// Frees the device from the account that holds it.
    Unbind {
        /// The admin's.
        password: SecretString,
    },
}

impl fmt::Debug for Command {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.kind())
    }
}

impl Command {
    /// `Types` of the message; also that of its answer.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Activate { .. } => "activate",
            Self::SetService { .. } => "SetHCPlatform",
            Self::SetVerificationCode { .. } => "SetVerificationCode",
            Self::ReadBindState => "getUnbindStatus",
            Self::Unbind { .. } => "ezvizUnbind",
        }
    }

    /// The password that goes with it.
    pub(super) fn password(&self) -> Option<&SecretString> {
        match self {
            Self::Activate { password }
            | Self::SetService { password, .. }
            | Self::SetVerificationCode { password, .. }
            | Self::Unbind { password } => Some(password),
            Self::ReadBindState => None,
        }
    }

    /// The datagram; `sealed_password` is the password as it goes over the wire, see [`super::Finder::command`].
    /// `None` when `mac` is no MAC address.
    pub fn to_xml(&self, id: Uuid, mac: &str, sealed_password: &str) -> Option<SecretString> {
        let mut fields = match self {
            Self::SetService { enabled, .. } => element("HCPlatformEnable", if *enabled { "true" } else { "false" }),
            Self::SetVerificationCode { code, .. } => element("VerificationCode", code.expose()),
            Self::Activate { .. } | Self::ReadBindState | Self::Unbind { .. } => String::new(),
        };
        if self.password().is_some() {
            fields.push_str(&element("Password", sealed_password));
        }
        probe(id, mac, self.kind(), &fields)
    }
}

/// Asks for the random text that a password is sealed with; `public_key` is base64 of its PKCS#1 form.
pub(super) fn exchange_code(id: Uuid, mac: &str, public_key: &str) -> Option<SecretString> {
    probe(id, mac, "exchangecode", &element("Code", public_key))
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

fn probe(id: Uuid, mac: &str, kind: &str, fields: &str) -> Option<SecretString> {
    let (id, mac) = (upper(id), mac_with_dashes(mac)?);
    let text = format!("{DECLARATION}<Probe><Uuid>{id}</Uuid><MAC>{mac}</MAC><Types>{kind}</Types>{fields}</Probe>");
    Some(SecretString::from(text))
}

fn element(name: &str, value: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(value))
}

fn upper(id: Uuid) -> String {
    id.hyphenated().to_string().to_ascii_uppercase()
}

/// The bytes to send.
pub(super) fn datagram(text: &SecretString) -> &[u8] {
    text.expose_secret().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(0xabc);
    const MAC: &str = "44:19:B6:00:00:0F";

    fn secret() -> SecretString {
        SecretString::from("hidden&1")
    }

    fn sent(command: &Command) -> String {
        command.to_xml(ID, MAC, "c2VhbGVk").unwrap().expose_secret().to_owned()
    }

    #[test]
    fn messages_have_the_form_that_devices_know() {
        let id = "00000000-0000-0000-0000-000000000ABC";
        let expected = |kind: &str, fields: &str| {
            format!(
                "{DECLARATION}<Probe><Uuid>{id}</Uuid><MAC>44-19-b6-00-00-0f</MAC><Types>{kind}</Types>{fields}</Probe>"
            )
        };
        let inquiry = format!("{DECLARATION}<Probe><Uuid>{id}</Uuid><Types>inquiry</Types></Probe>");
        assert_eq!(Inquiry::new(ID).to_xml(), inquiry);
        let password = "<Password>c2VhbGVk</Password>";
        let code = VerificationCode::parse("ABCXYZ").unwrap();
        for (command, kind, fields) in [
            (Command::Activate { password: secret() }, "activate", String::new()),
            (
                Command::SetService { enabled: true, password: secret() },
                "SetHCPlatform",
                "<HCPlatformEnable>true</HCPlatformEnable>".into(),
            ),
            (
                Command::SetVerificationCode { code, password: secret() },
                "SetVerificationCode",
                "<VerificationCode>ABCXYZ</VerificationCode>".into(),
            ),
            (Command::Unbind { password: secret() }, "ezvizUnbind", String::new()),
        ] {
            assert_eq!(sent(&command), expected(kind, &format!("{fields}{password}")));
        }
        assert_eq!(sent(&Command::ReadBindState), expected("getUnbindStatus", ""));
        assert!(Command::ReadBindState.to_xml(ID, "44:19", "").is_none());
    }

    #[test]
    fn debug_output_names_the_command_and_nothing_of_its_secrets() {
        let code = VerificationCode::parse("ABCXYZ").unwrap();
        let shown = format!("{:?}", Command::SetVerificationCode { code, password: secret() });
        assert_eq!(shown, "SetVerificationCode");
    }
}
