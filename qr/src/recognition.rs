//! Which kind of QR text this is, so that a wrong one gets a helpful answer instead of "invalid".

use base64::Engine as _;

use crate::export::{MAX_TEXT_BYTES, looks_like_an_export};
use crate::label::{Label, LabelError};
use crate::sealed::looks_sealed;

/// What a QR text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Devices exported from iVMS-4200, iVMS-4500 or Hik-Connect, readable or damaged: see [`crate::export`].
    DeviceExport,
    /// Devices sealed by Siteward, readable or damaged: see [`crate::sealed`].
    Sealed,
    /// A device label, maybe with a broken serial number: see [`crate::label`].
    Label,
    /// A web address.
    WebAddress,
    /// A code that a recorder shows to have its password reset.
    PasswordReset,
    /// A visitor's pass.
    Visitor,
    /// A code of another maker's devices or apps.
    OtherMaker,
    /// The access data of a Wi-Fi network.
    Wifi,
    /// None of these.
    Unknown,
}

impl Kind {
    /// The kind's word in answers: `device_export`, `label`, `web_address` …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeviceExport => "device_export",
            Self::Sealed => "sealed_qr",
            Self::Label => "label",
            Self::WebAddress => "web_address",
            Self::PasswordReset => "password_reset",
            Self::Visitor => "visitor",
            Self::OtherMaker => "other_maker",
            Self::Wifi => "wifi",
            Self::Unknown => "unknown",
        }
    }
}

/// The stable code for a text of a kind that is of no use where it was shown.
pub const WRONG_KIND: &str = "qr_wrong_kind";

/// Decides what a QR text is. Reading it as that kind may still fail, with a better reason than "wrong kind".
pub fn recognise(text: &str) -> Kind {
    if looks_sealed(text) {
        return Kind::Sealed;
    }
    if looks_like_an_export(text) {
        return Kind::DeviceExport;
    }
    if !matches!(Label::parse(text), Err(LabelError::NotALabel)) {
        return Kind::Label;
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0');
    let lower: String = text.chars().take(MAX_TEXT_BYTES).flat_map(char::to_lowercase).collect();
    let begins = |with: &[&str]| with.iter().any(|beginning| lower.starts_with(beginning));
    if is_other_maker(text, &lower) {
        Kind::OtherMaker
    } else if is_password_reset(&lower) {
        Kind::PasswordReset
    } else if lower.contains("visitor") {
        Kind::Visitor
    } else if begins(&["wifi:"]) {
        Kind::Wifi
    } else if begins(&["http://", "https://", "www."]) {
        Kind::WebAddress
    } else {
        Kind::Unknown
    }
}

/// `DMSS:` and base64 of gzip are another maker's export, `{SN:…,DT:…,SC:…}` is its label.
fn is_other_maker(text: &str, lower: &str) -> bool {
    let is_gzip = || {
        let start = text.get(..8).and_then(|start| base64::engine::general_purpose::STANDARD.decode(start).ok());
        start.is_some_and(|bytes| bytes.starts_with(&[0x1F, 0x8B, 0x08]))
    };
    let is_braced = lower.starts_with('{') && lower.contains("sn:") && lower.contains("dt:");
    lower.starts_with("dmss:") || is_braced || is_gzip()
}

/// The form of these codes is not published: only texts that say what they are for are told.
fn is_password_reset(lower: &str) -> bool {
    let about_passwords = ["password", "pwd", "passwd"].iter().any(|word| lower.contains(word));
    about_passwords && ["reset", "recover", "forgot"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_shown_by_mistake_are_told_apart() {
        for (text, kind) in [
            ("QRC03010003eJ!!", Kind::DeviceExport),
            ("QRC03010003eJwé", Kind::DeviceExport),
            ("iVMS42010001eJw", Kind::DeviceExport),
            ("iVMS42010001!!!", Kind::DeviceExport),
            ("DVR/NVR000000!!!", Kind::DeviceExport),
            ("QRC code", Kind::Unknown),
            ("www.hik-connect.com\r123456789\rABCDEF\r", Kind::Label),
            ("www.hik-connect.com\rABCDEFGHI\rABCDEF\r", Kind::Label),
            ("https://www.hik-connect.com/views/app", Kind::WebAddress),
            ("www.example.net", Kind::WebAddress),
            ("DMSS:abc", Kind::OtherMaker),
            ("H4sIAAAAAAAAA6tWyk", Kind::OtherMaker),
            ("{SN:7J0123APAG12345,DT:IPC-HFW,SC:L2ABCDEF}", Kind::OtherMaker),
            ("{\"type\":\"resetPassword\",\"guid\":\"x\"}", Kind::PasswordReset),
            ("visitorCode=12345", Kind::Visitor),
            ("WIFI:T:WPA;S:home;P:x;;", Kind::Wifi),
            ("SW1:A0", Kind::Sealed),
            ("\u{FEFF}SW1:\n", Kind::Sealed),
            ("SW1", Kind::Unknown),
            ("hello", Kind::Unknown),
            ("", Kind::Unknown),
        ] {
            assert_eq!(recognise(text), kind, "{text}");
        }
    }
}
