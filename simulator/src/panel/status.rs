//! What a panel tells of itself and of what it watches, in JSON.

use serde_json::{Value, json};

use super::premises::{Arming, KEYPADS, PanelBattery, PanelLink, Premises, SIRENS, Zone};

/// The document of a status resource, named as after `/ISAPI/SecurityCP/status/`.
pub(crate) fn document(resource: &str, premises: &Premises) -> Option<Value> {
    Some(match resource {
        "host" => host(premises),
        "batteries" => json!({ "BatteryList": batteries(premises) }),
        "communication" => json!({ "CommuniStatus": communication(premises) }),
        "zones" => json!({ "ZoneList": zones(premises) }),
        "subSystems" => json!({ "SubSysList": areas(premises) }),
        "exDevStatus" => json!({ "ExDevStatus": peripherals(premises) }),
        // [?] The words are not known.
        "acPowerStatus" => {
            json!({ "AcPowerStatus": { "status": if premises.mains { "normal" } else { "powerDown" } } })
        }
        "armStatus" => json!({ "ArmStatusList": arm_states(premises) }),
        "sirenStatus" => json!({ "SirenList": sirens(premises) }),
        "keypadStatus" => json!({ "KeypadList": keypads(premises) }),
        "repeaterStatus" => json!({ "RepeaterList": [] }),
        _ => return None,
    })
}

fn host(premises: &Premises) -> Value {
    let faults = premises.zones.iter().filter(|zone| zone.tamper || zone.offline || zone.battery_low).count()
        + usize::from(!premises.mains)
        + usize::from(premises.battery != PanelBattery::Normal)
        + premises.sirens_offline.len()
        + premises.keypads_offline.len();
    json!({ "AlarmHostStatus": {
        "HostStatus": {
            "tamperEvident": premises.tamper,
            "ACConnect": premises.mains,
            "EzvizNetwork": premises.way_out().map_or("offline", PanelLink::as_str),
            "faultNum": faults,
        },
        "ZoneList": zones(premises),
        "SubSysList": areas(premises),
        "ExDevStatus": peripherals(premises),
        "CommuniStatus": communication(premises),
        "BatteryList": batteries(premises),
    } })
}

fn batteries(premises: &Premises) -> Value {
    let (status, percent, voltage) = match premises.battery {
        PanelBattery::Normal => ("normal", 100, 13.6),
        PanelBattery::Low => ("lowPower", 8, 10.9),
        PanelBattery::Missing => ("miss", 0, 0.0),
    };
    json!([{ "Battery": { "id": 1, "status": status, "percent": percent, "voltage": voltage } }])
}

fn communication(premises: &Premises) -> Value {
    let state = |link| if premises.links_down.contains(&link) { "break" } else { "normal" };
    let signal = |link, strength| if premises.links_down.contains(&link) { 0 } else { strength };
    json!({
        "wired": state(PanelLink::Wired),
        "wifi": state(PanelLink::Wifi),
        "wifiSignal": signal(PanelLink::Wifi, 71),
        "mobile": state(PanelLink::Mobile),
        "mobileSignal": signal(PanelLink::Mobile, 54),
        "flow": 12,
        "cloud": if premises.way_out().is_some() { "normal" } else { "break" },
    })
}

fn zones(premises: &Premises) -> Value {
    premises.zones.iter().map(|zone| json!({ "Zone": self::zone(premises, zone) })).collect()
}

fn zone(premises: &Premises, zone: &Zone) -> Value {
    let detector = zone.detector;
    let armed = premises.arming(zone.area) != Arming::Disarm;
    // A zone that is open says so in its own way: contacts by their magnet, all of them by their state.
    let status = match (zone.offline, zone.open) {
        (true, _) => "offline",
        (false, true) => "trigger",
        (false, false) => "online",
    };
    let mut told = json!({
        "id": zone.id,
        "name": zone.name,
        "status": status,
        "sensorStatus": if zone.open { "trigger" } else { "normal" },
        "tamperEvident": zone.tamper,
        "shielded": false,
        "bypassed": zone.bypassed,
        "armed": armed,
        "isArming": false,
        "alarm": zone.alarm,
        "subSystemNo": zone.area,
        "linkageSubSystem": [zone.area],
        "detectorType": detector.kind,
        "stayAway": false,
        "zoneType": detector.zone_type,
        "zoneAttrib": if detector.wired { "wired" } else { "wireless" },
        "deviceNo": zone.id + 1,
        "abnormalOrNot": zone.tamper || zone.offline || zone.battery_low,
        "isMasking": false,
    });
    let more = if detector.wired {
        // Wired detectors have neither battery nor signal.
        json!({ "moduleType": "localWired", "accessModuleType": "localZone", "moduleChannel": zone.id + 1 })
    } else {
        json!({
            "charge": if zone.battery_low { "lowPower" } else { "normal" },
            "chargeValue": if zone.battery_low { 9 } else { 96 },
            "signal": if zone.offline { 0 } else { 112 + zone.id % 60 },
            "realSignal": if zone.offline { 0 } else { 126 + zone.id % 60 },
            "signalType": "R3",
            "temperature": 21,
            "model": detector.model,
            "isViaRepeater": false,
            "version": "V1.0.0",
            "InputList": [],
        })
    };
    extend(&mut told, more);
    if detector.kind.ends_with("agneticContact") {
        extend(&mut told, json!({ "magnetOpenStatus": zone.open }));
    }
    told
}

fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

fn areas(premises: &Premises) -> Value {
    let area = |area: &super::premises::Area| {
        json!({ "SubSys": {
            "id": area.id,
            "name": area.name,
            "enabled": true,
            "arming": area.arming.as_str(),
            "alarm": premises.has_alarm(area.id),
            "delayTime": 0,
        } })
    };
    premises.areas.iter().map(area).collect()
}

fn arm_states(premises: &Premises) -> Value {
    premises
        .areas
        .iter()
        .map(|area| json!({ "ArmStatus": { "id": area.id, "status": area.arming.as_str() } }))
        .collect()
}

fn peripherals(premises: &Premises) -> Value {
    json!({
        "OutputModList": [],
        "OutputList": [],
        "SirenList": sirens(premises),
        "RepeaterList": [],
        "CardReaderList": [],
        "KeypadList": keypads(premises),
        "RemoteList": [],
    })
}

fn sirens(premises: &Premises) -> Value {
    let areas: Vec<u32> = premises.areas.iter().map(|area| area.id).collect();
    let sounds = premises.zones.iter().any(|zone| zone.alarm);
    let siren = |id: u32| {
        let offline = premises.sirens_offline.contains(&id);
        // A siren says whether it sounds, where others say that they are there.
        let status = if offline {
            "offline"
        } else if sounds {
            "on"
        } else {
            "off"
        };
        let mut told = wireless(id, "Siren", "0x7A001", 700 + id, offline, &areas);
        extend(
            &mut told,
            json!({ "status": status, "sirenAttrib": "wireless", "sirenColor": "red", "mainPowerSupply": true }),
        );
        json!({ "Siren": told })
    };
    (1..=SIRENS).map(siren).collect()
}

fn keypads(premises: &Premises) -> Value {
    let areas: Vec<u32> = premises.areas.iter().map(|area| area.id).collect();
    let keypad = |id: u32| {
        let offline = premises.keypads_offline.contains(&id);
        json!({ "Keypad": wireless(id, "Keypad", "0x92000", 800 + id, offline, &areas) })
    };
    (1..=KEYPADS).map(keypad).collect()
}

fn wireless(id: u32, name: &str, model: &str, number: u32, offline: bool, areas: &[u32]) -> Value {
    json!({
        "id": id,
        "seq": format!("Q{number:08}"),
        "name": if id == 1 { name.to_owned() } else { format!("{name} {id}") },
        "status": if offline { "offline" } else { "online" },
        "tamperEvident": false,
        "charge": "normal",
        "chargeValue": 88,
        "signal": if offline { 0 } else { 118 },
        "realSignal": if offline { 0 } else { 131 },
        "signalType": "R3",
        "model": model,
        "temperature": 22,
        "subSystemList": areas,
        "isViaRepeater": false,
        "version": "V1.0.0",
        "deviceNo": number,
        "abnormalOrNot": offline,
    })
}
