//! Sessions with a panel: one login, whatever is asked; never a second try after a refusal.

use std::time::{Duration, Instant};

use http::Method;
use siteward_devices::panel::{PanelSession, UserLevel};
use siteward_devices::{CallError, DeviceClient, Limits};

use crate::fake::{INFO, LOOPBACK, PASSWORD};
use crate::linked::link_to;
use crate::panel_fake::{DIGEST, Hashing, Panel, Reply, target, told};

const GET_INFO: &str = "GET /ISAPI/System/deviceInfo";

async fn panel() -> Panel {
    let panel = Panel::start(Hashing::TwoSalts).await;
    panel.answers(GET_INFO, 200, "<DeviceInfo/>");
    panel
}

async fn open(client: &mut DeviceClient) -> Result<PanelSession<'_>, CallError> {
    PanelSession::open(client, None).await
}

#[tokio::test]
async fn one_login_serves_any_number_of_calls_and_a_logout_ends_it() {
    for hashing in [Hashing::TwoSalts, Hashing::OneSalt, Hashing::NoSalt, Hashing::Json] {
        for cookie_in_header in [true, false] {
            let panel = Panel::start(hashing).await;
            panel.answers(GET_INFO, 200, "<DeviceInfo/>");
            panel.change(|state| state.cookie_in_header = cookie_in_header);
            let mut client = panel.client();
            let mut session = open(&mut client).await.unwrap();
            for _ in 0..3 {
                assert_eq!(session.get(INFO).await.unwrap().status, 200);
            }
            session.close().await;
            let state = panel.state();
            assert_eq!((state.capabilities, state.logins, state.logouts), (1, 1, 1), "{hashing:?}");
            assert_eq!((state.authorizations, state.sessions.len()), (0, 0));
            assert!(!client.has_session());
        }
    }
}

#[tokio::test]
async fn a_refused_login_is_told_and_never_repeated() {
    let panel = panel().await;
    let mut client = panel.client_with("wrong");
    for _ in 0..3 {
        let error = open(&mut client).await.unwrap_err();
        assert_eq!(error, CallError::LoginRefused { tries_left: Some(4) });
    }
    assert_eq!(client.get(INFO).await.unwrap_err(), CallError::LoginRefused { tries_left: Some(4) });
    let state = panel.state();
    assert_eq!((state.capabilities, state.logins, state.authorizations), (1, 1, 0));
}

#[tokio::test]
async fn a_lock_and_a_panel_that_is_full_are_told_apart_from_a_wrong_password() {
    let panel = panel().await;
    let locked =
        r#"{"statusCode":4,"subStatusCode":"badAuthorization","lockStatus":"lock","retryTimes":0,"resLockTime":1800}"#;
    panel.change(|state| state.instead_of_login = Some((401, locked.into())));
    let error = open(&mut panel.client()).await.unwrap_err();
    assert!(matches!(error, CallError::Locked { until: Some(_) }), "{error:?}");

    panel.change(|state| state.instead_of_login = Some((403, told(4, "sesssionUserReachesLimit"))));
    let mut client = panel.client();
    assert_eq!(open(&mut client).await.unwrap_err(), CallError::TooManySessions);
    panel.change(|state| state.instead_of_login = None);
    open(&mut client).await.unwrap();
}

#[tokio::test]
async fn a_session_that_ended_is_opened_again_once_and_a_write_is_sent_again() {
    let panel = panel().await;
    panel.answers("PUT /x", 200, &told(1, "ok"));
    let mut client = panel.client();
    let mut session = open(&mut client).await.unwrap();
    session.get(INFO).await.unwrap();
    panel.forget_sessions();
    session.send(Method::PUT, "/x", None, "body".into()).await.unwrap();
    assert_eq!((panel.state().logins, panel.times("PUT /x")), (2, 1));
    panel.forget_sessions();
    session.get(INFO).await.unwrap_err();
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_session_that_the_panel_calls_expired_in_words_is_opened_again() {
    let panel = panel().await;
    let mut client = panel.client();
    let mut session = open(&mut client).await.unwrap();
    session.get(INFO).await.unwrap();
    panel.answers(GET_INFO, 403, &told(4, "SessionExpired"));
    session.get(INFO).await.unwrap_err();
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_cookie_that_never_was_good_brings_no_second_login() {
    let panel = panel().await;
    let mut client = panel.client();
    let mut session = open(&mut client).await.unwrap();
    panel.forget_sessions();
    for _ in 0..3 {
        assert_eq!(session.get(INFO).await.unwrap_err(), CallError::BadAnswer { what: "session" });
    }
    assert_eq!(panel.state().logins, 1);
}

#[tokio::test]
async fn what_an_account_may_not_see_costs_one_login_and_is_called_so() {
    let panel = panel().await;
    panel.change(|state| state.forbidden.push("/secret".into()));
    let mut client = panel.client();
    let mut session = open(&mut client).await.unwrap();
    session.get(INFO).await.unwrap();
    for _ in 0..3 {
        assert_eq!(session.get("/secret").await.unwrap_err(), CallError::LowPrivilege);
        session.get(INFO).await.unwrap();
    }
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_password_changed_meanwhile_is_tried_once_and_no_more() {
    let panel = panel().await;
    let mut client = panel.client();
    let mut session = open(&mut client).await.unwrap();
    session.get(INFO).await.unwrap();
    panel.forget_sessions();
    panel.change(|state| state.password = "another".into());
    for _ in 0..3 {
        session.get(INFO).await.unwrap_err();
    }
    assert_eq!(open(&mut client).await.unwrap_err(), CallError::LoginRefused { tries_left: Some(4) });
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_session_that_was_not_closed_serves_the_next_use() {
    let panel = panel().await;
    let mut client = panel.client();
    for _ in 0..3 {
        open(&mut client).await.unwrap().get(INFO).await.unwrap();
        client.drop_connection();
    }
    assert!(client.has_session());
    assert_eq!((panel.state().logins, panel.state().logouts), (1, 0));
}

#[tokio::test]
async fn the_role_is_asked_for_in_every_request() {
    let panel = panel().await;
    for (level, expected) in [(Some(UserLevel::Installer), Some("0")), (Some(UserLevel::User), Some("1")), (None, None)]
    {
        panel.change(|state| state.asked.clear());
        let mut client = panel.client();
        let mut session = PanelSession::open(&mut client, level).await.unwrap();
        session.get(INFO).await.unwrap();
        session.close().await;
        assert_eq!(panel.state().asked.len(), 3);
        assert!(panel.state().asked.iter().all(|one| one.level.as_deref() == expected), "{level:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_digest_login_goes_along_in_a_session() {
    let panel = panel().await;
    panel.change(|state| (state.challenge, state.takes_digest) = (DIGEST.into(), true));
    let mut client = panel.client();
    client.get(INFO).await.unwrap();
    assert_eq!(panel.state().authorizations, 1);
    let mut session = open(&mut client).await.unwrap();
    session.get(INFO).await.unwrap();
    session.close().await;
    assert_eq!((panel.state().authorizations, panel.state().logins), (1, 1));
}

#[tokio::test]
async fn a_device_without_sessions_says_so_and_is_not_sent_a_password() {
    let panel = panel().await;
    panel.does("capabilities", Reply::Answers(404, "<html>Not Found</html>".into()));
    let mut client = panel.client();
    assert_eq!(open(&mut client).await.unwrap_err(), CallError::NotSupported);
    panel.does("capabilities", Reply::Answers(401, String::new()));
    assert_eq!(open(&mut client).await.unwrap_err(), CallError::NotSupported);
    assert_eq!(panel.state().logins, 0);
}

#[tokio::test]
async fn a_panel_that_does_not_answer_a_logout_holds_nobody_up() {
    let panel = panel().await;
    panel.does("logout", Reply::SaysNothing);
    let mut client = panel.client();
    let session = open(&mut client).await.unwrap();
    let started = Instant::now();
    session.close().await;
    assert!(started.elapsed() < Duration::from_secs(4));
    assert!(!client.has_session());
}

#[tokio::test]
async fn a_session_goes_through_a_link_like_any_call() {
    let panel = panel().await;
    let (link, route) = link_to(panel.port, false);
    let mut client = DeviceClient::new(target(panel.port, PASSWORD), Limits::default(), route);
    let mut session = open(&mut client).await.unwrap();
    session.get(INFO).await.unwrap();
    session.close().await;
    assert_eq!(link.dialled.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn capabilities_that_mean_harm_end_within_the_limits() {
    let panel = panel().await;
    let limits = Limits { call: Duration::from_millis(600), body_bytes: 64 * 1024, ..Limits::default() };
    let too_many = "<SessionLoginCap><sessionID>1</sessionID><challenge>2</challenge><iterations>4000000000</iterations></SessionLoginCap>";
    let bad = |what| CallError::BadAnswer { what };
    for (reply, expected) in [
        (Reply::Answers(200, too_many.into()), bad("session_login")),
        (Reply::Answers(200, "<html><body/></html>".into()), bad("session_login")),
        (Reply::Answers(200, "x".repeat(100_000)), bad("too_large")),
        (Reply::Answers(200, "[".repeat(30_000)), bad("session_login")),
        (Reply::Answers(200, format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100))), bad("too_large")),
        (Reply::SaysNothing, CallError::Unreachable { reason: "timeout" }),
        (Reply::HangsUp, CallError::Unreachable { reason: "closed" }),
    ] {
        panel.does("capabilities", reply.clone());
        let mut client = DeviceClient::new(target(panel.port, PASSWORD), limits, LOOPBACK);
        let started = Instant::now();
        assert_eq!(open(&mut client).await.unwrap_err(), expected);
        assert!(started.elapsed() < Duration::from_secs(3));
    }
    assert_eq!(panel.state().logins, 0);
}

#[test]
fn what_is_done_in_a_session_can_be_done_on_any_thread() {
    fn can_move<T: Send>(_: &T) {}
    async fn use_it(mut client: DeviceClient) {
        if let Ok(mut session) = PanelSession::open(&mut client, None).await {
            let _ = siteward_devices::panel::status::read(&mut session).await;
            session.close().await;
        }
    }
    can_move(&use_it(DeviceClient::new(target(1, ""), Limits::default(), LOOPBACK)));
}
