//! Sirens, keypads, modules: what is on a panel's radio or bus beside its zones.
//!
//! Source: `ExDevStatus` as the vendor describes it, and captured items. It is one object with a list for each kind; a list of
//! a kind that is not known is read like the others.

use siteward_domain::panel::{PanelPeripheral, PeripheralKind};

use super::super::values::{flag, is_blank, is_empty_place, is_low, is_offline, number, percent, unwrapped, word};
use super::MOST_PERIPHERALS;
use crate::xml::Element;

/// Reads `ExDevStatus`; `None` for another document.
pub(super) fn read(root: &Element<'_>) -> Option<Vec<PanelPeripheral>> {
    let all = root.find("ExDevStatus").unwrap_or(root);
    let mut read = Vec::new();
    let mut found = false;
    // A single list in it is taken for the document by the reader of JSON.
    let lists = if list_name(all).is_some() { std::slice::from_ref(all) } else { &all.children };
    for list in lists {
        let Some(name) = list_name(list) else { continue };
        found = true;
        for item in unwrapped(list, |child| !child.children.is_empty()) {
            if read.len() < MOST_PERIPHERALS && !is_empty_place(item) {
                read.extend(read_one(kind_of(name), item));
            }
        }
    }
    read.sort_by(|a, b| (&a.kind, a.id).cmp(&(&b.kind, b.id)));
    (found || all.is("ExDevStatus") || is_blank(root)).then_some(read)
}

/// `SirenList` is a list of `Siren`.
fn list_name<'e>(element: &'e Element<'_>) -> Option<&'e str> {
    element.name.strip_suffix("List").filter(|name| !name.is_empty())
}

fn kind_of(name: &str) -> PeripheralKind {
    match name.to_ascii_lowercase().as_str() {
        "siren" => PeripheralKind::Siren,
        "keypad" => PeripheralKind::Keypad,
        "outputmod" => PeripheralKind::OutputModule,
        "output" => PeripheralKind::Output,
        "repeater" => PeripheralKind::Repeater,
        "cardreader" => PeripheralKind::CardReader,
        "remote" => PeripheralKind::Remote,
        "extension" => PeripheralKind::Extension,
        "transmitter" => PeripheralKind::Transmitter,
        _ => PeripheralKind::Other(name.to_owned()),
    }
}

fn read_one(kind: PeripheralKind, item: &Element<'_>) -> Option<PanelPeripheral> {
    let state = word(item, "status");
    Some(PanelPeripheral {
        kind,
        id: number(item, "id")?,
        name: word(item, "name").unwrap_or_default(),
        battery_percent: percent(item, "chargeValue"),
        battery_low: is_low(item),
        signal: number(item, "signal"),
        tamper: flag(item, "tamperEvident"),
        offline: is_offline(state.as_deref()),
        state,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    fn peripherals(json: &str) -> Vec<PanelPeripheral> {
        read(&read_any(json).unwrap()).unwrap()
    }

    #[test]
    fn each_list_has_its_kind_and_unknown_ones_keep_their_name() {
        let read = peripherals(
            r#"{"ExDevStatus":{
            "SirenList":[{"Siren":{"id":1,"name":"Outside","status":"offline","tamperEvident":true,"charge":"lowPower","chargeValue":9,"signal":40}},
                {"Siren":{"id":2,"status":"notRelated"}}],
            "OutputModList":[{"OutputMod":{"id":1,"status":"online","relayList":[{"id":0,"name":"Gate","status":"off"}]}}],
            "OutputList":[{"Output":{"id":0,"name":"Gate","status":"on"}}],
            "RemoteList":[{"Remote":{"id":3,"name":"Keys"}}],
            "DroneList":[{"Drone":{"id":4,"status":"online"}}],
            "KeypadList":[]}}"#,
        );
        let kinds: Vec<_> = read.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["siren", "output_module", "output", "remote", "Drone"]);
        let siren = &read[0];
        assert_eq!((siren.offline, siren.tamper, siren.battery_low), (Some(true), Some(true), Some(true)));
        assert_eq!((siren.battery_percent, siren.signal), (Some(9), Some(40)));
        assert_eq!((read[3].state.as_deref(), read[3].offline, read[2].offline), (None, None, Some(false)));
    }

    #[test]
    fn a_single_list_is_read_and_an_empty_answer_is_a_panel_without_peripherals() {
        let one = peripherals(r#"{"ExDevStatus":{"KeypadList":[{"Keypad":{"id":1}}]}}"#);
        assert_eq!((one.len(), one[0].kind.clone()), (1, PeripheralKind::Keypad));
        assert_eq!(peripherals(r#"{"ExDevStatus":{"KeypadList":[],"SirenList":[]}}"#), []);
        assert_eq!(peripherals("{}"), []);
        assert_eq!(read(&read_any("<html><body/></html>").unwrap()), None);
    }

    #[test]
    fn captured_peripherals_are_read() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/panels");
        let Ok(text) = std::fs::read_to_string(root.join("securitycp-payload-samples.json")) else {
            eprintln!("SKIPPED: no captured panels at {}", root.display());
            return;
        };
        let samples: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let of_them = samples.iter().filter(|one| one["test"] == "test_exdev_siren_keypad_outputmod_remote");
        let list: Vec<_> = of_them.map(|one| serde_json::json!({ "Siren": one["payload"] })).collect();
        let read = peripherals(&serde_json::json!({ "ExDevStatus": { "SirenList": list } }).to_string());
        assert_eq!(read.len(), list.len());
        let siren = read.iter().find(|one| one.name == "Siren").unwrap();
        assert_eq!((siren.battery_percent, siren.signal, siren.offline), (Some(95), Some(120), Some(false)));
    }
}
