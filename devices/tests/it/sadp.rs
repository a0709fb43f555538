//! SADP over real sockets on loopback, against a responder that this test plays, and against captured answers.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::{BoxedUint, Pkcs1v15Encrypt, RsaPublicKey};
use secrecy::SecretString;
use siteward_devices::sadp::{Command, Finder, SadpError, UnbindState, read_match};
use siteward_domain::VerificationCode;
use siteward_domain::link::BindState;
use tokio::net::UdpSocket;

const WAIT: Duration = Duration::from_millis(300);
const MAC: &str = "44:19:b6:00:00:0f";
const RANDOM: &str = "00112233445566778899aabbccddeeff";
const NEW: &str = "Gate-2026-north";

fn between<'a>(text: &'a str, name: &str) -> &'a str {
    let (before, after) = (format!("<{name}>"), format!("</{name}>"));
    text.split_once(&before).and_then(|(_, rest)| rest.split_once(&after)).map_or("", |(inside, _)| inside)
}

/// A responder: gives the datagrams that answer one message. What it was sent is kept.
async fn responder(
    answer: impl Fn(&str) -> Vec<Vec<u8>> + Send + Sync + 'static,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        let mut buffer = vec![0; 65_536];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let message = String::from_utf8(buffer.get(..length).unwrap().to_vec()).unwrap();
            let datagrams = answer(&message);
            log.lock().unwrap().push(message);
            for datagram in datagrams {
                socket.send_to(&datagram, from).await.unwrap();
            }
        }
    });
    (address, heard)
}

async fn finder(targets: Vec<SocketAddr>) -> Finder {
    Finder::open("127.0.0.1:0".parse().unwrap(), targets, WAIT).await.unwrap()
}

fn device(message: &str, number: u32) -> Vec<u8> {
    let uuid = between(message, "Uuid");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<ProbeMatch>\r\n<Uuid>{uuid}</Uuid><Types>inquiry</Types><DeviceSN>DS-2CD2000X20200101AAWRG{number:08}</DeviceSN><MAC>44-19-b6-00-{:02x}-{:02x}</MAC><IPv4Address>127.0.0.1</IPv4Address><HttpPort>80</HttpPort></ProbeMatch>", number / 256, number % 256).into_bytes()
}

#[tokio::test]
async fn every_device_is_found_once_however_often_it_answers() {
    let (target, heard) =
        responder(|message| (0..50).chain(0..3).map(|number| device(message, number)).collect()).await;
    let found = finder(vec![target]).await.discover().await.unwrap();
    assert_eq!(found.len(), 50);
    assert!(found.iter().all(|answer| answer.sighting().is_some()));
    let heard = heard.lock().unwrap().clone();
    assert!(heard.iter().all(|message| message.ends_with("</Uuid><Types>inquiry</Types></Probe>")), "{heard:?}");
}

#[tokio::test]
async fn answers_to_other_questions_nonsense_and_heavy_datagrams_are_passed_over() {
    let (target, _) = responder(|message| {
        vec![
            b"\x21\x02nonsense".to_vec(),
            message.as_bytes().to_vec(),
            device("<Uuid>00000000-0000-4000-8000-000000000000</Uuid>", 1),
            b"<!DOCTYPE a [<!ENTITY b \"c\">]><ProbeMatch/>".to_vec(),
            [device(message, 2), vec![b' '; 64 * 1024 - 600]].concat(),
            device(message, 3),
            Vec::new(),
        ]
    })
    .await;
    let found = finder(vec![target]).await.discover().await.unwrap();
    let serials: Vec<String> = found.iter().map(|answer| answer.serial_text.clone()).collect();
    assert_eq!(serials.iter().filter(|serial| serial.ends_with('3')).count(), 1);
    assert!(serials.iter().all(|serial| !serial.ends_with('1')), "{serials:?}");
}

#[tokio::test]
async fn a_flood_and_silence_end_with_the_time() {
    let (silent, _) = responder(|_| Vec::new()).await;
    let started = Instant::now();
    assert_eq!(finder(vec![silent]).await.discover().await, Ok(Vec::new()));
    assert_eq!(finder(vec![silent]).await.command(MAC, &Command::ReadBindState).await, Err(SadpError::NoAnswer));
    assert!(started.elapsed() < 2 * WAIT + Duration::from_secs(2));
    let noise = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let finder = finder(vec![silent]).await;
    let address = finder.local_address().unwrap();
    let flood = tokio::spawn(async move {
        loop {
            let _ = noise.send_to(&[b'<'; 900], address).await;
            tokio::task::yield_now().await;
        }
    });
    let started = Instant::now();
    assert_eq!(finder.discover().await, Ok(Vec::new()));
    assert!(started.elapsed() < WAIT + Duration::from_secs(2));
    flood.abort();
}

#[tokio::test]
async fn where_nothing_can_be_sent_the_network_is_at_fault_and_not_the_devices() {
    // From a socket bound to loopback the way to another network is closed.
    let finder = finder(vec!["192.0.2.1:37020".parse().unwrap()]).await;
    assert_eq!(finder.discover().await, Err(SadpError::Network));
    assert_eq!(finder.command("44:19", &Command::ReadBindState).await, Err(SadpError::NoMac));
}

/// The random text, sealed for the key of an `exchangecode`.
fn exchanged(message: &str) -> String {
    let der = STANDARD.decode(between(message, "Code")).unwrap();
    let modulus =
        der.strip_prefix(&[0x30, 0x81, 0x89, 2, 0x81, 0x81, 0]).and_then(|rest| rest.strip_suffix(&[2, 3, 1, 0, 1]));
    let modulus = BoxedUint::from_be_slice(modulus.unwrap(), 1024).unwrap();
    let key = RsaPublicKey::new(modulus, BoxedUint::from(65_537_u64)).unwrap();
    STANDARD.encode(key.encrypt(&mut rand::rng(), Pkcs1v15Encrypt, RANDOM.as_bytes()).unwrap())
}

fn opened(message: &str) -> String {
    let cipher = Aes128::new_from_slice(RANDOM.as_bytes().get(..16).unwrap()).unwrap();
    let mut plain = Vec::new();
    for chunk in STANDARD.decode(between(message, "Password")).unwrap().chunks_exact(16) {
        let mut block = aes::Block::try_from(chunk).unwrap();
        cipher.decrypt_block(&mut block);
        plain.extend_from_slice(&block);
    }
    let text = String::from_utf8(plain).unwrap();
    text.trim_end_matches('\0').strip_prefix(&RANDOM[..16]).unwrap().to_owned()
}

fn reply(message: &str, fields: &str) -> Vec<u8> {
    let (uuid, mac, kind) = (between(message, "Uuid"), between(message, "MAC"), between(message, "Types"));
    format!("<ProbeMatch><Uuid>{uuid}</Uuid><MAC>{mac}</MAC><Types>{kind}</Types>{fields}</ProbeMatch>").into_bytes()
}

/// A device that takes commands with one password; `ending` is what it says to the right one.
async fn commanded(ending: &'static str) -> (Finder, Arc<Mutex<Vec<String>>>) {
    let (target, heard) = responder(move |message| {
        let other = message.replace("00-00-0f", "00-00-10");
        let told = match between(message, "Types") {
            "exchangecode" => format!("<Result>success</Result><Code>{}</Code>", exchanged(message)),
            "getUnbindStatus" => ending.to_owned(),
            _ if opened(message) == NEW => ending.to_owned(),
            _ => "<Result>denied</Result>".to_owned(),
        };
        // Another device, and another question, answer first.
        let elsewhere = reply("<Uuid>1</Uuid><MAC>44-19-b6-00-00-0f</MAC>", "<Result>failed</Result>");
        vec![reply(&other, "<Result>failed</Result>"), elsewhere, reply(message, &told)]
    })
    .await;
    (finder(vec![target]).await, heard)
}

fn commands(password: &str) -> [Command; 4] {
    let password = || SecretString::from(password);
    [
        Command::Activate { password: password() },
        Command::SetService { enabled: true, password: password() },
        Command::SetVerificationCode { code: VerificationCode::parse("Gate2026").unwrap(), password: password() },
        Command::Unbind { password: password() },
    ]
}

#[tokio::test]
async fn commands_carry_the_sealed_password_and_are_answered() {
    let (finder, heard) = commanded("<Result>success</Result>").await;
    for command in commands(NEW) {
        finder.command(MAC, &command).await.unwrap();
    }
    let heard = heard.lock().unwrap().clone();
    let kinds: Vec<&str> = heard.iter().map(|message| between(message, "Types")).collect();
    let exchange = "exchangecode";
    let expected =
        [exchange, "activate", exchange, "SetHCPlatform", exchange, "SetVerificationCode", exchange, "ezvizUnbind"];
    assert_eq!(kinds, expected);
    assert!(heard.iter().all(|message| !message.contains(NEW) && between(message, "MAC") == "44-19-b6-00-00-0f"));
}

#[tokio::test]
async fn a_command_that_is_not_done_says_why() {
    for (ending, error) in [
        ("<Result>failed</Result>", SadpError::Failed),
        ("<Result>failed</Result><ErrorCode>2021</ErrorCode>", SadpError::AlreadyActivated),
        ("<Result>denied</Result><ErrorCode>2018</ErrorCode>", SadpError::Locked),
        ("", SadpError::BadAnswer),
    ] {
        let (finder, _) = commanded(ending).await;
        assert_eq!(finder.command(MAC, &commands(NEW)[0]).await, Err(error), "{ending}");
    }
    let (finder, heard) = commanded("<Result>success</Result>").await;
    for command in commands("Wrong-2026") {
        assert_eq!(finder.command(MAC, &command).await, Err(SadpError::Denied));
    }
    let sent = heard.lock().unwrap().len();
    let weak = Command::Activate { password: SecretString::from("short") };
    assert_eq!(finder.command(MAC, &weak).await, Err(SadpError::PasswordRule));
    assert_eq!(heard.lock().unwrap().len(), sent);
}

#[tokio::test]
async fn the_state_of_binding_is_asked_for() {
    for (ending, unbind, bind) in [
        ("<Result>success</Result><UnbindStatus>1</UnbindStatus>", UnbindState::Possible, BindState::Bound),
        ("<UnbindStatus>2</UnbindStatus>", UnbindState::NotBound, BindState::Free),
        ("<Result>success</Result>", UnbindState::Unknown, BindState::Unknown),
    ] {
        let (finder, heard) = commanded(ending).await;
        let told = finder.command(MAC, &Command::ReadBindState).await.unwrap();
        assert_eq!((told.unbind, told.unbind.bind()), (unbind, bind), "{ending}");
        assert_eq!(heard.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_exchange_that_is_none_sends_no_password() {
    for (code, error) in [
        ("<Result>denied</Result>", SadpError::Denied),
        ("<Result>success</Result><Code>AAAA</Code>", SadpError::BadAnswer),
        ("<Result>success</Result>", SadpError::BadAnswer),
    ] {
        let (target, heard) = responder(move |message| vec![reply(message, code)]).await;
        let ended = finder(vec![target]).await.command(MAC, &commands(NEW)[0]).await;
        assert_eq!((ended, heard.lock().unwrap().len()), (Err(error), 1), "{code}");
    }
}

#[test]
fn captured_answers_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/sadp");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("SKIPPED: no captured SADP answers at {}", folder.display());
        return;
    };
    let mut read = 0;
    for entry in entries.flatten() {
        let text = fs::read_to_string(entry.path()).unwrap();
        let answer = read_match(text.as_bytes()).unwrap();
        assert_eq!(answer.firmware, between(&text, "SoftwareVersion"));
        assert_eq!(answer.mac.clone().unwrap(), between(&text, "MAC").replace('-', ":"));
        assert_eq!(answer.ipv4.unwrap().to_string(), between(&text, "IPv4Address"));
        assert_eq!(answer.salt.as_deref(), Some(between(&text, "Salt")));
        let flags = (answer.activated, answer.dhcp, answer.service_supported, answer.service_enabled);
        assert_eq!(flags, (Some(true), Some(true), Some(true), Some(false)));
        assert_eq!(answer.locked, Some(between(&text, "DeviceLock") == "true"));
        assert_eq!((answer.analog_channels, answer.digital_channels), (Some(0), Some(1)));
        // The captures lost their serial number; put back, they are sightings.
        assert_eq!(answer.sighting(), None);
        let whole = text.replace("<MAC>", "<DeviceSN>DS-2CD2000X20200101AAWRG00000001</DeviceSN><MAC>");
        let sighting = read_match(whole.as_bytes()).unwrap().sighting().unwrap();
        assert_eq!((sighting.serial.as_str(), sighting.http_port), ("G00000001", 80));
        read += 1;
    }
    assert!(read >= 2);
}
