//! Pictures of codes as people send them, and pictures that must not cost much.

#![expect(clippy::cast_precision_loss, reason = "pixels of test pictures are small numbers")]

use std::cell::Cell;
use std::time::{Duration, Instant};

use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use siteward_qr::picture::{self, PictureError};

use crate::distortion::{Dice, blurred, drawn, file, inverted, jpeg, noisy, rotated, seen, shaded, slanted};

/// As long as a code of about ten devices.
fn long_text() -> String {
    let mut dice = Dice::new(1);
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let body = (0..730).map(|_| char::from(letters[(dice.next() % 64) as usize]));
    format!("QRC03010003{}", body.collect::<String>())
}

const LABEL: &str = "www.hik-connect.com\r123456789\rABCDEF\rDS-2CD2143G2-I\r";

fn read(bytes: &[u8]) -> Result<Vec<String>, PictureError> {
    picture::read(bytes, &|| true)
}

fn assert_reads(picture: &GrayImage, text: &str, what: &str) {
    assert_eq!(read(&file(picture, ImageFormat::Png)), Ok(vec![text.to_owned()]), "{what}");
}

#[test]
fn every_file_format_is_read() {
    let picture = drawn(LABEL, 4);
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        assert_eq!(read(&file(&picture, format)), Ok(vec![LABEL.to_owned()]), "{format:?}");
    }
}

#[test]
fn turned_and_slanted_codes_are_read() {
    for (text, pixels) in [(LABEL.to_owned(), 6), (long_text(), 6)] {
        let picture = drawn(&text, pixels);
        for degrees in [3.0, 17.0, 45.0, 90.0, 133.0, 180.0, 251.0] {
            assert_reads(&rotated(&picture, degrees), &text, &format!("{degrees}° {}", text.len()));
        }
        for strength in [0.1, 0.2, 0.3] {
            assert_reads(&slanted(&picture, strength), &text, &format!("slant {strength} {}", text.len()));
        }
        assert_reads(&imageops::flip_horizontal(&picture), &text, "mirrored");
    }
}

#[test]
fn blurred_noisy_dim_and_inverted_codes_are_read() {
    for text in [LABEL.to_owned(), long_text()] {
        let picture = drawn(&text, 6);
        for sigma in [1.0, 2.0, 3.0] {
            assert_reads(&blurred(&picture, sigma), &text, &format!("blur {sigma} {}", text.len()));
        }
        for strength in [20.0, 50.0, 80.0] {
            assert_reads(&noisy(&picture, strength), &text, &format!("noise {strength} {}", text.len()));
        }
        assert_reads(&shaded(&picture, 90.0, 130.0), &text, "dim");
        assert_reads(&inverted(&picture), &text, "inverted");
        for quality in [5, 10, 20, 40] {
            assert_eq!(read(&jpeg(&picture, quality)), Ok(vec![text.clone()]), "JPEG {quality} {}", text.len());
        }
    }
}

#[test]
fn small_and_closely_cut_codes_are_read() {
    assert_reads(&drawn(LABEL, 2), LABEL, "two pixels a module");
    assert_reads(&drawn(&long_text(), 2), &long_text(), "two pixels a module");
    let picture = drawn(LABEL, 5);
    let cut = imageops::crop_imm(&picture, 20, 20, picture.width() - 40, picture.height() - 40).to_image();
    assert_reads(&cut, LABEL, "without a margin");
}

#[test]
fn a_logo_on_the_code_does_no_harm() {
    let mut picture = drawn(LABEL, 8);
    let (middle, half) = (picture.width() / 2, 16);
    for y in middle - half..middle + half {
        for x in middle - half..middle + half {
            picture.put_pixel(x, y, Luma([120]));
        }
    }
    assert_reads(&picture, LABEL, "logo");
}

/// As apps style them: round modules, colours that run into each other, a logo.
#[test]
fn codes_of_coloured_dots_are_read() {
    for (text, radius) in [(LABEL.to_owned(), 4.6_f32), (LABEL.to_owned(), 3.6), (long_text(), 4.6)] {
        let modules = drawn(&text, 1);
        let side = modules.width() * 8;
        let picture = RgbImage::from_fn(side, side, |x, y| {
            let (from_x, from_y) = (x as f32 % 8.0 - 3.5, y as f32 % 8.0 - 3.5);
            let is_dot = modules.get_pixel(x / 8, y / 8).0[0] == 0 && from_x.hypot(from_y) < radius;
            let from_left = u8::try_from(x * 200 / side).unwrap();
            Rgb(if is_dot { [220 - from_left, 30, 70] } else { [255, 255, 255] })
        });
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        assert_eq!(read(&bytes.into_inner()), Ok(vec![text]), "radius {radius}");
    }
}

#[test]
fn all_codes_of_a_picture_are_read() {
    let texts: Vec<String> = (0..6).map(|number| format!("www.hik-connect.com\r12345678{number}\rABCDEF\r")).collect();
    let mut page = GrayImage::from_pixel(1500, 1000, Luma([230]));
    for (place, text) in (0_i64..).zip(&texts) {
        let code = rotated(&drawn(text, 6), place as f32 * 23.0);
        imageops::overlay(&mut page, &code, 20 + place % 3 * 480, 20 + place / 3 * 480);
    }
    let mut found = read(&jpeg(&noisy(&page, 15.0), 60)).unwrap();
    found.sort();
    assert_eq!(found, texts);
}

#[test]
fn transparent_pictures_are_read_on_either_backdrop() {
    for (dark, light) in [([0, 0, 0, 255], [0, 0, 0, 0]), ([255, 255, 255, 0], [255, 255, 255, 255])] {
        let code = drawn(LABEL, 4);
        let picture = RgbaImage::from_fn(code.width(), code.height(), |x, y| {
            Rgba(if code.get_pixel(x, y).0[0] == 0 { dark } else { light })
        });
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        assert_eq!(read(&bytes.into_inner()), Ok(vec![LABEL.to_owned()]));
    }
}

#[test]
fn a_photograph_of_12_megapixels_with_a_slanted_code_is_read() {
    let code = blurred(&slanted(&drawn(&long_text(), 14), 0.2), 2.0);
    let mut photo = noisy(&GrayImage::from_pixel(4000, 3000, Luma([140])), 25.0);
    imageops::overlay(&mut photo, &noisy(&shaded(&code, 40.0, 200.0), 20.0), 900, 400);
    assert_eq!(read(&jpeg(&photo, 70)), Ok(vec![long_text()]));
}

/// Milliseconds until the answer, with a clock that ends the search after 1.5 s.
fn bounded(bytes: &[u8]) -> (Result<Vec<String>, PictureError>, Duration) {
    let start = Instant::now();
    let answer = picture::read(bytes, &|| start.elapsed() < Duration::from_millis(1500));
    (answer, start.elapsed())
}

#[test]
fn large_pictures_without_a_code_end_within_the_time_given() {
    let mut dice = Dice::new(3);
    let noise = GrayImage::from_fn(4000, 3000, |_, _| Luma([dice.next().to_le_bytes()[0]]));
    let ramp = GrayImage::from_fn(5000, 4000, |x, y| Luma([((x / 7) ^ (y / 5)).to_le_bytes()[0]]));
    for bytes in [jpeg(&noise, 50), jpeg(&ramp, 80), file(&ramp, ImageFormat::Png)] {
        let (answer, took) = bounded(&bytes);
        assert_eq!(answer, Err(PictureError::WithoutQr));
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
}

/// Finder patterns and nothing else, `pixels` a module.
fn page_of_patterns(pixels: u32) -> GrayImage {
    GrayImage::from_fn(2400, 2400, |x, y| {
        let from_centre = |at: u32| (i64::from(at / pixels % 9) - 4).unsigned_abs();
        let ring = from_centre(x).max(from_centre(y));
        Luma([if ring == 2 || ring == 4 { 255 } else { 0 }])
    })
}

#[test]
fn pages_full_of_finder_patterns_end_within_the_time_given() {
    for page in [page_of_patterns(1), inverted(&page_of_patterns(8)), noisy(&page_of_patterns(8), 40.0)] {
        let (answer, took) = bounded(&jpeg(&page, 95));
        assert_eq!(answer, Err(PictureError::WithoutQr));
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
}

/// Eight thousand patterns are 80,000,000,000 triples, which one of the detectors would compare in one go.
#[test]
fn pages_full_of_finder_patterns_end_even_without_a_clock() {
    let start = Instant::now();
    assert_eq!(read(&jpeg(&page_of_patterns(3), 95)), Err(PictureError::WithoutQr));
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn the_search_stops_when_told_to() {
    let asked = Cell::new(0);
    let noise = noisy(&GrayImage::from_pixel(800, 800, Luma([128])), 60.0);
    let answer = picture::read(&file(&noise, ImageFormat::Png), &|| {
        asked.set(asked.get() + 1);
        asked.get() < 3
    });
    assert_eq!(answer, Err(PictureError::WithoutQr));
    assert!(asked.get() < 10, "{}", asked.get());
}

#[test]
fn what_is_no_fit_picture_is_refused_before_its_pixels_are_decoded() {
    let png = |width, height| file(&GrayImage::new(width, height), ImageFormat::Png);
    assert_eq!(read(b""), Err(PictureError::Unreadable));
    assert_eq!(read(b"GIF89a\x01\0\x01\0"), Err(PictureError::Unreadable));
    assert_eq!(read(&png(100, 100)[..60]), Err(PictureError::Unreadable));
    assert_eq!(read(&png(39, 39)), Err(PictureError::TooSmall));
    assert_eq!(read(&png(2000, 100)), Err(PictureError::TooSmall));
    assert_eq!(read(&vec![0; 10_000_001]), Err(PictureError::TooLarge));
    let mut huge = png(100, 100);
    huge[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let checksum = crc(&huge[12..29]).to_be_bytes();
    huge[29..33].copy_from_slice(&checksum);
    assert_eq!(read(&huge), Err(PictureError::TooLarge));
}

#[test]
fn a_jpeg_of_too_many_scans_is_refused() {
    let scans = [0xFF, 0xDA].repeat(100);
    let large = jpeg(&GrayImage::new(2000, 2000), 50);
    assert_eq!(read(&large), Err(PictureError::WithoutQr));
    assert_eq!(read(&[large, scans].concat()), Err(PictureError::TooLarge));
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// A code photographed from the side: both axes shortened by different shares.
#[test]
fn codes_of_thirty_devices_are_read_from_a_screen() {
    let text = long_text() + &long_text()[11..] + &long_text()[11..500];
    let code = drawn(&text, 6);
    let side = code.width() as f32;
    let squeezed = seen(&code, code.width(), code.height(), |x, y| (x * 1.12 - 0.06 * side, y + 0.03 * x));
    assert_reads(&noisy(&blurred(&squeezed, 0.8), 15.0), &text, "thirty devices");
}
