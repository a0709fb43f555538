//! A second decoder of another family, which reads a few pictures that the first does not.
//!
//! It panics on some real pictures, so it comes last and is caught.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use rqrr::PreparedImage;
use rxing::common::HybridBinarizer;
use rxing::{Binarizer, Luma8LuminanceSource};

use super::guarding::is_crowded;

/// It compares patterns on copies of the picture: more than a few codes are not for it.
const MOST_PATTERNS: usize = 24;

/// The texts of the codes that it finds.
pub(super) fn find(grey: &GrayImage) -> Vec<String> {
    catch_unwind(AssertUnwindSafe(|| find_carefully(grey))).unwrap_or_default()
}

fn find_carefully(grey: &GrayImage) -> Vec<String> {
    if is_too_much(grey) {
        return Vec::new();
    }
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let shade = |x: usize, y: usize| grey.as_raw().get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, shade);
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn is_too_much(grey: &GrayImage) -> bool {
    let Ok(source) = Luma8LuminanceSource::new(grey.as_raw().clone(), grey.width(), grey.height()) else {
        return true;
    };
    HybridBinarizer::new(source).get_black_matrix().is_ok_and(|matrix| is_crowded(matrix, MOST_PATTERNS))
}
