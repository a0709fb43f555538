//! From an uploaded picture to the logo that is kept.

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use siteward_store::company_logos::MOST_PIXELS;

use crate::error::codes::{self, Code};

/// Most bytes of an uploaded picture.
pub(super) const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Most pixels of an uploaded picture.
const MOST_UPLOADED_PIXELS: u64 = 16_000_000;
/// Most bytes that decoding may take.
const MOST_ALLOCATED: u64 = 128 * 1024 * 1024;
/// Most scans of a JPEG: a file made of thousands costs minutes.
const MOST_SCANS: usize = 20;
/// Fewest pixels of a side.
const FEWEST_PIXELS: u32 = 16;

/// Reads a PNG, JPEG or WebP and draws it anew as a PNG within the limits: the picture, its width and its height.
pub(super) fn draw(bytes: &[u8]) -> Result<(Vec<u8>, u32, u32), &'static Code> {
    let unreadable = |_| codes::PICTURE_UNREADABLE;
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| codes::PICTURE_UNREADABLE)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_ALLOCATED);
    reader.limits(limits);
    let format = reader.format().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP));
    let format = format.ok_or(codes::PICTURE_UNREADABLE)?;
    if format == ImageFormat::Jpeg && bytes.windows(2).filter(|pair| *pair == [0xFF, 0xDA]).count() > MOST_SCANS {
        return Err(codes::PICTURE_TOO_LARGE);
    }
    let decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_UPLOADED_PIXELS || decoder.total_bytes() > MOST_ALLOCATED {
        return Err(codes::PICTURE_TOO_LARGE);
    }
    if width.min(height) < FEWEST_PIXELS {
        return Err(codes::PICTURE_TOO_SMALL);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    let picture = if width.max(height) > MOST_PIXELS {
        picture.resize(MOST_PIXELS, MOST_PIXELS, FilterType::Lanczos3)
    } else {
        picture
    };
    // Eight bits a colour and nothing else: no metadata, no profile.
    let drawn = DynamicImage::from(picture.to_rgba8());
    let mut png = Cursor::new(Vec::new());
    drawn.write_to(&mut png, ImageFormat::Png).map_err(unreadable)?;
    Ok((png.into_inner(), drawn.width(), drawn.height()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture =
            RgbImage::from_fn(width, height, |x, _| if x * 2 < width { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) });
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_of_each_kind_is_drawn_anew_within_512_pixels() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let (png, width, height) = draw(&file(1024, 100, format)).unwrap();
            assert_eq!((width, height), (512, 50), "{format:?}");
            let read = image::load_from_memory(&png).unwrap().to_rgb8();
            assert!(read.get_pixel(10, 20).0[0] > 150 && read.get_pixel(500, 20).0[2] > 150, "{format:?}");
        }
        let small = draw(&file(40, 30, ImageFormat::Png)).unwrap();
        assert_eq!((small.1, small.2), (40, 30), "a small one is not blown up");
    }

    #[test]
    fn nothing_of_the_file_itself_is_kept() {
        let mut bytes = file(40, 30, ImageFormat::Png);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let (png, ..) = draw(&bytes).unwrap();
        assert!(!png.windows(8).any(|window| window == b"<script>"));
    }

    #[test]
    fn what_is_no_picture_too_large_or_too_small_is_refused() {
        for (bytes, code) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), codes::PICTURE_UNREADABLE),
            (b"GIF89a".to_vec(), codes::PICTURE_UNREADABLE),
            (Vec::new(), codes::PICTURE_UNREADABLE),
            (file(15, 400, ImageFormat::Png), codes::PICTURE_TOO_SMALL),
            (file(8000, 2001, ImageFormat::Png), codes::PICTURE_TOO_LARGE),
        ] {
            assert_eq!(draw(&bytes).unwrap_err().code, code.code);
        }
        let mut torn = file(400, 400, ImageFormat::Png);
        torn.truncate(torn.len() / 2);
        assert_eq!(draw(&torn).unwrap_err().code, codes::PICTURE_UNREADABLE.code);
        let many: Vec<u8> = file(64, 64, ImageFormat::Jpeg).into_iter().chain([0xFF, 0xDA].repeat(30)).collect();
        assert_eq!(draw(&many).unwrap_err().code, codes::PICTURE_TOO_LARGE.code);
    }
}
