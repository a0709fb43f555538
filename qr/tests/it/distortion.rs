//! What happens to a code between a screen and a server: made in code, with a fixed random sequence.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels of test pictures are small numbers"
)]

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageFormat, Luma};

/// A small generator with a fixed sequence (SplitMix64), so that every run sees the same pictures.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From -1 to 1.
    pub(crate) fn swing(&mut self) -> f32 {
        (self.next() % 2001) as f32 / 1000.0 - 1.0
    }
}

/// A drawn code as shades of grey.
pub(crate) fn drawn(text: &str, module_pixels: u32) -> GrayImage {
    let png = siteward_qr::drawing::png(text, module_pixels).unwrap();
    image::load_from_memory(&png).unwrap().to_luma8()
}

/// The picture seen through a mapping from the new picture's pixels to the old one's; grey outside.
pub(crate) fn seen(picture: &GrayImage, width: u32, height: u32, from: impl Fn(f32, f32) -> (f32, f32)) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let (from_x, from_y) = from(x as f32 + 0.5, y as f32 + 0.5);
        Luma([shade_at(picture, from_x - 0.5, from_y - 0.5)])
    })
}

fn shade_at(picture: &GrayImage, x: f32, y: f32) -> u8 {
    let at = |x: f32, y: f32| {
        if x < 0.0 || y < 0.0 || x >= picture.width() as f32 || y >= picture.height() as f32 {
            180.0
        } else {
            f32::from(picture.get_pixel(x as u32, y as u32).0[0])
        }
    };
    let (left, top) = (x.floor(), y.floor());
    let (right_share, down_share) = (x - left, y - top);
    let upper = at(left, top) * (1.0 - right_share) + at(left + 1.0, top) * right_share;
    let lower = at(left, top + 1.0) * (1.0 - right_share) + at(left + 1.0, top + 1.0) * right_share;
    (upper * (1.0 - down_share) + lower * down_share) as u8
}

pub(crate) fn rotated(picture: &GrayImage, degrees: f32) -> GrayImage {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let side = picture.width() as f32 * 1.5;
    let (middle, old_middle) = (side / 2.0, picture.width() as f32 / 2.0);
    seen(picture, side as u32, side as u32, |x, y| {
        let (x, y) = (x - middle, y - middle);
        (x * cosine + y * sine + old_middle, y * cosine - x * sine + old_middle)
    })
}

/// Seen from below: the upper edge is `strength` (0 to 0.5) farther away.
pub(crate) fn slanted(picture: &GrayImage, strength: f32) -> GrayImage {
    let side = picture.width() as f32 * 1.3;
    let old = picture.width() as f32;
    seen(picture, side as u32, side as u32, |x, y| {
        let (x, y) = (x / side * 2.0 - 1.0, y / side);
        let depth = 1.0 + strength * (1.0 - y);
        (f32::midpoint(x * depth * 1.15, 1.0) * old, (y * depth - strength * 0.3 * (1.0 - y)) * 1.2 * old - 0.1 * old)
    })
}

pub(crate) fn noisy(picture: &GrayImage, strength: f32) -> GrayImage {
    let mut dice = Dice::new(7);
    let mut noisy = picture.clone();
    for pixel in noisy.pixels_mut() {
        let noise = (dice.swing() + dice.swing() + dice.swing()) * strength;
        pixel.0[0] = (f32::from(pixel.0[0]) + noise).clamp(0.0, 255.0) as u8;
    }
    noisy
}

/// Between `low` and `high` instead of black and white, darker to the right.
pub(crate) fn shaded(picture: &GrayImage, low: f32, high: f32) -> GrayImage {
    let width = picture.width() as f32;
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let shade = low + (high - low) * f32::from(picture.get_pixel(x, y).0[0]) / 255.0;
        Luma([(shade * (1.0 - 0.5 * x as f32 / width)) as u8])
    })
}

pub(crate) fn inverted(picture: &GrayImage) -> GrayImage {
    let mut picture = picture.clone();
    image::imageops::invert(&mut picture);
    picture
}

pub(crate) fn blurred(picture: &GrayImage, sigma: f32) -> GrayImage {
    image::imageops::blur(picture, sigma)
}

pub(crate) fn file(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(picture.clone()).to_rgb8().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn jpeg(picture: &GrayImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}
