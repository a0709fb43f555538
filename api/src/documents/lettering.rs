//! Words as a picture, in the fonts of documents: what stands beneath a QR code that is saved as a PNG.
//!
//! The outlines of the letters are filled by the rule of windings, four rows to a pixel and exact along each row.

use image::{GrayImage, Luma};
use siteward_qr::captioned::Line;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use super::font::Weight;

/// Rows of samples a pixel.
const ROWS: u16 = 4;
/// Pieces that a curve is broken into.
const PIECES: u8 = 8;
/// Between a line and the next, as a part of its size.
const LEADING: f32 = 1.35;
/// Most pixels of a side.
const MOST_PIXELS: u32 = 4096;

type Point = (f32, f32);

/// Breaks texts into lines that fit a picture, each with the size that it has.
pub(crate) fn broken(texts: &[(&str, f32, bool)], room: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    for (text, size, is_bold) in texts.iter().copied().filter(|(text, ..)| !text.is_empty()) {
        let weight = weight_of(is_bold);
        let line = |text: String| Line { width: weight.width(&text, size), text, size, is_bold };
        lines.extend(weight.lines(text, size, room).into_iter().map(line));
    }
    lines
}

/// Draws lines in the middle of a picture of this width, black on white; sizes are parts of it.
pub(crate) fn drawn(lines: &[Line], width: u32) -> GrayImage {
    let across = pixels(width);
    let height: f32 = lines.iter().map(|line| line.size * across * LEADING).sum::<f32>() + across * 0.03;
    let mut ink = Ink::new(width.min(MOST_PIXELS), whole(height));
    let mut baseline = 0.0;
    for line in lines {
        let (size, weight) = (line.size * across, weight_of(line.is_bold));
        baseline += size;
        let left = ((across - weight.width(&line.text, size)) / 2.0).max(0.0);
        ink.write(weight, &line.text, size, (left, baseline));
        baseline += size * (LEADING - 1.0);
    }
    ink.picture()
}

fn weight_of(is_bold: bool) -> Weight {
    if is_bold { Weight::Bold } else { Weight::Regular }
}

/// How much of each pixel is covered, row by row.
struct Ink {
    width: u32,
    height: u32,
    covered: Vec<f32>,
}

impl Ink {
    fn new(width: u32, height: u32) -> Self {
        let all = usize::try_from(u64::from(width) * u64::from(height)).unwrap_or_default();
        Self { width, height, covered: vec![0.0; all] }
    }

    fn write(&mut self, weight: Weight, text: &str, size: f32, (mut left, baseline): Point) {
        let Ok(font) = FontRef::new(weight.data()) else { return };
        let (outlines, letters) = (font.outline_glyphs(), font.charmap());
        for letter in weight.printed(text).chars() {
            let glyph: GlyphId = letters.map(letter).unwrap_or_default();
            let mut pen = Pen { origin: (left, baseline), ..Pen::default() };
            let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
            // A letter without an outline, such as a space, leaves nothing.
            if outlines.get(glyph).is_some_and(|outline| outline.draw(settings, &mut pen).is_ok()) {
                self.fill(&pen.edges);
            }
            left += weight.width(letter.encode_utf8(&mut [0; 4]), size);
        }
    }

    fn fill(&mut self, edges: &[(Point, Point)]) {
        let ends = edges.iter().flat_map(|(from, to)| [from.1, to.1]);
        let (top, bottom) = ends.fold((f32::MAX, f32::MIN), |(low, high), y| (low.min(y), high.max(y)));
        if top > bottom {
            return;
        }
        for row in whole(top.floor())..whole(bottom.ceil()).min(self.height) {
            for sample in 0..ROWS {
                let y = pixels(row) + (f32::from(sample) + 0.5) / f32::from(ROWS);
                self.fill_row(row, &crossings(edges, y));
            }
        }
    }

    /// Covers what is within an outline on one row of samples.
    fn fill_row(&mut self, row: u32, crossings: &[(f32, i32)]) {
        let mut winding = 0;
        for pair in crossings.windows(2) {
            let [(from, turn), (to, _)] = pair else { continue };
            winding += turn;
            if winding == 0 {
                continue;
            }
            for column in whole(from.floor())..whole(to.ceil()).min(self.width) {
                let left = pixels(column);
                let part = (to.min(left + 1.0) - from.max(left)).max(0.0) / f32::from(ROWS);
                let place = u64::from(row) * u64::from(self.width) + u64::from(column);
                if let Some(covered) = usize::try_from(place).ok().and_then(|place| self.covered.get_mut(place)) {
                    *covered += part;
                }
            }
        }
    }

    fn picture(self) -> GrayImage {
        let mut picture = GrayImage::from_pixel(self.width, self.height, Luma([255]));
        for (pixel, covered) in picture.pixels_mut().zip(&self.covered) {
            let light = whole(((1.0 - covered.min(1.0)) * 255.0).round());
            *pixel = Luma([u8::try_from(light).unwrap_or(u8::MAX)]);
        }
        picture
    }
}

/// Where a row of samples crosses an outline, from the left, and which way the outline goes there.
fn crossings(edges: &[(Point, Point)], y: f32) -> Vec<(f32, i32)> {
    let mut crossings: Vec<(f32, i32)> = edges
        .iter()
        .filter(|(from, to)| (from.1 <= y) != (to.1 <= y))
        .map(|(from, to)| {
            let x = from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0);
            (x, if from.1 < to.1 { 1 } else { -1 })
        })
        .collect();
    crossings.sort_by(|one, other| one.0.total_cmp(&other.0));
    crossings
}

/// Takes an outline down as straight edges; y grows downwards here.
#[derive(Default)]
struct Pen {
    origin: Point,
    start: Point,
    at: Point,
    edges: Vec<(Point, Point)>,
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> Point {
        (self.origin.0 + x, self.origin.1 - y)
    }

    fn line(&mut self, to: Point) {
        self.edges.push((self.at, to));
        self.at = to;
    }

    /// A curve by its points of control.
    fn curve(&mut self, points: &[Point]) {
        for piece in 1..=PIECES {
            let part = f32::from(piece) / f32::from(PIECES);
            self.line(between(points, part));
        }
    }
}

/// The point of a curve at a part of its way (de Casteljau).
fn between(points: &[Point], part: f32) -> Point {
    let mut points = points.to_vec();
    while points.len() > 1 {
        let mix = |one: f32, other: f32| one + (other - one) * part;
        let pairs = points.iter().zip(points.iter().skip(1));
        points = pairs.map(|(one, other)| (mix(one.0, other.0), mix(one.1, other.1))).collect();
    }
    points.first().copied().unwrap_or_default()
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.place(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.line(self.place(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.curve(&[self.at, self.place(cx0, cy0), self.place(x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.curve(&[self.at, self.place(cx0, cy0), self.place(cx1, cy1), self.place(x, y)]);
    }

    fn close(&mut self) {
        self.line(self.start);
    }
}

/// A number of pixels as a float.
#[expect(clippy::cast_precision_loss, reason = "pictures are a few thousand pixels wide")]
fn pixels(number: u32) -> f32 {
    number as f32
}

/// The whole pixels of a float; what is below nothing is nothing.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped before")]
fn whole(number: f32) -> u32 {
    number.clamp(0.0, 4096.0).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dark(picture: &GrayImage) -> usize {
        picture.pixels().filter(|pixel| pixel.0 < [128]).count()
    }

    fn line(text: &str, is_bold: bool) -> Line {
        Line { text: text.to_owned(), size: 0.1, width: 0.1, is_bold }
    }

    #[test]
    fn letters_are_drawn_in_the_middle_and_bold_ones_are_darker() {
        let picture = drawn(&[line("Щ", false)], 400);
        assert_eq!(picture.width(), 400);
        let columns: Vec<u32> =
            picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 < [128]).map(|(x, _, _)| x).collect();
        let (first, last) = (columns.iter().min().unwrap(), columns.iter().max().unwrap());
        assert!(*first > 150 && *last < 250 && last - first > 15, "{first} to {last}");
        assert!(dark(&drawn(&[line("Ворота", true)], 400)) > dark(&drawn(&[line("Ворота", false)], 400)));
        assert_eq!(dark(&drawn(&[line(" ", false)], 400)), 0);
    }

    #[test]
    fn the_inside_of_an_o_is_white() {
        let picture = drawn(&[line("O", false)], 1000);
        let row = (0..picture.height()).find(|row| {
            let colours: Vec<bool> = (0..1000).map(|x| picture.get_pixel(x, *row).0 < [128]).collect();
            colours.windows(2).filter(|pair| pair[0] != pair[1]).count() == 4
        });
        assert!(row.is_some(), "a row with ink, white and ink again");
    }

    #[test]
    fn long_words_are_broken_into_lines_that_fit() {
        let lines = broken(
            &[("A gate with quite a long name that nobody would read in one go", 0.06, true), ("", 0.05, false)],
            0.9,
        );
        assert!(
            lines.len() > 1 && lines.iter().all(|line| line.is_bold && line.width > 0.0 && line.width <= 0.9),
            "{lines:?}"
        );
    }
}
