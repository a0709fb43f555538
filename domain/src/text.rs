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

/// A text that a machine told, as it is kept and shown: one line of at most `most` characters, without control characters
/// and without invisible ones that turn the direction of writing, which would let a device pass for another.
pub fn told_line(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(most).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
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

    #[test]
    fn what_a_machine_tells_is_cut_and_turns_no_direction() {
        assert_eq!(told_line("DS-2\u{202E}gpj\u{2066}\0\n\u{200B}X", 64), "DS-2gpjX");
        assert_eq!(told_line("Камера", 3), "Кам");
    }
}
