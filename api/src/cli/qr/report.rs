//! What a code holds, as JSON and as text.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use siteward_qr::export::{DeviceRecord, Export};
use siteward_qr::label::Label;

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
    let is_label = code.get("kind").and_then(Value::as_str) == Some("label");
    let keys: &[&str] = if is_label {
        &["kind", "serial", "long_serial", "verification_code", "model", "host"]
    } else {
        &["kind", "header", "created", "separators"]
    };
    for key in keys {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:<18} {}", format!("{key}:"), cell(code.get(*key)));
    }
    let list = |key: &str| code.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let devices = list("devices");
    if !devices.is_empty() {
        let mut columns = vec!["name", "mode", "host", "port", "username"];
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
