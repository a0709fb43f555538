//! Base64 as the vendor's apps write it: `=` may lack, line ends may stand inside, both alphabets occur.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Why a text is not base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotBase64 {
    /// A character that does not belong there.
    Character,
    /// The last group has one character only, which no encoder makes: the end is missing. Holds what could be read.
    Cut(Vec<u8>),
}

/// The bytes of a base64 text.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, NotBase64> {
    let mut letters: String = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace() && *c != '\0')
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    letters.truncate(letters.trim_end_matches('=').len());
    let cut = letters.len() % 4 == 1;
    if cut {
        letters.pop();
    }
    let bytes = TOLERANT.decode(letters).map_err(|_| NotBase64::Character)?;
    if cut { Err(NotBase64::Cut(bytes)) } else { Ok(bytes) }
}

/// Padded base64.
pub(super) fn encode(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_padding_line_ends_and_the_url_alphabet_are_read() {
        for text in ["+/8=", "+/8", "-_8=", "+/\r\n8", " +/8=\0"] {
            assert_eq!(decode(text), Ok(vec![0xFB, 0xFF]), "{text:?}");
        }
    }

    #[test]
    fn other_characters_and_cut_groups_are_told_apart() {
        assert_eq!(decode("a*b="), Err(NotBase64::Character));
        assert_eq!(decode("ab=c"), Err(NotBase64::Character));
        assert_eq!(decode("AAAAB"), Err(NotBase64::Cut(vec![0, 0, 0])));
    }
}
