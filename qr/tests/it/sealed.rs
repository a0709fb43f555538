//! The sealed device QR: what is sealed opens again, and nothing else does (T2).

use std::cell::Cell;
use std::time::Instant;

use proptest::prelude::*;
use secrecy::ExposeSecret;
use siteward_domain::{SerialNumber, VerificationCode};
use siteward_qr::sealed::{
    Argon2id, BEGINNING, Cost, Envelope, Key, KeyDerivation, Opened, Place, SealedDevice, SealedError, SealingKey,
    split,
};
use siteward_qr::{Kind, drawing, picture, recognise};

/// 2026-11-20T00:00:00Z and the end of that day.
const MIDNIGHT: i64 = 1_795_132_800;
const DAY: i64 = 86_400;
const PASSWORD: &str = "paper-and-pen 7";

/// A derivation that costs nothing, for everything but the derivation itself.
struct Cheap;

impl KeyDerivation for Cheap {
    fn derive(&self, password: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Key, SealedError> {
        let mut key = [cost.lanes; 32];
        for (index, byte) in password.iter().chain(salt).chain(&cost.memory_kib.to_be_bytes()).enumerate() {
            key[index % 32] = key[index % 32].rotate_left(3) ^ byte;
        }
        Ok(Key::new(key))
    }
}

fn device(name: &str, host: &str, port: u16, password: &str) -> SealedDevice {
    SealedDevice {
        name: name.to_owned(),
        place: Place::Address { host: host.to_owned(), port },
        user_name: "admin".to_owned(),
        password: password.into(),
    }
}

fn cloud(name: &str, serial: &str, code: &str, password: &str) -> SealedDevice {
    SealedDevice {
        name: name.to_owned(),
        place: Place::Serial {
            serial: SerialNumber::parse(serial).unwrap(),
            verification_code: Some(VerificationCode::parse(code).unwrap()),
        },
        user_name: "admin".to_owned(),
        password: password.into(),
    }
}

fn seal(devices: &[SealedDevice], password: &str, by: &impl KeyDerivation) -> Vec<String> {
    let key = SealingKey::derive(&password.into(), [7; 16], by).unwrap();
    let sheets = split(devices, MIDNIGHT).unwrap();
    (0_u8..).zip(&sheets).map(|(index, sheet)| key.seal(sheet, [index; 12]).unwrap()).collect()
}

fn open(text: &str, password: &str, by: &impl KeyDerivation, now: i64) -> Result<Opened, SealedError> {
    let envelope = Envelope::parse(text)?;
    let key = envelope.derive(&password.into(), by)?;
    envelope.open(&key, now)
}

/// Everything of a device, to be compared.
fn facts(device: &SealedDevice) -> (String, Place, String, String) {
    let password = device.password.expose_secret().to_owned();
    (device.name.clone(), device.place.clone(), device.user_name.clone(), password)
}

/// With another header byte, another ciphertext byte: the same text otherwise.
fn with_bytes(text: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = base45::decode(text.strip_prefix(BEGINNING).unwrap()).unwrap();
    change(&mut bytes);
    format!("{BEGINNING}{}", base45::encode(&bytes))
}

#[test]
fn devices_of_both_kinds_come_back_from_a_drawn_code() {
    let devices = [device("Gate", "192.168.1.64", 8000, "Garden-1"), cloud("Hall", "K12345678", "ABCDEG", "Garden-2")];
    let texts = seal(&devices, PASSWORD, &Argon2id);
    let read = picture::read(&drawing::png(&texts[0], 4).unwrap(), &|| true).unwrap();
    assert_eq!(recognise(&read[0]), Kind::Sealed);
    let opened = open(&read[0], PASSWORD, &Argon2id, MIDNIGHT).unwrap();
    assert_eq!(opened.devices.iter().map(facts).collect::<Vec<_>>(), devices.iter().map(facts).collect::<Vec<_>>());
    assert_eq!((opened.part, opened.expires_at), ((1, 1), MIDNIGHT + DAY));
    for other in ["paper-and-pen 8", "", "paper-and-pen 7 "] {
        assert_eq!(open(&read[0], other, &Argon2id, MIDNIGHT).unwrap_err(), SealedError::WrongPassword);
    }
}

#[test]
fn a_guess_costs_as_much_as_the_code_says() {
    assert_eq!(Cost::USUAL, Cost { memory_kib: 65_536, passes: 8, lanes: 1 });
    let text = seal(&[device("Gate", "192.168.1.64", 80, "Garden-1")], PASSWORD, &Cheap).remove(0);
    let began = Instant::now();
    assert_eq!(open(&text, "guess", &Argon2id, MIDNIGHT).unwrap_err(), SealedError::WrongPassword);
    let took = began.elapsed();
    println!("a guess took {took:?}");
    assert!(took.as_millis() >= 40, "192 MiB cannot be filled in {took:?}");
}

#[test]
fn a_usual_device_fits_version_6_and_ten_fit_version_19() {
    let version = |text: &str| {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).unwrap();
        let qrcode::Version::Normal(version) = code.version() else { panic!("not a usual QR code") };
        version
    };
    for one in [
        device("Camera 1", "192.168.1.64", 80, "Garden-1"),
        device("Gate", "192.168.1.64", 8000, "Garden-1"),
        cloud("Camera 1", "K12345678", "ABCDEG", "Garden-1"),
    ] {
        assert!(version(&seal(&[one], PASSWORD, &Cheap)[0]) <= 6);
    }
    let ten: Vec<_> = (1..=10)
        .map(|n| device(&format!("Camera {n} north"), &format!("192.168.178.{n}"), 8000, "Garden-12345"))
        .collect();
    let texts = seal(&ten, PASSWORD, &Cheap);
    assert_eq!(texts.len(), 1);
    assert!(version(&texts[0]) <= 19, "{}", version(&texts[0]));
    // Names as long as they may be: fewer devices a code, and never more than version 19 for two.
    let long: Vec<_> = (1..=10).map(|n| device(&"n".repeat(100), &format!("10.0.0.{n}"), 80, "Garden-12345")).collect();
    let texts = seal(&long, PASSWORD, &Cheap);
    assert!(texts.len() > 1 && texts.iter().all(|text| version(text) <= 19));
}

#[test]
fn more_than_ten_devices_make_several_codes_that_open_by_themselves() {
    let devices: Vec<_> = (1..=23).map(|n| device("", &format!("10.0.0.{n}"), 80, "Garden-1")).collect();
    let texts = seal(&devices, PASSWORD, &Cheap);
    let opened: Vec<_> = texts.iter().map(|text| open(text, PASSWORD, &Cheap, MIDNIGHT).unwrap()).collect();
    assert_eq!(opened.iter().map(|code| code.part).collect::<Vec<_>>(), [(1, 3), (2, 3), (3, 3)]);
    assert_eq!(opened.iter().map(|code| code.devices.len()).collect::<Vec<_>>(), [10, 10, 3]);
    let back: Vec<_> = opened.iter().flat_map(|code| &code.devices).map(facts).collect();
    assert_eq!(back, devices.iter().map(facts).collect::<Vec<_>>());
    // One derivation serves all of them.
    let envelopes: Vec<_> = texts.iter().map(|text| Envelope::parse(text).unwrap()).collect();
    let key = envelopes[0].derive(&PASSWORD.into(), &Cheap).unwrap();
    assert!(envelopes.iter().all(|envelope| envelope.has_key_of(&key) && envelope.open(&key, MIDNIGHT).is_ok()));
}

#[test]
fn a_code_opens_until_the_end_of_its_last_day() {
    let text = seal(&[device("", "10.0.0.1", 80, "Garden-1")], PASSWORD, &Cheap).remove(0);
    assert!(open(&text, PASSWORD, &Cheap, MIDNIGHT + DAY - 1).is_ok());
    assert_eq!(open(&text, PASSWORD, &Cheap, MIDNIGHT + DAY).unwrap_err(), SealedError::Expired);
}

#[test]
fn every_flipped_bit_is_refused() {
    let text = seal(&[device("Gate", "192.168.1.64", 80, "Garden-1")], PASSWORD, &Cheap).remove(0);
    let bytes = base45::decode(text.strip_prefix(BEGINNING).unwrap()).unwrap().len();
    for bit in 0..bytes * 8 {
        let flipped = with_bytes(&text, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        assert!(open(&flipped, PASSWORD, &Cheap, MIDNIGHT).is_err(), "bit {bit}");
    }
    for index in 0..text.len() {
        for bit in 0..7 {
            let mut flipped = text.clone().into_bytes();
            flipped[index] ^= 1 << bit;
            let flipped = String::from_utf8(flipped).unwrap();
            assert!(open(&flipped, PASSWORD, &Cheap, MIDNIGHT).is_err(), "bit {bit} of character {index}");
        }
    }
    for end in 0..text.len() {
        assert!(open(&text[..end], PASSWORD, &Cheap, MIDNIGHT).is_err(), "cut at {end}");
    }
}

#[test]
fn costs_out_of_bounds_are_refused_before_any_work() {
    struct Counting(Cell<u32>);
    impl KeyDerivation for Counting {
        fn derive(&self, password: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Key, SealedError> {
            self.0.set(self.0.get() + 1);
            Cheap.derive(password, salt, cost)
        }
    }
    let text = seal(&[device("Gate", "192.168.1.64", 80, "Garden-1")], PASSWORD, &Cheap).remove(0);
    let counting = Counting(Cell::new(0));
    let with = |at: usize, value: &[u8]| with_bytes(&text, |bytes| bytes[at..at + value.len()].copy_from_slice(value));
    for (at, value, error) in [
        (0, &[2][..], SealedError::Version),
        (0, &[0], SealedError::Version),
        (1, &[0], SealedError::Parameters),
        (1, &[2], SealedError::Parameters),
        (2, &(256 * 1024 + 1_u32).to_be_bytes(), SealedError::Parameters),
        (2, &u32::MAX.to_be_bytes(), SealedError::Parameters),
        (2, &(16 * 1024 - 1_u32).to_be_bytes(), SealedError::Parameters),
        (2, &[0; 4], SealedError::Parameters),
        (6, &11_u32.to_be_bytes(), SealedError::Parameters),
        (6, &u32::MAX.to_be_bytes(), SealedError::Parameters),
        (6, &[0; 4], SealedError::Parameters),
        (10, &[0], SealedError::Parameters),
        (10, &[5], SealedError::Parameters),
        (10, &[255], SealedError::Parameters),
    ] {
        assert_eq!(open(&with(at, value), PASSWORD, &counting, MIDNIGHT).unwrap_err(), error, "{at} {value:?}");
    }
    assert_eq!(counting.0.get(), 0);
    // The bounds themselves are taken, and then the tag refuses: the cost is authenticated.
    for (at, value) in [(2, &(256 * 1024_u32).to_be_bytes()[..]), (6, &10_u32.to_be_bytes()), (10, &[4])] {
        assert_eq!(open(&with(at, value), PASSWORD, &counting, MIDNIGHT).unwrap_err(), SealedError::WrongPassword);
    }
    assert_eq!(counting.0.get(), 3);
}

#[test]
fn what_cannot_be_written_is_refused_and_never_shown() {
    let derived = |password: &str| SealingKey::derive(&password.into(), [0; 16], &Cheap).err();
    assert_eq!(derived("1234567"), Some(SealedError::Password));
    assert_eq!(derived(&"x".repeat(65)), Some(SealedError::Password));
    assert!(derived(&"ü".repeat(64)).is_none());
    for bad in [
        device("a\u{7F}b", "10.0.0.1", 80, "x"),
        device("", "not a host", 80, "x"),
        device("", "10.0.0.1", 0, "x"),
        device("", "10.0.0.1", 80, "line\nend"),
        device(&"n".repeat(129), "10.0.0.1", 80, "x"),
    ] {
        assert_eq!(split(&[bad], MIDNIGHT).unwrap_err(), SealedError::Unwritable);
    }
    let canary = device("", "10.0.0.1", 80, "canary-bird");
    let shown = format!("{canary:?} {:?}", split(std::slice::from_ref(&canary), MIDNIGHT).unwrap());
    assert!(!shown.contains("canary-bird"));
}

fn any_device() -> impl Strategy<Value = SealedDevice> {
    let host = prop_oneof![
        any::<std::net::Ipv4Addr>().prop_map(|ip| ip.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|ip| ip.to_string()),
        "[a-z][a-z0-9]{0,8}(\\.[a-z]{2,6}){0,2}",
    ];
    let address = (host, 1..=u16::MAX).prop_map(|(host, port)| Place::Address { host, port });
    let serial =
        ("[A-Z]{2}[0-9]{7}|[A-Z][0-9]{8}|[0-9]{9}", proptest::option::of("[A-Z]{6}")).prop_map(|(serial, code)| {
            Place::Serial {
                serial: SerialNumber::parse(&serial).unwrap(),
                verification_code: code.map(|code| VerificationCode::parse(&code).unwrap()),
            }
        });
    ("[^\\p{Cc}]{0,40}", prop_oneof![address, serial], "[^\\p{Cc}]{1,8}", "[^\\p{Cc}]{0,16}").prop_map(
        |(name, place, user_name, password)| SealedDevice { name, place, user_name, password: password.into() },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sealed_opens_again(devices in proptest::collection::vec(any_device(), 1..15), password in "\\PC{8,64}") {
        let texts = seal(&devices, &password, &Cheap);
        let mut back = Vec::new();
        for text in &texts {
            prop_assert!(text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b" $%*+-./:".contains(&b)));
            back.extend(open(text, &password, &Cheap, MIDNIGHT).unwrap().devices.iter().map(facts));
        }
        prop_assert_eq!(back, devices.iter().map(facts).collect::<Vec<_>>());
    }

    #[test]
    fn any_other_text_is_refused(body in "[0-9A-Z $%*+\\-./:]{0,200}", any in "(?s).{0,60}") {
        for text in [format!("{BEGINNING}{body}"), format!("{BEGINNING}{any}"), any] {
            prop_assert!(open(&text, PASSWORD, &Cheap, MIDNIGHT).is_err());
        }
    }

    #[test]
    fn a_changed_code_is_refused(at in any::<prop::sample::Index>(), to in 1_u8..=255, name in "[a-z]{0,8}") {
        let text = seal(&[device(&name, "192.168.1.64", 80, "Garden-1")], PASSWORD, &Cheap).remove(0);
        let changed = with_bytes(&text, |bytes| { let at = at.index(bytes.len()); bytes[at] ^= to; });
        prop_assert!(open(&changed, PASSWORD, &Cheap, MIDNIGHT).is_err());
    }
}
