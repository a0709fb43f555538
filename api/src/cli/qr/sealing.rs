//! `siteward qr encode --sealed`: codes that only a password opens.

use std::path::{Path, PathBuf};

use chrono::{Duration, Utc};
use secrecy::SecretString;
use siteward_domain::{SerialNumber, VerificationCode};
use siteward_qr::sealed::{Argon2id, Place, SealedDevice, SealedError, SealingKey, split};

use super::encode::Entry;
use crate::cli::Failure;

/// The texts of the codes, in their order.
pub(super) fn texts(entries: Vec<Entry>, password: Option<&str>, valid_days: u32) -> Result<Vec<String>, Failure> {
    let password = password.ok_or_else(|| Failure::new("password_needed", "--sealed needs --password"))?;
    let devices = entries.into_iter().map(device).collect::<Result<Vec<_>, _>>()?;
    let last = Utc::now() + Duration::days(i64::from(valid_days));
    let sheets = split(&devices, last.timestamp()).map_err(refused)?;
    let key = SealingKey::derive(&SecretString::from(password), rand::random(), &Argon2id).map_err(refused)?;
    sheets.iter().map(|sheet| key.seal(sheet, rand::random()).map_err(refused)).collect()
}

/// Where the picture of one of several codes goes: `devices-2.png`.
pub(super) fn numbered(file: &Path, part: usize, parts: usize) -> PathBuf {
    if parts == 1 {
        return file.to_owned();
    }
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("devices");
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or("png");
    file.with_file_name(format!("{stem}-{part}.{ending}"))
}

fn device(entry: Entry) -> Result<SealedDevice, Failure> {
    let place = match (entry.serial, entry.host) {
        (Some(serial), _) => Place::Serial {
            serial: SerialNumber::parse(&serial).map_err(|error| Failure::new("serial_invalid", error.to_string()))?,
            verification_code: match entry.verification_code {
                None => None,
                Some(code) => Some(
                    VerificationCode::parse(&code)
                        .map_err(|error| Failure::new("verification_code_invalid", error.to_string()))?,
                ),
            },
        },
        (None, Some(host)) => Place::Address { host, port: entry.port.unwrap_or(80) },
        (None, None) => return Err(Failure::new("bad_json", "a device needs a host or a serial number")),
    };
    Ok(SealedDevice { name: entry.name, place, user_name: entry.username, password: entry.password })
}

pub(super) fn refused(error: SealedError) -> Failure {
    Failure::new(error.code(), error.to_string())
}
