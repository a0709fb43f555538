//! One device of an export: `b64(name) & mode & b64(host) & port & extra & enc(user) & enc(password)`.

use std::net::IpAddr;

use encoding_rs::GB18030;
use secrecy::SecretString;

use super::error::{RecordError, RecordFault};
use super::{Separators, base64_text, cipher};

/// One device as the exporting app knew it.
#[derive(Debug, Clone)]
pub struct DeviceRecord {
    /// The name that the exporting person gave.
    pub name: String,
    /// How the name was encoded.
    pub name_encoding: NameEncoding,
    /// The name's bytes, should the encoding be guessed wrong.
    pub raw_name: Vec<u8>,
    /// How the app reaches the device: `0` in every known code; the meaning of others is not known.
    pub mode: String,
    /// IPv4 or IPv6 address (without brackets) or DNS name.
    pub host: String,
    /// Usually 8000, which is the SDK port and not HTTP.
    pub port: u16,
    /// Empty in every known code; its meaning is not known.
    pub extra: String,
    /// The account on the device.
    pub user_name: String,
    /// Its password.
    pub password: SecretString,
}

impl DeviceRecord {
    /// Whether the entry is of the one kind whose meaning is known.
    pub fn is_supported(&self) -> bool {
        self.mode == SUPPORTED_MODE
    }
}

/// The one mode whose meaning is known.
pub(super) const SUPPORTED_MODE: &str = "0";

/// How a name is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameEncoding {
    /// UTF-8.
    Utf8,
    /// GB18030, which contains GBK and GB 2312.
    Gb18030,
    /// ISO 8859-1: fits whatever the others do not.
    Latin1,
}

impl NameEncoding {
    /// `utf-8`, `gb18030` or `latin-1`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Gb18030 => "gb18030",
            Self::Latin1 => "latin-1",
        }
    }
}

/// Reads one record.
pub(super) fn read(text: &str, separators: Separators) -> Result<DeviceRecord, RecordError> {
    let mut fields: Vec<&str> = text.split(separators.field()).map(str::trim).collect();
    if fields.len() == 8 && fields.last().is_some_and(|last| last.is_empty()) {
        fields.pop();
    }
    let [name, mode, host, port, extra, user_name, password] = fields.as_slice() else {
        return Err(RecordError { fault: RecordFault::Fields, name: None, host: None });
    };
    let raw_name = base64_text::decode(name);
    let (read_name, name_encoding) =
        raw_name.as_deref().map_or_else(|_| (String::new(), NameEncoding::Utf8), decode_name);
    let read_host = read_host(host);
    let fault = |fault| {
        // An entry of another kind is told as such, whatever its fields hold.
        let fault = if *mode == SUPPORTED_MODE || fault == RecordFault::Name { fault } else { RecordFault::Mode };
        RecordError { fault, name: raw_name.is_ok().then(|| read_name.clone()), host: read_host.clone() }
    };
    Ok(DeviceRecord {
        mode: (*mode).to_owned(),
        host: read_host.clone().ok_or_else(|| fault(RecordFault::Host))?,
        port: read_port(port).ok_or_else(|| fault(RecordFault::Port))?,
        extra: (*extra).to_owned(),
        user_name: decipher_text(user_name).ok_or_else(|| fault(RecordFault::Ciphertext))?,
        password: decipher_text(password).map(SecretString::from).ok_or_else(|| fault(RecordFault::Ciphertext))?,
        raw_name: raw_name.clone().map_err(|_| fault(RecordFault::Name))?,
        name: read_name.clone(),
        name_encoding,
    })
}

/// UTF-8, else GB18030, else Latin-1, which fits everything.
fn decode_name(bytes: &[u8]) -> (String, NameEncoding) {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes = bytes.get(..end).unwrap_or_default();
    if let Ok(name) = std::str::from_utf8(bytes) {
        return (name.to_owned(), NameEncoding::Utf8);
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(name) => (name.into_owned(), NameEncoding::Gb18030),
        None => (bytes.iter().copied().map(char::from).collect(), NameEncoding::Latin1),
    }
}

fn read_host(field: &str) -> Option<String> {
    let bytes = base64_text::decode(field).ok()?;
    let host = std::str::from_utf8(&bytes).ok()?.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    is_host(bare).then(|| bare.to_owned())
}

/// Whether a text is an address or a DNS name.
pub(crate) fn is_host(host: &str) -> bool {
    host.parse::<IpAddr>().is_ok() || is_dns_name(host)
}

fn is_dns_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last label of digits would be a broken IPv4 address: no top-level domain is a number.
    let last_is_a_number = name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    name.len() <= 253 && name.split('.').all(is_label) && !last_is_a_number
}

fn read_port(field: &str) -> Option<u16> {
    let digits = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    field.parse().ok().filter(|port| digits && *port != 0)
}

/// The text of an enciphered field; empty where the field is. `None` if it is not text of such a field.
pub(super) fn decipher_text(field: &str) -> Option<String> {
    let plain = cipher::decipher(&base64_text::decode(field).ok()?)?;
    let text = String::from_utf8(plain).ok()?;
    if text.chars().any(char::is_control) { None } else { Some(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> (String, &'static str) {
        let (name, encoding) = decode_name(bytes);
        (name, encoding.as_str())
    }

    #[test]
    fn names_are_read_as_utf8_then_gb18030_then_latin1() {
        assert_eq!(name("cổng".as_bytes()), ("cổng".to_owned(), "utf-8"));
        assert_eq!(name(b"\xB4\xF3\xC3\xC5"), ("大门".to_owned(), "gb18030"));
        assert_eq!(name(b"Caf\xE9"), ("Café".to_owned(), "latin-1"));
        assert_eq!(name(b"Gate\0\0"), ("Gate".to_owned(), "utf-8"));
    }

    #[test]
    fn hosts_are_addresses_or_dns_names() {
        for host in ["192.0.2.1", "2001:db8::1", "nvr.example.net", "nvr_1.local.", "localhost", "4com.de"] {
            assert!(is_host(host), "{host}");
        }
        for host in ["", "300.1.1.1", "1.2.3", "a b", "-a.de", "a..b", "http://a.de", "a.de:80", "ü.de", "."] {
            assert!(!is_host(host), "{host}");
        }
        assert_eq!(read_host(&base64_text::encode(b"[2001:db8::1]")), Some("2001:db8::1".to_owned()));
    }

    #[test]
    fn ports_are_1_to_65535() {
        assert_eq!(read_port("8000"), Some(8000));
        for port in ["", "0", "+80", "-1", "65536", "80a"] {
            assert_eq!(read_port(port), None, "{port}");
        }
    }
}
