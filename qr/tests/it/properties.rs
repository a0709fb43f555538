//! Properties of every codec, 10,000 cases each: nothing panics, and what is written is read again (T2).

use proptest::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use siteward_domain::VerificationCode;
use siteward_qr::export::{self, DeviceToWrite, Export, ExportToWrite};
use siteward_qr::label::{Label, LabelError};
use siteward_qr::{picture, recognise};

fn device() -> impl Strategy<Value = DeviceToWrite> {
    let host = prop_oneof![
        any::<std::net::Ipv4Addr>().prop_map(|ip| ip.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|ip| ip.to_string()),
        "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,6}){0,2}",
    ];
    ("[^\\p{Cc}]{0,20}", host, 1..=u16::MAX, "[!-~]{0,32}", "[ -~]{0,16}").prop_map(
        |(name, host, port, user_name, password)| DeviceToWrite {
            name,
            host,
            port,
            user_name,
            password: SecretString::from(password),
        },
    )
}

fn to_write() -> impl Strategy<Value = ExportToWrite> {
    let password = proptest::option::of("[!-~]{1,16}".prop_map(SecretString::from));
    (proptest::collection::vec(device(), 1..5), password, proptest::option::of(0..=i64::MAX))
        .prop_map(|(devices, qr_password, created_at)| ExportToWrite { devices, qr_password, created_at })
}

/// Texts that get past the first checks more often than any text does.
fn almost_export() -> impl Strategy<Value = String> {
    let valid = to_write().prop_map(|export| export::write(&export).unwrap());
    (valid, any::<prop::sample::Index>(), ".{0,3}", any::<prop::sample::Index>()).prop_map(|(text, at, put, end)| {
        let (start, rest) = text.split_at(at.index(text.len()));
        let kept = end.index(rest.len() + 1);
        format!("{start}{put}{}", &rest[rest.len() - kept..])
    })
}

/// Records out of the pieces that records are made of.
fn almost_list() -> impl Strategy<Value = String> {
    let piece = prop_oneof!["[$&;,:]", "[A-Za-z0-9+/=]{0,8}", Just("0".to_owned()), "[0-9]{1,6}", Just("&".to_owned())];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn code(payload: &str) -> String {
    use base64::Engine as _;
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(payload.as_bytes()).unwrap();
    format!("QRC03010003{}", base64::engine::general_purpose::STANDARD.encode(encoder.finish().unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_written_export_is_read_again(wanted in to_write()) {
        let export = Export::parse(&export::write(&wanted).unwrap()).unwrap();
        prop_assert_eq!(export.created_at, wanted.created_at);
        prop_assert_eq!(
            export.qr_password.as_ref().map(ExposeSecret::expose_secret),
            wanted.qr_password.as_ref().map(ExposeSecret::expose_secret)
        );
        prop_assert_eq!(export.records.len(), wanted.devices.len());
        for (record, device) in export.records.iter().zip(&wanted.devices) {
            let record = record.as_ref().unwrap();
            prop_assert_eq!((&record.name, &record.host, record.port), (&device.name, &device.host, device.port));
            prop_assert_eq!(&record.user_name, &device.user_name);
            prop_assert_eq!(record.password.expose_secret(), device.password.expose_secret());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,200}") {
        let _ = (recognise(&text), Export::parse(&text).is_ok(), Label::parse(&text).is_ok());
    }

    #[test]
    fn damaged_exports_are_read_or_refused(text in almost_export()) {
        let _ = (recognise(&text), Export::parse(&text).is_ok());
    }

    #[test]
    fn any_list_is_read_or_refused(list in almost_list()) {
        if let Ok(export) = Export::parse(&code(&list)) {
            prop_assert!(!export.records.is_empty());
        }
    }

    #[test]
    fn any_label_is_read_again_from_its_parts(
        serial in "[A-Z]{0,2}[0-9]{7}[0-9]{0,2}", code in "[A-Za-z0-9]{6,12}", model in "DS-[A-Z0-9]{4,8}-[A-Z0-9]{1,3}(/[A-Z0-9]{1,3})?",
        end in prop_oneof![Just("\r"), Just("\n"), Just("\r\n"), Just("\n\r")],
    ) {
        let text = ["www.hik-connect.com", &serial, &code, &model].join(end);
        if serial.len() == 9 {
            let label = Label::parse(&text).unwrap();
            prop_assert_eq!(label.serial.as_str(), &serial);
            prop_assert_eq!(label.verification_code, Some(VerificationCode::parse(&code).unwrap()));
            prop_assert_eq!(label.model, Some(model));
        } else {
            prop_assert_eq!(Label::parse(&text), Err(LabelError::SerialInvalid));
        }
    }

    #[test]
    fn any_bytes_are_no_picture_or_one(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(picture::read(&bytes, &|| false).is_err());
    }
}
