//! Writing an export code: the one form that every app of the vendor reads.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use secrecy::{ExposeSecret, SecretString};

use super::record::{SUPPORTED_MODE, is_host};
use super::{MAX_DEVICES, base64_text, cipher};

/// The header seen in every real code.
const HEADER: &str = "QRC03010003";
/// Most bytes of a user name: two blocks.
const MAX_USER_NAME_BYTES: usize = 32;
/// Most bytes of a password: one block.
const MAX_PASSWORD_BYTES: usize = 16;
/// What the largest QR code (version 40, level L) holds in byte mode.
const MAX_QR_BYTES: usize = 2953;

/// What an export code shall hold.
#[derive(Debug, Clone)]
pub struct ExportToWrite {
    /// The devices, 1 to about 40.
    pub devices: Vec<DeviceToWrite>,
    /// The password that the app will ask for. The format's key is public: it protects nothing.
    pub qr_password: Option<SecretString>,
    /// When the code is made, in unix seconds; the apps refuse old codes.
    pub created_at: Option<i64>,
}

/// A device to write.
#[derive(Debug, Clone)]
pub struct DeviceToWrite {
    /// Its name.
    pub name: String,
    /// IPv4 or IPv6 address or DNS name.
    pub host: String,
    /// The SDK port, usually 8000.
    pub port: u16,
    /// The account on the device, at most 32 bytes.
    pub user_name: String,
    /// Its password, at most 16 bytes.
    pub password: SecretString,
}

/// Why a code cannot be written. `index` counts the devices from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Nothing to write.
    #[error("an export needs at least one device")]
    NoDevice,
    /// More devices than are read again.
    #[error("an export holds at most 256 devices")]
    TooManyDevices,
    /// The text does not fit one QR code.
    #[error("the devices do not fit one QR code")]
    TooLong,
    /// The user name has more than 32 bytes or a control character.
    #[error("the user name of device {index} does not fit: at most 32 bytes")]
    UserName {
        /// Which device.
        index: usize,
    },
    /// The password has more than 16 bytes or a control character.
    #[error("the password of device {index} does not fit: at most 16 bytes")]
    Password {
        /// Which device.
        index: usize,
    },
    /// The host is neither an address nor a DNS name.
    #[error("the host of device {index} is neither an address nor a DNS name")]
    Host {
        /// Which device.
        index: usize,
    },
    /// Port 0.
    #[error("the port of device {index} is 0")]
    Port {
        /// Which device.
        index: usize,
    },
    /// The QR password has more than 16 bytes or a control character.
    #[error("the QR password does not fit: at most 16 bytes")]
    QrPassword,
    /// A time before 1970.
    #[error("the time of making is before 1970")]
    Time,
}

impl WriteError {
    /// The stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoDevice => "export_without_device",
            Self::TooManyDevices => "export_too_many_devices",
            Self::TooLong => "export_too_long",
            Self::UserName { .. } => "export_user_name",
            Self::Password { .. } => "export_password",
            Self::Host { .. } => "export_host",
            Self::Port { .. } => "export_port",
            Self::QrPassword => "export_qr_password",
            Self::Time => "export_time",
        }
    }
}

/// The text of an export code: header `QRC03010003`, separators `$` and `&`, the list ended by `$`, padded base64.
///
/// A time without a password is written behind an empty password, for the readers that count the parts.
pub fn write(export: &ExportToWrite) -> Result<String, WriteError> {
    if export.devices.is_empty() {
        return Err(WriteError::NoDevice);
    }
    if export.devices.len() > MAX_DEVICES {
        return Err(WriteError::TooManyDevices);
    }
    let mut payload = String::new();
    let password = export.qr_password.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
    if !password.is_empty() || export.created_at.is_some() {
        payload.push_str(&enciphered(password, MAX_PASSWORD_BYTES).ok_or(WriteError::QrPassword)?);
        payload.push(':');
    }
    for (index, device) in export.devices.iter().enumerate() {
        push_record(&mut payload, device, index)?;
    }
    if let Some(seconds) = export.created_at {
        let seconds = u64::try_from(seconds).map_err(|_| WriteError::Time)?.to_string();
        payload.push(':');
        payload.push_str(&enciphered(&seconds, MAX_USER_NAME_BYTES).ok_or(WriteError::Time)?);
    }
    let text = format!("{HEADER}{}", base64_text::encode(&deflated(payload.as_bytes())));
    if text.len() > MAX_QR_BYTES { Err(WriteError::TooLong) } else { Ok(text) }
}

fn push_record(payload: &mut String, device: &DeviceToWrite, index: usize) -> Result<(), WriteError> {
    if !is_host(&device.host) {
        return Err(WriteError::Host { index });
    }
    if device.port == 0 {
        return Err(WriteError::Port { index });
    }
    let user_name = enciphered(&device.user_name, MAX_USER_NAME_BYTES).ok_or(WriteError::UserName { index })?;
    let password =
        enciphered(device.password.expose_secret(), MAX_PASSWORD_BYTES).ok_or(WriteError::Password { index })?;
    let port = device.port.to_string();
    let fields = [
        base64_text::encode(device.name.as_bytes()),
        SUPPORTED_MODE.to_owned(),
        base64_text::encode(device.host.as_bytes()),
        port,
        String::new(),
        user_name,
        password,
    ];
    payload.push_str(&fields.join("&"));
    payload.push('$');
    Ok(())
}

/// Enciphered and in base64; `None` if the text is too long or holds a control character, which NUL padding would lose.
fn enciphered(text: &str, most: usize) -> Option<String> {
    (text.len() <= most && !text.chars().any(char::is_control))
        .then(|| base64_text::encode(&cipher::encipher(text.as_bytes())))
}

fn deflated(payload: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing into a `Vec` cannot fail.
    let _ = encoder.write_all(payload);
    encoder.finish().unwrap_or_default()
}
