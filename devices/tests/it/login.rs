//! Logging in: every scheme, a nonce that is kept and counted, and one refused login at most (R-H3).

use std::sync::Arc;

use siteward_devices::{CallError, DeviceClient, Limits, Target};
use siteward_domain::device::Scheme;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Notify;

use crate::fake::{Auth, Fake, INFO, LOOPBACK, STATUS, address, listen, login, read_head, small_camera};

#[tokio::test]
async fn every_scheme_logs_in_and_later_calls_are_one_request_each() {
    for auth in [Auth::Md5, Auth::Md5WithoutQop, Auth::Sha256, Auth::Both, Auth::Basic] {
        let fake = Fake::start(auth).await;
        small_camera(&fake);
        let mut client = fake.client();
        for _ in 0..5 {
            assert_eq!(client.get(STATUS).await.unwrap().status, 200, "{auth:?}");
        }
        let state = fake.state();
        assert_eq!((state.connections, state.challenges, state.accepted, state.refused), (1, 1, 5, 0), "{auth:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_one_refused_login_however_often_one_asks() {
    for auth in [Auth::Md5, Auth::Sha256, Auth::Both, Auth::Basic] {
        let fake = Fake::start(auth).await;
        small_camera(&fake);
        let mut client = fake.client_with("wrong");
        for _ in 0..20 {
            assert_eq!(client.get(STATUS).await.unwrap_err(), CallError::LoginRefused { tries_left: None });
        }
        let state = fake.state();
        assert_eq!((state.refused, state.requests), (1, 2), "{auth:?}");
    }
}

#[tokio::test]
async fn a_password_changed_between_polls_is_one_refused_login_too() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let mut client = fake.client();
    client.get(STATUS).await.unwrap();
    fake.change(|state| state.password = "another".into());
    for _ in 0..5 {
        assert!(matches!(client.get(STATUS).await, Err(CallError::LoginRefused { .. })));
    }
    assert_eq!(fake.state().refused, 1);
}

#[tokio::test]
async fn a_stale_nonce_is_answered_once_more() {
    let fake = Fake::start(Auth::Sha256).await;
    small_camera(&fake);
    let mut client = fake.client();
    client.get(STATUS).await.unwrap();
    fake.change(|state| state.nonce = "second".into());
    assert_eq!(client.get(STATUS).await.unwrap().status, 200);
    let state = fake.state();
    assert_eq!((state.stale, state.refused, state.accepted, state.connections), (1, 0, 2, 1));
}

#[tokio::test]
async fn a_device_that_calls_every_login_stale_is_answered_twice_and_never_again() {
    let fake = Fake::start(Auth::Md5).await;
    fake.change(|state| state.always_stale = true);
    let mut client = fake.client();
    for _ in 0..3 {
        assert_eq!(client.get(STATUS).await.unwrap_err(), CallError::LoginRefused { tries_left: None });
    }
    let state = fake.state();
    assert_eq!((state.challenges, state.stale), (1, 2));
}

#[tokio::test]
async fn a_nonce_that_may_be_used_twice_only_is_no_refused_login_and_is_learnt() {
    for auth in [Auth::Md5, Auth::Sha256] {
        let fake = Fake::start(auth).await;
        small_camera(&fake);
        fake.change(|state| state.nonce_uses = Some(2));
        let mut client = fake.client();
        for _ in 0..9 {
            assert_eq!(client.get(STATUS).await.unwrap().status, 200);
        }
        let state = fake.state();
        assert_eq!((state.accepted, state.refused, state.spent, state.challenges), (9, 0, 1, 5), "{auth:?}");
        fake.change(|state| state.password = "another".into());
        for _ in 0..5 {
            assert!(matches!(client.get(STATUS).await, Err(CallError::LoginRefused { .. })));
        }
        assert_eq!((fake.state().refused, fake.state().spent), (1, 1));
    }
}

#[tokio::test]
async fn a_refusal_without_a_challenge_is_final_where_the_nonce_was_never_good() {
    let port = listen(|mut stream| async move {
        while let Some(head) = read_head(&mut stream).await {
            let offer = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";
            let offer = if head.contains("uthorization:") { "" } else { offer };
            let answer = format!("HTTP/1.1 401 X\r\n{offer}Content-Length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    assert_eq!(client_of(port).get(STATUS).await.unwrap_err(), CallError::LoginRefused { tries_left: None });
}

#[tokio::test]
async fn a_connection_closed_under_us_is_opened_again_and_the_nonce_with_it() {
    for saying_so in [true, false] {
        let fake = Fake::start(Auth::Md5).await;
        small_camera(&fake);
        fake.change(|state| state.close = Some(saying_so));
        let mut client = fake.client();
        for _ in 0..3 {
            assert_eq!(client.get(STATUS).await.unwrap().status, 200);
        }
        let state = fake.state();
        assert_eq!((state.accepted, state.refused, state.challenges), (3, 0, 3), "{saying_so}");
    }
}

#[tokio::test]
async fn a_restarted_device_that_calls_no_nonce_stale_is_not_a_wrong_password() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let mut client = fake.client();
    client.get(STATUS).await.unwrap();
    client.drop_connection();
    fake.change(|state| state.nonce = "after restart".into());
    assert_eq!(client.get(STATUS).await.unwrap().status, 200);
    let state = fake.state();
    assert_eq!((state.stale, state.refused), (0, 0));
}

#[tokio::test]
async fn locked_and_crowded_devices_are_told_apart_from_a_wrong_password() {
    let locked = "<userCheck><statusValue>401</statusValue><lockStatus>lock</lockStatus><unlockTime>1800</unlockTime></userCheck>";
    let crowded = r#"{"statusCode":4,"subStatusCode":"sesssionUserReachesLimit"}"#;
    let inactive =
        "<ResponseStatus><statusCode>4</statusCode><subStatusCode>notActivated</subStatusCode></ResponseStatus>";
    for body in [locked, crowded, inactive] {
        // Told before a login, no login is tried at all.
        let fake = Fake::start(Auth::Md5).await;
        fake.change(|state| state.challenge_body = body.into());
        let error = fake.client().get(STATUS).await.unwrap_err();
        match body {
            _ if body == locked => assert!(matches!(error, CallError::Locked { until: Some(_) }), "{error:?}"),
            _ if body == crowded => assert_eq!(error, CallError::TooManySessions),
            _ => assert_eq!(error, CallError::NotActivated),
        }
        assert_eq!((fake.state().requests, fake.state().refused), (1, 0));
    }
}

#[tokio::test]
async fn the_tries_left_are_told() {
    let fake = Fake::start(Auth::Both).await;
    let body = "<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus><retryLoginTime>4</retryLoginTime></userCheck>";
    fake.change(|state| {
        state.refusal = body.into();
        state.challenge_body = body.into();
    });
    let error = fake.client_with("wrong").get(INFO).await.unwrap_err();
    assert_eq!(error, CallError::LoginRefused { tries_left: Some(4) });
    assert_eq!(fake.state().refused, 1);
}

#[tokio::test]
async fn a_device_that_knew_digest_gets_no_password_in_clear() {
    let fake = Fake::start(Auth::Md5).await;
    small_camera(&fake);
    let mut client = fake.client();
    client.get(STATUS).await.unwrap();
    client.drop_connection();
    fake.change(|state| state.auth = Auth::Basic);
    assert_eq!(client.get(STATUS).await.unwrap_err(), CallError::BadAnswer { what: "challenge" });
    assert_eq!((fake.state().refused, fake.state().accepted), (0, 1));
}

#[tokio::test]
async fn a_client_that_refuses_basic_sends_no_password_to_a_device_it_never_met() {
    let fake = Fake::start(Auth::Basic).await;
    small_camera(&fake);
    let mut client = fake.client();
    client.refuse_basic();
    assert_eq!(client.get(STATUS).await.unwrap_err(), CallError::BadAnswer { what: "challenge" });
    assert_eq!((fake.state().refused, fake.state().accepted), (0, 0));
    fake.change(|state| state.auth = Auth::Md5);
    client.get(STATUS).await.unwrap();
}

#[tokio::test]
async fn nothing_secret_is_in_debug_or_errors() {
    let fake = Fake::start(Auth::Md5).await;
    let mut client = fake.client_with("canary-secret");
    let error = client.get(STATUS).await.unwrap_err();
    let shown = format!("{client:?} {error:?} {error} {:?}", login("canary-secret"));
    assert!(!shown.contains("canary-secret"), "{shown}");
}

#[tokio::test]
async fn a_server_of_http_1_0_that_ends_a_body_by_hanging_up_is_read() {
    let port = listen(|mut stream| async move {
        let head = read_head(&mut stream).await.unwrap_or_default();
        let answer: &[u8] = if head.to_ascii_lowercase().contains("authorization: digest ") {
            b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n<DeviceStatus/>"
        } else {
            b"HTTP/1.0 401 Unauthorized\r\nwww-authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\"\r\n\r\n<html/>"
        };
        let _ = stream.write_all(answer).await;
    })
    .await;
    let mut client = client_of(port);
    for _ in 0..2 {
        assert_eq!(client.get(STATUS).await.unwrap().body, "<DeviceStatus/>");
        assert!(!client.is_connected());
    }
}

#[tokio::test]
async fn headers_in_the_manner_of_old_servers_are_read() {
    let port = listen(|mut stream| async move {
        while let Some(head) = read_head(&mut stream).await {
            let answer: &[u8] = if head.contains("nonce=\"n\"") {
                b"HTTP/1.1 200\nContent-Length : 15\nServer: Caf\xE9\n\n<DeviceStatus/>"
            } else {
                b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\",\r\n  nonce=\"n\",\r\n\tqop=\"auth\"\r\nContent-Length: 0\r\n\r\n"
            };
            let _ = stream.write_all(answer).await;
        }
    })
    .await;
    assert_eq!(client_of(port).get(STATUS).await.unwrap().body, "<DeviceStatus/>");
}

#[tokio::test]
async fn a_farewell_to_an_idle_connection_is_no_answer() {
    let (idle, said) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (idle_there, said_there) = (Arc::clone(&idle), Arc::clone(&said));
    let port = listen(move |mut stream| {
        let (idle, said) = (Arc::clone(&idle_there), Arc::clone(&said_there));
        async move {
            let _ = read_head(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<ok>").await;
            idle.notified().await;
            let farewell = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(farewell).await;
            said.notify_one();
        }
    })
    .await;
    let mut client = client_of(port);
    for _ in 0..3 {
        assert_eq!(client.get(STATUS).await.unwrap().status, 200);
        idle.notify_one();
        said.notified().await;
    }
}

fn client_of(port: u16) -> DeviceClient {
    let target = Target { address: address(Scheme::Http, port), login: login("any"), pin: None };
    DeviceClient::new(target, Limits::default(), LOOPBACK)
}
