//! Panels as other devices are: found, added, polled. By digest or in a session, and seldom logged in to.

use chrono::{DateTime, Utc};
use siteward_devices::probe::probe_known;
use siteward_devices::{CallError, Known, Limits, Login, find_http, look, probe};
use siteward_domain::device::DeviceKind;
use siteward_domain::health::Topic;

use crate::fake::{LOOPBACK, PASSWORD};
use crate::panel_fake::{DIGEST, Hashing, Panel, Reply, told};
use crate::panel_status::{HOST, WHOLE_HOST};

const INFO: &str = "GET /ISAPI/System/deviceInfo";
const STATUS: &str = "GET /ISAPI/System/status";
const CLOCK: &str = "GET /ISAPI/System/time";

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-05-01T12:00:00Z").unwrap().to_utc()
}

fn known() -> Known {
    Known::of_kind(DeviceKind::AlarmPanel)
}

async fn panel() -> Panel {
    let panel = Panel::start(Hashing::TwoSalts).await;
    panel.answers(INFO, 200, r#"{"DeviceInfo":{"deviceName":"House","model":"DS-PWA48-E-WB","serialNumber":"DS-PWA48-E-WB20210821AAWRQ00000001WU","firmwareVersion":"V1.2.4","deviceType":"PWA"}}"#);
    panel.answers(HOST, 200, WHOLE_HOST);
    panel
}

#[tokio::test]
async fn a_panel_without_digest_is_recognised_in_a_session_that_ends_with_the_look() {
    let panel = panel().await;
    let look = probe_known(&mut panel.client(), now).await.unwrap();
    let identity = look.observation.identity.unwrap().value;
    assert_eq!((identity.kind, identity.short_serial.unwrap().as_str()), (DeviceKind::AlarmPanel, "Q00000001"));
    let status = look.observation.panel.unwrap();
    assert_eq!((status.value.zones.unwrap().len(), status.source.as_str()), (1, "/ISAPI/SecurityCP/status"));
    let state = panel.state();
    assert_eq!((state.logins, state.logouts, state.sessions.len(), state.authorizations), (1, 1, 0, 0));
}

#[tokio::test]
async fn a_panel_that_takes_digest_tells_who_it_is_by_it_and_the_rest_in_one_session() {
    let panel = panel().await;
    panel.change(|state| (state.challenge, state.takes_digest) = (DIGEST.into(), true));
    let observation = probe(&mut panel.client(), now).await.unwrap();
    assert!(observation.identity.is_some() && observation.panel.is_some());
    let state = panel.state();
    assert_eq!((state.authorizations, state.logins, state.logouts), (1, 1, 1));
}

#[tokio::test]
async fn a_poll_is_no_login_and_one_request() {
    let panel = panel().await;
    let mut client = panel.client();
    let mut known = known();
    for _ in 0..2 {
        known = look(&mut client, &Topic::ALL, &known, now).await.unwrap().known;
    }
    client.drop_connection();
    let topics = [Topic::Status, Topic::Channels, Topic::Disks, Topic::Panel];
    for _ in 0..3 {
        let before = panel.state().asked.len();
        let look = look(&mut client, &topics, &known, now).await.unwrap();
        assert!(look.observation.panel.is_some() && look.observation.identity.is_none());
        assert_eq!(panel.state().asked.len(), before + 1);
    }
    assert_eq!((panel.state().logins, panel.state().authorizations), (1, 0));
    assert_eq!(panel.times(STATUS), 2);
    assert!(panel.state().asked.iter().all(|one| !one.path.contains("Video") && !one.path.contains("ContentMgmt")));
}

#[tokio::test]
async fn a_session_that_ended_between_two_polls_costs_one_login() {
    let panel = panel().await;
    let mut client = panel.client();
    look(&mut client, &[Topic::Panel], &known(), now).await.unwrap();
    panel.forget_sessions();
    let look = look(&mut client, &[Topic::Panel], &known(), now).await.unwrap();
    assert!(look.observation.panel.is_some());
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn what_an_account_may_not_see_is_not_asked_for_at_every_poll() {
    let panel = panel().await;
    panel.answers(CLOCK, 200, "<Time/>");
    panel.change(|state| state.forbidden.push("/ISAPI/System/time".into()));
    let mut client = panel.client();
    let mut known = known();
    for _ in 0..4 {
        known = look(&mut client, &[Topic::Panel, Topic::Clock], &known, now).await.unwrap().known;
    }
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_password_that_is_refused_in_a_session_is_not_tried_again_whatever_was_let_in_before() {
    let panel = panel().await;
    let mut client = panel.client();
    look(&mut client, &[Topic::Panel], &known(), now).await.unwrap();
    panel.forget_sessions();
    panel.change(|state| state.password = "another".into());
    for _ in 0..3 {
        let error = look(&mut client, &Topic::ALL, &known(), now).await.unwrap_err();
        assert_eq!(error, CallError::LoginRefused { tries_left: Some(4) });
    }
    assert_eq!(panel.state().logins, 2);
    let mut wrong = panel.client_with("wrong");
    probe(&mut wrong, now).await.unwrap_err();
    probe(&mut wrong, now).await.unwrap_err();
    assert_eq!(panel.state().logins, 3);
}

#[tokio::test]
async fn a_password_that_is_changed_in_the_middle_of_a_look_ends_it() {
    let panel = panel().await;
    let network = "/ISAPI/System/Network/interfaces";
    panel.answers(
        &format!("GET {network}"),
        200,
        "<NetworkInterfaceList><NetworkInterface><id>1</id></NetworkInterface></NetworkInterfaceList>",
    );
    panel.change(|state| state.turns_after = Some(network.into()));
    let mut client = panel.client();
    let topics = [Topic::Network, Topic::Clock, Topic::UserCheck, Topic::Capabilities, Topic::Panel];
    let error = look(&mut client, &topics, &known(), now).await.unwrap_err();
    assert_eq!(error, CallError::LoginRefused { tries_left: Some(4) });
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_panel_whose_sessions_are_all_taken_is_not_at_fault() {
    let panel = panel().await;
    panel.change(|state| state.instead_of_login = Some((403, told(4, "sesssionUserReachesLimit"))));
    let error = look(&mut panel.client(), &[Topic::Panel], &known(), now).await.unwrap_err();
    assert_eq!(error, CallError::TooManySessions);
}

#[tokio::test]
async fn a_panel_without_sessions_is_asked_by_digest_and_once_only_for_a_session() {
    let panel = panel().await;
    panel.change(|state| (state.challenge, state.takes_digest) = (DIGEST.into(), true));
    panel.does("capabilities", Reply::Answers(404, "<html>Not Found</html>".into()));
    let mut client = panel.client();
    let mut known = known();
    for _ in 0..3 {
        let seen = look(&mut client, &[Topic::Status, Topic::Panel], &known, now).await.unwrap();
        assert!(seen.observation.panel.is_none());
        known = seen.known;
    }
    assert_eq!((panel.state().capabilities, panel.state().logins), (1, 0));
}

#[tokio::test]
async fn a_device_that_asks_for_a_login_nobody_knows_and_has_no_sessions_is_as_it_was() {
    let panel = panel().await;
    panel.does("capabilities", Reply::Answers(404, "<html>Not Found</html>".into()));
    let error = probe(&mut panel.client(), now).await.unwrap_err();
    assert_eq!(error, CallError::BadAnswer { what: "challenge" });
}

#[tokio::test]
async fn the_port_of_a_panel_is_found_and_a_refused_password_ends_the_search() {
    let panel = panel().await;
    let find = async |password: &str| {
        let login = Login { user_name: crate::panel_fake::INSTALLER.into(), password: password.into() };
        find_http("127.0.0.1", panel.port, &login, LOOPBACK, &Limits::default()).await
    };
    let (address, mut client) = find(PASSWORD).await.unwrap();
    assert_eq!(address.port, panel.port);
    probe(&mut client, now).await.unwrap();
    assert_eq!((panel.state().logins, panel.state().logouts), (1, 1));
    assert_eq!(find("wrong").await.unwrap_err(), CallError::LoginRefused { tries_left: Some(4) });
    assert_eq!(panel.state().logins, 2);
}

#[tokio::test]
async fn a_panel_that_falls_silent_in_the_middle_keeps_what_it_said() {
    let panel = panel().await;
    panel.does(HOST, Reply::HangsUp);
    let look = look(&mut panel.client(), &[Topic::Identity, Topic::Panel], &known(), now).await.unwrap();
    assert!(look.observation.identity.is_some() && look.observation.panel.is_none());
}
