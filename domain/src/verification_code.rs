//! Verification codes: the secret on a device's label that proves who holds the device.

use std::fmt;

/// A verification code: 6 to 12 letters and digits, case matters.
///
/// Its text is a secret: it is neither printed by `Debug` nor serialisable.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationCode(String);

/// A text that cannot be a verification code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// The length is not 6 to 12.
    #[error("a verification code has 6 to 12 characters")]
    Length,
    /// Something other than ASCII letters and digits.
    #[error("a verification code has only letters and digits")]
    Characters,
    /// `ABCDEF` is refused by devices when a person chooses it.
    #[error("ABCDEF cannot be chosen as a verification code")]
    Default,
}

impl VerificationCode {
    /// Reads a code as it stands on a label (where `ABCDEF` may occur).
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        if !(6..=12).contains(&text.len()) {
            return Err(NotACode::Length);
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(NotACode::Characters);
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads a code that a person chooses for a device: `ABCDEF` is refused (R-D7).
    pub fn choose(text: &str) -> Result<Self, NotACode> {
        if text == "ABCDEF" {
            return Err(NotACode::Default);
        }
        Self::parse(text)
    }

    /// Makes a code of 8 capitals and digits from random bytes, for a device whose code nobody chose. It begins with a
    /// letter and ends with a digit; none of its characters is mistaken for another.
    pub fn generate(random: &[u8; 8]) -> Self {
        const ALL: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let (letters, digits) = ALL.split_at(24);
        let last = random.len() - 1;
        let pick = |(place, byte): (usize, &u8)| {
            let from = if place == 0 {
                letters
            } else if place == last {
                digits
            } else {
                ALL.as_slice()
            };
            from.get(usize::from(*byte) % from.len().max(1)).copied().map_or('2', char::from)
        };
        Self(random.iter().enumerate().map(pick).collect())
    }

    /// The code itself; a secret.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it has the form printed on labels: exactly six capitals.
    pub fn is_printed_form(&self) -> bool {
        self.0.len() == 6 && self.0.bytes().all(|b| b.is_ascii_uppercase())
    }
}

impl fmt::Debug for VerificationCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("VerificationCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_to_twelve_letters_and_digits() {
        assert!(VerificationCode::parse("ABCDEF").is_ok());
        assert!(VerificationCode::parse("abc123XYZ789").is_ok());
        assert_eq!(VerificationCode::parse("ABCDE"), Err(NotACode::Length));
        assert_eq!(VerificationCode::parse("ABCDEFGHIJKLM"), Err(NotACode::Length));
        assert_eq!(VerificationCode::parse("ABC-DEF"), Err(NotACode::Characters));
        assert_eq!(VerificationCode::choose("ABCDEF"), Err(NotACode::Default));
    }

    #[test]
    fn a_made_code_can_be_chosen_for_a_device() {
        for byte in 0..=u8::MAX {
            let code = VerificationCode::generate(&[byte; 8]);
            assert_eq!(VerificationCode::choose(code.expose()), Ok(code.clone()), "{byte}");
            let (first, last) = (code.expose().chars().next(), code.expose().chars().last());
            assert!(first.unwrap().is_ascii_uppercase() && last.unwrap().is_ascii_digit(), "{byte}");
        }
    }

    #[test]
    fn debug_output_hides_the_code() {
        let code = VerificationCode::parse("SECRET").unwrap();
        assert!(!format!("{code:?}").contains("SECRET"));
    }
}
