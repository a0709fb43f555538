//! Looking for codes in one version of the picture.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::GrayImage;
use rxing::common::{BitMatrix, DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{FindFinderPatterns, GenerateFinderPatternSets, SampleQR};
use rxing::qrcode::decoder::qrcode_decoder::decode_bitmatrix_with_hints;
use rxing::qrcode::detector::Detector;
use rxing::{Binarizer, DecodeHints, Luma8LuminanceSource};

use super::guarding::is_crowded;

/// Most places that look like a finder pattern: a page of 40 codes has 120.
const MOST_PATTERNS: usize = 400;
/// Most triples of patterns that are tried in one version of the picture.
const MOST_TRIPLES: usize = 1500;

/// What one version of the picture shows.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// The texts found.
    pub(super) texts: Vec<String>,
    /// Finder patterns that belong to none of them: there may be more codes.
    pub(super) left_over: usize,
}

/// Every code in this version of the picture, dark on light, else light on dark.
pub(super) fn find(grey: &GrayImage, keep_going: &dyn Fn() -> bool) -> Sight {
    // The detectors are not free of panics, and a picture must not end a worker.
    catch_unwind(AssertUnwindSafe(|| find_carefully(grey, keep_going))).unwrap_or_default()
}

fn find_carefully(grey: &GrayImage, keep_going: &dyn Fn() -> bool) -> Sight {
    let Ok(source) = Luma8LuminanceSource::new(grey.as_raw().clone(), grey.width(), grey.height()) else {
        return Sight::default();
    };
    let binarizer = HybridBinarizer::new(source);
    let Ok(matrix) = binarizer.get_black_matrix() else { return Sight::default() };
    let sight = find_in(matrix, keep_going);
    if !sight.texts.is_empty() || !keep_going() {
        return sight;
    }
    let mut inverted = matrix.clone();
    inverted.flip_self();
    let inverted_sight = find_in(&inverted, keep_going);
    if inverted_sight.texts.is_empty() { sight } else { inverted_sight }
}

fn find_in(matrix: &BitMatrix, keep_going: &dyn Fn() -> bool) -> Sight {
    if is_crowded(matrix, MOST_PATTERNS) {
        return Sight::default();
    }
    let mut sight = find_all(matrix, keep_going);
    if sight.texts.is_empty() && keep_going() {
        sight.texts.extend(find_one(matrix));
    }
    sight
}

/// The newer detector: every plausible triple of finder patterns, likeliest first.
fn find_all(matrix: &BitMatrix, keep_going: &dyn Fn() -> bool) -> Sight {
    let mut patterns = FindFinderPatterns(matrix, true, 0);
    let mut used = Vec::new();
    let mut texts = Vec::new();
    for triple in GenerateFinderPatternSets(&mut patterns).into_iter().take(MOST_TRIPLES) {
        if !keep_going() {
            break;
        }
        if [triple.bl, triple.tl, triple.tr].iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        let Some(decoded) = SampleQR(matrix, &triple).and_then(|sample| Decode(sample.getBits())).ok() else {
            continue;
        };
        if decoded.isValid() {
            used.extend([triple.bl, triple.tl, triple.tr]);
            texts.push(decoded.text());
        }
    }
    Sight { texts, left_over: patterns.len().saturating_sub(used.len()) }
}

/// The older detector finds one code at most, and some that the newer does not.
fn find_one(matrix: &BitMatrix) -> Option<String> {
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let found = Detector::new(matrix).detect_with_hints(&hints).ok()?;
    let decoded = decode_bitmatrix_with_hints(found.getBits(), &hints).ok()?;
    Some(decoded.getText().to_owned())
}
