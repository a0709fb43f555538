//! The picture of a captcha: six letters and digits, each turned, leaned and moved, all of them bent, with lines across.
//!
//! The letters are the 8 × 8 bitmaps of `font8x8`; they are drawn by asking of every point of the picture whether a
//! letter is there once the bending is undone.

use image::{GrayImage, ImageError, ImageFormat, Luma};
use rand::RngExt as _;
use rand::rngs::ThreadRng;

/// Letters and digits that are not mistaken for each other, however they are turned.
const ALPHABET: &[u8] = b"ACDEFHJKLMNPRTUXY3479";
/// Letters of a picture.
pub(super) const LETTERS: usize = 6;
const WIDTH: u32 = 280;
const HEIGHT: u32 = 92;
/// Points from one letter to the next.
const STEP: f32 = 42.0;
/// Lines across the picture.
const LINES: usize = 3;

/// A text for a picture: about 26 random bits, for one try within five minutes.
pub(super) fn new_text() -> String {
    let mut random = rand::rng();
    let letter = |_| ALPHABET.get(random.random_range(0..ALPHABET.len())).copied().map_or('A', char::from);
    (0..LETTERS).map(letter).collect()
}

/// The answer as it is compared: capitals, without anything between them.
pub(super) fn normal(answer: &str) -> String {
    answer.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Draws a text as PNG.
pub(super) fn draw(text: &str) -> Result<Vec<u8>, ImageError> {
    let mut random = rand::rng();
    let letters: Vec<Letter> =
        (0_u8..).zip(text.chars()).map(|(place, c)| Letter::new(place, c, &mut random)).collect();
    let bend = [Wave::new(1.2, 2.4, &mut random), Wave::new(1.2, 2.4, &mut random)];
    let lines: Vec<Wave> = (0..LINES).map(|_| Wave::new(8.0, 26.0, &mut random)).collect();
    let heights: Vec<f32> = (0..LINES).map(|_| random.random_range(0.2..0.8) * as_float(HEIGHT)).collect();
    let picture = GrayImage::from_fn(WIDTH, HEIGHT, |across, down| {
        let (x, y) = (as_float(across), as_float(down));
        let (bent_x, bent_y) = (x + bend[0].at(y), y + bend[1].at(x));
        let in_letter = letters.iter().any(|letter| letter.covers(bent_x, bent_y));
        // Two lines are drawn like letters, one cuts through them.
        let on_line = |number: usize| {
            lines
                .get(number)
                .zip(heights.get(number))
                .is_some_and(|(line, height)| (height + line.at(x) - y).abs() < 1.2)
        };
        let ink = (in_letter && !on_line(2)) || on_line(0) || on_line(1);
        let shade = if ink { random.random_range(20..90) } else { random.random_range(170..=255) };
        Luma([if random.random_ratio(1, 40) { random.random_range(60..200) } else { shade }])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// One letter in its place.
struct Letter {
    bitmap: [u8; 8],
    centre: (f32, f32),
    turn: (f32, f32),
    lean: f32,
    size: f32,
}

impl Letter {
    fn new(place: u8, letter: char, random: &mut ThreadRng) -> Self {
        let angle: f32 = random.random_range(-0.28..0.28);
        let across = 34.0 + f32::from(place) * STEP + random.random_range(-3.0..3.0);
        Self {
            bitmap: font8x8::unicode::BASIC_UNICODE
                .iter()
                .find(|font| font.char() == letter)
                .map_or([0; 8], font8x8::FontUnicode::byte_array),
            centre: (across, as_float(HEIGHT) / 2.0 + random.random_range(-11.0..11.0)),
            turn: angle.sin_cos(),
            lean: random.random_range(-0.2..0.2),
            size: random.random_range(4.2..5.0),
        }
    }

    /// Whether a point of the picture is on the letter: its square turned back, the bitmap read between its points.
    fn covers(&self, x: f32, y: f32) -> bool {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let (sin, cos) = self.turn;
        let (turned_x, turned_y) = (dx * cos + dy * sin, dy * cos - dx * sin);
        // 3.5 is the middle of the bitmap.
        let (column, row) = ((turned_x + turned_y * self.lean) / self.size + 3.5, turned_y / self.size + 3.5);
        let (left, top) = (column.floor(), row.floor());
        let (right_part, lower_part) = (column - left, row - top);
        let upper = self.point(left, top) * (1.0 - right_part) + self.point(left + 1.0, top) * right_part;
        let lower = self.point(left, top + 1.0) * (1.0 - right_part) + self.point(left + 1.0, top + 1.0) * right_part;
        upper * (1.0 - lower_part) + lower * lower_part > 0.45
    }

    fn point(&self, column: f32, row: f32) -> f32 {
        if !(0.0..8.0).contains(&column) || !(0.0..8.0).contains(&row) {
            return 0.0;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are 0 to 7")]
        let (column, row) = (column as usize, row as usize);
        self.bitmap.get(row).is_some_and(|bits| bits & (1 << column) != 0).into()
    }
}

/// A sine wave of random height, length and place.
struct Wave {
    height: f32,
    length: f32,
    place: f32,
}

impl Wave {
    fn new(low: f32, high: f32, random: &mut ThreadRng) -> Self {
        Self {
            height: random.random_range(low..high),
            length: random.random_range(16.0..44.0),
            place: random.random_range(0.0..std::f32::consts::TAU),
        }
    }

    fn at(&self, along: f32) -> f32 {
        self.height * (along / self.length + self.place).sin()
    }
}

/// A small number of points as a float.
fn as_float(points: u32) -> f32 {
    f32::from(u16::try_from(points).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_small_png_and_no_two_are_alike() {
        let text = new_text();
        let (one, other) = (draw(&text).unwrap(), draw(&text).unwrap());
        assert!(one.starts_with(b"\x89PNG") && one.len() < 64 * 1024, "{}", one.len());
        assert_ne!(one, other);
        let read = image::load_from_memory(&one).unwrap();
        assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
    }

    #[test]
    fn every_letter_of_the_alphabet_has_a_form() {
        for letter in ALPHABET {
            assert!(Letter::new(0, char::from(*letter), &mut rand::rng()).bitmap.iter().any(|row| *row != 0));
        }
    }

    #[test]
    fn an_answer_is_read_in_any_case_and_spacing() {
        assert_eq!(normal(" ac d-347 "), "ACD347");
    }
}
