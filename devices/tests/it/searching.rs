//! Finding the port: what is in the way must cost neither time nor a second refused login.

use std::time::{Duration, Instant};

use siteward_devices::{AddressPolicy, AddressRefused, CallError, Limits, find_http};
use siteward_domain::device::Scheme;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use crate::fake::{Auth, Fake, LOOPBACK, PASSWORD, listen, login, small_camera};

#[tokio::test]
async fn the_given_port_is_found_and_the_client_is_logged_in() {
    let fake = Fake::start(Auth::Both).await;
    small_camera(&fake);
    let found = find_http("127.0.0.1", fake.port, &login(PASSWORD), &LOOPBACK, &Limits::default()).await;
    let (address, mut client) = found.unwrap();
    assert_eq!((address.port, address.scheme), (fake.port, Scheme::Http));
    let before = fake.state();
    assert_eq!(before.connections, 1);
    client.get("/ISAPI/System/status").await.unwrap();
    assert_eq!(fake.state().requests, before.requests + 1);
}

#[tokio::test]
async fn a_refused_login_ends_the_search() {
    let fake = Fake::start(Auth::Both).await;
    small_camera(&fake);
    let error = find_http("127.0.0.1", fake.port, &login("wrong"), &LOOPBACK, &Limits::default()).await.unwrap_err();
    assert!(matches!(error, CallError::LoginRefused { .. }));
    assert_eq!((fake.state().refused, fake.state().requests), (1, 2));
}

#[tokio::test]
async fn ports_that_speak_something_else_or_nothing_are_passed_over_in_time() {
    let greeting = listen(|mut stream| async move {
        let _ = stream.write_all(b"220 ready\r\n").await;
    })
    .await;
    let silent = listen(|stream| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    let limits = Limits { call: Duration::from_millis(300), connect: Duration::from_millis(300), ..Limits::default() };
    for port in [greeting, silent] {
        let started = Instant::now();
        let error = find_http("127.0.0.1", port, &login(PASSWORD), &LOOPBACK, &limits).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(5), "{error:?}");
    }
}

#[tokio::test]
async fn a_plain_server_at_a_port_of_tls_is_found_though_it_says_nothing_to_tls() {
    let host = "127.77.50.1";
    let Ok(listener) = TcpListener::bind((host, 8443)).await else {
        eprintln!("SKIPPED: {host}:8443 is taken");
        return;
    };
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let serving = fake.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let one = serving.clone();
            tokio::spawn(async move { one.serve(stream).await });
        }
    });
    let limits = Limits { connect: Duration::from_millis(500), ..Limits::default() };
    // The given port is one that nobody listens at.
    let found = find_http(host, 9, &login(PASSWORD), &LOOPBACK, &limits).await;
    let (address, _) = found.unwrap();
    assert_eq!((address.port, address.scheme, fake.state().refused), (8443, Scheme::Http, 0));
}

#[tokio::test]
async fn a_forbidden_address_is_not_dialled_on_any_port() {
    let fake = Fake::start(Auth::Md5).await;
    let policy = AddressPolicy::default();
    let error = find_http("127.0.0.1", fake.port, &login(PASSWORD), &policy, &Limits::default()).await.unwrap_err();
    assert_eq!(error, CallError::AddressRefused(AddressRefused::Loopback));
    assert_eq!((error.code(), error.reachability()), ("address_not_allowed", None));
    assert_eq!(fake.state().connections, 0);
}
