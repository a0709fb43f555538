//! Opening a picture file within the limits, as shades of grey.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{MAX_ASPECT, MAX_BYTES, MAX_PIXELS, MIN_SIDE, PictureError};

/// Most bytes of decoded pixels, which 16-bit colours with transparency could exceed.
const MAX_DECODED_BYTES: u64 = 128 * 1024 * 1024;
/// Most bytes that the decoders may take besides.
const MAX_ALLOCATED_BYTES: u64 = 192 * 1024 * 1024;
/// Most pixels times scans of a JPEG. Cameras write one scan or about ten; a file made of thousands costs minutes.
const MAX_SCAN_PIXELS: u64 = 320_000_000;

/// What is thought to lie behind transparent parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backdrop {
    /// As a page would show it.
    White,
    /// For white codes made for dark pages; of no use for a picture without transparency.
    Black,
}

/// The picture in shades of grey, or `None` if this backdrop makes no difference to it.
pub(super) fn open(bytes: &[u8], backdrop: Backdrop) -> Result<Option<GrayImage>, PictureError> {
    if bytes.len() > MAX_BYTES {
        return Err(PictureError::TooLarge);
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PictureError::Unreadable)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATED_BYTES);
    reader.limits(limits);
    let format = reader.format().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP));
    let format = format.ok_or(PictureError::Unreadable)?;
    let decoder = reader.into_decoder().map_err(|_| PictureError::Unreadable)?;
    check_size(decoder.dimensions())?;
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(PictureError::TooLarge);
    }
    let pixels = u64::from(decoder.dimensions().0) * u64::from(decoder.dimensions().1);
    if format == ImageFormat::Jpeg && scans(bytes) * pixels > MAX_SCAN_PIXELS {
        return Err(PictureError::TooLarge);
    }
    let transparent = decoder.color_type().has_alpha();
    if backdrop == Backdrop::Black && !transparent {
        return Ok(None);
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| PictureError::Unreadable)?;
    Ok(Some(if transparent { over(&picture, backdrop) } else { picture.to_luma8() }))
}

fn check_size((width, height): (u32, u32)) -> Result<(), PictureError> {
    let (short, long) = (width.min(height), width.max(height));
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        Err(PictureError::TooLarge)
    } else if short < MIN_SIDE || long / MAX_ASPECT > short {
        Err(PictureError::TooSmall)
    } else {
        Ok(())
    }
}

/// How many scans a JPEG has, those of an embedded preview included: inside a scan the marker cannot occur.
fn scans(bytes: &[u8]) -> u64 {
    bytes.windows(2).filter(|pair| *pair == [0xFF, 0xDA]).count() as u64
}

fn over(picture: &DynamicImage, backdrop: Backdrop) -> GrayImage {
    let picture = picture.to_luma_alpha8();
    let behind = if backdrop == Backdrop::White { 255 } else { 0 };
    let pixels = picture.pixels().map(|pixel| {
        let [luma, alpha] = pixel.0.map(u32::from);
        u8::try_from((luma * alpha + behind * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    });
    GrayImage::from_raw(picture.width(), picture.height(), pixels.collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_outside_the_limits_are_refused() {
        assert_eq!(check_size((40, 320)), Ok(()));
        assert_eq!(check_size((5000, 4000)), Ok(()));
        assert_eq!(check_size((5000, 4001)), Err(PictureError::TooLarge));
        assert_eq!(check_size((39, 100)), Err(PictureError::TooSmall));
        assert_eq!(check_size((2000, 200)), Err(PictureError::TooSmall));
    }
}
