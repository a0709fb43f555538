//! The vectors beside the project: texts and pictures with what they must decode to.

use std::path::PathBuf;

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use siteward_domain::VerificationCode;
use siteward_qr::export::{Export, RecordFault};
use siteward_qr::label::Label;
use siteward_qr::{Kind, export, picture, recognise};

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/qr");
    if !folder.exists() {
        eprintln!("SKIPPED: no QR vectors at {}", folder.display());
        return None;
    }
    Some(folder)
}

fn vectors() -> Vec<Value> {
    let Some(folder) = folder() else { return Vec::new() };
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    manifest["vectors"].as_array().unwrap().clone()
}

fn told_export(export: &Export) -> Value {
    let devices: Vec<Value> = export
        .devices()
        .map(|device| {
            json!({
                "name": device.name, "name_encoding": device.name_encoding.as_str(), "add_mode": device.mode,
                "host": device.host, "port": device.port, "extra": device.extra,
                "username": device.user_name, "password": device.password.expose_secret(),
            })
        })
        .collect();
    json!({
        "kind": "device_export", "header": export.header, "created_at": export.created_at,
        "qr_password": export.qr_password.as_ref().map(ExposeSecret::expose_secret),
        "separators": export.separators.as_str(), "devices": devices,
    })
}

fn told_label(label: &Label) -> Value {
    json!({
        "kind": "label", "host": label.host, "serial": label.serial.as_str(), "long_serial": label.long_serial,
        "verification_code": label.verification_code.as_ref().map(VerificationCode::expose),
        "model": label.model, "extra": label.extra,
    })
}

/// Our code for a vector's word.
fn told_error(text: &str) -> &'static str {
    match recognise(text) {
        Kind::DeviceExport => match Export::parse(text) {
            Ok(export) => match export.only_faults().map(|error| error.fault) {
                Some(RecordFault::Port) => "port",
                other => panic!("no vector expects {other:?}"),
            },
            Err(error) => match error.code() {
                "qr_truncated" => "zlib-truncated",
                "qr_bad_zlib" => "zlib",
                "qr_not_ascii" => "charset",
                other => other,
            },
        },
        _ => match Label::parse(text).unwrap_err().code() {
            "qr_serial_invalid" => "serial",
            "qr_not_a_label" => "not-a-label",
            other => other,
        },
    }
}

#[test]
fn every_text_decodes_to_what_its_vector_says() {
    for vector in vectors() {
        let (text, expected) = (vector["text"].as_str().unwrap(), &vector["expect"]);
        let told = match expected["kind"].as_str() {
            Some("device_export") => {
                assert_eq!(recognise(text), Kind::DeviceExport, "{}", vector["id"]);
                told_export(&Export::parse(text).unwrap())
            }
            Some("label") => {
                assert_eq!(recognise(text), Kind::Label, "{}", vector["id"]);
                told_label(&Label::parse(text).unwrap())
            }
            _ => json!({ "error": told_error(text) }),
        };
        assert_eq!(&told, expected, "{}", vector["id"]);
    }
}

#[test]
fn every_picture_holds_the_text_of_its_vector() {
    for vector in vectors().iter().filter(|vector| vector["image"].is_string()) {
        let path = folder().unwrap().join(vector["image"].as_str().unwrap());
        let texts = picture::read(&std::fs::read(path).unwrap(), &|| true).unwrap();
        assert_eq!(texts, [vector["text"].as_str().unwrap()], "{}", vector["id"]);
    }
}

#[test]
fn an_export_opens_with_its_own_password_only() {
    for vector in vectors() {
        let Some(password) = vector["expect"]["qr_password"].as_str() else { continue };
        let text = vector["text"].as_str().unwrap();
        assert_eq!(export::read(text, None).unwrap_err().code(), "qr_password_needed");
        assert_eq!(export::read(text, Some("other")).unwrap_err().code(), "qr_password_wrong");
        assert!(export::read(text, Some(password)).is_ok());
    }
}
