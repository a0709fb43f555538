//! The panel itself: case, power, batteries, ways to the outside, and the one resource that has nearly all of it.
//!
//! Source: `AlarmHostStatus` and `BatteryList` as the vendor describes them, `CommuniStatus` as two implementations read it.

use siteward_domain::panel::{LinkState, PanelBattery, PanelLinks, PanelStatus};

use super::super::values::{flag, is_blank, items, number, percent, word};
use super::{MOST_BATTERIES, peripherals, zones};
use crate::isapi::yes_or_no;
use crate::xml::Element;

/// Reads `AlarmHostStatus`; parts that are absent or empty are to be asked for on their own.
pub(super) fn read(root: &Element<'_>) -> Option<PanelStatus> {
    let all = root.find("AlarmHostStatus").unwrap_or(root);
    let host = all.find("HostStatus");
    let status = PanelStatus {
        mains: host.and_then(|host| flag(host, "ACConnect")),
        tamper: host.and_then(|host| flag(host, "tamperEvident")),
        batteries: filled(read_batteries(all)),
        links: all.find("CommuniStatus").and_then(read_links),
        areas: filled(zones::read_areas(all)),
        zones: filled(zones::read_zones(all)),
        peripherals: all.find("ExDevStatus").and_then(peripherals::read).filter(|list| !list.is_empty()),
    };
    (host.is_some() || !status.is_empty()).then_some(status)
}

fn filled<T>(list: Option<Vec<T>>) -> Option<Vec<T>> {
    list.filter(|list| !list.is_empty())
}

/// [?] Reads `acPowerStatus`: the path is known and not its answer, so every name is tried that panels have for mains power.
pub(super) fn read_mains(root: &Element<'_>) -> Option<bool> {
    const NAMES: [&str; 5] = ["ACConnect", "acPowerStatus", "ACStatus", "powerStatus", "status"];
    let told = NAMES.iter().find_map(|name| root.text_of(name))?;
    yes_or_no(told).or_else(|| match told.trim().to_ascii_lowercase().as_str() {
        "normal" | "connect" | "connected" | "on" | "ok" => Some(true),
        "break" | "disconnect" | "disconnected" | "off" | "abnormal" | "loss" | "acloss" | "powerdown" => Some(false),
        _ => None,
    })
}

/// Reads `BatteryList`; `None` for another document. An answer with nothing in it is a panel without batteries.
pub(super) fn read_batteries(root: &Element<'_>) -> Option<Vec<PanelBattery>> {
    let found = items(root, "BatteryList", "Battery");
    let read = found.iter().take(MOST_BATTERIES).map(|battery| PanelBattery {
        id: number(battery, "id"),
        percent: percent(battery, "percent"),
        state: word(battery, "status"),
    });
    let read: Vec<_> = read.collect();
    (!read.is_empty() || is_blank(root)).then_some(read)
}

/// Reads `CommuniStatus`; `None` for another document.
pub(super) fn read_links(root: &Element<'_>) -> Option<PanelLinks> {
    let told = root.find("CommuniStatus").unwrap_or(root);
    let link = |name: &str| told.child_text(name).map(link_state);
    let links = PanelLinks { cable: link("wired"), wifi: link("wifi"), cellular: link("mobile") };
    (links != PanelLinks::default()).then_some(links)
}

/// `normal` and `break` are told by two implementations; the others are words that panels have for the like elsewhere [?].
fn link_state(text: &str) -> LinkState {
    match text.trim().to_ascii_lowercase().as_str() {
        "normal" | "online" | "connected" | "connect" | "true" => LinkState::Up,
        "break" | "offline" | "disconnected" | "abnormal" | "exception" | "fault" | "false" => LinkState::Down,
        "notrelated" | "none" | "nosim" | "nocard" | "notsupport" | "disabled" | "miss" => LinkState::Absent,
        _ => LinkState::Other(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn the_one_resource_tells_case_power_ways_out_and_what_is_in_its_lists() {
        let json = r#"{"AlarmHostStatus":{
            "HostStatus":{"tamperEvident":false,"ACConnect":true,"EzvizNetwork":"wired"},
            "ZoneList":[{"Zone":{"id":0,"name":"Door","status":"online","tamperEvident":true,"subSystemNo":1}}],
            "SubSysList":[{"SubSys":{"id":1,"arming":"stay","alarm":false,"enabled":true,"name":"House"}}],
            "ExDevStatus":{"SirenList":[{"Siren":{"id":1,"status":"online"}}],"KeypadList":[]},
            "CommuniStatus":{"wired":"normal","wifi":"break","wifiSignal":3,"mobile":"noSIM"},
            "BatteryList":[{"Battery":{"id":1,"status":"normal","percent":97,"voltage":13}}]}}"#;
        let status = read(&read_any(json).unwrap()).unwrap();
        assert_eq!((status.mains, status.tamper), (Some(true), Some(false)));
        let links = status.links.unwrap();
        assert_eq!(links.cable, Some(LinkState::Up));
        assert_eq!((links.wifi, links.cellular), (Some(LinkState::Down), Some(LinkState::Absent)));
        assert_eq!(status.batteries.unwrap()[0].percent, Some(97));
        assert_eq!(status.zones.unwrap().len() + status.areas.unwrap().len() + status.peripherals.unwrap().len(), 3);
    }

    #[test]
    fn lists_that_are_empty_there_are_left_to_be_asked_for() {
        let json =
            r#"{"AlarmHostStatus":{"HostStatus":{"ACConnect":false},"ZoneList":[],"SubSysList":[],"BatteryList":[]}}"#;
        let status = read(&read_any(json).unwrap()).unwrap();
        assert_eq!(status, PanelStatus { mains: Some(false), ..PanelStatus::default() });
        assert_eq!(read(&read_any("<html><body/></html>").unwrap()), None);
    }

    #[test]
    fn mains_are_read_from_whatever_they_are_called_and_not_guessed() {
        for (json, mains) in [
            (r#"{"ACPowerStatus":{"ACConnect":true}}"#, Some(true)),
            (r#"{"acPowerStatus":"normal"}"#, Some(true)),
            (r#"{"ACPowerStatus":{"status":"break"}}"#, Some(false)),
            (r#"{"ACPowerStatus":{"status":"purple"}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(read_mains(&read_any(json).unwrap()), mains, "{json}");
        }
    }

    #[test]
    fn words_that_are_not_known_stay_as_they_are() {
        let links = read_links(&read_any(r#"{"CommuniStatus":{"wired":"haunted"}}"#).unwrap()).unwrap();
        assert_eq!(links, PanelLinks { cable: Some(LinkState::Other("haunted".into())), wifi: None, cellular: None });
    }

    #[test]
    fn a_missing_battery_and_impossible_shares_are_told_apart() {
        let json = r#"{"BatteryList":[{"Battery":{"id":1,"status":"miss"}},{"id":2,"percent":200}]}"#;
        let batteries = read_batteries(&read_any(json).unwrap()).unwrap();
        assert!(batteries[0].is_missing() && !batteries[1].is_missing());
        assert_eq!((batteries[1].id, batteries[1].percent), (Some(2), None));
    }
}
