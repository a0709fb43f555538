//! Short serial numbers: what identifies a device, 9 characters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The short serial number of a device: 9 characters, up to two capitals and then digits.
///
/// Source: the label format, design note on QR codes §2; `^(?=.{9}$)[A-Z]{0,2}\d{7,9}$`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SerialNumber(String);

/// A text from which no short serial number can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a serial number: 9 characters are needed, up to two capitals and then digits")]
pub struct NotASerial;

const LENGTH: usize = 9;

impl SerialNumber {
    /// Reads a short serial, or shortens a long one (`DS-2CD2146G2-ISU20210304AAWRG12345678`).
    ///
    /// Long to short: trailing capitals (`WCVU`, `WU`) are dropped and the last nine characters kept.
    pub fn parse(text: &str) -> Result<Self, NotASerial> {
        let text = text.trim();
        if is_short(text) {
            return Ok(Self(text.to_owned()));
        }
        if text.len() <= LENGTH || !text.is_ascii() {
            return Err(NotASerial);
        }
        let core = text.trim_end_matches(|c: char| c.is_ascii_uppercase());
        let start = core.len().checked_sub(LENGTH).ok_or(NotASerial)?;
        match core.get(start..) {
            Some(tail) if is_short(tail) => Ok(Self(tail.to_owned())),
            _ => Err(NotASerial),
        }
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_short(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    text.len() == LENGTH && letters <= 2 && text.bytes().skip(letters).all(|b| b.is_ascii_digit())
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl TryFrom<String> for SerialNumber {
    type Error = NotASerial;
    fn try_from(text: String) -> Result<Self, NotASerial> {
        Self::parse(&text)
    }
}

impl From<SerialNumber> for String {
    fn from(serial: SerialNumber) -> String {
        serial.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_serials_are_shortened() {
        for (long, short) in [
            ("DS-2CD2146G2-ISU20210304AAWRG12345678", "G12345678"),
            ("DS-2CD2342WD-I20160920BBWR123456789", "123456789"),
            ("iDS-7208HQHI-M0(A)/S(C)0820211111CCWRFD1234567WCVU", "FD1234567"),
            ("123456789", "123456789"),
        ] {
            assert_eq!(SerialNumber::parse(long).unwrap().as_str(), short, "{long}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "ABCDEFGHI", "12345678", "g12345678", "ABC123456", "Ünicode12345678"] {
            assert_eq!(SerialNumber::parse(text), Err(NotASerial), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn any_text_is_read_or_refused_and_reading_is_stable(text in ".{0,60}") {
            if let Ok(serial) = SerialNumber::parse(&text) {
                prop_assert_eq!(SerialNumber::parse(serial.as_str()), Ok(serial.clone()));
            }
        }
    }
}
