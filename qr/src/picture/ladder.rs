//! The order in which a picture is retouched and looked at, cheapest and likeliest first.
//!
//! Up to the sharpened picture the order is one that was measured on 200 real and 440 distorted pictures; the steps after
//! it each read some pictures of heavy noise or uneven light that the ones before do not.

use std::borrow::Cow;

use image::GrayImage;

use super::finding::{self, Sight};
use super::{last_resort, retouching};

/// Larger pictures are shrunk to this side first: codes that fill a photograph only lose noise.
const WORKING_SIDE: u32 = 2400;
/// The white margin around every picture.
const MARGIN: u32 = 16;
/// Largest side after enlarging.
const MOST_ENLARGED: u32 = 3200;
/// What larger pictures are shrunk to anyway.
const SMALLEST_SHRUNK: u32 = 700;
/// Looks without anything new, after which a picture with codes in it is done; more of them if patterns are left over.
const IDLE_LOOKS: usize = 1;
const IDLE_LOOKS_IF_LEFT_OVER: usize = 4;

/// One way to look at the picture.
#[derive(Debug, Clone, Copy)]
enum Step {
    Plain,
    Median,
    Shrunk(u32),
    Enlarged(u32),
    Blurred,
    Sharpened,
    Halved,
    Smoothed,
    Flattened,
    FullSize,
    LastResort(u32),
}

const STEPS: [Step; 17] = [
    Step::Plain,
    Step::Median,
    Step::Shrunk(2000),
    Step::Shrunk(1400),
    Step::Shrunk(1000),
    Step::Shrunk(700),
    Step::Enlarged(2),
    Step::Enlarged(3),
    Step::Blurred,
    Step::Sharpened,
    Step::Halved,
    Step::Smoothed,
    Step::Flattened,
    Step::LastResort(1000),
    Step::LastResort(700),
    Step::FullSize,
    Step::Shrunk(400),
];

/// The texts found, each once.
pub(super) fn climb(grey: &GrayImage, keep_going: &dyn Fn() -> bool) -> Vec<String> {
    let shrunk = retouching::shrink(grey, WORKING_SIDE).map_or(Cow::Borrowed(grey), Cow::Owned);
    let working = retouching::frame(&retouching::stretch(&shrunk), MARGIN);
    let mut texts: Vec<String> = Vec::new();
    let mut idle = 0;
    for step in STEPS {
        if !keep_going() {
            break;
        }
        let Some(sight) = look(step, grey, &working, keep_going) else { continue };
        let before = texts.len();
        for text in sight.texts {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        idle = if texts.len() > before { 0 } else { idle + 1 };
        let patience = if sight.left_over < 3 { IDLE_LOOKS } else { IDLE_LOOKS_IF_LEFT_OVER };
        if !texts.is_empty() && idle >= patience {
            break;
        }
    }
    texts
}

/// What a step shows; `None` if it would show nothing that another does not.
fn look(step: Step, original: &GrayImage, working: &GrayImage, keep_going: &dyn Fn() -> bool) -> Option<Sight> {
    let retouched = match step {
        Step::Plain => Cow::Borrowed(working),
        Step::Median => Cow::Owned(retouching::median(working)),
        Step::Shrunk(side) => Cow::Owned(retouching::shrink(working, side)?),
        Step::Enlarged(times) => Cow::Owned(retouching::enlarge(working, times, MOST_ENLARGED)?),
        Step::Blurred => Cow::Owned(retouching::blur(working)),
        Step::Sharpened => Cow::Owned(retouching::sharpen(working)),
        Step::Halved => Cow::Owned(halved(working)?),
        Step::Smoothed => Cow::Owned(retouching::blur(&retouching::blur(&retouching::median(working)))),
        Step::Flattened => Cow::Owned(retouching::blur(&retouching::flatten(working))),
        Step::FullSize => (long_side(original) > WORKING_SIDE).then_some(Cow::Borrowed(original))?,
        Step::LastResort(side) => {
            let shrunk = retouching::shrink(working, side).map_or(Cow::Borrowed(working), Cow::Owned);
            return Some(Sight { texts: last_resort::find(&shrunk), left_over: 0 });
        }
    };
    Some(finding::find(&retouched, keep_going))
}

/// Half as large, where no other step does about that.
fn halved(grey: &GrayImage) -> Option<GrayImage> {
    let side = long_side(grey);
    if side < 2 * SMALLEST_SHRUNK { retouching::shrink(grey, side / 2) } else { None }
}

fn long_side(grey: &GrayImage) -> u32 {
    grey.width().max(grey.height())
}
