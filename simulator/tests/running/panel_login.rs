//! Signing in at alarm panels.

use std::time::Duration;

use siteward_simulator::{Change, PanelAccount, PanelChange, PanelRole, Profile, SimulatorSettings};

use crate::client::{control, element, get, get_as, put, simulator, word};
use crate::panel_client::{Session, answer_challenge, call, capabilities, done, sign_in};

const ZONES: &str = "/ISAPI/SecurityCP/status/zones?format=json";

fn panel(change: PanelChange) -> Change {
    Change { panel: Some(change), ..Change::default() }
}

#[tokio::test]
async fn both_kinds_let_in_whoever_proves_the_password() {
    for (profile, version, second) in [(Profile::Panel, "2.1", true), (Profile::PanelHybrid, "2", false)] {
        let simulator = simulator(SimulatorSettings::uniform(1, profile, 1)).await;
        let device = &simulator.devices()[0];
        let told = capabilities(device, "admin", "").await;
        assert_eq!((element(&told, "sessionIDVersion").as_str(), told.contains("<salt2>")), (version, second));
        assert!(told.contains("www.hikvision.com/ver20"), "{told}");
        let session = Session::from(device, &answer_challenge(device, &told, "admin", &device.password).await);
        assert_eq!(session.get(ZONES).await["ZoneList"].as_array().unwrap().len(), 6);
        let info = session.call("GET", "/ISAPI/System/deviceInfo", "").await;
        assert_eq!(element(&info.text(), "serialNumber"), device.serial_number);
        let counters = simulator.view(0).unwrap().counters;
        assert_eq!((counters.session_logins, counters.logins_ok, counters.logins_refused), (1, 3, 0));
    }
}

#[tokio::test]
async fn its_own_resources_want_a_session_and_the_others_take_digest_where_set() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Panel, 1)).await;
    let device = &simulator.devices()[0];
    assert!(get(device, "/ISAPI/System/deviceInfo").await.text().contains("<deviceType>PWA</deviceType>"));
    let json = get(device, "/ISAPI/System/deviceInfo?format=json").await.json();
    assert_eq!(json["DeviceInfo"]["serialNumber"], device.serial_number.as_str());
    assert_eq!(get_as(device, "Not-it-17", "/ISAPI/System/deviceInfo").await.status, 401);
    for path in [ZONES, "/ISAPI/Security/CloudUserManage/users?format=json", "/ISAPI/Security/sessionHeartbeat"] {
        let answer = call(device, "GET", path, "", "").await;
        assert_eq!((answer.status, answer.head.contains("WWW-Authenticate")), (401, false), "{path}");
    }
    simulator.set(0, panel(PanelChange { digest: Some(false), ..PanelChange::default() })).await.unwrap();
    let answer = call(device, "GET", "/ISAPI/System/deviceInfo", "", "").await;
    assert_eq!((answer.status, answer.head.contains("WWW-Authenticate")), (401, false));
    let session = Session::own(device).await;
    assert_eq!(session.call("GET", "/ISAPI/System/deviceInfo", "").await.status, 200);
}

#[tokio::test]
async fn names_cannot_be_guessed_from_what_is_told_of_them() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Panel, 1)).await;
    let device = &simulator.devices()[0];
    let of = |told: String| (element(&told, "salt"), element(&told, "salt2"), element(&told, "challenge"));
    let (first, again) = (of(capabilities(device, "no%20one", "").await), of(capabilities(device, "no+one", "").await));
    assert_eq!((&first.0, &first.1), (&again.0, &again.1));
    assert_ne!(first.2, again.2);
    let known = of(capabilities(device, "admin", "").await);
    assert_eq!((known.0.len(), known.1.len()), (first.0.len(), first.1.len()));
    assert_eq!(sign_in(device, "no-one", "Any-word-77").await.status, 401);
    assert_eq!(simulator.view(0).unwrap().counters.logins_refused, 1);
}

#[tokio::test]
async fn wrong_passwords_count_down_and_five_lock() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Panel, 1)).await;
    let device = &simulator.devices()[0];
    for left in (1..5).rev() {
        let refusal = sign_in(device, "admin", "Not-it-17").await;
        assert_eq!((refusal.status, element(&refusal.text(), "retryTimes")), (401, left.to_string()));
        assert_eq!(element(&refusal.text(), "lockStatus"), "unlock");
    }
    let last = sign_in(device, "admin", "Not-it-17").await.text();
    assert_eq!((element(&last, "lockStatus").as_str(), element(&last, "resLockTime").as_str()), ("lock", "1800"));
    assert_eq!(sign_in(device, "admin", &device.password).await.status, 401);
    assert_eq!(simulator.view(0).unwrap().counters.logins_refused, 6);
    simulator.set(0, Change { locked: Some(false), ..Change::default() }).await.unwrap();
    Session::own(device).await;
}

#[tokio::test]
async fn a_challenge_is_answered_once_and_in_its_own_version() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::Panel, 1)).await;
    let device = &simulator.devices()[0];
    let told = capabilities(device, "admin", "").await;
    assert_eq!(answer_challenge(device, &told, "admin", &device.password).await.status, 200);
    let again = answer_challenge(device, &told, "admin", &device.password).await;
    assert_eq!((again.status, word(&again).as_str()), (403, "theSessionIdDoesNotExist"));
    let other = capabilities(device, "admin", "").await.replace(">2.1<", ">2<");
    assert_eq!(answer_challenge(device, &other, "admin", &device.password).await.status, 400);
    assert_eq!(simulator.view(0).unwrap().counters.logins_refused, 0);
}

#[tokio::test]
async fn a_session_ends_by_idleness_logout_a_new_password_and_a_restart() {
    let mut settings = SimulatorSettings::uniform(1, Profile::Panel, 1);
    settings.devices[0].panel.session_idle = Duration::from_millis(400);
    settings.reboot = Duration::from_millis(50);
    let simulator = simulator(settings).await;
    let device = &simulator.devices()[0];
    let stands = async |session: &Session| session.call("GET", ZONES, "").await.status == 200;
    let session = Session::own(device).await;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(session.write("PUT", "/ISAPI/Security/sessionHeartbeat?format=json", &().into()).await, done());
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!stands(&session).await, "idle for too long");
    let (session, other) = (Session::own(device).await, Session::own(device).await);
    assert_eq!(session.call("PUT", "/ISAPI/Security/sessionLogout", "").await.status, 200);
    assert!(!stands(&session).await && stands(&other).await);
    let body = "<User><id>1</id><userName>admin</userName><password>Other-words-7</password></User>";
    assert_eq!(put(device, "/ISAPI/Security/users/1", body).await.status, 200);
    assert!(!stands(&other).await, "its password is another");
    let session = Session::of(device, "admin", "Other-words-7").await;
    assert_eq!(session.call("PUT", "/ISAPI/System/reboot", "").await.status, 200);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!stands(&session).await, "it was restarted");
}

#[tokio::test]
async fn only_so_many_sessions_are_open_at_a_time() {
    let mut settings = SimulatorSettings::uniform(1, Profile::Panel, 1);
    settings.devices[0].panel.session_limit = 2;
    let simulator = simulator(settings).await;
    let device = &simulator.devices()[0];
    let (first, _second) = (Session::own(device).await, Session::own(device).await);
    let third = sign_in(device, "admin", &device.password).await;
    assert_eq!((third.status, word(&third).as_str()), (403, "sesssionUserReachesLimit"));
    assert_eq!(sign_in(device, "admin", "Not-it-17").await.status, 401, "a wrong password is told first");
    let counters = simulator.view(0).unwrap().counters;
    assert_eq!((counters.session_logins, counters.sessions_refused, counters.logins_refused), (2, 1, 1));
    first.call("PUT", "/ISAPI/Security/sessionLogout", "").await;
    Session::own(device).await;
    assert_eq!(simulator.view(0).unwrap().panel.unwrap().sessions, 2);
}

#[tokio::test]
async fn of_two_accounts_of_one_name_the_level_picks() {
    let mut settings = SimulatorSettings::uniform(1, Profile::Panel, 1);
    settings.devices[0].panel.accounts = vec![
        PanelAccount::new("both", PanelRole::LocalOperator, "Operator-77"),
        PanelAccount::new("both", PanelRole::InstallerEmployee, "Installer-77"),
        PanelAccount::new("same", PanelRole::LocalOperator, "One-word-77"),
        PanelAccount::new("same", PanelRole::InstallerEmployee, "One-word-77"),
    ];
    let simulator = simulator(settings).await;
    let device = &simulator.devices()[0];
    for (level, password, status) in [
        ("", "Operator-77", 200),
        ("", "Installer-77", 401),
        ("X-Userlevel: None\r\n", "Operator-77", 200),
        ("X-Userlevel: 0\r\n", "Installer-77", 200),
        ("X-Userlevel: 0\r\n", "Operator-77", 401),
        ("X-Userlevel: 1\r\n", "Operator-77", 200),
    ] {
        let told = capabilities(device, "both", level).await;
        assert_eq!(answer_challenge(device, &told, "both", password).await.status, status, "{level} {password}");
    }
    let mut session = Session::of(device, "same", "One-word-77").await;
    let arm = "/ISAPI/SecurityCP/control/arm/1?ways=away&format=json";
    session.head.push_str("X-Userlevel: 0\r\n");
    assert_eq!(session.write("PUT", arm, &().into()).await.1, "lowPrivilege");
    session.head = session.head.replace("X-Userlevel: 0", "X-Userlevel: 1");
    assert_eq!(session.write("PUT", arm, &().into()).await, done());
}

#[tokio::test]
async fn a_panel_without_a_password_signs_nobody_in_until_it_is_activated() {
    let mut settings = SimulatorSettings::uniform(1, Profile::Panel, 1);
    settings.devices[0].activated = false;
    let simulator = simulator(settings).await;
    let device = &simulator.devices()[0];
    let answer = call(device, "GET", "/ISAPI/Security/sessionLogin/capabilities?username=admin", "", "").await;
    assert_eq!((answer.status, word(&answer).as_str()), (403, "notActivated"));
    let told = call(device, "GET", "/SDK/activateStatus", "", "").await.text();
    assert_eq!(element(&told, "Activated"), "false");
    let patch = r#"{"activated":true,"password":"First-word-77"}"#;
    assert_eq!(control(&simulator, "PATCH", "/devices/0", patch).await.status, 200);
    Session::of(device, "admin", "First-word-77").await;
}
