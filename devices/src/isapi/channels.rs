//! Channels, in the ways of cameras, DVRs and NVRs.
//!
//! A camera lists its sensors as video inputs. A DVR lists its analogue inputs there too
//! (`resDesc` `NO VIDEO` marks a lost picture) and its network cameras as input proxies. An NVR
//! lists input proxies only, and tells their state in a list, or, on older firmware, one by one.

use std::collections::BTreeMap;

use siteward_domain::observation::{Channel, ChannelSource};

use super::{owned, whole_number, yes_or_no};
use crate::xml::Element;

/// A camera's sensors, a DVR's analogue inputs.
pub const INPUTS_PATH: &str = "/ISAPI/System/Video/inputs/channels";
/// Network cameras behind a recorder.
pub const PROXIES_PATH: &str = "/ISAPI/ContentMgmt/InputProxy/channels";
/// The state of all of them.
pub const PROXY_STATUS_PATH: &str = "/ISAPI/ContentMgmt/InputProxy/channels/status";
/// How the state of each alone is named among the resources of a fact.
pub const ANY_SINGLE_STATUS: &str = "/ISAPI/ContentMgmt/InputProxy/channels/<id>/status";
/// Channels whose state is asked for one by one, at most.
pub const MOST_SINGLE_STATUS: usize = 64;

/// The state of one of them.
pub fn single_status_path(number: u32) -> String {
    format!("{PROXIES_PATH}/{number}/status")
}

/// Reads video inputs as channels of the given source; `None` for another document.
pub fn read_inputs(root: &Element<'_>, source: ChannelSource) -> Option<Vec<Channel>> {
    let items = items_of(root, "VideoInputChannelList", "VideoInputChannel")?;
    let numbered = items.iter().zip(1_u32..).map(|(item, place)| {
        let picture = item.child_text("resDesc");
        let lost = picture.map(|text| {
            let word: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            word.eq_ignore_ascii_case("NOVIDEO")
        });
        Channel {
            number: number_of(item).unwrap_or(place),
            name: item.child_text("name").unwrap_or("").to_owned(),
            source,
            online: None,
            video_loss: lost,
            detail: owned(picture),
            address: None,
            model: None,
            firmware: None,
            recording: None,
        }
    });
    Some(numbered.collect())
}

/// Reads the list of network cameras behind a recorder; the list's own `size` is often wrong.
pub fn read_proxies(root: &Element<'_>) -> Option<Vec<Channel>> {
    let items = items_of(root, "InputProxyChannelList", "InputProxyChannel")?;
    Some(items.iter().zip(1_u32..).map(|(item, place)| proxy(item, place)).collect())
}

/// What a recorder tells of a camera's state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProxyStatus {
    online: Option<bool>,
    detail: Option<String>,
    address: Option<String>,
    recording: Option<bool>,
}

/// Reads states, of the list or of a single channel, by channel number.
pub fn read_proxy_states(root: &Element<'_>) -> Option<BTreeMap<u32, ProxyStatus>> {
    let items = items_of(root, "InputProxyChannelStatusList", "InputProxyChannelStatus")?;
    let states = items.iter().zip(1_u32..).map(|(item, place)| {
        let status = ProxyStatus {
            online: item.child_text("online").and_then(yes_or_no),
            detail: owned(item.child_text("chanDetectResult")),
            address: address_of(item),
            recording: item.child_text("recordStatus").and_then(is_recording),
        };
        (number_of(item).unwrap_or(place), status)
    });
    Some(states.collect())
}

/// Puts states on the channels they belong to.
pub fn apply_states(channels: &mut [Channel], states: &BTreeMap<u32, ProxyStatus>) {
    for channel in channels {
        let Some(status) = states.get(&channel.number) else { continue };
        channel.online = status.online;
        channel.detail.clone_from(&status.detail);
        channel.recording = status.recording;
        if channel.address.is_none() {
            channel.address.clone_from(&status.address);
        }
    }
}

/// [?] `recordStatus`: its words are not known from hardware, so all that can mean yes or no are read, and no other.
fn is_recording(text: &str) -> Option<bool> {
    yes_or_no(text).or_else(|| match text.trim().to_ascii_lowercase().as_str() {
        "recording" | "record" | "on" | "start" | "normal" => Some(true),
        "notrecording" | "norecord" | "off" | "stop" | "stopped" | "abnormal" => Some(false),
        _ => None,
    })
}

fn proxy(item: &Element<'_>, place: u32) -> Channel {
    let behind = item.child("sourceInputPortDescriptor");
    let text = |name: &str| owned(behind.and_then(|behind| behind.child_text(name)));
    Channel {
        number: number_of(item).unwrap_or(place),
        name: item.child_text("name").unwrap_or("").to_owned(),
        source: ChannelSource::Ip,
        online: None,
        video_loss: None,
        detail: None,
        address: address_of(item),
        model: text("model"),
        firmware: text("firmwareVersion"),
        recording: None,
    }
}

fn address_of(item: &Element<'_>) -> Option<String> {
    let behind = item.child("sourceInputPortDescriptor")?;
    let told = ["ipAddress", "hostName", "ipv6Address"].into_iter().filter_map(|name| behind.child_text(name));
    told.filter(|address| *address != "0.0.0.0" && *address != "::").map(str::to_owned).next()
}

fn number_of(item: &Element<'_>) -> Option<u32> {
    item.child_text("id").and_then(whole_number).and_then(|number| u32::try_from(number).ok())
}

/// The items of a list; a single item may stand alone, and a list may be empty.
fn items_of<'e, 'a>(root: &'e Element<'a>, list: &str, item: &str) -> Option<Vec<&'e Element<'a>>> {
    if root.is(item) {
        return Some(vec![root]);
    }
    let found = root.find_all(item);
    (root.find(list).is_some() || !found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn an_input_without_a_picture_is_a_lost_one() {
        let text = "<VideoInputChannelList><VideoInputChannel><id>1</id><name>In</name><resDesc>2560*1440(4MP)P30</resDesc></VideoInputChannel>\
            <VideoInputChannel><id>2</id><name/><resDesc>NO VIDEO</resDesc></VideoInputChannel></VideoInputChannelList>";
        let channels = read_inputs(&read_any(text).unwrap(), ChannelSource::Analog).unwrap();
        let told: Vec<_> = channels.iter().map(|c| (c.number, c.name.as_str(), c.video_loss)).collect();
        assert_eq!(told, [(1, "In", Some(false)), (2, "", Some(true))]);
    }

    #[test]
    fn the_number_of_items_counts_and_not_the_size_told() {
        let text = r#"<InputProxyChannelList size="7"><InputProxyChannel><id>3</id><name>Road</name>
            <sourceInputPortDescriptor><ipAddress>192.0.2.3</ipAddress><model></model><firmwareVersion>V5.7.15 build 240201</firmwareVersion>
            </sourceInputPortDescriptor></InputProxyChannel></InputProxyChannelList>"#;
        let mut channels = read_proxies(&read_any(text).unwrap()).unwrap();
        assert_eq!(channels.len(), 1);
        let states = "<InputProxyChannelStatusList><InputProxyChannelStatus><id>3</id><online>false</online>\
            <chanDetectResult>netUnreachable</chanDetectResult></InputProxyChannelStatus></InputProxyChannelStatusList>";
        apply_states(&mut channels, &read_proxy_states(&read_any(states).unwrap()).unwrap());
        let road = &channels[0];
        assert_eq!((road.online, road.detail.as_deref()), (Some(false), Some("netUnreachable")));
        assert_eq!((road.model.as_deref(), road.firmware.as_deref()), (None, Some("V5.7.15 build 240201")));
    }

    #[test]
    fn lists_may_be_empty_and_a_single_item_may_stand_alone() {
        assert_eq!(read_proxies(&read_any(r#"<InputProxyChannelList size="2"/>"#).unwrap()), Some(vec![]));
        let single = "<InputProxyChannelStatus><id>9</id><online>true</online></InputProxyChannelStatus>";
        assert_eq!(read_proxy_states(&read_any(single).unwrap()).unwrap()[&9].online, Some(true));
        assert_eq!(read_proxies(&read_any("<html/>").unwrap()), None);
    }
}
