//! The places that a camera remembers. **[?]** Written after what several public programs read.

use super::{Document, channel_numbers, start};
use crate::device::Device;
use crate::profile::Profile;

/// Presets that a camera has stored.
pub(crate) const PRESETS: u32 = 8;
/// Names of some of them; the others have the names that they came with.
const NAMES: [&str; 3] = ["Entrance", "Car park", "Back door"];

/// Whether a device can be moved at all. The others are fixed.
pub(crate) fn moves(device: &Device) -> bool {
    !matches!(device.identity.profile, Profile::CameraOld | Profile::Thermal)
}

/// The list holds places that nobody set, too: they are not enabled.
pub(super) fn presets(device: &Device, channel: u32) -> Document {
    if !moves(device) {
        return Document::Unsupported;
    }
    if !channel_numbers(device).any(|number| number == channel) {
        return Document::NoSuchItem;
    }
    let mut xml = start(device, "PTZPresetList");
    for number in 1..=PRESETS + 2 {
        xml.open("PTZPreset");
        xml.leaf("enabled", number <= PRESETS);
        xml.leaf("id", number);
        let place = usize::try_from(number - 1).unwrap_or_default();
        match NAMES.get(place) {
            Some(name) => xml.leaf("presetName", name),
            None => xml.leaf("presetName", format_args!("Preset {number}")),
        }
        xml.close();
    }
    Document::Xml(xml.finish())
}
