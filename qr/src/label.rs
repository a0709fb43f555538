//! The label on a device: host, serial number, verification code, model, and maybe more, a line each.
//!
//! Devices print it with every kind of line end, with spaces instead, without model, without code, or as a serial
//! number alone; so each line is judged by what it looks like and not by its number only.

use siteward_domain::{SerialNumber, VerificationCode};

/// Most bytes of a label that are looked at.
const MAX_TEXT_BYTES: usize = 4 * 1024;
/// Lengths of a long serial number that are believed: it holds a model, a date and the short one.
const LONG_SERIAL: std::ops::RangeInclusive<usize> = 18..=96;

/// What stands on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The cloud host of the device; nothing follows from it.
    pub host: Option<String>,
    /// The short serial number.
    pub serial: SerialNumber,
    /// The serial as printed, where it was a long one.
    pub long_serial: Option<String>,
    /// The verification code, absent on some devices.
    pub verification_code: Option<VerificationCode>,
    /// The model with its slash (`DS-7608NI-I2/8P`).
    pub model: Option<String>,
    /// Further lines, as detectors carry them.
    pub extra: Vec<String>,
}

/// Why a text is not read as a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// It looks like a label, but its serial number does not fit.
    #[error("this looks like a device label, but its serial number is not one")]
    SerialInvalid,
    /// Something else.
    #[error("this is not a device label")]
    NotALabel,
}

impl LabelError {
    /// The stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::SerialInvalid => "qr_serial_invalid",
            Self::NotALabel => "qr_not_a_label",
        }
    }
}

impl Label {
    /// Reads a label.
    pub fn parse(text: &str) -> Result<Self, LabelError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(LabelError::NotALabel);
        }
        let lines = lines(text);
        let (host, rest) = match lines.as_slice() {
            [serial, rest @ ..] if read_serial(serial).is_some() => (None, (*serial, rest)),
            [host, serial, rest @ ..] if read_serial(serial).is_some() => (Some((*host).to_owned()), (*serial, rest)),
            [host, _, ..] if is_host(host) => return Err(LabelError::SerialInvalid),
            _ => return Err(LabelError::NotALabel),
        };
        let (serial_line, rest) = rest;
        let (serial, long_serial) = read_serial(serial_line).ok_or(LabelError::SerialInvalid)?;
        let (verification_code, rest) = match rest {
            [first, after @ ..] => match VerificationCode::parse(first) {
                Ok(code) => (Some(code), after),
                Err(_) => (None, rest),
            },
            [] => (None, rest),
        };
        Ok(Self {
            host,
            serial,
            long_serial,
            verification_code,
            model: rest.first().map(|model| (*model).to_owned()),
            extra: rest.iter().skip(1).map(|line| (*line).to_owned()).collect(),
        })
    }
}

/// The lines that hold something; the words of a single line.
fn lines(text: &str) -> Vec<&str> {
    let is_edge = |c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0';
    let split = |by: fn(char) -> bool| {
        text.split(by).map(|line| line.trim_matches(is_edge)).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let lines = split(|c| c == '\r' || c == '\n');
    if lines.len() == 1 { split(char::is_whitespace) } else { lines }
}

/// The short serial, and the long one where that stands there.
fn read_serial(line: &str) -> Option<(SerialNumber, Option<String>)> {
    let serial = SerialNumber::parse(line).ok()?;
    if serial.as_str() == line {
        return Some((serial, None));
    }
    is_long_serial(line).then(|| (serial, Some(line.to_owned())))
}

/// A model, a date and letters before the nine: capitals and what models are made of, so no number, no address.
fn is_long_serial(line: &str) -> bool {
    LONG_SERIAL.contains(&line.len())
        && line.bytes().any(|byte| byte.is_ascii_uppercase())
        && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"()/-+_&".contains(&byte))
}

/// `www.hik-connect.com` and the like.
fn is_host(line: &str) -> bool {
    line.contains('.')
        && !line.starts_with('.')
        && !line.ends_with('.')
        && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Option<String>, String, Option<String>, Option<String>, Vec<String>) {
        let label = Label::parse(text).unwrap();
        let code = label.verification_code.map(|code| code.expose().to_owned());
        (label.host, label.serial.to_string(), code, label.model, label.extra)
    }

    #[test]
    fn every_kind_of_line_end_is_read() {
        for end in ["\r", "\n", "\r\n", "\n\r", " "] {
            let text = ["www.hik-connect.com", "E12345678", "QWERTY", "DS-7608NI-I2/8P"].join(end);
            let expected = (
                Some("www.hik-connect.com".to_owned()),
                "E12345678".to_owned(),
                Some("QWERTY".to_owned()),
                Some("DS-7608NI-I2/8P".to_owned()),
                vec![],
            );
            assert_eq!(told(&text), expected, "{end:?}");
            assert_eq!(told(&format!("{text}{end}")), expected, "{end:?}");
        }
    }

    #[test]
    fn a_third_line_that_is_no_code_is_the_model_and_a_fifth_is_kept() {
        assert_eq!(told("www.x.com\rAB1234567\rDS-K1T341AM").3.as_deref(), Some("DS-K1T341AM"));
        let (_, _, code, model, extra) = told("www.x.com\r\n123456789\r\naBc123\r\nDS-PDP15P-EG2-WE\r\n12\r\n");
        assert_eq!((code.as_deref(), model.as_deref()), (Some("aBc123"), Some("DS-PDP15P-EG2-WE")));
        assert_eq!(extra, ["12"]);
    }

    #[test]
    fn hosts_of_any_form_are_ignored_where_a_serial_follows() {
        assert_eq!(told("http://www.ys7.com\r123456789\rABCDEF\r").1, "123456789");
        assert_eq!(told("\u{FEFF}hik-connect\r123456789\0").1, "123456789");
    }

    #[test]
    fn other_texts_are_told_from_broken_labels() {
        for text in [
            "",
            "hello",
            "www.hik-connect.com",
            "https://x.com/123456789",
            "WIFI:T:WPA;S:home;;",
            "AB12345678",
            "4012345678901",
        ] {
            assert_eq!(Label::parse(text), Err(LabelError::NotALabel), "{text}");
        }
        assert_eq!(Label::parse("www.hik-connect.com\rABCDEFGHI\rABCDEF"), Err(LabelError::SerialInvalid));
    }

    #[test]
    fn debug_output_hides_the_verification_code() {
        assert!(!format!("{:?}", Label::parse("www.x.com\r123456789\rSECRET")).contains("SECRET"));
    }
}
