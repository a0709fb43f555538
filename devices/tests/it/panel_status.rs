//! What a panel tells of itself, over the wire: asked for as little as can be.

use siteward_devices::CallError;
use siteward_devices::panel::{PanelSession, status};
use siteward_domain::panel::{ArmState, LinkState, PanelStatus};

use crate::panel_fake::{Hashing, Panel, Reply, told};

pub(crate) const HOST: &str = "GET /ISAPI/SecurityCP/status/host?format=json";
const ZONES: &str = "GET /ISAPI/SecurityCP/status/zones?format=json";
const AREAS: &str = "GET /ISAPI/SecurityCP/status/subSystems?format=json";

pub(crate) const WHOLE_HOST: &str = r#"{"AlarmHostStatus":{
    "HostStatus":{"tamperEvident":true,"ACConnect":false},
    "ZoneList":[{"Zone":{"id":0,"name":"Door","status":"trigger","bypassed":false,"subSystemNo":1,"signal":120}}],
    "SubSysList":[{"SubSys":{"id":1,"arming":"away","alarm":true,"name":"House"}}],
    "ExDevStatus":{"SirenList":[{"Siren":{"id":1,"status":"online","chargeValue":80}}]},
    "CommuniStatus":{"wired":"normal","wifi":"break"},
    "BatteryList":[{"Battery":{"id":1,"status":"normal","percent":97}}]}}"#;

async fn read(panel: &Panel) -> Result<PanelStatus, CallError> {
    let mut client = panel.client();
    let mut session = PanelSession::open(&mut client, None).await?;
    let read = status::read(&mut session).await;
    session.close().await;
    read
}

#[tokio::test]
async fn a_panel_that_tells_all_in_one_is_asked_once() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    panel.answers(HOST, 200, WHOLE_HOST);
    let status = read(&panel).await.unwrap();
    assert_eq!((status.mains, status.tamper), (Some(false), Some(true)));
    assert_eq!(status.areas.as_ref().unwrap()[0].arm, Some(ArmState::Away));
    assert_eq!(status.links.as_ref().unwrap().cable, Some(LinkState::Up));
    assert_eq!((status.is_armed(), status.is_in_alarm()), (Some(true), Some(true)));
    assert_eq!(status.zones_open_in(Some(1)).count(), 1);
    // The login's two requests aside.
    assert_eq!(panel.state().asked.len(), 3);
}

#[tokio::test]
async fn what_is_left_out_there_is_asked_for_on_its_own() {
    let panel = Panel::start(Hashing::OneSalt).await;
    panel.answers(ZONES, 200, r#"{"ZoneList":[{"Zone":{"id":0,"status":"online","linkageSubSystem":[2]}}]}"#);
    panel.answers(AREAS, 200, r#"{"SubSysList":[{"SubSys":{"id":2,"arming":"disarm"}}]}"#);
    panel.answers(
        "GET /ISAPI/SecurityCP/status/batteries?format=json",
        200,
        r#"{"BatteryList":[{"Battery":{"id":1,"percent":50}}]}"#,
    );
    panel.answers(
        "GET /ISAPI/SecurityCP/status/communication?format=json",
        200,
        r#"{"CommuniStatus":{"mobile":"normal"}}"#,
    );
    panel.answers(
        "GET /ISAPI/SecurityCP/status/acPowerStatus?format=json",
        200,
        r#"{"ACPowerStatus":{"status":"normal"}}"#,
    );
    panel.answers(
        "GET /ISAPI/SecurityCP/status/exDevStatus?format=json",
        200,
        r#"{"ExDevStatus":{"KeypadList":[{"Keypad":{"id":1}}]}}"#,
    );
    let status = read(&panel).await.unwrap();
    assert_eq!((status.mains, status.tamper), (Some(true), None));
    assert_eq!(status.zones.unwrap()[0].areas, [2]);
    assert_eq!(status.areas.unwrap()[0].arm, Some(ArmState::Disarmed));
    assert_eq!(status.links.unwrap().cellular, Some(LinkState::Up));
    assert_eq!((status.batteries.unwrap().len(), status.peripherals.unwrap().len()), (1, 1));
}

#[tokio::test]
async fn parts_that_are_refused_or_nonsense_are_not_told_and_the_others_are() {
    let panel = Panel::start(Hashing::NoSalt).await;
    panel.answers(HOST, 403, &told(4, "lowPrivilege"));
    panel.answers(ZONES, 200, "<html>busy</html>");
    panel.answers(AREAS, 200, r#"{"SubSysList":[{"SubSys":{"id":1,"arming":"stay"}}]}"#);
    let status = read(&panel).await.unwrap();
    assert_eq!(status, PanelStatus { areas: status.areas.clone(), ..PanelStatus::default() });
    assert_eq!(status.is_armed(), Some(true));
}

#[tokio::test]
async fn a_panel_that_tells_nothing_and_one_that_falls_silent_are_errors() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    assert_eq!(read(&panel).await.unwrap_err(), CallError::NotSupported);
    panel.answers(HOST, 503, &told(2, "deviceBusy"));
    assert!(matches!(read(&panel).await.unwrap_err(), CallError::Refused { status_code: 2, .. }));
    panel.answers(AREAS, 200, r#"{"SubSysList":[{"SubSys":{"id":1,"arming":"stay"}}]}"#);
    panel.does(ZONES, Reply::HangsUp);
    assert_eq!(read(&panel).await.unwrap_err(), CallError::Unreachable { reason: "closed" });
}

#[tokio::test]
async fn documents_that_are_deep_or_long_are_no_status() {
    let panel = Panel::start(Hashing::TwoSalts).await;
    let zone = r#"{"Zone":{"id":1}},"#;
    for body in [
        format!("{}1{}", "{\"ZoneList\":".repeat(100), "}".repeat(100)),
        "{\"ZoneList\":[".repeat(20_000),
        format!(r#"{{"ZoneList":[{}{{}}]}}"#, zone.repeat(30_000)),
        format!("{{\"name\":\"{}\"}}", "x".repeat(2 * 1024 * 1024)),
    ] {
        panel.answers(ZONES, 200, &body);
        let error = read(&panel).await.unwrap_err();
        assert!(matches!(error, CallError::NotSupported | CallError::BadAnswer { .. }), "{error:?}");
    }
}
