//! Writes, calls without a login, and requests that are handed on.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST};
use http::{HeaderMap, HeaderValue, Method};
use siteward_devices::http::MOST_FORWARDED;
use siteward_devices::{CallError, DeviceClient, Forward, Limits, Target};
use siteward_domain::device::Scheme;
use tokio::io::AsyncWriteExt as _;

use crate::fake::{LOOPBACK, PASSWORD, address, listen, login, read_head};
use crate::played::{Does, Played, ok, xml};

async fn device() -> Played {
    Played::start(PASSWORD, |asked| if asked.logged_in { ok() } else { Does::WantsLogin }).await
}

#[tokio::test]
async fn a_write_is_done_once_under_digest_and_its_body_is_sent_once() {
    let played = device().await;
    let mut client = played.client(PASSWORD, Limits::default());
    let body = Bytes::from_static(b"<Time/>");
    let answer = client.send(Method::PUT, "/ISAPI/System/time", Some("application/xml"), body).await.unwrap();
    assert_eq!(answer.content_type.unwrap(), "text/plain");
    client.send(Method::PUT, "/ISAPI/System/reboot", None, Bytes::new()).await.unwrap();
    assert_eq!(played.written("/ISAPI/System/time"), ["<Time/>"]);
    assert_eq!(played.written("/ISAPI/System/reboot"), [""]);
}

#[tokio::test]
async fn a_device_that_asks_for_no_login_still_gets_the_body() {
    let open = Played::start(PASSWORD, |_| ok()).await;
    let body = Bytes::from_static(b"<Time/>");
    open.client(PASSWORD, Limits::default()).send(Method::PUT, "/time", None, body).await.unwrap();
    assert_eq!(open.written("/time"), ["", "<Time/>"]);
}

#[tokio::test]
async fn a_write_whose_connection_breaks_is_not_done_twice() {
    let played = Played::start(PASSWORD, |asked| match (asked.logged_in, asked.method.as_str()) {
        (false, _) => Does::WantsLogin,
        (true, "GET") => xml("<a/>"),
        _ => Does::HangsUp,
    })
    .await;
    let mut client = played.client(PASSWORD, Limits::default());
    client.get("/ISAPI/System/deviceInfo").await.unwrap();
    let error = client.send(Method::PUT, "/ISAPI/System/reboot", None, Bytes::new()).await.unwrap_err();
    assert_eq!(error, CallError::Unreachable { reason: "closed" });
    assert_eq!(played.written("/ISAPI/System/reboot").len(), 1);
}

#[tokio::test]
async fn a_write_after_the_device_closed_an_idle_connection_uses_a_new_one() {
    let (closed, mut closings) = tokio::sync::mpsc::unbounded_channel();
    // It answers once a connection and then hangs up without saying so.
    let port = listen(move |mut stream| {
        let closed = closed.clone();
        async move {
            let head = read_head(&mut stream).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
            drop(stream);
            closed.send(head).unwrap();
        }
    })
    .await;
    let target = Target { address: address(Scheme::Http, port), login: login(PASSWORD), pin: None };
    let mut client = DeviceClient::new(target, Limits::default(), LOOPBACK);
    for method in [Method::GET, Method::PUT, Method::PUT] {
        client.send(method.clone(), "/a", None, Bytes::new()).await.unwrap();
        assert!(closings.recv().await.unwrap().starts_with(method.as_str()));
    }
}

#[tokio::test]
async fn without_a_login_a_device_that_wants_one_is_not_tried() {
    let played = device().await;
    let mut client = played.anonymous();
    for _ in 0..2 {
        assert_eq!(client.get("/ISAPI/System/deviceInfo").await.unwrap_err(), CallError::NeedsLogin);
    }
    let open = Played::start(PASSWORD, |_| xml("<ActivateStatus/>")).await;
    assert_eq!(open.anonymous().get("/SDK/activateStatus").await.unwrap().status, 200);
    open.anonymous().send(Method::POST, "/c", None, Bytes::from_static(b"k")).await.unwrap();
    assert_eq!(open.written("/c"), ["k"]);
}

fn forward(method: Method, body: Bytes) -> Forward {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(COOKIE, HeaderValue::from_static("theirs=1"));
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer ours"));
    headers.insert(HOST, HeaderValue::from_static("console.example"));
    Forward { method, path_and_query: "/doc/page/login.asp?a=1".into(), headers, body }
}

#[tokio::test]
async fn a_request_is_handed_on_with_our_login_and_its_redirect_comes_back() {
    let port = listen(|mut stream| async move {
        while let Some(head) = read_head(&mut stream).await {
            let head = head.to_ascii_lowercase();
            assert!(head.contains("cookie: theirs=1") && !head.contains("bearer") && !head.contains("console.example"));
            let answer = if head.contains("authorization: digest") {
                "HTTP/1.1 302 Found\r\nLocation: /index.asp\r\nSet-Cookie: a=b\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\ngzip"
            } else {
                "HTTP/1.1 401 X\r\nWWW-Authenticate: Digest qop=\"auth\", realm=\"r\", nonce=\"n\"\r\nContent-Length: 0\r\n\r\n"
            };
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let target = Target { address: address(Scheme::Http, port), login: login(PASSWORD), pin: None };
    let mut client = DeviceClient::new(target, Limits::default(), LOOPBACK);
    let forwarded = client.forward(forward(Method::GET, Bytes::new()), 1024).await.unwrap();
    assert_eq!((forwarded.status, &forwarded.body[..]), (302, &b"gzip"[..]));
    assert_eq!(forwarded.headers["location"], "/index.asp");
    assert!(!forwarded.headers.contains_key("content-length"));
    let error = client.forward(forward(Method::GET, Bytes::new()), 3).await.unwrap_err();
    assert_eq!(error, CallError::BadAnswer { what: "too_large" });
}

#[tokio::test]
async fn what_is_handed_on_is_bounded() {
    let played = device().await;
    let mut client = played.client(PASSWORD, Limits::default());
    let most = Bytes::from(vec![b'x'; MOST_FORWARDED]);
    client.forward(forward(Method::POST, most), 1024).await.unwrap();
    assert_eq!(played.written("/doc/page/login.asp?a=1")[0].len(), MOST_FORWARDED);
    let more = Bytes::from(vec![b'x'; MOST_FORWARDED + 1]);
    let error = client.forward(forward(Method::POST, more), 1024).await.unwrap_err();
    assert_eq!(error, CallError::BadAnswer { what: "body_too_large" });
}
