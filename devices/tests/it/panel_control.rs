//! Commands to a panel: what is sent, what comes back, and nothing twice.

use siteward_devices::CallError;
use siteward_devices::panel::{Area, ArmWay, Commanded, ControlError, PanelSession, UserLevel, control};

use crate::panel_fake::{Hashing, Panel, Reply, told};

const ARM: &str = "PUT /ISAPI/SecurityCP/control/arm/1?ways=away&format=json";
const ZONES: &str = "GET /ISAPI/SecurityCP/status/zones?format=json";

async fn arming(panel: &Panel) -> Result<Commanded, ControlError> {
    let mut client = panel.client();
    let mut session = PanelSession::open(&mut client, Some(UserLevel::User)).await.unwrap();
    let outcome = control::arm(&mut session, Area::One(1), ArmWay::Away).await;
    session.close().await;
    outcome
}

#[tokio::test]
async fn each_command_goes_to_its_path_with_the_role_and_without_a_body() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    let paths = [
        "arm/0xffffffff?ways=stay&format=json",
        "arm/2?ways=away&format=json",
        "disarm/0xffffffff?format=json",
        "disarm/2?format=json",
        "clearAlarm/2?format=json",
        "bypass/7?format=json",
        "Recoverbypass/7?format=json",
    ];
    for path in paths {
        panel.answers(&format!("PUT /ISAPI/SecurityCP/control/{path}"), 200, &told(1, "ok"));
    }
    let mut client = panel.client();
    let mut session = PanelSession::open(&mut client, Some(UserLevel::User)).await.unwrap();
    let done = Ok(Commanded::default());
    assert_eq!(control::arm(&mut session, Area::All, ArmWay::Stay).await, done);
    assert_eq!(control::arm(&mut session, Area::One(2), ArmWay::Away).await, done);
    assert_eq!(control::disarm(&mut session, Area::All).await, done);
    assert_eq!(control::disarm(&mut session, Area::One(2)).await, done);
    assert_eq!(control::clear_alarm(&mut session, Area::One(2)).await, done);
    assert_eq!(control::bypass(&mut session, &[7]).await, [(7, done.clone())]);
    assert_eq!(control::recover(&mut session, &[7]).await, [(7, done)]);
    let asked = panel.state().asked;
    let commands: Vec<_> = asked.iter().filter(|one| one.path.contains("/control/")).collect();
    let sent: Vec<_> = commands.iter().filter_map(|one| one.path.strip_prefix("/ISAPI/SecurityCP/control/")).collect();
    assert_eq!(sent, paths);
    assert!(commands.iter().all(|one| one.level.as_deref() == Some("1") && one.body.is_empty()));
}

#[tokio::test]
async fn an_arming_that_takes_its_time_is_no_failure() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    for (status, code) in [(200, 1), (200, 4), (403, 4)] {
        panel.answers(ARM, status, &told(code, "armProcess"));
        assert_eq!(arming(&panel).await, Ok(Commanded { under_way: true }), "{status} {code}");
    }
}

#[tokio::test]
async fn zones_that_stand_open_are_named_whatever_the_panel_calls_it() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    panel.answers(ZONES, 200, r#"{"ZoneList":[{"Zone":{"id":3,"status":"trigger","subSystemNo":1}},
        {"Zone":{"id":4,"status":"trigger","bypassed":true,"subSystemNo":1}},{"Zone":{"id":5,"status":"trigger","subSystemNo":2}}]}"#);
    for sub in ["zoneFault", "armingFailed", "somethingNew", "invalidOperation"] {
        panel.answers(ARM, 400, &told(4, sub));
        assert_eq!(arming(&panel).await, Err(ControlError::ZonesOpen { zones: vec![3] }), "{sub}");
    }
}

#[tokio::test]
async fn refusals_are_told_apart_and_have_codes() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    for (status, sub, code) in [
        (400, "zoneFault", "panel_zone_open"),
        (400, "arming", "panel_arming"),
        (400, "alarmingCannotBeArmed", "panel_in_alarm"),
        (403, "subSystemNotEnabled", "panel_no_such_part"),
        (404, "invalidID", "panel_no_such_part"),
        (403, "armedStatus", "panel_armed"),
        (403, "armingFailed", "panel_refused"),
        (403, "lowPrivilege", "device_low_privilege"),
        (404, "notSupport", "device_not_supported"),
        (200, "armingFailed", "panel_refused"),
    ] {
        panel.answers(ARM, status, &told(4, sub));
        assert_eq!(arming(&panel).await.unwrap_err().code(), code, "{sub}");
    }
}

#[tokio::test]
async fn a_command_whose_answer_got_lost_is_not_sent_again() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    panel.does(ARM, Reply::HangsUp);
    assert_eq!(arming(&panel).await, Err(CallError::Unreachable { reason: "closed" }.into()));
    assert_eq!(panel.times(ARM), 1);
}

#[tokio::test]
async fn each_zone_has_its_own_outcome_and_a_lost_connection_ends_the_row() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    let path = |zone: u32| format!("PUT /ISAPI/SecurityCP/control/bypass/{zone}?format=json");
    panel.answers(&path(1), 200, &told(1, "ok"));
    panel.answers(&path(2), 403, &told(4, "zoneNotSupport"));
    panel.does(&path(3), Reply::HangsUp);
    panel.answers(&path(4), 200, &told(1, "ok"));
    let mut client = panel.client();
    let mut session = PanelSession::open(&mut client, None).await.unwrap();
    let outcomes = control::bypass(&mut session, &[1, 2, 3, 4]).await;
    let lost = ControlError::Call(CallError::Unreachable { reason: "closed" });
    assert_eq!(outcomes, [(1, Ok(Commanded::default())), (2, Err(ControlError::ZoneFixed)), (3, Err(lost))]);
}

#[tokio::test]
async fn zones_are_taken_in_again_by_whichever_name_the_panel_has_for_it() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    let path = "PUT /ISAPI/SecurityCP/control/bypassRecover/7?format=json";
    panel.answers(path, 200, &told(1, "ok"));
    let mut client = panel.client();
    let mut session = PanelSession::open(&mut client, None).await.unwrap();
    assert_eq!(control::recover(&mut session, &[7]).await, [(7, Ok(Commanded::default()))]);
    panel.answers(path, 403, &told(4, "bypassRecoverFailed"));
    let refused = ControlError::Refused { code: "bypassRecoverFailed".into() };
    assert_eq!(control::recover(&mut session, &[7]).await, [(7, Err(refused))]);
}
