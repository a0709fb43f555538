//! Firmware upgrades of simulated devices: progress, restart, refusals, and what goes wrong.

use std::time::Duration;

use serde_json::{Value, json};
use siteward_simulator::{DeviceHandle, Profile, Simulator, SimulatorSettings, UpgradePackage};

use crate::client::{control, element, get, put, simulator, within, word};

const UPLOAD: &str = "/ISAPI/System/updateFirmware";
const STATUS: &str = "/ISAPI/System/upgradeStatus";

async fn one() -> Simulator {
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, 77);
    settings.reboot = Duration::from_millis(150);
    simulator(settings).await
}

fn package(device: &DeviceHandle, version: &str) -> UpgradePackage {
    UpgradePackage { models: vec![device.model.into()], language: "WR".into(), version: version.into(), from: None }
}

async fn send(device: &DeviceHandle, package: &UpgradePackage) -> String {
    word(&put(device, UPLOAD, &String::from_utf8(package.bytes(300_000)).unwrap()).await)
}

async fn change(simulator: &Simulator, change: Value) {
    let answer = control(simulator, "PATCH", "/devices/0", &change.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn until(simulator: &Simulator, holds: impl Fn(&Value) -> bool) -> Value {
    within(async {
        loop {
            let state = control(simulator, "GET", "/devices/0", "").await.json();
            if holds(&state) {
                return state;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_file_is_written_then_the_device_is_silent_and_comes_back_with_it() {
    let simulator = one().await;
    let device = simulator.devices()[0].clone();
    change(&simulator, json!({"upgrade": {"language": "WR", "writes_ms": 400}})).await;
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "ok");
    let writing = get(&device, STATUS).await.text();
    assert_eq!(element(&writing, "upgrading"), "true");
    assert!(element(&writing, "percent").parse::<u32>().unwrap() < 100);
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "upgrading");
    until(&simulator, |state| state["rebooting"] == true).await;
    let state = until(&simulator, |state| state["firmware"] == "V9.1.0 build 270101" && state["rebooting"] == false);
    let state = state.await;
    assert_eq!((&state["upgrade"]["taken"], &state["upgrade"]["received"]), (&json!(1), &json!(2)));
    assert_eq!(element(&get(&device, "/ISAPI/System/deviceInfo").await.text(), "firmwareVersion"), "V9.1.0");
}

#[tokio::test]
async fn files_for_others_are_refused_each_with_its_word() {
    let simulator = one().await;
    let device = simulator.devices()[0].clone();
    change(&simulator, json!({"upgrade": {"language": "CH"}})).await;
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "updateLangUnmatched");
    change(&simulator, json!({"upgrade": {"language": "WR"}})).await;
    let mut other = package(&device, "V9.1.0 build 270101");
    other.models = vec!["DS-X".into()];
    assert_eq!(send(&device, &other).await, "badUpgradePackage");
    assert_eq!(word(&put(&device, UPLOAD, "anything").await), "badUpgradePackage");
    assert_eq!(send(&device, &package(&device, &device.firmware)).await, "noNeedUpgrade");
    let mut late = package(&device, "V9.9.0 build 280101");
    late.from = Some("V9.0.0".into());
    assert_eq!(send(&device, &late).await, "versionMismatch");
    change(&simulator, json!({"upgrade": {"fault": "low_privilege"}})).await;
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "lowPrivilege");
    change(&simulator, json!({"upgrade": {"fault": "no_put"}})).await;
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "methodNotAllowed");
}

#[tokio::test]
async fn a_power_cut_in_the_middle_leaves_the_old_firmware() {
    let simulator = one().await;
    let device = simulator.devices()[0].clone();
    change(&simulator, json!({"upgrade": {"language": "WR", "fault": "power_cut", "writes_ms": 100}})).await;
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "ok");
    until(&simulator, |state| state["power"] == false).await;
    change(&simulator, json!({"power": true, "upgrade": {"fault": "none"}})).await;
    let status = get(&device, STATUS).await.text();
    assert_eq!(element(&status, "upgrading"), "false");
    assert!(
        device
            .firmware
            .starts_with(&element(&get(&device, "/ISAPI/System/deviceInfo").await.text(), "firmwareVersion"))
    );
}

#[tokio::test]
async fn a_device_that_wants_to_be_restarted_says_so_and_one_may_never_come_back() {
    let simulator = one().await;
    let device = simulator.devices()[0].clone();
    change(&simulator, json!({"upgrade": {"language": "WR", "fault": "needs_reboot", "writes_ms": 50}})).await;
    assert_eq!(send(&device, &package(&device, "V9.1.0 build 270101")).await, "rebootRequired");
    within(async {
        while element(&get(&device, STATUS).await.text(), "reboot") != "true" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(put(&device, "/ISAPI/System/reboot", "").await.status, 200);
    until(&simulator, |state| state["firmware"] == "V9.1.0 build 270101").await;
    until(&simulator, |state| state["rebooting"] == false).await;
    change(&simulator, json!({"upgrade": {"fault": "never_back"}})).await;
    assert_eq!(send(&device, &package(&device, "V9.2.0 build 270201")).await, "ok");
    until(&simulator, |state| state["power"] == false).await;
}
