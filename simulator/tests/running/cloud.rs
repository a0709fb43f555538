//! The states that adding a cloud device meets, and how they change.

use std::time::Duration;

use siteward_simulator::{Change, CloudState, Profile, Simulator, SimulatorError, SimulatorSettings, Site};

use crate::client::{control, element, get, put, simulator, word};

const SERVICE: &str = "/ISAPI/System/Network/EZVIZ";

async fn states() -> Simulator {
    let mut settings = SimulatorSettings::site(Site::CloudStates, 5);
    settings.registration = Duration::from_millis(200);
    simulator(settings).await
}

#[tokio::test]
async fn the_site_of_states_has_one_device_in_each() {
    let simulator = states().await;
    let view = |state: CloudState| simulator.view(state.index()).unwrap();
    assert_eq!(simulator.devices().len(), CloudState::ALL.len());
    assert!(view(CloudState::Ready).service_registered && !view(CloudState::Ready).bound);
    assert!(!view(CloudState::NotActivated).activated && view(CloudState::NotActivated).service_enabled);
    assert!(view(CloudState::ServiceDisabled).activated && !view(CloudState::ServiceDisabled).service_enabled);
    assert!(!view(CloudState::Fresh).activated && !view(CloudState::Fresh).service_enabled);
    assert!(!view(CloudState::Offline).power);
    assert!(view(CloudState::BoundElsewhere).bound && view(CloudState::BoundToEzviz).bound);
    assert!(view(CloudState::OldRecorder).bound && view(CloudState::OldRecorder).firmware.starts_with("V3."));
    let wrong = &simulator.devices()[CloudState::WrongLabel.index()];
    assert!(!wrong.label.contains(wrong.verification_code.as_ref().unwrap()), "{:?}", wrong.label);
    let right = &simulator.devices()[CloudState::Ready.index()];
    let lines: Vec<&str> = right.label.split('\r').collect();
    let code = right.verification_code.as_deref().unwrap();
    assert_eq!(lines, ["www.hik-connect.com", right.serial.as_str(), code, right.model, ""]);
}

#[tokio::test]
async fn a_device_without_a_password_tells_that_and_nothing_else() {
    let simulator = states().await;
    for state in [CloudState::NotActivated, CloudState::Fresh] {
        let device = &simulator.devices()[state.index()];
        assert_eq!(device.password, "");
        assert_eq!(element(&get(device, "/SDK/activateStatus").await.text(), "Activated"), "false");
        for path in ["/ISAPI/System/deviceInfo", "/ISAPI/System/activateStatus", SERVICE] {
            let answer = get(device, path).await;
            assert_eq!((answer.status, word(&answer).as_str()), (403, "notActivated"), "{path}");
        }
        let refused = put(device, SERVICE, "<EZVIZ><enabled>false</enabled></EZVIZ>").await;
        assert_eq!(word(&refused), "notActivated");
    }
    let active = &simulator.devices()[CloudState::Ready.index()];
    assert_eq!(word(&get(active, "/ISAPI/System/activateStatus").await), "hasActivated");
}

#[tokio::test]
async fn an_enabled_service_registers_after_a_while() {
    let simulator = states().await;
    let device = &simulator.devices()[CloudState::ServiceDisabled.index()];
    let told = get(device, SERVICE).await.text();
    assert_eq!((element(&told, "enabled"), element(&told, "registerStatus")), ("false".into(), "false".into()));
    let body = "<EZVIZ><enabled>true</enabled><verificationCode>Hill42side</verificationCode></EZVIZ>";
    assert_eq!(word(&put(device, SERVICE, body).await), "ok");
    assert!(!simulator.view(device.index).unwrap().service_registered);
    tokio::time::sleep(Duration::from_millis(250)).await;
    let told = get(device, SERVICE).await.text();
    assert_eq!((element(&told, "registerStatus"), element(&told, "bindStatus")), ("true".into(), "unbind".into()));
    simulator.set(device.index, Change { service_registered: Some(false), ..Change::default() }).await.unwrap();
    let told = get(device, SERVICE).await.text();
    assert_eq!((element(&told, "enabled"), element(&told, "registerStatus")), ("true".into(), "false".into()));
}

#[tokio::test]
async fn some_tell_their_code_and_all_tell_whose_cloud_and_whether_they_are_owned() {
    let simulator = states().await;
    for (state, told, host, bound) in [
        (CloudState::Ready, true, "hik-connect", "unbind"),
        (CloudState::ServiceDisabled, false, "hik-connect", "unbind"),
        (CloudState::BoundElsewhere, true, "hik-connect", "bind"),
        (CloudState::BoundToEzviz, true, "ezviz", "bind"),
    ] {
        let device = &simulator.devices()[state.index()];
        let answer = get(device, SERVICE).await.text();
        let code = element(&answer, "verificationCode");
        assert_eq!((!code.is_empty()).then_some(code), device.verification_code.clone().filter(|_| told));
        assert!(element(&answer, "hostName").contains(host));
        assert_eq!(element(&answer, "bindStatus"), bound);
    }
}

#[tokio::test]
async fn old_firmware_takes_codes_of_six_capitals_only() {
    let simulator = simulator(SimulatorSettings::uniform(1, Profile::NvrOld, 1)).await;
    let device = &simulator.devices()[0];
    for (code, expected) in [("Hill42side", "illegalVerificationCode"), ("HILLSI", "ok")] {
        let body = format!("<EZVIZ><enabled>true</enabled><verificationCode>{code}</verificationCode></EZVIZ>");
        assert_eq!(word(&put(device, SERVICE, &body).await), expected, "{code}");
    }
}

#[tokio::test]
async fn the_local_menu_unbinds_all_but_the_oldest() {
    let simulator = states().await;
    let unbind = || Change { menu_unbind: Some(true), ..Change::default() };
    let (newer, old) = (CloudState::BoundElsewhere.index(), CloudState::OldRecorder.index());
    simulator.set(newer, unbind()).await.unwrap();
    assert!(matches!(simulator.set(old, unbind()).await, Err(SimulatorError::NoMenu(_))));
    assert_eq!((simulator.view(newer).unwrap().bound, simulator.view(old).unwrap().bound), (false, true));
    let refused = control(&simulator, "PATCH", &format!("/devices/{old}"), r#"{"menu_unbind":true}"#).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &"no_menu".into()));
    let patch = r#"{"firmware":"V4.1.60 build 200101","menu_unbind":true}"#;
    assert_eq!(
        control(&simulator, "PATCH", &format!("/devices/{old}"), patch).await.status,
        409,
        "asked of what it is"
    );
    let state =
        control(&simulator, "PATCH", &format!("/devices/{old}"), r#"{"firmware":"V4.1.60 build 200101"}"#).await;
    assert_eq!(state.json()["firmware"], "V4.1.60 build 200101");
    simulator.set(old, unbind()).await.unwrap();
}

#[tokio::test]
async fn a_device_that_moved_answers_at_its_new_address_only() {
    for listeners in [siteward_simulator::Listeners::PerDevice, siteward_simulator::Listeners::Shared] {
        let mut settings = SimulatorSettings::uniform(2, Profile::Camera, 1);
        settings.listeners = listeners;
        let simulator = simulator(settings).await;
        let before = simulator.devices()[1].clone();
        simulator.set(1, Change { address_change: Some(true), ..Change::default() }).await.unwrap();
        let mut after = before.clone();
        after.address = simulator.view(1).unwrap().address;
        assert_ne!(after.address, before.address);
        let info = get(&after, "/ISAPI/System/deviceInfo").await.text();
        assert_eq!(element(&info, "serialNumber"), before.serial_number);
        let old = tokio::net::TcpStream::connect((before.address, before.port)).await;
        // A shared listener takes the connection and resets it.
        let gone = match old {
            Err(_) => true,
            Ok(mut stream) => tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 1]).await.is_err(),
        };
        assert!(gone, "{listeners:?}");
        let listed = control(&simulator, "GET", "/devices/1", "").await.json();
        assert_eq!(listed["address"], after.address.to_string());
    }
}
