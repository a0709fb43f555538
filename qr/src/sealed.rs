//! The sealed device QR: devices with their logins, readable only with the password that sealed them (R-O6).
//!
//! `SW1:` ‖ base45( header ‖ ciphertext ). The header names the key derivation with its cost, the salt and the nonce, and is
//! authenticated as a whole; the ciphertext is AES-256-GCM over compact JSON with the last day it opens on. Base45 keeps
//! to the alphanumeric mode of QR codes: one usual device fits version 6, ten fit version 19. More devices are
//! split into several codes, each of which opens by itself. Costs out of bounds are refused before any work is done.

mod cost;
mod envelope;
mod payload;
mod splitting;

use siteward_domain::{SerialNumber, VerificationCode};

pub use cost::{Argon2id, Cost, Key, KeyDerivation};
pub use envelope::{Envelope, Nonce, Salt, SealingKey};
pub use payload::Opened;
pub use splitting::{MOST_IN_A_CODE, Sheet, split};

use secrecy::SecretString;

/// What every text of this format begins with.
pub const BEGINNING: &str = "SW1:";
/// Most bytes of a text that is looked at.
pub const MOST_TEXT_BYTES: usize = 4 * 1024;
/// Fewest characters of a password that seals.
pub const SHORTEST_PASSWORD: usize = 8;
/// Most characters of a password that seals.
pub const LONGEST_PASSWORD: usize = 64;

/// A device as a sealed code carries it.
#[derive(Debug, Clone)]
pub struct SealedDevice {
    /// Its name; may be empty.
    pub name: String,
    /// How it is reached.
    pub place: Place,
    /// The user name of its login.
    pub user_name: String,
    /// The password of its login.
    pub password: SecretString,
}

/// How a device of a sealed code is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By its address.
    Address {
        /// IP address (IPv6 without brackets) or DNS name.
        host: String,
        /// Its HTTP port.
        port: u16,
    },
    /// By its serial number, through a link.
    Serial {
        /// The serial number.
        serial: SerialNumber,
        /// Its verification code, where it is known.
        verification_code: Option<VerificationCode>,
    },
}

/// Why a sealed code cannot be made or read. Never says anything of what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// The text does not begin as one, is cut off, or is not base45.
    #[error("the sealed code is damaged")]
    Damaged,
    /// Made by a version that is not known here.
    #[error("the sealed code was made by a newer version")]
    Version,
    /// The cost of the key derivation is out of bounds.
    #[error("the sealed code asks for a key derivation that is out of bounds")]
    Parameters,
    /// The password is wrong, or somebody changed the code: the two cannot be told apart.
    #[error("the password does not open the code")]
    WrongPassword,
    /// It opens, but its last day is over.
    #[error("the sealed code has expired")]
    Expired,
    /// A field of a device to seal holds control characters or is too long.
    #[error("a device cannot be written into a sealed code")]
    Unwritable,
    /// The password to seal with is too short or too long.
    #[error("the password of a sealed code has 8 to 64 characters")]
    Password,
}

impl SealedError {
    /// The stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Damaged => "qr_sealed_damaged",
            Self::Version => "qr_sealed_version",
            Self::Parameters => "qr_sealed_parameters",
            Self::WrongPassword => "qr_sealed_wrong_password",
            Self::Expired => "qr_sealed_expired",
            Self::Unwritable => "device_qr_unsuitable",
            Self::Password => "field_invalid",
        }
    }
}

/// Whether a text wants to be a sealed code, damaged or not.
pub fn looks_sealed(text: &str) -> bool {
    trimmed(text).starts_with(BEGINNING)
}

fn trimmed(text: &str) -> &str {
    // A space is a character of base45, but no code ends on one that matters: its own text is never cut here.
    text.trim_matches(|c: char| matches!(c, '\r' | '\n' | '\t' | '\0' | '\u{FEFF}' | '\u{200B}'))
}
