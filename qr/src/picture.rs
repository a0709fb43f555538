//! From a picture to the texts of the QR codes in it.
//!
//! Photographs are blurred, slanted, noisy and badly lit, so the picture is looked at again and again, retouched in
//! another way each time, until a code is found: see `ladder`. The limits are checked on the header, before a pixel is
//! decoded; the caller's clock bounds the rest.

mod finding;
mod guarding;
mod ladder;
mod last_resort;
mod opening;
mod retouching;

/// Most bytes of a picture file.
pub const MAX_BYTES: usize = 10 * 1000 * 1000;
/// Most pixels of a picture.
pub const MAX_PIXELS: u64 = 20_000_000;
/// Fewest pixels of a side.
pub const MIN_SIDE: u32 = 40;
/// How many times longer than the other a side may be.
pub const MAX_ASPECT: u32 = 8;

/// Why no text was read from a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not a PNG, JPEG or WebP, or a damaged one.
    #[error("this is not a readable PNG, JPEG or WebP picture")]
    Unreadable,
    /// More than 10 MB or 20 megapixels.
    #[error("the picture is larger than 10 MB or 20 megapixels")]
    TooLarge,
    /// A side is shorter than 40 pixels, or than an eighth of the other.
    #[error("the picture is too small or too narrow")]
    TooSmall,
    /// No QR code was found in the time given.
    #[error("no QR code was found in the picture")]
    WithoutQr,
}

impl PictureError {
    /// The stable code of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "picture_unreadable",
            Self::TooLarge => "picture_too_large",
            Self::TooSmall => "picture_too_small",
            Self::WithoutQr => "picture_without_qr",
        }
    }
}

/// The texts of the QR codes in a PNG, JPEG or WebP, each once.
///
/// `keep_going` is asked between the steps, every tenth of a second or so; once it says no, what is found so far is the
/// answer. This takes up to some seconds of pure computing: keep it off the async threads.
pub fn read(bytes: &[u8], keep_going: &dyn Fn() -> bool) -> Result<Vec<String>, PictureError> {
    for backdrop in [opening::Backdrop::White, opening::Backdrop::Black] {
        let Some(grey) = opening::open(bytes, backdrop)? else { continue };
        let texts = ladder::climb(&grey, keep_going);
        if !texts.is_empty() {
            return Ok(texts);
        }
        if !keep_going() {
            break;
        }
    }
    Err(PictureError::WithoutQr)
}
