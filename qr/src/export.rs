//! The vendor's export QR: the devices of an iVMS-4200, iVMS-4500 or Hik-Connect, with their passwords.
//!
//! `header ‖ base64( zlib( [enc(qr_password) ":"] devices [":" enc(unix_seconds)] ) )`. The key behind `enc` is public,
//! so the QR password protects nothing; it is asked for because the installer expects it. Real codes differ in header,
//! separators, padding and tails, so reading is tolerant; writing makes the one form that every app reads.

mod base64_text;
mod cipher;
mod envelope;
mod error;
mod reading;
mod record;
mod writing;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

pub(crate) use envelope::has_body as looks_like_an_export;
pub use error::{ExportError, RecordError, RecordFault};
pub(crate) use record::is_host;
pub use record::{DeviceRecord, NameEncoding};
pub use writing::{DeviceToWrite, ExportToWrite, WriteError, write};

/// Most bytes of a text that is looked at.
pub const MAX_TEXT_BYTES: usize = 4 * 1024;
/// Most bytes that the zlib stream may inflate to.
pub const MAX_INFLATED_BYTES: usize = 64 * 1024;
/// Most devices in one code.
pub const MAX_DEVICES: usize = 256;

/// A read export code.
#[derive(Debug, Clone)]
pub struct Export {
    /// What stands before the body, as it was, for instance `QRC03010003`.
    pub header: String,
    /// Which separators the code uses.
    pub separators: Separators,
    /// The password that the person who exported has chosen; `None` where the code carries none.
    pub qr_password: Option<SecretString>,
    /// When the code was made, in unix seconds; `None` where the code does not say.
    pub created_at: Option<i64>,
    /// The devices in the order of the code. A bad record stands beside the good ones.
    pub records: Vec<Result<DeviceRecord, RecordError>>,
}

/// The characters between devices and between fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separators {
    /// `$` between devices, `&` between fields: what the present apps write.
    DollarAmpersand,
    /// `;` between devices, `,` between fields: older and OEM codes.
    SemicolonComma,
}

impl Separators {
    /// Both characters, devices first: `$&` or `;,`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DollarAmpersand => "$&",
            Self::SemicolonComma => ";,",
        }
    }

    fn device(self) -> char {
        match self {
            Self::DollarAmpersand => '$',
            Self::SemicolonComma => ';',
        }
    }

    fn field(self) -> char {
        match self {
            Self::DollarAmpersand => '&',
            Self::SemicolonComma => ',',
        }
    }
}

impl Export {
    /// Reads a code without looking at its password, at any age.
    pub fn parse(text: &str) -> Result<Self, ExportError> {
        reading::parse(text)
    }

    /// Whether the code carries a password, so that nothing of it may be shown before it is given.
    pub fn needs_password(&self) -> bool {
        self.qr_password.is_some()
    }

    /// Whether `given` opens the code; compared in constant time. A code without a password is open to everybody.
    pub fn check_password(&self, given: &str) -> bool {
        self.qr_password.as_ref().is_none_or(|wanted| wanted.expose_secret().as_bytes().ct_eq(given.as_bytes()).into())
    }

    /// The records that could be read.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceRecord> {
        self.records.iter().flatten()
    }

    /// The first fault, if not one record could be read: then there is nothing to show but the fault.
    pub fn only_faults(&self) -> Option<&RecordError> {
        if self.devices().next().is_some() {
            None
        } else {
            self.records.iter().find_map(|record| record.as_ref().err())
        }
    }
}

/// Reads a code and checks its password.
///
/// A code that carries none is read whatever is given.
pub fn read(text: &str, password: Option<&str>) -> Result<Export, ExportError> {
    let export = Export::parse(text)?;
    match password {
        None if export.needs_password() => Err(ExportError::PasswordNeeded),
        Some(given) if !export.check_password(given) => Err(ExportError::PasswordWrong),
        _ => Ok(export),
    }
}
