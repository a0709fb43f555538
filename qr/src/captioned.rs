//! QR codes with words printed beneath: what they are for and until when, for whoever finds one on paper.
//!
//! The words of an SVG are text; those of a PNG are drawn by whoever has a font, and put beneath as they are.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma, imageops};
use qrcode::types::Color;

use crate::drawing::{DrawingError, code, grey};

/// The quiet zone, in modules.
const QUIET: usize = 4;
/// How wide an SVG is, in units of its own, whatever the size of its code.
const WIDTH: f32 = 1000.0;
/// Between a line and the next, as a part of its size.
const LEADING: f32 = 1.35;

/// A line of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// How large it is, as a part of the picture's width.
    pub size: f32,
    /// How wide it is in the font that it was broken for, as a part of the picture's width.
    pub width: f32,
    /// Whether it is bold.
    pub is_bold: bool,
}

/// An SVG of a code with lines in the middle beneath it. Each is as wide as it says, whatever font is there to show it: one
/// with wider letters would be cut off.
pub fn svg(text: &str, lines: &[Line]) -> Result<String, DrawingError> {
    let code = code(text)?;
    let modules = code.width();
    let colours = code.to_colors();
    let scale = scale_of(modules);
    let height = WIDTH + lines.iter().map(|line| line.size * WIDTH * LEADING).sum::<f32>() + WIDTH * 0.02;
    let mut path = String::new();
    for (number, colour) in colours.iter().enumerate() {
        if *colour == Color::Dark {
            let (x, y) = (number % modules + QUIET, number / modules + QUIET);
            // Writing into a text does not fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let label: Vec<String> = lines.iter().map(|line| escaped(&line.text)).collect();
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" \
         width=\"{WIDTH}\" height=\"{height:.0}\" role=\"img\"><title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
         <path transform=\"scale({scale:.4})\" d=\"{path}\" fill=\"#000\" shape-rendering=\"crispEdges\"/>",
        label.join(" · ")
    );
    let mut top = WIDTH - WIDTH * 0.02;
    for (line, words) in lines.iter().zip(&label) {
        let (size, weight) = (line.size * WIDTH, if line.is_bold { "bold" } else { "normal" });
        let across = line.width * WIDTH;
        top += size * LEADING;
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{top:.0}\" text-anchor=\"middle\" textLength=\"{across:.0}\" \
             lengthAdjust=\"spacingAndGlyphs\" font-family=\"'PT Sans', Arial, sans-serif\" \
             font-size=\"{size:.0}\" font-weight=\"{weight}\" fill=\"#000\">{words}</text>",
            WIDTH / 2.0
        );
    }
    svg.push_str("</svg>");
    Ok(svg)
}

/// How wide a PNG of a text is, in pixels, with so many pixels a module.
pub fn width(text: &str, module_pixels: u32) -> Result<u32, DrawingError> {
    Ok(grey(text, module_pixels)?.width())
}

/// A PNG of a code with a picture of words beneath it; what of that is wider than the code is cut off.
pub fn png(text: &str, module_pixels: u32, words: &GrayImage) -> Result<Vec<u8>, DrawingError> {
    let code = grey(text, module_pixels)?;
    let (width, top) = (code.width(), code.height());
    let mut picture = GrayImage::from_pixel(width, top.saturating_add(words.height()), Luma([255]));
    imageops::replace(&mut picture, &code, 0, 0);
    let left = i64::from(width.saturating_sub(words.width()) / 2);
    imageops::replace(&mut picture, words, left, i64::from(top));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|_| DrawingError::Encoding)?;
    Ok(bytes.into_inner())
}

/// Units a module.
fn scale_of(modules: usize) -> f32 {
    let all = u16::try_from(modules + 2 * QUIET).unwrap_or(u16::MAX);
    WIDTH / f32::from(all)
}

/// A text within XML; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}')) {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://siteward.example.com/my/apply#AAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_code_with_words_beneath_is_read_as_one_without() {
        let words = GrayImage::from_pixel(300, 60, Luma([0]));
        let drawn = png(URL, 8, &words).unwrap();
        assert_eq!(crate::picture::read(&drawn, &|| true), Ok(vec![URL.to_owned()]));
        let picture = image::load_from_memory(&drawn).unwrap();
        assert_eq!((picture.width(), picture.height()), (width(URL, 8).unwrap(), width(URL, 8).unwrap() + 60));
    }

    #[test]
    fn words_of_an_svg_are_text_and_nothing_else() {
        let line = |text: &str, is_bold| Line { text: text.to_owned(), size: 0.05, width: 0.4, is_bold };
        let drawn = svg(URL, &[line("Gate <b> & \"yard\"\u{1}", true), line("До 12:00", false)]).unwrap();
        assert!(drawn.contains(">Gate &lt;b&gt; &amp; &quot;yard&quot;</text>"), "{drawn}");
        assert!(drawn.contains(">До 12:00</text>") && drawn.contains("font-weight=\"bold\""));
        assert!(!drawn.contains("<b>"));
        assert_eq!(drawn.matches("textLength=\"400\"").count(), 2, "no font makes them wider: {drawn}");
    }

    #[test]
    fn the_modules_of_an_svg_are_those_of_its_code() {
        let drawn = svg(URL, &[]).unwrap();
        let dark = code(URL).unwrap().to_colors().iter().filter(|colour| **colour == Color::Dark).count();
        assert_eq!(drawn.matches("h1v1h-1z").count(), dark);
        assert!(drawn.contains("M4 4h1v1h-1z"), "the first corner is dark, within the quiet zone");
    }
}
