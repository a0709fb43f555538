//! Activation, with the device's side done by hand: its RSA, its AES, its rules.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::{BoxedUint, Pkcs1v15Encrypt, RsaPublicKey};
use secrecy::SecretString;
use siteward_devices::activation::{ActivationError, Patience, activate_within, is_activated, wait_until_ready};
use siteward_devices::{CallError, Limits};
use siteward_domain::device_password::DevicePasswordRule;

use crate::fake::INFO;
use crate::played::{Asked, Does, Played, ok, refuses, xml};

const NEW: &str = "Gate-2026-north";
const RANDOM: &str = "00112233445566778899aabbccddeeff";
const SOON: Patience = Patience { every: Duration::from_millis(20), most: Duration::from_millis(400) };

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// `Challenge`: the random text under the key that was sent.
fn challenge(body: &str) -> String {
    let modulus = STANDARD.decode(between(body, "<PublicKey><key>", "</key></PublicKey>")).unwrap();
    assert_eq!((modulus.len(), modulus.to_ascii_lowercase()), (256, modulus.clone()));
    let modulus = BoxedUint::from_be_slice(&hex::decode(modulus).unwrap(), 1024).unwrap();
    let key = RsaPublicKey::new(modulus, BoxedUint::from(65_537_u64)).unwrap();
    let sealed = key.encrypt(&mut rand::rng(), Pkcs1v15Encrypt, RANDOM.as_bytes()).unwrap();
    let text = STANDARD.encode(hex::encode(sealed));
    format!(
        "<?xml version=\"1.0\"?>\n<Challenge version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n<key>{text}</key>\n</Challenge>"
    )
}

/// The password in `ActivateInfo`, opened with the random text.
fn opened(body: &str) -> String {
    let sealed = STANDARD.decode(between(body, "<ActivateInfo><password>", "</password></ActivateInfo>")).unwrap();
    let cipher = Aes128::new_from_slice(&hex::decode(RANDOM).unwrap()).unwrap();
    let mut plain = Vec::new();
    for chunk in hex::decode(sealed).unwrap().chunks_exact(16) {
        let mut block = aes::Block::try_from(chunk).unwrap();
        cipher.decrypt_block(&mut block);
        plain.extend_from_slice(&block);
    }
    let text = String::from_utf8(plain).unwrap();
    text.trim_end_matches('\0').strip_prefix(&RANDOM[..16]).unwrap().to_owned()
}

/// A device without a password; `sub` is how it ends an activation, `back_after` how many looks it takes to be back.
async fn inactive(sub: &'static str, back_after: usize) -> (Played, Arc<Mutex<Option<String>>>) {
    let password: Arc<Mutex<Option<String>>> = Arc::default();
    let (known, looks) = (Arc::clone(&password), Mutex::new(0));
    let played = Played::start(NEW, move |asked: &Asked| {
        let active = known.lock().unwrap().is_some();
        match (asked.method.as_str(), asked.path.as_str()) {
            (_, "/SDK/activateStatus") => {
                xml(&format!("<ActivateStatus><Activated>{active}</Activated></ActivateStatus>"))
            }
            ("POST", "/ISAPI/Security/challenge") if !active => xml(&challenge(&asked.body)),
            ("PUT", "/ISAPI/System/activate") if !active => {
                let refused = sub != "ok" && sub != "riskPassword";
                if !refused {
                    *known.lock().unwrap() = Some(opened(&asked.body));
                }
                refuses(if refused { 403 } else { 200 }, sub)
            }
            _ if !active => refuses(403, "notActivated"),
            _ if !asked.logged_in => Does::WantsLogin,
            ("GET", INFO) => {
                let mut looks = looks.lock().unwrap();
                *looks += 1;
                if *looks > back_after { xml("<DeviceInfo><model>M</model></DeviceInfo>") } else { Does::HangsUp }
            }
            _ => refuses(403, "hasActivated"),
        }
    })
    .await;
    (played, password)
}

#[tokio::test]
async fn a_device_is_activated_and_waited_for_until_it_takes_its_new_password() {
    let (played, password) = inactive("ok", 2).await;
    let mut client = played.anonymous();
    assert_eq!(is_activated(&mut client).await, Ok(false));
    let done = activate_within(&mut client, &SecretString::from(NEW), SOON).await.unwrap();
    assert!(!done.risk_password);
    assert_eq!(password.lock().unwrap().as_deref(), Some(NEW));
    // The client is logged in from here on.
    client.get(INFO).await.unwrap();
    assert_eq!(is_activated(&mut played.anonymous()).await, Ok(true));
    let again = activate_within(&mut played.anonymous(), &SecretString::from(NEW), SOON).await;
    assert_eq!(again, Err(ActivationError::AlreadyActivated));
}

#[tokio::test]
async fn how_a_device_ends_an_activation_is_told_apart() {
    let (risky, _) = inactive("riskPassword", 0).await;
    let done = activate_within(&mut risky.anonymous(), &SecretString::from(NEW), SOON).await.unwrap();
    assert!(done.risk_password);
    for (sub, error) in [
        ("passwordMustContainMorethan2Types", ActivationError::PasswordRule(None)),
        ("hasActivated", ActivationError::AlreadyActivated),
        ("notSupport", ActivationError::Call(CallError::NotSupported)),
    ] {
        let (played, password) = inactive(sub, 0).await;
        let ended = activate_within(&mut played.anonymous(), &SecretString::from(NEW), SOON).await;
        assert_eq!((ended, password.lock().unwrap().is_some()), (Err(error), false), "{sub}");
    }
}

#[tokio::test]
async fn a_password_against_the_rule_is_not_sent() {
    let (played, _) = inactive("ok", 0).await;
    let ended = activate_within(&mut played.anonymous(), &SecretString::from("my-Admin-1"), SOON).await;
    assert_eq!(ended, Err(ActivationError::PasswordRule(Some(DevicePasswordRule::Admin))));
    assert_eq!(played.asked(), []);
}

#[tokio::test]
async fn a_device_that_does_not_come_back_is_activated_all_the_same() {
    let (played, password) = inactive("ok", usize::MAX).await;
    let started = Instant::now();
    let ended = activate_within(&mut played.anonymous(), &SecretString::from(NEW), SOON).await.unwrap_err();
    assert!(matches!(&ended, ActivationError::NotBack(CallError::Unreachable { .. })), "{ended:?}");
    assert!(password.lock().unwrap().is_some() && started.elapsed() < Duration::from_secs(4));
    assert!(!format!("{ended:?} {ended}").contains(NEW));
}

#[tokio::test]
async fn a_refused_login_ends_the_waiting_at_once() {
    let played = Played::start(NEW, |asked| if asked.logged_in { ok() } else { Does::WantsLogin }).await;
    let mut client = played.client("another one 1", Limits::default());
    let ended =
        wait_until_ready(&mut client, Patience { every: Duration::from_millis(10), most: Duration::from_secs(60) })
            .await;
    assert_eq!(ended, Err(CallError::LoginRefused { tries_left: None }));
}

#[tokio::test]
async fn challenges_that_are_none_end_the_activation() {
    for answer in [
        "<Challenge><key></key></Challenge>".to_owned(),
        "<Challenge/>".to_owned(),
        "<Challenge><key>bm90IGEga2V5</key></Challenge>".to_owned(),
        format!("<Challenge><key>{}</key></Challenge>", "A".repeat(9000)),
        format!("<Challenge><key>{}</key></Challenge>", STANDARD.encode(hex::encode([9; 128]))),
    ] {
        let played = Played::start(NEW, move |asked| match asked.path.as_str() {
            "/ISAPI/Security/challenge" => xml(&answer),
            _ => ok(),
        })
        .await;
        let ended = activate_within(&mut played.anonymous(), &SecretString::from(NEW), SOON).await;
        assert_eq!(ended, Err(ActivationError::Call(CallError::BadAnswer { what: "challenge" })));
        assert!(played.written("/ISAPI/System/activate").is_empty());
    }
}

#[tokio::test]
async fn whether_a_device_is_activated_is_found_out_one_way_or_another() {
    type Play = fn(&Asked) -> Does;
    let ways: [(Play, bool); 5] = [
        (
            |asked| {
                if asked.path.starts_with("/SDK") { refuses(404, "notSupport") } else { refuses(403, "hasActivated") }
            },
            true,
        ),
        (
            |asked| {
                if asked.path.starts_with("/SDK") {
                    Does::Answers(404, b"<html/>".to_vec())
                } else {
                    refuses(403, "notActivated")
                }
            },
            false,
        ),
        (|_| Does::WantsLogin, true),
        (
            |asked| {
                if asked.path == INFO {
                    Does::Answers(200, b"<html>notActivated</html>".to_vec())
                } else {
                    Does::Answers(200, Vec::new())
                }
            },
            false,
        ),
        (|asked| if asked.path == INFO { xml("<DeviceInfo/>") } else { refuses(403, "invalidOperation") }, true),
    ];
    for (number, (play, active)) in ways.into_iter().enumerate() {
        let played = Played::start(NEW, play).await;
        assert_eq!(is_activated(&mut played.anonymous()).await, Ok(active), "{number}");
    }
}
