//! What others have a device do: outputs, recording by hand, presets, a move of the camera.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Outcome, Refusal};
use crate::change::Disk;
use crate::device::{Device, held};
use crate::documents::channel_numbers;
use crate::documents::moving::{PRESETS, moves};
use crate::xml;

/// What a device was had do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Linked {
    /// The outputs that were switched, and whether they are on.
    pub outputs: BTreeMap<u32, bool>,
    /// The channels that are recorded because somebody said so.
    pub recording: BTreeSet<u32>,
    /// Where cameras were turned, by channel.
    pub presets: BTreeMap<u32, u32>,
    /// How cameras were moved last, by channel: to the side, up, closer, and for how many milliseconds.
    pub moved: BTreeMap<u32, (i32, i32, i32, u32)>,
    /// How often any of it was asked for and done.
    pub times: u32,
}

/// A camera has one output, a recorder four.
fn outputs(device: &Device) -> u32 {
    if device.identity.model.channels == 1 { 1 } else { 4 }
}

pub(super) fn switch(device: &Device, output: u32, body: &str) -> Result<Outcome, Refusal> {
    if !(1..=outputs(device)).contains(&output) {
        return Err((400, "invalidID"));
    }
    let on = match xml::find(body, "outputState").as_deref() {
        Some("high") => true,
        Some("low") => false,
        Some(_) => return Err((400, "badParameters")),
        None => return Err((400, "badXmlContent")),
    };
    let mut setup = held(&device.setup);
    setup.linked.outputs.insert(output, on);
    setup.linked.times += 1;
    Ok(Outcome::OK)
}

/// A track is the channel and its stream, `101`; only what has a disk records.
pub(super) fn record(device: &Device, track: u32) -> Result<Outcome, Refusal> {
    let channel = track / 100;
    if track % 100 != 1 || !channel_numbers(device).any(|number| number == channel) {
        return Err((400, "invalidID"));
    }
    if matches!(held(&device.condition).disk, Disk::None | Disk::Error) {
        return Err((403, "deviceError"));
    }
    let mut setup = held(&device.setup);
    setup.linked.recording.insert(channel);
    setup.linked.times += 1;
    Ok(Outcome::OK)
}

pub(super) fn turn(device: &Device, channel: u32, preset: u32) -> Result<Outcome, Refusal> {
    if !channel_numbers(device).any(|number| number == channel) {
        return Err((400, "invalidID"));
    }
    if !(1..=PRESETS).contains(&preset) {
        return Err((403, "invalidOperation"));
    }
    let mut setup = held(&device.setup);
    setup.linked.presets.insert(channel, preset);
    setup.linked.times += 1;
    Ok(Outcome::OK)
}

/// A move for so many milliseconds, after which the camera stops by itself.
pub(super) fn move_camera(device: &Device, channel: u32, body: &str) -> Result<Outcome, Refusal> {
    if !moves(device) {
        return Err((403, "notSupport"));
    }
    if !channel_numbers(device).any(|number| number == channel) {
        return Err((400, "invalidID"));
    }
    let number = |name: &str| xml::find(body, name).map(|text| text.trim().parse::<i32>());
    let speed = |name: &str| match number(name) {
        None => Ok(0),
        Some(Ok(speed)) if (-100..=100).contains(&speed) => Ok(speed),
        Some(_) => Err((400, "badParameters")),
    };
    let (pan, tilt, zoom) = (speed("pan")?, speed("tilt")?, speed("zoom")?);
    let Some(Ok(milliseconds)) = number("duration") else { return Err((400, "badXmlContent")) };
    let milliseconds = u32::try_from(milliseconds).map_err(|_| (400, "badParameters"))?;
    let mut setup = held(&device.setup);
    setup.linked.moved.insert(channel, (pan, tilt, zoom, milliseconds));
    setup.linked.times += 1;
    Ok(Outcome::OK)
}
