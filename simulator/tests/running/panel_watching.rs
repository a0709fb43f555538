//! What alarm panels watch over, and arming.

use serde_json::{Value, json};
use siteward_simulator::{PanelAccount, PanelRole, Profile, Simulator, SimulatorSettings};

use crate::client::{control, put, simulator, word};
use crate::panel_client::{Session, done, refused};

const STATUS: [(&str, &str); 11] = [
    ("host", "AlarmHostStatus"),
    ("batteries", "BatteryList"),
    ("communication", "CommuniStatus"),
    ("zones", "ZoneList"),
    ("subSystems", "SubSysList"),
    ("exDevStatus", "ExDevStatus"),
    ("acPowerStatus", "AcPowerStatus"),
    ("armStatus", "ArmStatusList"),
    ("sirenStatus", "SirenList"),
    ("keypadStatus", "KeypadList"),
    ("repeaterStatus", "RepeaterList"),
];

fn status(resource: &str) -> String {
    format!("/ISAPI/SecurityCP/status/{resource}?format=json")
}

async fn patch(simulator: &Simulator, panel: Value) -> Value {
    let answer = control(simulator, "PATCH", "/devices/0", &json!({ "panel": panel }).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn one(role: PanelRole) -> (Simulator, Session) {
    let mut settings = SimulatorSettings::uniform(1, Profile::Panel, 1);
    settings.devices[0].panel.accounts = vec![PanelAccount::new("somebody", role, "Some-word-77")];
    let simulator = simulator(settings).await;
    let session = Session::of(&simulator.devices()[0], "somebody", "Some-word-77").await;
    (simulator, session)
}

async fn arm(session: &Session, path: &str) -> (u16, String) {
    session.write("PUT", &format!("/ISAPI/SecurityCP/control/{path}format=json"), &Value::Null).await
}

#[tokio::test]
async fn every_status_is_json_of_its_own_root_whatever_its_label_says() {
    let (simulator, session) = one(PanelRole::LocalOperator).await;
    for all_as_xml in [false, true] {
        for (resource, root) in STATUS {
            let answer = session.call("GET", &status(resource), "").await;
            assert!(answer.json().get(root).is_some(), "{resource}: {}", answer.text());
            let as_xml = answer.head.contains("Content-Type: application/xml");
            assert_eq!(as_xml, all_as_xml || resource == "exDevStatus", "{resource}");
        }
        patch(&simulator, json!({ "json_as_xml": true })).await;
    }
    let condition = r#"{"AlarmHostStatusCond":{"hostStatus":true}}"#;
    assert_eq!(session.call("POST", &status("host"), condition).await.status, 200);
    for path in ["/ISAPI/SecurityCP/status/zones", "/ISAPI/SecurityCP/status/nothing?format=json"] {
        assert_eq!(word_of(&session.call("GET", path, "").await.text()), "notSupport", "{path}");
    }
    assert_eq!(simulator.view(0).unwrap().counters.writes, 0);
}

/// The word of a refusal in either language.
fn word_of(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(json) => json["subStatusCode"].as_str().unwrap().to_owned(),
        Err(_) => crate::client::element(text, "subStatusCode"),
    }
}

#[tokio::test]
async fn faults_are_shown_where_panels_show_them() {
    let (simulator, session) = one(PanelRole::LocalAdmin).await;
    patch(
        &simulator,
        json!({
            "mains": false, "battery": "low", "tamper": true, "links_down": ["wired", "wifi"],
            "sirens_offline": [1], "keypads_offline": [2],
            "zones": { "0": { "open": true }, "1": { "tamper": true }, "2": { "battery_low": true },
                       "3": { "offline": true }, "4": { "bypassed": true, "alarm": true } },
        }),
    )
    .await;
    let host = session.get(&status("host")).await;
    let told = &host["AlarmHostStatus"]["HostStatus"];
    assert_eq!(
        (&told["ACConnect"], &told["tamperEvident"], &told["EzvizNetwork"]),
        (&false.into(), &true.into(), &"mobile".into())
    );
    assert_eq!(session.get(&status("acPowerStatus")).await["AcPowerStatus"]["status"], "powerDown");
    let battery = &session.get(&status("batteries")).await["BatteryList"][0]["Battery"];
    assert_eq!((&battery["status"], &battery["percent"]), (&"lowPower".into(), &8.into()));
    let links = &session.get(&status("communication")).await["CommuniStatus"];
    assert_eq!(
        (&links["wired"], &links["mobile"], &links["cloud"]),
        (&"break".into(), &"normal".into(), &"normal".into())
    );
    let peripherals = session.call("GET", &status("exDevStatus"), "").await.json();
    let peripherals = &peripherals["ExDevStatus"];
    assert_eq!(peripherals["SirenList"][0]["Siren"]["status"], "offline");
    assert_eq!(peripherals["KeypadList"][0]["Keypad"]["status"], "online");
    assert_eq!(peripherals["KeypadList"][1]["Keypad"]["status"], "offline");
    let zones = session.get(&status("zones")).await;
    let zone = |id: usize| &zones["ZoneList"][id]["Zone"];
    assert_eq!((&zone(0)["status"], &zone(0)["magnetOpenStatus"]), (&"trigger".into(), &true.into()));
    assert_eq!((&zone(1)["tamperEvident"], &zone(1)["magnetOpenStatus"]), (&true.into(), &Value::Null));
    assert_eq!((&zone(2)["charge"], &zone(3)["status"]), (&"lowPower".into(), &"offline".into()));
    assert_eq!((&zone(4)["bypassed"], &zone(4)["alarm"]), (&true.into(), &true.into()));
    assert_eq!((&zone(5)["zoneAttrib"], zone(5).get("charge")), (&"wired".into(), None));
    let areas = session.get(&status("subSystems")).await;
    assert_eq!(areas["SubSysList"][0]["SubSys"]["alarm"], true);
    assert_eq!(areas["SubSysList"][1]["SubSys"]["alarm"], false);
}

#[tokio::test]
async fn areas_are_armed_and_disarmed_one_by_one_together_and_by_list() {
    let (simulator, session) = one(PanelRole::LocalOperator).await;
    let armed = || {
        let arming = simulator.view(0).unwrap().panel.unwrap().arming;
        serde_json::to_value(arming).unwrap()
    };
    assert_eq!(arm(&session, "arm/1?ways=away&").await, done());
    assert_eq!(armed(), json!({ "1": "away", "2": "disarm" }));
    assert_eq!(session.get(&status("zones")).await["ZoneList"][0]["Zone"]["armed"], true);
    assert_eq!(arm(&session, "arm/1?ways=away&").await, done(), "it is armed so already");
    assert_eq!(arm(&session, "arm/0xffffffff?ways=stay&").await, refused(400, "armedStatus"));
    assert_eq!(arm(&session, "disarm/1?").await, done());
    assert_eq!(arm(&session, "arm/0xffffffff?ways=stay&").await, done());
    assert_eq!(armed(), json!({ "1": "stay", "2": "stay" }));
    assert_eq!(arm(&session, "disarm/0xffffffff?").await, done());
    let list = json!({ "SubSysList": [{ "SubSys": { "id": 2, "armType": "stay" } }] });
    assert_eq!(session.write("PUT", "/ISAPI/SecurityCP/control/arm?format=json", &list).await, done());
    assert_eq!(armed(), json!({ "1": "disarm", "2": "stay" }));
    for (path, word) in
        [("arm/9?ways=away&", "invalidID"), ("arm/one?", "invalidID"), ("arm/1?ways=up&", "badParameters")]
    {
        assert_eq!(arm(&session, path).await, refused(400, word), "{path}");
    }
    assert_eq!(arm(&session, "explode/1?").await, refused(403, "notSupport"));
    let counters = simulator.view(0).unwrap().counters;
    assert_eq!((counters.writes, counters.writes_refused), (6, 5));
}

#[tokio::test]
async fn an_open_zone_is_in_the_way_until_it_is_bypassed() {
    let (simulator, session) = one(PanelRole::LocalAdmin).await;
    patch(&simulator, json!({ "zones": { "0": { "open": true }, "2": { "tamper": true } } })).await;
    assert_eq!(arm(&session, "arm/1?ways=away&").await, refused(400, "zoneFault"));
    assert_eq!(arm(&session, "arm/2?ways=away&").await, done(), "the other area has nothing open");
    assert_eq!(arm(&session, "bypass/0?").await, done());
    assert_eq!(arm(&session, "arm/1?ways=away&").await, refused(400, "zoneFault"));
    let list = json!({ "ZoneList": [{ "Zone": { "id": 0 } }, { "Zone": { "id": 2 } }] });
    assert_eq!(session.write("PUT", "/ISAPI/SecurityCP/control/bypass?format=json", &list).await, done());
    assert_eq!(arm(&session, "arm/1?ways=away&").await, done());
    assert_eq!(arm(&session, "Recoverbypass/0?").await, refused(400, "armedStatus"));
    assert_eq!(arm(&session, "disarm/1?").await, done());
    assert_eq!(arm(&session, "Recoverbypass/0?").await, done());
    assert_eq!(arm(&session, "bypassRecover/2?").await, done());
    assert_eq!(arm(&session, "arm/1?ways=stay&").await, refused(400, "zoneFault"));
    assert_eq!(arm(&session, "bypass/77?").await, refused(400, "invalidID"));
}

#[tokio::test]
async fn an_alarm_is_cleared() {
    let (simulator, session) = one(PanelRole::LocalOperator).await;
    patch(&simulator, json!({ "zones": { "0": { "alarm": true }, "1": { "alarm": true } } })).await;
    let siren = session.call("GET", &status("exDevStatus"), "").await.json();
    assert_eq!(siren["ExDevStatus"]["SirenList"][0]["Siren"]["status"], "on");
    assert_eq!(arm(&session, "clearAlarm/1?").await, done());
    assert_eq!(simulator.view(0).unwrap().panel.unwrap().zones_in_alarm, [1].into());
    assert_eq!(arm(&session, "clearAlarm/0xffffffff?").await, done());
    assert!(simulator.view(0).unwrap().panel.unwrap().zones_in_alarm.is_empty());
}

#[tokio::test]
async fn roles_decide_who_arms_bypasses_and_sets_up() {
    for (role, arms, bypasses, manages, sets_up) in [
        (PanelRole::LocalAdmin, true, true, true, true),
        (PanelRole::CloudAdmin, true, true, true, true),
        (PanelRole::LocalOperator, true, true, false, false),
        (PanelRole::CloudOperator, true, true, false, false),
        (PanelRole::LocalInstaller, false, true, true, true),
        (PanelRole::InstallerAdmin, false, true, true, true),
        (PanelRole::InstallerEmployee, false, true, false, true),
    ] {
        let (simulator, session) = one(role).await;
        let allowed = |answer: (u16, String)| answer.1 != "lowPrivilege";
        assert_eq!(allowed(arm(&session, "arm/1?ways=away&").await), arms, "{role:?}");
        assert_eq!(allowed(arm(&session, "disarm/1?").await), arms, "{role:?}");
        assert_eq!(allowed(arm(&session, "bypass/0?").await), bypasses, "{role:?}");
        let users = session.call("GET", "/ISAPI/Security/CloudUserManage/users?format=json", "").await;
        assert_eq!(users.status, if manages { 200 } else { 403 }, "{role:?}");
        let body = "<Time><timeMode>NTP</timeMode></Time>";
        assert_eq!(
            session.call("PUT", "/ISAPI/System/time", body).await.status,
            if sets_up { 200 } else { 403 },
            "{role:?}"
        );
        patch(&simulator, json!({ "installer_may_arm": true })).await;
        assert!(allowed(arm(&session, "arm/1?ways=away&").await), "{role:?}");
    }
}

#[tokio::test]
async fn other_devices_have_none_of_it_and_panels_have_nothing_of_theirs() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Panel, 1)).await;
    let device = &simulator.devices()[0];
    for path in ["/ISAPI/System/status", "/ISAPI/Streaming/channels/101/picture", "/ISAPI/ContentMgmt/Storage"] {
        let answer = crate::client::get(device, path).await;
        assert_eq!((answer.status, word(&answer).as_str()), (403, "notSupport"), "{path}");
    }
    assert_eq!(put(device, "/ISAPI/System/time", "<Time><timeMode>NTP</timeMode></Time>").await.status, 200);
    let camera = crate::client::simulator(SimulatorSettings::uniform(1, Profile::Camera, 1)).await;
    for path in [
        "/ISAPI/SecurityCP/status/zones?format=json",
        "/ISAPI/Security/sessionLogin/capabilities?username=a",
        "/SDK/capabilities",
    ] {
        assert_eq!(crate::client::get(&camera.devices()[0], path).await.status, 403, "{path}");
    }
    let answer = control(&camera, "PATCH", "/devices/0", r#"{"panel":{"mains":false}}"#).await;
    assert_eq!((answer.status, &answer.json()["code"]), (409, &"no_panel".into()));
    assert_eq!(control(&camera, "GET", "/devices/0/accounts", "").await.status, 409);
    for (what, told) in [
        (r#"{"zones":{"9":{}}}"#, "zone 9"),
        (r#"{"remove_accounts":["x"]}"#, "account x"),
        (r#"{"arming":{"3":"away"}}"#, "area 3"),
    ] {
        let answer = control(&simulator, "PATCH", "/devices/0", &format!(r#"{{"panel":{what}}}"#)).await;
        assert_eq!((answer.status, &answer.json()["code"]), (409, &"not_there".into()));
        assert!(answer.text().contains(told), "{}", answer.text());
    }
}
