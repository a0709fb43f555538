//! How many devices go into one code: ten at most, and no more text than a version 19 code of level M holds.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use super::payload::{write, write_device};
use super::{BEGINNING, SealedDevice, SealedError};

/// Most devices in one code.
pub const MOST_IN_A_CODE: usize = 10;
/// What version 19 of level M holds in alphanumeric mode.
const MOST_CHARACTERS: usize = 909;
/// Header and authentication tag.
const OUTSIDE_BYTES: usize = 39 + 16;
/// `[last day,[part,parts]` and the end, at their longest.
const AROUND_DEVICES: usize = 24;

/// What one code will hold, not sealed yet.
pub struct Sheet {
    /// Which of the devices are on it.
    pub devices: Range<usize>,
    /// Which code of how many it is, from 1.
    pub part: (usize, usize),
    pub(super) payload: Zeroizing<String>,
}

impl fmt::Debug for Sheet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Sheet").field("devices", &self.devices).field("part", &self.part).finish_non_exhaustive()
    }
}

/// Splits devices over codes, in their order; the codes open until the end of the day of `last_until` (unix seconds).
///
/// A device that alone needs more than a version 19 code gets a larger one for itself.
pub fn split(devices: &[SealedDevice], last_until: i64) -> Result<Vec<Sheet>, SealedError> {
    let texts = devices.iter().map(write_device).collect::<Result<Vec<_>, _>>()?;
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (index, text) in texts.iter().enumerate() {
        let own = serde_json::to_string(text.as_str()).map_err(|_| SealedError::Unwritable)?;
        let own = Zeroizing::new(own).len() + 1;
        match ranges.last_mut() {
            Some(range) if range.len() < MOST_IN_A_CODE && fits(bytes + own) => range.end = index + 1,
            _ => {
                ranges.push(index..index + 1);
                bytes = 0;
            }
        }
        bytes += own;
    }
    let parts = ranges.len();
    let sheets = ranges.into_iter().enumerate().map(|(index, devices)| {
        let part = (index + 1, parts);
        let payload = write(last_until, part, texts.get(devices.clone()).unwrap_or_default())?;
        Ok(Sheet { devices, part, payload })
    });
    sheets.collect()
}

/// Whether devices of so many bytes fit one code: three characters for two bytes.
fn fits(bytes: usize) -> bool {
    BEGINNING.len() + (OUTSIDE_BYTES + AROUND_DEVICES + bytes).div_ceil(2) * 3 <= MOST_CHARACTERS
}
