//! Export codes made here, part by part, in every form that real ones have and in the forms that must be refused.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use secrecy::{ExposeSecret, SecretString};
use siteward_qr::export::{self, DeviceToWrite, Export, ExportError, ExportToWrite, RecordError, WriteError};

/// `enc` of "admin", of "Passw0rd#1" and of 1750000000, from a published implementation of the format.
const ADMIN: &str = "ct1m4d7TxSCJH2bHiWjSRA==";

/// A code around a payload.
fn code(payload: &str) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(payload.as_bytes()).unwrap();
    format!("QRC03010003{}", STANDARD.encode(encoder.finish().unwrap()))
}

fn record(name: &str, host: &str, port: &str) -> String {
    let (name, host) = (STANDARD.encode(name), STANDARD.encode(host));
    format!("{name}&0&{host}&{port}&&{ADMIN}&{ADMIN}")
}

fn codes_of(text: &str) -> Vec<Result<String, &'static str>> {
    let export = Export::parse(text).unwrap();
    export.records.iter().map(|record| record.as_ref().map(|r| r.name.clone()).map_err(RecordError::code)).collect()
}

fn device() -> DeviceToWrite {
    DeviceToWrite {
        name: "Gate".to_owned(),
        host: "192.0.2.1".to_owned(),
        port: 8000,
        user_name: "admin".to_owned(),
        password: SecretString::from("Passw0rd#1"),
    }
}

fn written(device: DeviceToWrite) -> Result<String, WriteError> {
    export::write(&ExportToWrite { devices: vec![device], qr_password: None, created_at: None })
}

#[test]
fn one_two_and_three_parts_are_told_apart() {
    let list = format!("{}$", record("Gate", "192.0.2.1", "8000"));
    let parts = |payload: String| {
        let export = Export::parse(&code(&payload)).unwrap();
        (export.qr_password.map(|password| password.expose_secret().to_owned()), export.created_at)
    };
    let time = {
        let text = export::write(&ExportToWrite {
            devices: vec![device()],
            qr_password: None,
            created_at: Some(1_750_000_000),
        });
        Export::parse(&text.unwrap()).unwrap().created_at
    };
    assert_eq!(time, Some(1_750_000_000));
    assert_eq!(parts(list.clone()), (None, None));
    assert_eq!(parts(format!("{ADMIN}:{list}")), (Some("admin".to_owned()), None));
    assert_eq!(parts(format!(":{list}:")), (None, None));
    assert_eq!(Export::parse(&code(&format!("{ADMIN}:{list}:{ADMIN}"))).unwrap_err().code(), "qr_malformed");
    assert_eq!(Export::parse(&code(&format!("a:{list}:b:c"))).unwrap_err().code(), "qr_malformed");
    assert_eq!(Export::parse(&code("hello")).unwrap_err().code(), "qr_malformed");
    assert_eq!(Export::parse(&code("")).unwrap_err().code(), "qr_malformed");
}

#[test]
fn old_separators_tails_and_wrapped_fields_are_read() {
    let one = record("Gate", "192.0.2.1", "8000");
    for payload in [
        one.clone(),
        format!("{one}$"),
        format!("{one}&$"),
        format!("{one}$$\0\0"),
        one.replace('&', ",") + ";",
        one.replace('&', ","),
        one.replace("==", ""),
        one.replace("==", "==\n"),
    ] {
        assert_eq!(codes_of(&code(&payload)), [Ok("Gate".to_owned())], "{payload:?}");
    }
    assert_eq!(Export::parse(&code(&one.replace('&', ","))).unwrap().separators.as_str(), ";,");
}

#[test]
fn a_bad_record_does_not_block_the_others() {
    let good = record("Gate", "nvr.example.net", "8000");
    let list = [
        good.clone(),
        record("P", "192.0.2.1", "70000"),
        record("H", "300.1.1.1", "8000"),
        good.replace("R2F0ZQ==", "R2F*"),
        good.replace(ADMIN, "AAAA"),
        format!("{good}&more"),
        "a&b".to_owned(),
        good.replace("&0&", "&1&"),
        record("M", "no host", "8000").replace("&0&", "&7&"),
    ];
    let expected = [
        Ok("Gate".to_owned()),
        Err("record_port"),
        Err("record_host"),
        Err("record_name"),
        Err("record_ciphertext"),
        Err("record_fields"),
        Err("record_fields"),
        Ok("Gate".to_owned()),
        Err("record_mode"),
    ];
    assert_eq!(codes_of(&code(&list.join("$"))), expected);
    let export = Export::parse(&code(&list.join("$"))).unwrap();
    assert!(!export.records[7].as_ref().unwrap().is_supported());
    assert_eq!(export.records[1].as_ref().unwrap_err().name.as_deref(), Some("P"));
}

#[test]
fn as_many_as_256_devices_are_read_and_more_refused() {
    let list = |count| code(&format!("{}$", record("Gate", "192.0.2.1", "8000")).repeat(count));
    assert_eq!(Export::parse(&list(256)).unwrap().devices().count(), 256);
    assert_eq!(Export::parse(&list(300)).unwrap_err(), ExportError::TooManyDevices);
}

#[test]
fn what_does_not_fit_the_format_is_not_written() {
    let password = |text: &str| SecretString::from(text);
    assert!(
        written(DeviceToWrite { user_name: "u".repeat(32), password: password(&"p".repeat(16)), ..device() }).is_ok()
    );
    let refused = [
        (DeviceToWrite { user_name: "u".repeat(33), ..device() }, WriteError::UserName { index: 0 }),
        (DeviceToWrite { password: password(&"p".repeat(17)), ..device() }, WriteError::Password { index: 0 }),
        (DeviceToWrite { password: password("a\0b"), ..device() }, WriteError::Password { index: 0 }),
        (DeviceToWrite { host: "a b".to_owned(), ..device() }, WriteError::Host { index: 0 }),
        (DeviceToWrite { port: 0, ..device() }, WriteError::Port { index: 0 }),
        (
            DeviceToWrite { name: (0..2000).map(|i| char::from_u32(0x4E00 + i * 7).unwrap()).collect(), ..device() },
            WriteError::TooLong,
        ),
    ];
    for (device, error) in refused {
        assert_eq!(written(device), Err(error));
    }
    let empty = ExportToWrite { devices: vec![], qr_password: None, created_at: None };
    assert_eq!(export::write(&empty), Err(WriteError::NoDevice));
}

#[test]
fn debug_output_and_errors_hold_no_secret() {
    let text = export::write(&ExportToWrite {
        devices: vec![device()],
        qr_password: Some(SecretString::from("TopSecret")),
        created_at: None,
    });
    let export = Export::parse(&text.clone().unwrap()).unwrap();
    let shown = format!("{export:?} {:?}", export::read(&text.unwrap(), Some("guess1")).unwrap_err());
    for secret in ["Passw0rd#1", "TopSecret", "guess1"] {
        assert!(!shown.contains(secret));
    }
}
