//! Texts that people type: trimmed, bounded, without control characters.

/// Why a typed text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// Nothing but white space where something is needed.
    #[error("may not be empty")]
    Empty,
    /// More characters than `most`.
    #[error("at most {most} characters")]
    TooLong {
        /// The limit, in characters.
        most: usize,
    },
    /// Line ends and other control characters.
    #[error("control characters are not allowed")]
    Control,
}

/// A needed text of one line: trimmed, 1 to `most` characters.
pub fn needed_line(text: &str, most: usize) -> Result<String, BadText> {
    let line = optional_line(text, most)?;
    if line.is_empty() { Err(BadText::Empty) } else { Ok(line) }
}

/// A text of one line that may be empty: trimmed, up to `most` characters.
pub fn optional_line(text: &str, most: usize) -> Result<String, BadText> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(BadText::Control);
    }
    if text.chars().count() > most {
        return Err(BadText::TooLong { most });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_bounded_in_characters_not_bytes() {
        assert_eq!(needed_line("  Дом  ", 3), Ok("Дом".to_owned()));
        assert_eq!(needed_line("Дома", 3), Err(BadText::TooLong { most: 3 }));
        assert_eq!(needed_line("   ", 3), Err(BadText::Empty));
        assert_eq!(needed_line("a\nb", 9), Err(BadText::Control));
    }
}
