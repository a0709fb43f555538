//! The fonts of documents: PT Sans, which ships with the platform (`api/fonts`), and how wide its letters are.

use std::collections::HashMap;
use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

static REGULAR: &[u8] = include_bytes!("../../fonts/PTSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/PTSans-Bold.ttf");

/// What stands for a letter that the font does not have.
const MISSING: char = '?';

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Letters of a font: number and width of each, the width as a part of the size.
struct Letters(HashMap<char, (u32, f32)>);

static REGULAR_LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters::read(REGULAR));
static BOLD_LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters::read(BOLD));

impl Letters {
    fn read(data: &[u8]) -> Self {
        let Ok(font) = FontRef::new(data) else { return Self(HashMap::new()) };
        let widths = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        let letter = |(code, glyph): (u32, skrifa::GlyphId)| {
            let letter = char::from_u32(code).filter(|letter| is_printed(*letter))?;
            Some((letter, (glyph.to_u32(), widths.advance_width(glyph)?)))
        };
        Self(font.charmap().mappings().filter_map(letter).collect())
    }

    fn find(&self, letter: char) -> Option<(u32, f32)> {
        self.0.get(&letter).copied()
    }

    fn get(&self, letter: char) -> (u32, f32) {
        self.find(letter).or_else(|| self.find(MISSING)).unwrap_or((0, 0.5))
    }
}

/// Controls, marks of order and what everybody uses for something else are never printed.
fn is_printed(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
}

impl Weight {
    fn letters(self) -> &'static Letters {
        match self {
            Self::Regular => &REGULAR_LETTERS,
            Self::Bold => &BOLD_LETTERS,
        }
    }

    /// The font as the PDF embeds it.
    pub(super) fn font(self) -> Option<Font> {
        Font::new(self.data().into(), 0)
    }

    /// The file of the font.
    pub(super) fn data(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::Bold => BOLD,
        }
    }

    /// How wide a text is at a size.
    pub(super) fn width(self, text: &str, size: f32) -> f32 {
        let letters = self.letters();
        text.chars().map(|letter| letters.get(letter).1).sum::<f32>() * size
    }

    /// Whether the font has all letters of a text.
    pub(super) fn has_all(self, text: &str) -> bool {
        text.chars().all(|letter| self.letters().find(letter).is_some())
    }

    /// A text as it is printed: the same, but for letters that the font does not have.
    pub(super) fn printed(self, text: &str) -> String {
        let letters = self.letters();
        text.chars().map(|letter| if letters.find(letter).is_some() { letter } else { MISSING }).collect()
    }

    /// The letters of a text that was [`Weight::printed`].
    pub(super) fn glyphs(self, text: &str) -> Vec<KrillaGlyph> {
        let letters = self.letters();
        let glyph = |(start, letter): (usize, char)| {
            let (number, width) = letters.get(letter);
            KrillaGlyph::new(GlyphId::new(number), width, 0.0, 0.0, 0.0, start..start + letter.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }

    /// Breaks a text into lines of at most `width`: between words, and within a word that is longer than a line.
    pub(super) fn lines(self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, size) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if self.width(&line, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fonts_have_latin_and_cyrillic_letters_and_what_reports_need() {
        for weight in [Weight::Regular, Weight::Bold] {
            assert!(weight.has_all("Zażółć gęślą jaźń. Широкая электрификация, ёж. 99.95 % — № 1 · “a” «б» °C ≤ …"));
            assert!(weight.font().is_some());
            assert!(!weight.has_all("网络"));
            assert_eq!(weight.printed("a网\u{0}b"), "a??b");
        }
        assert!(Weight::Bold.width("Wide", 10.0) > Weight::Regular.width("Wide", 10.0));
        assert!(Weight::Regular.width("Широкий", 20.0) > Weight::Regular.width("Ширь", 20.0));
    }

    #[test]
    fn lines_are_never_wider_than_asked_and_lose_nothing() {
        let text = "Camera at the north gate DS-2CD2146G2-ISU20210304AAWR000000001000000001000000001";
        let lines = Weight::Regular.lines(text, 8.0, 90.0);
        assert!(lines.len() > 3);
        assert!(lines.iter().all(|line| Weight::Regular.width(line, 8.0) <= 90.0));
        let without_spaces = |text: &str| text.replace(' ', "");
        assert_eq!(without_spaces(&lines.concat()), without_spaces(text));
        assert_eq!(Weight::Regular.lines("", 8.0, 90.0), [""]);
    }
}
