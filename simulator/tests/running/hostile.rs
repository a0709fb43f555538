//! Attacks arrive as promised; whether a client survives them is the client's test.

use std::io::Read as _;
use std::time::Duration;

use siteward_simulator::{Change, Hostile, Profile, Simulator, SimulatorSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{address, ask, get, simulator, within};

async fn attacker(kind: Hostile) -> Simulator {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    simulator.set(0, Change { hostile: Some(Some(kind)), ..Change::default() }).await.unwrap();
    simulator
}

/// What comes within `time`, at most `enough` bytes.
async fn bytes(simulator: &Simulator, time: Duration, enough: usize) -> Vec<u8> {
    let mut stream = TcpStream::connect(address(&simulator.devices()[0])).await.unwrap();
    stream.write_all(b"GET /ISAPI/System/deviceInfo HTTP/1.1\r\n\r\n").await.unwrap();
    let mut all = Vec::new();
    let reading = async { while all.len() < enough && stream.read_buf(&mut all).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(time, reading).await;
    all
}

#[tokio::test]
async fn bodies_and_headers_do_not_end() {
    const MANY: usize = 8 << 20;
    for (kind, begins) in [(Hostile::HugeBody, "HTTP/1.1 200 OK"), (Hostile::EndlessHeaders, "HTTP/1.1 200 OK\r\nX-F")]
    {
        let simulator = attacker(kind).await;
        let sent = bytes(&simulator, Duration::from_secs(10), MANY).await;
        assert!(sent.len() >= MANY && sent.starts_with(begins.as_bytes()), "{kind:?}: {} bytes", sent.len());
    }
}

#[tokio::test]
async fn one_byte_a_second_is_one_byte_a_second() {
    let simulator = attacker(Hostile::OneBytePerSecond).await;
    let sent = bytes(&simulator, Duration::from_millis(1_500), 100).await;
    assert_eq!(sent, b"HT");
}

#[tokio::test]
async fn a_gzip_bomb_inflates_a_thousandfold() {
    let simulator = attacker(Hostile::GzipBomb).await;
    let mut stream = TcpStream::connect(address(&simulator.devices()[0])).await.unwrap();
    let answer = ask(&mut stream, "GET", "/", "", "").await;
    assert!(answer.head.contains("Content-Encoding: gzip") && answer.body.len() < 256 << 10, "{}", answer.body.len());
    let inflated =
        std::io::copy(&mut flate2::read::GzDecoder::new(&answer.body[..]).take(1 << 30), &mut std::io::sink());
    assert!(inflated.unwrap() > 128 << 20);
}

#[tokio::test]
async fn documents_attack_their_reader() {
    for (kind, word, status) in [
        (Hostile::EntityBomb, "<!ENTITY e10", 200),
        (Hostile::DeepXml, "<a><a><a><a>", 200),
        (Hostile::RedirectMetadata, "", 302),
    ] {
        let simulator = attacker(kind).await;
        let answer = get(&simulator.devices()[0], "/ISAPI/System/deviceInfo").await;
        assert_eq!(answer.status, status, "{kind:?}");
        assert!(answer.text().contains(word), "{kind:?}");
        assert_eq!(answer.head.contains("169.254.169.254"), status == 302);
    }
}

#[tokio::test]
async fn challenges_go_on_for_ever() {
    let simulator = attacker(Hostile::EndlessChallenges).await;
    for _ in 0..3 {
        let answer = get(&simulator.devices()[0], "/ISAPI/System/deviceInfo").await;
        assert_eq!((answer.status, answer.head.contains("stale=\"TRUE\"")), (401, true));
    }
    assert_eq!(simulator.view(0).unwrap().counters.challenges, 6);
}

#[tokio::test]
async fn noise_is_no_http_and_honesty_can_return() {
    for kind in [Hostile::Garbage, Hostile::BrokenTls] {
        let simulator = attacker(kind).await;
        let sent = within(bytes(&simulator, Duration::from_secs(1), 4_096)).await;
        assert!(sent.len() >= 4_096 && !sent.starts_with(b"HTTP/"), "{kind:?}: {} bytes", sent.len());
        simulator.set(0, Change { hostile: Some(None), ..Change::default() }).await.unwrap();
        assert_eq!(get(&simulator.devices()[0], "/ISAPI/System/deviceInfo").await.status, 200);
    }
}
