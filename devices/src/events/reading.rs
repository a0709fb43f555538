//! One part to what it tells: XML or JSON, of cameras, recorders, access control and alarm panels.
//!
//! Sources: docs/devices.md of the project; names of elements are those that devices were seen to send.

use siteward_domain::device_event::{DeviceSignal, EventState};

use super::Told;
use crate::isapi::text_of;
use crate::xml::{Element, read_any};

/// Where a device says which channel it is; the first that is there counts.
const CHANNELS: [&str; 4] = ["channelID", "dynChannelID", "inputIOPortID", "channel"];

/// Reads a part.
pub fn read(part: &[u8]) -> Told {
    let text = text_of(part);
    let Ok(root) = read_any(&text) else { return Told::Unreadable };
    let Some(word) = root.text_of("eventType") else { return Told::Unreadable };
    let state = match root.text_of("eventState") {
        Some(state) if state.eq_ignore_ascii_case("inactive") => EventState::Inactive,
        _ => EventState::Active,
    };
    let (word, channel) = word_and_channel(&root, word);
    match DeviceSignal::read(&word, state, channel) {
        Some(signal) => Told::Event(signal),
        None => Told::Heartbeat,
    }
}

/// Access control and alarm panels put what happened into a document of its own.
fn word_and_channel(root: &Element<'_>, word: &str) -> (String, Option<u32>) {
    if word.eq_ignore_ascii_case("AccessControllerEvent") {
        let major = root.text_of("majorEventType").or_else(|| root.text_of("major")).unwrap_or("");
        let minor = root.text_of("subEventType").or_else(|| root.text_of("minor")).unwrap_or("");
        return (format!("AccessControllerEvent/{major}/{minor}"), number_of(root, &["doorNo"]));
    }
    if word.eq_ignore_ascii_case("cidEvent") {
        let code = root.text_of("standardCIDcode").or_else(|| root.text_of("code")).unwrap_or("");
        return (format!("cidEvent/{code}"), number_of(root, &["zone", "system"]));
    }
    if word.eq_ignore_ascii_case("IO") {
        return (word.to_owned(), number_of(root, &["inputIOPortID", "channelID", "dynChannelID"]));
    }
    (word.to_owned(), number_of(root, &CHANNELS))
}

fn number_of(root: &Element<'_>, names: &[&str]) -> Option<u32> {
    names.iter().find_map(|name| root.text_of(name)?.trim().parse().ok())
}
