//! Drawing QR codes: to show an export to an app, and to test the reading of pictures.

use std::io::Cursor;

use image::{GrayImage, ImageFormat};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Largest module in pixels: a version 40 code then has 5,920 pixels a side.
const MAX_MODULE_PIXELS: u32 = 32;

/// Why a text cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DrawingError {
    /// More text than a QR code holds, 2,953 bytes at most.
    #[error("the text does not fit one QR code")]
    TooLong,
    /// The picture could not be encoded.
    #[error("the picture could not be made")]
    Encoding,
}

impl DrawingError {
    /// The stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "drawing_too_long",
            Self::Encoding => "drawing_failed",
        }
    }
}

/// A PNG with `module_pixels` (1 to 32) pixels a module and the quiet zone of four modules around.
pub fn png(text: &str, module_pixels: u32) -> Result<Vec<u8>, DrawingError> {
    let mut bytes = Cursor::new(Vec::new());
    grey(text, module_pixels)?.write_to(&mut bytes, ImageFormat::Png).map_err(|_| DrawingError::Encoding)?;
    Ok(bytes.into_inner())
}

/// An SVG that scales to its place, quiet zone included.
pub fn svg(text: &str) -> Result<String, DrawingError> {
    Ok(code(text)?.render::<svg::Color<'_>>().module_dimensions(4, 4).build())
}

pub(crate) fn grey(text: &str, module_pixels: u32) -> Result<GrayImage, DrawingError> {
    let side = module_pixels.clamp(1, MAX_MODULE_PIXELS);
    Ok(code(text)?.render::<image::Luma<u8>>().module_dimensions(side, side).build())
}

/// Level M, which survives a scratch; level L where only that holds the text.
pub(crate) fn code(text: &str) -> Result<QrCode, DrawingError> {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L))
        .map_err(|_| DrawingError::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_text_is_read_again() {
        let text = "www.hik-connect.com\r123456789\rABCDEF\rDS-2CD2143G2-I\r";
        assert_eq!(crate::picture::read(&png(text, 4).unwrap(), &|| true), Ok(vec![text.to_owned()]));
        assert!(svg(text).unwrap().starts_with("<?xml"));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(png(&"x".repeat(2953), 1).is_ok());
        assert_eq!(png(&"x".repeat(2954), 1), Err(DrawingError::TooLong));
    }
}
