//! T7: devices that mean harm end within the limits, whatever they do. Limits are short here; the
//! real ones differ in size only.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use siteward_devices::{CallError, DeviceClient, Known, Limits, Target, look};
use siteward_domain::device::Scheme;
use siteward_domain::health::Topic;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::fake::{LOOPBACK, PASSWORD, STATUS, address, listen, login, read_head};

const LIMITS: Limits = Limits {
    connect: Duration::from_millis(400),
    call: Duration::from_millis(600),
    check: Duration::from_millis(900),
    body_bytes: 64 * 1024,
};

fn client(scheme: Scheme, port: u16) -> DeviceClient {
    let target = Target { address: address(scheme, port), login: login(PASSWORD), pin: None };
    DeviceClient::new(target, LIMITS, LOOPBACK)
}

async fn call(scheme: Scheme, port: u16) -> CallError {
    let started = Instant::now();
    let topics = [Topic::Identity, Topic::Status, Topic::Channels, Topic::Disks];
    let error = look(&mut client(scheme, port), &topics, &Known::default(), Utc::now).await.unwrap_err();
    assert!(started.elapsed() < LIMITS.check + Duration::from_secs(2), "{:?} {error:?}", started.elapsed());
    error
}

async fn answering(bytes: &'static [u8]) -> u16 {
    listen(move |mut stream| async move {
        while read_head(&mut stream).await.is_some() {
            if stream.write_all(bytes).await.is_err() {
                return;
            }
        }
    })
    .await
}

/// Repeats a block until the other side hangs up; counts the bytes taken.
async fn pouring(head: &'static str, block: &'static [u8], every: Duration) -> (u16, Arc<AtomicUsize>) {
    let poured = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&poured);
    let port = listen(move |mut stream: TcpStream| {
        let counter = Arc::clone(&counter);
        async move {
            if read_head(&mut stream).await.is_none() || stream.write_all(head.as_bytes()).await.is_err() {
                return;
            }
            while stream.write_all(block).await.is_ok() {
                counter.fetch_add(block.len(), Ordering::Relaxed);
                if !every.is_zero() {
                    tokio::time::sleep(every).await;
                }
            }
        }
    })
    .await;
    (port, poured)
}

const TIMEOUT: CallError = CallError::Unreachable { reason: "timeout" };
const TOO_LARGE: CallError = CallError::BadAnswer { what: "too_large" };

#[tokio::test]
async fn one_byte_at_a_time_ends_with_the_time() {
    let every = Duration::from_millis(50);
    let (port, _) = pouring("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x", every).await;
    assert_eq!(call(Scheme::Http, port).await, TIMEOUT);
    let (port, _) = pouring("", b"H", every).await;
    let error = call(Scheme::Http, port).await;
    assert!(matches!(error, CallError::Unreachable { .. } | CallError::BadAnswer { .. }));
}

#[tokio::test]
async fn a_body_of_a_gigabyte_is_not_read() {
    let told = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n<DeviceInfo>").await;
    assert_eq!(call(Scheme::Http, told).await, TOO_LARGE);
    for head in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\n",
    ] {
        let (port, poured) = pouring(head, &[b'x'; 16 * 1024], Duration::ZERO).await;
        assert_eq!(call(Scheme::Http, port).await, TOO_LARGE);
        // What the sockets hold between us comes on top of what was read.
        assert!(poured.load(Ordering::Relaxed) < 16 * 1024 * 1024);
    }
    let chunk = b"4000\r\n";
    let (port, _) = pouring("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, Duration::ZERO).await;
    assert!(matches!(call(Scheme::Http, port).await, CallError::BadAnswer { .. } | CallError::Unreachable { .. }));
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    let (port, poured) =
        pouring("HTTP/1.1 200 OK\r\n", b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", Duration::ZERO).await;
    let error = call(Scheme::Http, port).await;
    assert!(matches!(error, CallError::BadAnswer { what: "head_too_large" | "not_http" }), "{error:?}");
    assert!(poured.load(Ordering::Relaxed) < 16 * 1024 * 1024);
    let (port, _) = pouring("HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", Duration::ZERO).await;
    call(Scheme::Http, port).await;
}

#[tokio::test]
async fn packed_bodies_are_refused_unread() {
    // gzip of nothing in particular: it is the header that counts.
    let gzip = answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x04\0\x43\xbe\xb7\xe8\x01\0\0").await;
    assert_eq!(call(Scheme::Http, gzip).await, CallError::BadAnswer { what: "content_encoding" });
}

#[tokio::test]
async fn entity_bombs_and_deep_documents_are_refused() {
    let bomb = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 102\r\n\r\n<!DOCTYPE a [<!ENTITY b \"xxxxxxxxxx\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><a>&c;&c;&c;</a>").await;
    assert_eq!(call(Scheme::Http, bomb).await, CallError::BadAnswer { what: "doctype" });
    let deep = listen(|mut stream| async move {
        while read_head(&mut stream).await.is_some() {
            let body = "<a>".repeat(10_000);
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    assert_eq!(call(Scheme::Http, deep).await, TOO_LARGE);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&followed);
    let elsewhere = listen(move |_stream| {
        counter.fetch_add(1, Ordering::Relaxed);
        async {}
    })
    .await;
    let redirect = listen(move |mut stream| async move {
        while read_head(&mut stream).await.is_some() {
            let answer = format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere}/latest/meta-data/\r\nContent-Length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    assert_eq!(call(Scheme::Http, redirect).await, CallError::BadAnswer { what: "redirect" });
    assert_eq!(followed.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn challenges_without_end_take_two_answers_at_most() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let port = listen(move |mut stream| {
        let counter = Arc::clone(&counter);
        async move {
            while let Some(head) = read_head(&mut stream).await {
                let number = counter.fetch_add(usize::from(head.contains("uthorization:")), Ordering::Relaxed);
                let answer = format!("HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"{number}\", stale=true\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    })
    .await;
    assert_eq!(call(Scheme::Http, port).await, CallError::LoginRefused { tries_left: None });
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn broken_tls_and_nonsense_end_at_once() {
    let broken = answering(b"\x16\x03\x03\x40\x00nonsense nonsense nonsense").await;
    let error = call(Scheme::Https, broken).await;
    assert!(matches!(error, CallError::Unreachable { .. }), "{error:?}");
    let plain = answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
    assert!(matches!(call(Scheme::Https, plain).await, CallError::Unreachable { .. }));
    let nonsense = answering(b"\0\x01\x02\x03 device protocol \xff\xff\r\n\r\n").await;
    assert_eq!(call(Scheme::Http, nonsense).await, CallError::BadAnswer { what: "not_http" });
}

#[tokio::test]
async fn a_whole_look_keeps_within_the_time_of_one_check() {
    // Each answer comes just in time for its call; together they would take far longer.
    let port = listen(|mut stream| async move {
        while let Some(head) = read_head(&mut stream).await {
            tokio::time::sleep(Duration::from_millis(350)).await;
            let body = if head.contains("deviceInfo") {
                "<DeviceInfo><model>M</model><deviceType>NVR</deviceType></DeviceInfo>"
            } else {
                "<DeviceStatus><deviceUpTime>1</deviceUpTime></DeviceStatus>"
            };
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    let started = Instant::now();
    let topics = [Topic::Identity, Topic::Status, Topic::Channels, Topic::Disks, Topic::Network, Topic::Clock];
    let seen = look(&mut client(Scheme::Http, port), &topics, &Known::default(), Utc::now).await.unwrap();
    assert!(started.elapsed() < LIMITS.check + Duration::from_secs(2));
    // What it said before it fell behind still holds.
    assert!(seen.observation.identity.is_some() && seen.observation.disks.is_none());
}

#[tokio::test]
async fn bodies_of_a_look_together_keep_within_the_bytes_of_one_check() {
    let (asked, counter) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let asked_there = Arc::clone(&asked);
    let port = listen(move |mut stream| {
        let asked = Arc::clone(&asked_there);
        async move {
            while read_head(&mut stream).await.is_some() {
                asked.fetch_add(1, Ordering::Relaxed);
                let body = format!("<DeviceInfo><model>M</model><x>{}</x></DeviceInfo>", "y".repeat(40_000));
                let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    })
    .await;
    let topics = [Topic::Identity, Topic::Status, Topic::Disks];
    let seen = look(&mut client(Scheme::Http, port), &topics, &Known::default(), Utc::now).await.unwrap();
    assert!(seen.observation.identity.is_some() && seen.observation.status.is_none());
    assert_eq!((asked.load(Ordering::Relaxed), counter.load(Ordering::Relaxed)), (3, 0));
    // A check of its own has its own bytes.
    client(Scheme::Http, port).get(STATUS).await.unwrap();
}
