//! Pictures made to be slow: thousands of finder patterns make the detectors compare every three of them.
//!
//! So the patterns are counted first, with the rules of the more generous detector, and a crowd is not looked at.

use std::collections::HashSet;

use rxing::common::BitMatrix;

/// Rows are looked at as the detectors do it: every third.
const ROW_STEP: usize = 3;

/// Whether there are more than `most` places that look like a finder pattern both across and down.
pub(super) fn is_crowded(matrix: &BitMatrix, most: usize) -> bool {
    let mut places = HashSet::new();
    for y in (2..matrix.height()).step_by(ROW_STEP) {
        let mut runs = [0_u32; 5];
        let mut run = 0;
        let mut dark = false;
        // One step beyond the edge, where it is light, ends the last run.
        for x in 0..=matrix.width() {
            let now = x < matrix.width() && matrix.get(x, y);
            if now == dark {
                run += 1;
                continue;
            }
            runs.rotate_left(1);
            if let Some(last) = runs.last_mut() {
                *last = run;
            }
            if dark && is_pattern(runs) {
                let whole: u32 = runs.iter().sum();
                let [.., centre, light, outer] = runs;
                let middle = x.saturating_sub(outer + light + centre / 2 + 1);
                if is_pattern(runs_down(matrix, middle, y, whole)) {
                    let cell = whole.max(4);
                    places.insert((middle / cell, y / cell));
                    if places.len() > most {
                        return true;
                    }
                }
            }
            dark = now;
            run = 1;
        }
    }
    false
}

/// The five runs down through a dark place, none longer than `longest`.
fn runs_down(matrix: &BitMatrix, x: u32, y: u32, longest: u32) -> [u32; 5] {
    let up = runs_along((0..y).rev().map(|row| matrix.get(x, row)), longest);
    let down = runs_along((y + 1..matrix.height()).map(|row| matrix.get(x, row)), longest);
    let centre = if matrix.get(x, y) { up[0] + down[0] + 1 } else { 0 };
    [up[2], up[1], centre, down[1], down[2]]
}

/// The lengths of the dark, the light and the dark run from here on.
fn runs_along(pixels: impl Iterator<Item = bool>, longest: u32) -> [u32; 3] {
    let mut runs = [0; 3];
    let mut current = 0;
    for dark in pixels {
        if dark == (current == 1) {
            current += 1;
        }
        match runs.get_mut(current) {
            Some(run) if *run < longest => *run += 1,
            _ => break,
        }
    }
    runs
}

/// 1 : 1 : 3 : 1 : 1, each within half a module and a bit.
fn is_pattern(runs: [u32; 5]) -> bool {
    let whole: u32 = runs.iter().sum();
    if whole < 7 || runs.contains(&0) {
        return false;
    }
    let module = f64::from(whole) / 7.0;
    let variance = module / 2.0 + (0.5 / module).min(0.5);
    runs.iter()
        .zip([1.0, 1.0, 3.0, 1.0, 1.0])
        .all(|(run, share)| (share * module - f64::from(*run)).abs() < share * variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finder patterns of `module` pixels a module, in rows and columns.
    fn patterns(across: u32, down: u32, module: u32) -> BitMatrix {
        let pitch = 9 * module;
        let mut matrix = BitMatrix::new(across * pitch, down * pitch).unwrap();
        for y in 0..matrix.height() {
            for x in 0..matrix.width() {
                let from_centre = |at: u32| i64::from(at % pitch / module).abs_diff(4);
                let ring = from_centre(x).max(from_centre(y));
                matrix.set_bool(x, y, ring != 2 && ring != 4);
            }
        }
        matrix
    }

    #[test]
    fn a_crowd_is_told_from_a_few_codes() {
        assert!(!is_crowded(&patterns(3, 3, 4), 64));
        assert!(is_crowded(&patterns(30, 30, 2), 400));
    }
}
