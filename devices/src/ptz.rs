//! Moving a camera: a moment in a direction, and the places that it remembers.
//!
//! Paths and words stand here only, see docs/devices.md for how sure they are. A move names how long it lasts and ends by itself: nobody
//! has to be there to stop it.

use std::time::Duration;

use bytes::Bytes;
use http::Method;

use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::outcome::{self, Done};
use crate::isapi::{read_answer, whole_number, yes_or_no};
use crate::xml::Element;

const XML: &str = "application/xml";
/// Presets of a camera that are read at most.
const MOST_PRESETS: usize = 300;

/// Where a camera is moved to and how fast, each from -100 to 100: positive is right, up, closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Move {
    /// To the side.
    pub pan: i32,
    /// Up or down.
    pub tilt: i32,
    /// Closer or wider.
    pub zoom: i32,
}

/// A place that a camera remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Its number, from 1.
    pub number: u32,
    /// Its name; may be empty.
    pub name: String,
}

/// Moves the camera of a channel for so long, then it stops by itself.
pub async fn move_camera(
    client: &mut DeviceClient,
    channel: u32,
    to: Move,
    duration: Duration,
) -> Result<Done, CallError> {
    let fast = |speed: i32| speed.clamp(-100, 100);
    let body = format!(
        "<PTZData><pan>{}</pan><tilt>{}</tilt><zoom>{}</zoom><Momentary><duration>{}</duration></Momentary></PTZData>",
        fast(to.pan),
        fast(to.tilt),
        fast(to.zoom),
        duration.as_millis(),
    );
    let path = format!("/ISAPI/PTZCtrl/channels/{channel}/momentary");
    let answer = client.send(Method::PUT, &path, Some(XML), Bytes::from(body)).await?;
    outcome::read(&answer)
}

/// The places that the camera of a channel remembers, by number.
pub async fn presets(client: &mut DeviceClient, channel: u32) -> Result<Vec<Preset>, CallError> {
    let answer = client.get(&format!("/ISAPI/PTZCtrl/channels/{channel}/presets")).await?;
    read_answer(&answer, read)
}

/// Reads a list of presets; `None` for another document. Places that were not set are in the list too, and left out.
fn read(root: &Element<'_>) -> Option<Vec<Preset>> {
    let found = root.find_all("PTZPreset");
    if found.is_empty() && root.find("PTZPresetList").is_none() {
        return None;
    }
    let set = found.into_iter().filter(|preset| preset.child_text("enabled").and_then(yes_or_no) != Some(false));
    let mut presets: Vec<Preset> = set
        .filter_map(|preset| {
            let number = preset.child_text("id").and_then(whole_number).and_then(|id| u32::try_from(id).ok())?;
            let name = preset.child_text("presetName").unwrap_or_default().trim().to_owned();
            (number > 0).then_some(Preset { number, name })
        })
        .take(MOST_PRESETS)
        .collect();
    presets.sort_by_key(|preset| preset.number);
    presets.dedup_by_key(|preset| preset.number);
    Some(presets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn presets_that_are_set_are_read_by_number() {
        let text = "<PTZPresetList><PTZPreset><enabled>true</enabled><id>3</id><presetName>Gate</presetName></PTZPreset>\
            <PTZPreset><enabled>false</enabled><id>2</id><presetName>Preset 2</presetName></PTZPreset>\
            <PTZPreset><id>1</id></PTZPreset></PTZPresetList>";
        let presets = read(&read_any(text).unwrap()).unwrap();
        let told: Vec<_> = presets.iter().map(|preset| (preset.number, preset.name.as_str())).collect();
        assert_eq!(told, [(1, ""), (3, "Gate")]);
        assert_eq!(read(&read_any("<PTZPresetList/>").unwrap()), Some(Vec::new()));
        assert_eq!(read(&read_any("<html/>").unwrap()), None);
    }
}
