//! What a code holds, as JSON and as text.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use siteward_qr::export::{DeviceRecord, Export};
use siteward_qr::label::Label;
use siteward_qr::sealed::{Opened, Place};

use crate::cli::table;

/// An export as JSON; passwords only where asked for.
pub(super) fn export(export: &Export, show_passwords: bool) -> Value {
    let errors = export.records.iter().enumerate().filter_map(|(index, record)| {
        let error = record.as_ref().err()?;
        Some(json!({
            "index": index, "code": error.code(), "message": error.to_string(),
            "name": error.name, "host": error.host,
        }))
    });
    let created = export.created_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    json!({
        "kind": "device_export",
        "header": export.header,
        "created": created.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "created_at": export.created_at,
        "separators": export.separators.as_str(),
        "devices": export.devices().map(|record| device(record, show_passwords)).collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
    })
}

fn device(record: &DeviceRecord, show_passwords: bool) -> Value {
    let mut value = json!({
        "name": record.name,
        "name_encoding": record.name_encoding.as_str(),
        "mode": record.mode,
        "host": record.host,
        "port": record.port,
        "extra": record.extra,
        "username": record.user_name,
    });
    if let (true, Some(fields)) = (show_passwords, value.as_object_mut()) {
        fields.insert("password".to_owned(), record.password.expose_secret().into());
    }
    value
}

/// What a sealed code held, as JSON; passwords and verification codes only where asked for.
pub(super) fn sealed(opened: &Opened, show_passwords: bool) -> Value {
    let devices = opened.devices.iter().map(|device| {
        let mut value = match &device.place {
            Place::Address { host, port } => json!({ "name": device.name, "host": host, "port": port }),
            Place::Serial { serial, .. } => json!({ "name": device.name, "serial": serial.as_str() }),
        };
        if let Some(fields) = value.as_object_mut() {
            fields.insert("username".to_owned(), device.user_name.as_str().into());
            if show_passwords {
                fields.insert("password".to_owned(), device.password.expose_secret().into());
                if let Place::Serial { verification_code: Some(code), .. } = &device.place {
                    fields.insert("verification_code".to_owned(), code.expose().into());
                }
            }
        }
        value
    });
    let expires = DateTime::from_timestamp(opened.expires_at, 0);
    json!({
        "kind": "sealed_qr",
        "part": opened.part.0,
        "parts": opened.part.1,
        "expires": expires.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "devices": devices.collect::<Vec<_>>(),
        "errors": [],
    })
}

/// A label as JSON: its verification code is what the label is read for.
pub(super) fn label(label: &Label) -> Value {
    json!({
        "kind": "label",
        "host": label.host,
        "serial": label.serial.as_str(),
        "long_serial": label.long_serial,
        "verification_code": label.verification_code.as_ref().map(siteward_domain::VerificationCode::expose),
        "model": label.model,
        "extra": label.extra,
    })
}

/// The same for people.
pub(super) fn text(code: &Value) -> String {
    let mut out = String::new();
    let keys: &[&str] = match code.get("kind").and_then(Value::as_str) {
        Some("label") => &["kind", "serial", "long_serial", "verification_code", "model", "host"],
        Some("sealed_qr") => &["kind", "part", "parts", "expires"],
        _ => &["kind", "header", "created", "separators"],
    };
    for key in keys {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:<18} {}", format!("{key}:"), cell(code.get(*key)));
    }
    let list = |key: &str| code.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let devices = list("devices");
    if !devices.is_empty() {
        let mut columns = vec!["name", "mode", "host", "port", "serial", "username"];
        columns.retain(|column| devices.iter().any(|device| device.get(*column).is_some()));
        if devices.iter().any(|device| device.get("password").is_some()) {
            columns.push("password");
        }
        let row = |device: &Value| columns.iter().map(|column| cell(device.get(*column))).collect();
        let rows: Vec<Vec<String>> = devices.iter().map(row).collect();
        let _ = write!(out, "\n{}", table::lines(&columns, &rows));
    }
    for error in list("errors") {
        let part = |key: &str| cell(error.get(key));
        let _ = writeln!(out, "entry {} cannot be read: {}: {}", part("index"), part("code"), part("message"));
    }
    out
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
