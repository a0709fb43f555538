//! The list inside an export: password, devices, time.

use secrecy::SecretString;

use super::record::{self, decipher_text};
use super::{Export, ExportError, MAX_DEVICES, Separators, envelope};

/// Reads a code; its password is kept, not checked.
pub(super) fn parse(text: &str) -> Result<Export, ExportError> {
    let opened = envelope::open(text)?;
    let (password, devices, time) = split(&opened.payload)?;
    let separators = separators(devices);
    let records: Vec<&str> =
        devices.split(separators.device()).map(str::trim).filter(|record| !record.is_empty()).collect();
    if records.len() > MAX_DEVICES {
        return Err(ExportError::TooManyDevices);
    }
    if records.is_empty() {
        return Err(ExportError::Malformed("it names no device"));
    }
    Ok(Export {
        header: opened.header,
        separators,
        qr_password: qr_password(password)?,
        created_at: created_at(time)?,
        records: records.into_iter().map(|text| record::read(text, separators)).collect(),
    })
}

/// Password, devices and time. With two parts, one of which is the list, the other is what its place says.
fn split(payload: &str) -> Result<(&str, &str, &str), ExportError> {
    let parts: Vec<&str> = payload.split(':').map(str::trim).collect();
    let found = match parts.as_slice() {
        [devices] => ("", *devices, ""),
        [devices, time] if is_list(devices) && !is_list(time) => ("", *devices, *time),
        [password, devices] => (*password, *devices, ""),
        [password, devices, time] => (*password, *devices, *time),
        _ => return Err(ExportError::Malformed("it has more than three parts")),
    };
    if is_list(found.1) { Ok(found) } else { Err(ExportError::Malformed("it names no device")) }
}

fn is_list(part: &str) -> bool {
    part.contains(['$', '&', ';', ','])
}

fn separators(devices: &str) -> Separators {
    if devices.contains(['$', '&']) { Separators::DollarAmpersand } else { Separators::SemicolonComma }
}

fn qr_password(part: &str) -> Result<Option<SecretString>, ExportError> {
    let password = decipher_text(part).ok_or(ExportError::Malformed("its password cannot be read"))?;
    Ok(if password.is_empty() { None } else { Some(SecretString::from(password)) })
}

/// Whole seconds; one public encoder writes a fraction, which is dropped.
fn created_at(part: &str) -> Result<Option<i64>, ExportError> {
    let unreadable = ExportError::Malformed("its time cannot be read");
    let time = decipher_text(part).ok_or(unreadable)?;
    if time.is_empty() {
        return Ok(None);
    }
    let seconds = time.split_once('.').map_or(time.as_str(), |(whole, _)| whole).trim();
    if !seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unreadable);
    }
    seconds.parse().map(Some).map_err(|_| unreadable)
}
