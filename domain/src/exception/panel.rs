//! What is wrong with an alarm panel and what is on it.
//!
//! Parts are named `battery:1`, `zone:0` (the panel's number, people count from 1), `siren:2`; ways to the outside `cable`,
//! `wifi` and `cellular`; the panel itself has no name.

use super::{ExceptionKey, ExceptionKind};
use crate::panel::{LinkState, PanelLinks, PanelStatus};

/// Exceptions that follow from what a panel tells. Of its ways to the outside those count that were up `before`, or of which
/// it is told already (`was_down`) that they are down: a panel that never had a cable plugged in calls it down as well.
pub fn from_panel(
    status: &PanelStatus,
    before: Option<&PanelLinks>,
    was_down: impl Fn(&ExceptionKey) -> bool,
) -> Vec<ExceptionKey> {
    let mut found = Vec::new();
    if status.mains == Some(false) {
        found.push(ExceptionKey::of_device(ExceptionKind::MainsLost));
    }
    if status.tamper == Some(true) {
        found.push(ExceptionKey::of_device(ExceptionKind::Tamper));
    }
    for (place, battery) in status.batteries.iter().flatten().enumerate() {
        if battery.is_low() || battery.is_missing() {
            let id = battery.id.map_or_else(|| (place + 1).to_string(), |id| id.to_string());
            found.push(ExceptionKey::of_part(ExceptionKind::LowBattery, format!("battery:{id}")));
        }
    }
    for zone in status.zones.iter().flatten() {
        let part = format!("zone:{}", zone.id);
        add(&mut found, ExceptionKind::ZoneFault, &part, zone.offline);
        add(&mut found, ExceptionKind::Tamper, &part, zone.tamper);
        add(&mut found, ExceptionKind::LowBattery, &part, zone.battery_low);
    }
    for one in status.peripherals.iter().flatten() {
        let part = format!("{}:{}", one.kind.as_str(), one.id);
        add(&mut found, ExceptionKind::PeripheralOffline, &part, one.offline);
        add(&mut found, ExceptionKind::Tamper, &part, one.tamper);
        add(&mut found, ExceptionKind::LowBattery, &part, one.battery_low);
    }
    if let Some(links) = &status.links {
        for (name, state, before) in ways(links, before) {
            let key = ExceptionKey::of_part(ExceptionKind::PanelLinkDown, name);
            if state == Some(&LinkState::Down) && (before == Some(&LinkState::Up) || was_down(&key)) {
                found.push(key);
            }
        }
    }
    found
}

fn add(found: &mut Vec<ExceptionKey>, kind: ExceptionKind, part: &str, holds: Option<bool>) {
    if holds == Some(true) {
        found.push(ExceptionKey::of_part(kind, part));
    }
}

type Way<'a> = (&'static str, Option<&'a LinkState>, Option<&'a LinkState>);

fn ways<'a>(now: &'a PanelLinks, before: Option<&'a PanelLinks>) -> [Way<'a>; 3] {
    let was = |way: fn(&PanelLinks) -> Option<&LinkState>| before.and_then(way);
    [
        ("cable", now.cable.as_ref(), was(|links| links.cable.as_ref())),
        ("wifi", now.wifi.as_ref(), was(|links| links.wifi.as_ref())),
        ("cellular", now.cellular.as_ref(), was(|links| links.cellular.as_ref())),
    ]
}

/// Whether a panel told in `status` if an exception of it holds. What it left out this time stands as it is.
pub fn panel_tells(status: &PanelStatus, key: &ExceptionKey) -> bool {
    let of = key.part.split(':').next().unwrap_or_default();
    match (key.kind, of) {
        (ExceptionKind::MainsLost, _) => status.mains.is_some(),
        (ExceptionKind::PanelLinkDown, _) => status.links.is_some(),
        (ExceptionKind::Tamper, "") => status.tamper.is_some(),
        (_, "battery") => status.batteries.is_some(),
        (_, "zone") => status.zones.is_some(),
        _ => status.peripherals.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::{PanelBattery, PanelPeripheral, PanelZone, PeripheralKind};

    fn zone(id: u32) -> PanelZone {
        PanelZone {
            id,
            name: String::new(),
            state: None,
            detector: None,
            open: Some(true),
            tamper: Some(false),
            bypassed: Some(false),
            alarm: Some(true),
            battery_percent: Some(3),
            battery_low: Some(false),
            signal: None,
            areas: vec![1],
            offline: Some(false),
        }
    }

    fn told(status: &PanelStatus) -> Vec<(ExceptionKind, String)> {
        from_panel(status, None, |_| false).into_iter().map(|key| (key.kind, key.part)).collect()
    }

    #[test]
    fn each_part_of_a_panel_has_an_exception_of_its_own() {
        let battery = PanelBattery { id: Some(1), percent: None, state: Some("miss".into()) };
        let siren = PanelPeripheral {
            kind: PeripheralKind::Siren,
            id: 2,
            name: String::new(),
            state: None,
            battery_percent: None,
            battery_low: Some(true),
            signal: None,
            tamper: Some(true),
            offline: Some(true),
        };
        let status = PanelStatus {
            mains: Some(false),
            tamper: Some(true),
            batteries: Some(vec![battery]),
            zones: Some(vec![
                PanelZone { offline: Some(true), ..zone(0) },
                PanelZone { tamper: Some(true), ..zone(4) },
            ]),
            peripherals: Some(vec![siren]),
            ..PanelStatus::default()
        };
        let part = |kind, part: &str| (kind, part.to_owned());
        let expected = vec![
            part(ExceptionKind::MainsLost, ""),
            part(ExceptionKind::Tamper, ""),
            part(ExceptionKind::LowBattery, "battery:1"),
            part(ExceptionKind::ZoneFault, "zone:0"),
            part(ExceptionKind::Tamper, "zone:4"),
            part(ExceptionKind::PeripheralOffline, "siren:2"),
            part(ExceptionKind::Tamper, "siren:2"),
            part(ExceptionKind::LowBattery, "siren:2"),
        ];
        assert_eq!(told(&status), expected);
    }

    #[test]
    fn an_open_door_an_alarm_and_a_charge_that_the_panel_does_not_call_low_are_no_faults() {
        assert_eq!(told(&PanelStatus { zones: Some(vec![zone(0)]), ..PanelStatus::default() }), vec![]);
    }

    #[test]
    fn only_a_way_out_that_was_up_is_missed() {
        let links = |cable| PanelLinks { cable: Some(cable), wifi: Some(LinkState::Down), cellular: None };
        let status = |cable| PanelStatus { links: Some(links(cable)), ..PanelStatus::default() };
        let down = ExceptionKey::of_part(ExceptionKind::PanelLinkDown, "cable");
        let (up, gone) = (status(LinkState::Up), status(LinkState::Down));
        assert_eq!(from_panel(&gone, up.links.as_ref(), |_| false), vec![down.clone()]);
        assert_eq!(from_panel(&gone, gone.links.as_ref(), |key| *key == down), vec![down.clone()]);
        assert_eq!(from_panel(&gone, gone.links.as_ref(), |_| false), vec![]);
        assert_eq!(from_panel(&gone, None, |_| false), vec![]);
        assert_eq!(from_panel(&status(LinkState::Absent), up.links.as_ref(), |key| *key == down), vec![]);
    }

    #[test]
    fn what_a_panel_leaves_out_tells_nothing() {
        let status = PanelStatus { zones: Some(vec![]), ..PanelStatus::default() };
        let tells = |kind, part: &str| panel_tells(&status, &ExceptionKey::of_part(kind, part));
        assert!(tells(ExceptionKind::Tamper, "zone:3") && tells(ExceptionKind::LowBattery, "zone:3"));
        assert!(!tells(ExceptionKind::Tamper, "") && !tells(ExceptionKind::MainsLost, ""));
        assert!(!tells(ExceptionKind::LowBattery, "battery:1") && !tells(ExceptionKind::PanelLinkDown, "wifi"));
        assert!(!tells(ExceptionKind::PeripheralOffline, "siren:1"));
    }
}
