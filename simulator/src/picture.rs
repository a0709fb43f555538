//! Draws what a camera sees: a sky in the channel's own colour, a lit window for each channel number, a hand that moves.

use std::f64::consts::TAU;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 180;

/// A JPEG that differs by device, channel and second.
pub(crate) fn draw(device: usize, channel: u32, second: i64) -> Vec<u8> {
    let hue = f64::from(u16::try_from((device as u64 * 47 + u64::from(channel) * 61) % 360).unwrap_or(0));
    let angle = TAU * f64::from(u8::try_from(second.rem_euclid(60)).unwrap_or(0)) / 60.0;
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let height = f64::from(y) / f64::from(HEIGHT);
        if on_hand(f64::from(x) - 270.0, f64::from(y) - 45.0, angle) {
            return Rgb([250, 250, 250]);
        }
        if y > 110 {
            return if is_window(x, y, channel) { Rgb([255, 214, 120]) } else { shade(hue, 0.30 - 0.15 * height) };
        }
        shade(hue, 0.85 - 0.5 * height)
    });
    let mut jpeg = Vec::with_capacity(8 * 1024);
    let drawn = JpegEncoder::new_with_quality(&mut jpeg, 75).encode_image(&picture);
    drawn.map_or_else(|_| Vec::new(), |()| jpeg)
}

/// One window a channel number, four in a row of ten places.
fn is_window(x: u32, y: u32, channel: u32) -> bool {
    let (column, row) = (x / 32, (y - 110) / 18);
    let inside = (8..26).contains(&(x % 32)) && (4..15).contains(&((y - 110) % 18));
    inside && row * 10 + column < channel
}

/// A disc's rim and a hand on it, relative to its middle.
fn on_hand(x: f64, y: f64, angle: f64) -> bool {
    let far = x.hypot(y);
    let along = x * angle.sin() - y * angle.cos();
    let beside = (x * angle.cos() + y * angle.sin()).abs();
    (28.0..30.0).contains(&far) || (far < 28.0 && along > 0.0 && beside < 1.5)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
/// A colour of some hue (degrees) and brightness (0 to 1).
fn shade(hue: f64, brightness: f64) -> Rgb<u8> {
    Rgb([0.0, 120.0, 240.0].map(|turn: f64| {
        let wave = 0.6 + 0.4 * ((hue - turn).to_radians()).cos();
        (wave * brightness.clamp(0.0, 1.0) * 255.0) as u8
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_small_jpegs_that_differ_by_device_channel_and_second() {
        let pictures = [draw(0, 1, 0), draw(1, 1, 0), draw(0, 2, 0), draw(0, 1, 1)];
        for (index, picture) in pictures.iter().enumerate() {
            assert!(picture.len() < 16 * 1024 && picture.starts_with(&[0xFF, 0xD8]), "{}", picture.len());
            let read = image::load_from_memory(picture).unwrap();
            assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
            assert!(!pictures[..index].contains(picture));
        }
    }
}
