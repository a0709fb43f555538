//! What the API tells of a device's health: disks' own checks, recording, clock, and nothing that nobody measures any more.

use serde_json::{Value, json};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings, Smart, StorageChange};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::street::{make_site, wait_until};

/// A recorder on a site, and where it is found.
async fn recorder(app: &App) -> (Client, Simulator, String) {
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Nvr, 77)).await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    let device = &simulator.devices()[0];
    let body = json!({
        "name": "Recorder", "host": device.address.to_string(), "port": device.port,
        "user_name": device.user, "password": device.password,
    });
    let made = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
    let path = format!("/devices/{}", made["id"].as_str().unwrap());
    (admin, simulator, path)
}

async fn change(simulator: &Simulator, change: Change) {
    simulator.set(0, change).await.unwrap();
}

async fn stored(simulator: &Simulator, storage: StorageChange) {
    change(simulator, Change { storage: Some(storage), ..Change::default() }).await;
}

fn fact<'a>(device: &'a Value, topic: &str) -> &'a Value {
    device["facts"].as_array().unwrap().iter().find(|fact| fact["topic"] == topic).unwrap_or(&Value::Null)
}

/// What is open, as kind and part.
fn open(device: &Value) -> Vec<String> {
    let told = |one: &Value| format!("{} {}", one["kind"].as_str().unwrap(), one["part"].as_str().unwrap());
    let all = device["open_exceptions"].as_array().unwrap().iter();
    all.filter(|one| one["kind"] != "firmware_vulnerable").map(told).collect()
}

/// Asks for a look until the device is as it should be.
async fn checked(admin: &Client, path: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    admin.post(&format!("{path}/check"), &json!({})).await.unwrap().ok().unwrap();
    wait_until(what, || async { Ok(holds(&admin.get(path).await?.ok()?)) }).await.unwrap();
    admin.get(path).await.unwrap().ok().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_disk_and_a_channel_that_is_not_recorded_are_told_with_their_facts() {
    let app = Start::with_devices().run().await.unwrap();
    let (admin, simulator, path) = recorder(&app).await;
    let told = checked(&admin, &path, "the facts", |device| *fact(device, "recording") != Value::Null).await;
    assert_eq!(fact(&told, "smart")["value"][0]["state"], "good", "{told}");
    assert_eq!(fact(&told, "smart")["value"][0]["temperature_celsius"], 38);
    let recording = &fact(&told, "recording")["value"];
    assert_eq!((&recording["overwrites"], &recording["oldest"]["channel"]), (&json!(true), &json!(1)));
    assert_eq!((&told["channels"][0]["recording"], open(&told)), (&json!(true), vec![]));

    let bad = StorageChange {
        smart: Some(Smart::BadSectors),
        empty_bay: Some(true),
        not_recording: Some([3].into()),
        ..StorageChange::default()
    };
    stored(&simulator, bad).await;
    let told = checked(&admin, &path, "both faults", |device| open(device).len() == 2).await;
    assert_eq!(open(&told), ["disk_error 1", "recording_gap 3"], "an empty bay is no fault");
    assert_eq!(told["health"], "faulty");

    let good = StorageChange { smart: Some(Smart::Good), not_recording: Some([].into()), ..StorageChange::default() };
    stored(&simulator, good).await;
    checked(&admin, &path, "no fault", |device| open(device).is_empty()).await;
    let id = path.trim_start_matches("/devices/");
    let all = admin.get(&format!("/exceptions?device_id={id}&open=false")).await.unwrap().ok().unwrap();
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "each opened once and is over once: {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_told_and_setting_it_ends_that_at_once() {
    let app = Start::with_devices().run().await.unwrap();
    let (admin, simulator, path) = recorder(&app).await;
    change(&simulator, Change { clock_offset_seconds: Some(-600), ..Change::default() }).await;
    let told = checked(&admin, &path, "a wrong clock", |device| open(device) == ["clock_drift "]).await;
    let offset = fact(&told, "clock")["value"]["offset_seconds"].as_i64().unwrap();
    assert!((-605..=-595).contains(&offset), "{offset}");
    assert_eq!(told["health"], "healthy", "it works as it should");
    admin.post(&format!("{path}/time"), &json!({})).await.unwrap().ok().unwrap();
    wait_until("a right clock", || async { Ok(open(&admin.get(&path).await?.ok()?).is_empty()) }).await.unwrap();
    let told = admin.get(&path).await.unwrap().ok().unwrap();
    assert!(fact(&told, "clock")["value"]["offset_seconds"].as_i64().unwrap().abs() <= 2, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_polls_any_more_every_fact_is_unknown_within_two_periods() {
    let app = Start::plain()
        .set("POLLING__PERIOD_SECONDS", "1")
        .set("DEVICES__ALLOW_LOOPBACK", "true")
        .set("POLLING__ALERT_STREAMS", "0")
        .run()
        .await
        .unwrap();
    let (admin, _simulator, path) = recorder(&app).await;
    let poller = app.beside_with_worker().await.unwrap();
    let fresh = |device: &Value| device["facts"].as_array().unwrap().iter().filter(|one| one["fresh"] == true).count();
    let told = checked(&admin, &path, "the facts", |device| *fact(device, "recording") != Value::Null).await;
    assert!(fresh(&told) >= 10 && fresh(&told) == told["facts"].as_array().unwrap().len(), "{told}");
    drop(poller);
    wait_until("nothing known", || async {
        let device = admin.get(&path).await?.ok()?;
        Ok(device["health"] == "unknown" && fresh(&device) == 0)
    })
    .await
    .unwrap();
    let told = admin.get(&path).await.unwrap().ok().unwrap();
    let at = |text: &Value| chrono::DateTime::parse_from_rfc3339(text.as_str().unwrap()).unwrap();
    let age = chrono::Utc::now() - at(&told["measured_at"]).to_utc();
    assert!(age.num_seconds() < 30, "rare facts wait for no period of their own: {age}");
    assert!(!told["facts"].as_array().unwrap().is_empty(), "what was known stays to be seen: {told}");
}
