//! What a device told, as JSON and as text: its own strings beside what they were read as.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};
use siteward_domain::SerialNumber;
use siteward_domain::device::DeviceAddress;
use siteward_domain::firmware::FirmwareVersion;
use siteward_domain::observation::{Identity, Measured, Observation};

use crate::cli::table;

/// Everything as JSON.
pub(super) fn json(address: &DeviceAddress, seen: &Observation) -> Value {
    let identity = seen.identity.as_ref().map(|measured| &measured.value);
    let status = seen.status.as_ref().map(|measured| &measured.value);
    let short_serial = identity.and_then(|identity| identity.short_serial.as_ref()).map(SerialNumber::as_str);
    json!({
        "address": address.to_string(),
        "model": identity.map(|identity| &identity.model),
        "serial_number": identity.map(|identity| &identity.serial_number),
        "firmware_version": identity.map(|identity| &identity.firmware_version),
        "firmware_released": identity.and_then(|identity| identity.firmware_released.as_ref()),
        "device": identity.map(own_strings),
        "parsed": {
            "short_serial": short_serial,
            "firmware": identity.and_then(parsed_firmware),
            "kind": identity.map(|identity| identity.kind),
        },
        "short_serial": short_serial,
        "device_type": identity.map(|identity| &identity.device_type),
        "kind": identity.map(|identity| identity.kind),
        "uptime_seconds": status.and_then(|status| status.uptime_seconds),
        "mac_address": identity.and_then(|identity| identity.mac_address.as_ref()),
        "channels": list(seen.channels.as_ref()),
        "disks": list(seen.disks.as_ref()),
        "network": list(seen.network.as_ref()),
        "clock": seen.clock.as_ref().map(|measured| &measured.value),
        "facts": facts(seen),
    })
}

fn own_strings(identity: &Identity) -> Value {
    json!({
        "device_name": identity.device_name,
        "model": identity.model,
        "serial_number": identity.serial_number,
        "sub_serial_number": identity.sub_serial_number,
        "firmware_version": identity.firmware_version,
        "firmware_released": identity.firmware_released,
        "hardware_version": identity.hardware_version,
        "manufacturer": identity.manufacturer,
        "device_type": identity.device_type,
        "mac_address": identity.mac_address,
    })
}

fn parsed_firmware(identity: &Identity) -> Option<String> {
    FirmwareVersion::parse(&identity.firmware_text()).ok().map(|version| version.to_string())
}

fn list<T: Serialize>(measured: Option<&Measured<Vec<T>>>) -> Value {
    measured.map_or_else(|| json!([]), |measured| json!(measured.value))
}

/// Each single fact with the resource it was read from.
fn facts(seen: &Observation) -> Vec<Value> {
    let mut facts = Vec::new();
    add(&mut facts, "", seen.identity.as_ref());
    add(&mut facts, "", seen.status.as_ref());
    add(&mut facts, "channels", seen.channels.as_ref());
    add(&mut facts, "disks", seen.disks.as_ref());
    add(&mut facts, "network", seen.network.as_ref());
    add(&mut facts, "clock.", seen.clock.as_ref());
    add(&mut facts, "user_check.", seen.user_check.as_ref());
    add(&mut facts, "capabilities.", seen.capabilities.as_ref());
    facts
}

fn add<T: Serialize>(facts: &mut Vec<Value>, name: &str, measured: Option<&Measured<T>>) {
    let Some(measured) = measured else { return };
    let fact = |name: String, value: &Value| json!({ "name": name, "value": value, "resource": measured.source });
    match serde_json::to_value(&measured.value) {
        Ok(Value::Object(fields)) => {
            let told = fields.iter().filter(|(_, value)| !value.is_null());
            facts.extend(told.map(|(key, value)| fact(format!("{name}{key}"), value)));
        }
        Ok(value) => facts.push(fact(name.to_owned(), &value)),
        Err(_) => {}
    }
}

/// The same for people.
pub(super) fn text(value: &Value) -> String {
    let mut out = String::new();
    for key in [
        "address",
        "model",
        "serial_number",
        "short_serial",
        "firmware_version",
        "firmware_released",
        "device_type",
        "kind",
        "uptime_seconds",
        "mac_address",
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:<18} {}", format!("{key}:"), cell(value.get(key)));
    }
    // As it was understood, beside the device's own words above.
    let _ = writeln!(out, "{:<18} {}", "firmware read as:", cell(value.pointer("/parsed/firmware")));
    for (title, columns) in [
        (
            "channels",
            &["number", "name", "source", "online", "video_loss", "detail", "address", "model", "firmware"][..],
        ),
        ("disks", &["id", "name", "kind", "state", "raw_state", "capacity_mb", "free_mb"][..]),
        ("network", &["id", "addressing", "ip_address", "subnet_mask", "gateway", "mac_address"][..]),
        ("facts", &["name", "value", "resource"][..]),
    ] {
        let items = value.get(title).and_then(Value::as_array).cloned().unwrap_or_default();
        let is_scalar = |item: &&Value| item.get("value").is_none_or(|value| !value.is_array() && !value.is_object());
        let row = |item: &Value| columns.iter().map(|column| cell(item.get(*column))).collect();
        let rows: Vec<Vec<String>> = items.iter().filter(is_scalar).map(row).collect();
        if !rows.is_empty() {
            let _ = write!(out, "\n{title}{}\n{}", read_from(value, title), table::lines(columns, &rows));
        }
    }
    out
}

/// The resource that a list was read from, in brackets.
fn read_from(value: &Value, list: &str) -> String {
    let facts = value.get("facts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let fact = facts.iter().find(|fact| fact.get("name").and_then(Value::as_str) == Some(list));
    fact.and_then(|fact| fact.get("resource"))
        .map(|resource| format!(" ({})", cell(Some(resource))))
        .unwrap_or_default()
}

/// Control characters of a foreign text do not reach the terminal.
fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
