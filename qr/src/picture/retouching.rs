//! Ways to make a code in a bad picture easier to see. All keep the picture's meaning: dark stays dark.

use image::imageops::{self, FilterType};
use image::{GrayImage, Luma};

/// Spreads the shades so that all but the darkest and the lightest hundredth use the whole range.
pub(super) fn stretch(grey: &GrayImage) -> GrayImage {
    let mut counts = [0_usize; 256];
    for shade in grey.as_raw() {
        if let Some(count) = counts.get_mut(usize::from(*shade)) {
            *count += 1;
        }
    }
    let hundredth = grey.as_raw().len() / 100;
    let low = shade_after(counts.iter().copied(), hundredth);
    let high = 255 - shade_after(counts.iter().rev().copied(), hundredth);
    if high <= low || (low == 0 && high == 255) {
        return grey.clone();
    }
    let spread = |shade: u8| {
        let above = usize::from(shade).saturating_sub(low).min(high - low);
        u8::try_from(above * 255 / (high - low)).unwrap_or(u8::MAX)
    };
    with_pixels(grey, grey.as_raw().iter().map(|shade| spread(*shade)).collect())
}

/// How many steps until more than `share` pixels are passed.
fn shade_after(counts: impl Iterator<Item = usize>, share: usize) -> usize {
    let mut passed = 0;
    counts
        .take_while(|count| {
            passed += count;
            passed <= share
        })
        .count()
        .min(255)
}

/// Each pixel the median of the nine around it: removes noise and keeps edges.
pub(super) fn median(grey: &GrayImage) -> GrayImage {
    by_neighbours(grey, |columns| {
        let [left, middle, right] = columns.map(sorted);
        let low = left[0].max(middle[0]).max(right[0]);
        let high = left[2].min(middle[2]).min(right[2]);
        sorted([low, sorted([left[1], middle[1], right[1]])[1], high])[1]
    })
}

/// A light blur: each pixel with a quarter of itself, eighths and sixteenths of its neighbours.
pub(super) fn blur(grey: &GrayImage) -> GrayImage {
    by_neighbours(grey, |columns| {
        let [left, middle, right] = columns.map(|[a, b, c]| u16::from(a) + 2 * u16::from(b) + u16::from(c));
        u8::try_from((left + 2 * middle + right + 8) / 16).unwrap_or(u8::MAX)
    })
}

/// Unsharp masking: what a blur would take away is added twice.
pub(super) fn sharpen(grey: &GrayImage) -> GrayImage {
    let blurred = blur(&blur(grey));
    let sharper = |(shade, soft): (&u8, &u8)| {
        let (shade, soft) = (i16::from(*shade), i16::from(*soft));
        u8::try_from((shade + 2 * (shade - soft)).clamp(0, 255)).unwrap_or_default()
    };
    with_pixels(grey, grey.as_raw().iter().zip(blurred.as_raw()).map(sharper).collect())
}

/// Evenly lit: each pixel against the mean of its surroundings, an eighth of the picture wide.
pub(super) fn flatten(grey: &GrayImage) -> GrayImage {
    let (columns, rows) = (16.min(grey.width()), 16.min(grey.height()));
    let coarse = imageops::resize(grey, columns, rows, FilterType::Triangle);
    let around = imageops::resize(&coarse, grey.width(), grey.height(), FilterType::Triangle);
    let against = |(shade, mean): (&u8, &u8)| {
        let difference = i32::from(*shade) - i32::from(*mean);
        u8::try_from((128 + difference * 128 / i32::from((*mean).max(1))).clamp(0, 255)).unwrap_or_default()
    };
    stretch(&with_pixels(grey, grey.as_raw().iter().zip(around.as_raw()).map(against).collect()))
}

/// Smaller, so that its longer side has `side` pixels; `None` if it is not longer.
pub(super) fn shrink(grey: &GrayImage, side: u32) -> Option<GrayImage> {
    let long = grey.width().max(grey.height());
    (long > side).then(|| {
        let scaled = |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(long)).unwrap_or(1);
        imageops::resize(grey, scaled(grey.width()).max(1), scaled(grey.height()).max(1), FilterType::Triangle)
    })
}

/// `times` larger; `None` if a side then has more than `most` pixels.
pub(super) fn enlarge(grey: &GrayImage, times: u32, most: u32) -> Option<GrayImage> {
    (grey.width().max(grey.height()) * times <= most)
        .then(|| imageops::resize(grey, grey.width() * times, grey.height() * times, FilterType::CatmullRom))
}

/// With a margin of the lightest shade: codes cut out to their edge have none.
pub(super) fn frame(grey: &GrayImage, margin: u32) -> GrayImage {
    let mut framed = GrayImage::from_pixel(grey.width() + 2 * margin, grey.height() + 2 * margin, Luma([255]));
    imageops::replace(&mut framed, grey, i64::from(margin), i64::from(margin));
    framed
}

fn sorted([a, b, c]: [u8; 3]) -> [u8; 3] {
    let (low, high) = (a.min(b), a.max(b));
    [low.min(c), low.max(high.min(c)), high.max(c)]
}

/// Each inner pixel from the three columns of three around it; the outermost pixels stay.
fn by_neighbours(grey: &GrayImage, of: impl Fn([[u8; 3]; 3]) -> u8) -> GrayImage {
    let width = grey.width() as usize;
    let mut pixels = grey.as_raw().clone();
    let rows = pixels.chunks_exact_mut(width).skip(1);
    let above = grey.as_raw().chunks_exact(width);
    let beside = above.clone().skip(1);
    let below = above.clone().skip(2);
    for (((row, above), beside), below) in rows.zip(above).zip(beside).zip(below) {
        let three = above.windows(3).zip(beside.windows(3)).zip(below.windows(3));
        for (place, ((above, beside), below)) in row.iter_mut().skip(1).zip(three) {
            if let ([a, b, c], [d, e, f], [g, h, i]) = (above, beside, below) {
                *place = of([[*a, *d, *g], [*b, *e, *h], [*c, *f, *i]]);
            }
        }
    }
    with_pixels(grey, pixels)
}

fn with_pixels(like: &GrayImage, pixels: Vec<u8>) -> GrayImage {
    GrayImage::from_raw(like.width(), like.height(), pixels).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: [[u8; 4]; 3]) -> GrayImage {
        GrayImage::from_raw(4, 3, rows.concat()).unwrap()
    }

    #[test]
    fn the_median_removes_a_speck_and_leaves_the_edge_pixels() {
        let speck = picture([[9, 9, 9, 9], [9, 200, 9, 9], [9, 9, 9, 9]]);
        assert!(median(&speck).as_raw().iter().all(|shade| *shade == 9));
        let ramp = picture([[1, 2, 3, 7], [4, 5, 6, 7], [7, 8, 9, 7]]);
        assert_eq!(median(&ramp).get_pixel(1, 1).0, [5]);
    }

    #[test]
    fn stretching_uses_the_whole_range() {
        let grey = GrayImage::from_fn(100, 100, |x, _| Luma([100 + u8::try_from(x / 2).unwrap()]));
        let stretched = stretch(&grey);
        assert_eq!((stretched.as_raw().iter().min(), stretched.as_raw().iter().max()), (Some(&0), Some(&255)));
        let flat = GrayImage::from_pixel(50, 50, Luma([77]));
        assert_eq!(stretch(&flat), flat);
    }

    #[test]
    fn shrinking_keeps_the_shape_and_small_pictures_stay() {
        let grey = GrayImage::new(1000, 500);
        assert_eq!(shrink(&grey, 700).unwrap().dimensions(), (700, 350));
        assert!(shrink(&grey, 1000).is_none());
    }
}
