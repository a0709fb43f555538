//! Root causes from outside: what is broken, and how many mails a mail server that is not ours takes for it.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::site::LinkedSite;
use siteward_tests::street::{add_all, count_health, incidents, make_site, wait_health, wait_until};

/// A worker that looks every second and gives up soon; further settings by name.
fn quick(settings: &[(&str, &str)]) -> Start {
    let start =
        Start::with_devices().set("DEVICES__CONNECT_TIMEOUT_MS", "400").set("DEVICES__LOOK_TIMEOUT_SECONDS", "2");
    settings.iter().fold(start, |start, (name, value)| start.set(name, value))
}

/// A simulator of cameras, whose first device is of another profile with all others behind it.
async fn street(first: Profile, count: usize, seed: u64) -> Simulator {
    let mut settings = SimulatorSettings::uniform(count, Profile::Camera, seed);
    settings.devices[0].profile = first;
    settings.devices[0].name = String::from(if first == Profile::Nvr { "Recorder" } else { "Router" });
    let simulator = Simulator::start(settings).await.unwrap();
    let behind: BTreeSet<usize> = (1..count).collect();
    simulator.set(0, Change { behind: Some(behind), ..Change::default() }).await.unwrap();
    simulator
}

async fn power(simulator: &Simulator, place: usize, on: bool) {
    simulator.set(place, Change { power: Some(on), ..Change::default() }).await.unwrap();
}

fn listed(simulator: &Simulator) -> Vec<Value> {
    serde_json::to_value(simulator.devices()).unwrap().as_array().unwrap().clone()
}

/// A server with these devices on one site, all healthy.
async fn watched(start: Start, simulator: &Simulator, mail: &ForeignMail) -> (App, Client, String) {
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    mail.be_server_of(&admin).await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    add_all(&admin, &site, &listed(simulator)).await.unwrap();
    wait_health(&admin, &site, "healthy", simulator.devices().len()).await.unwrap();
    (app, admin, site)
}

async fn wait_mails(mail: &ForeignMail, count: usize) -> Vec<String> {
    wait_until("a mail", || async { Ok(mail.subjects().len() >= count) }).await.unwrap();
    mail.subjects()
}

/// Long enough for whatever else might be told: several periods, and a mail's way.
async fn a_while() {
    tokio::time::sleep(Duration::from_secs(6)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_with_forty_cameras_off_is_one_mail_and_back_is_another() {
    let mail = ForeignMail::start().unwrap();
    let simulator = street(Profile::Router, 41, 71).await;
    let (_app, admin, site) = watched(quick(&[]), &simulator, &mail).await;

    power(&simulator, 0, false).await;
    wait_health(&admin, &site, "offline", 41).await.unwrap();
    let told = wait_mails(&mail, 1).await;
    assert!(told[0].starts_with("Harbour: “Router” does not answer"), "{told:?}");
    a_while().await;
    let open = incidents(&admin, true).await.unwrap();
    assert_eq!((open.len(), &open[0]["kind"], &open[0]["name"]), (1, &json!("device_offline"), &json!("Router")));
    let id = open[0]["id"].as_str().unwrap();
    let whole = admin.get(&format!("/incidents/{id}")).await.unwrap().ok().unwrap();
    assert_eq!(whole["members"].as_array().unwrap().len(), 41);
    let bell = admin.get("/notifications").await.unwrap().ok().unwrap();
    assert_eq!((&bell["unread"], &bell["items"][0]["what"]), (&json!(1), &json!("incident_opened")));

    power(&simulator, 0, true).await;
    wait_health(&admin, &site, "healthy", 41).await.unwrap();
    a_while().await;
    let told = mail.subjects();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].starts_with("Harbour: over after") && told[1].ends_with("40 cameras affected"), "{told:?}");
    assert_eq!(incidents(&admin, true).await.unwrap(), Vec::<Value>::new());
    let last = admin.get("/notifications").await.unwrap().ok().unwrap()["items"][0]["id"].clone();
    assert_eq!(admin.post("/notifications/read", &json!({"last": last})).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.get("/notifications").await.unwrap().body["unread"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorder_off_with_sixteen_cameras_behind_it_is_one_mail() {
    let mail = ForeignMail::start().unwrap();
    let simulator = street(Profile::Nvr, 17, 72).await;
    simulator.set(0, Change { shows: Some((1..17).collect()), ..Change::default() }).await.unwrap();
    let (_app, admin, site) = watched(quick(&[]), &simulator, &mail).await;
    power(&simulator, 0, false).await;
    wait_health(&admin, &site, "offline", 17).await.unwrap();
    let told = wait_mails(&mail, 1).await;
    a_while().await;
    assert_eq!(mail.subjects().len(), 1, "{told:?}");
    assert!(told[0].contains("“Recorder” does not answer"), "{told:?}");
    assert_eq!(incidents(&admin, true).await.unwrap().len(), 1);
    power(&simulator, 0, true).await;
    wait_health(&admin, &site, "healthy", 17).await.unwrap();
    let told = wait_mails(&mail, 2).await;
    assert!(told[1].contains("over after") && told[1].contains("16 cameras affected"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_off_is_one_mail_for_all_behind_it_and_back_is_another() {
    let mail = ForeignMail::start().unwrap();
    let app = quick(&[]).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    mail.be_server_of(&admin).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = SimulatorSettings::uniform(6, Profile::Camera, 74);
    let mut villa = LinkedSite::open(&admin, "Villa", admin.base(), folder.path(), settings).await.unwrap();
    villa.add_all(&admin, "Installed-2026").await.unwrap();
    wait_health(&admin, &villa.id, "healthy", 6).await.unwrap();

    villa.cut();
    wait_health(&admin, &villa.id, "unknown", 6).await.unwrap();
    let told = wait_mails(&mail, 1).await;
    a_while().await;
    assert_eq!(mail.subjects().len(), 1, "{told:?}");
    assert!(told[0].contains("“Box at Villa” is not connected"), "{told:?}");
    let open = incidents(&admin, true).await.unwrap();
    assert_eq!((open.len(), &open[0]["kind"]), (1, &json!("link_offline")));

    villa.join(&["run"]).unwrap();
    wait_health(&admin, &villa.id, "healthy", 6).await.unwrap();
    let told = wait_mails(&mail, 2).await;
    a_while().await;
    assert_eq!(mail.subjects().len(), 2, "{told:?}");
    assert!(told[1].contains("over after"), "{told:?}");
    assert_eq!(incidents(&admin, true).await.unwrap(), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_own_network_is_gone_nobody_is_alarmed_and_everything_is_unknown() {
    let mail = ForeignMail::start().unwrap();
    let simulator = street(Profile::Router, 9, 73).await;
    let router = &simulator.devices()[0];
    let reference = format!("[\"{}:{}\"]", router.address, router.port);
    // The router stands for the one that the server is behind.
    let start = quick(&[("POLLING__REFERENCE_ADDRESSES", reference.as_str())]);
    let (_app, admin, site) = watched(start, &simulator, &mail).await;

    power(&simulator, 0, false).await;
    wait_health(&admin, &site, "unknown", 9).await.unwrap();
    wait_until("the loss told", || async { Ok(!admin.get("/network").await?.ok()?["lost_since"].is_null()) })
        .await
        .unwrap();
    a_while().await;
    assert_eq!(count_health(&admin, &site, "unknown").await.unwrap(), 9);
    power(&simulator, 0, true).await;
    wait_health(&admin, &site, "healthy", 9).await.unwrap();
    a_while().await;
    assert_eq!(mail.subjects(), Vec::<String>::new());
    let exceptions = admin.get("/exceptions").await.unwrap().ok().unwrap();
    assert_eq!(exceptions["items"], json!([]), "not even one that is over");
    assert_eq!(admin.get("/network").await.unwrap().body["lost_since"], Value::Null);
    let camera = admin.get(&format!("/devices?site_id={site}")).await.unwrap().body["items"][0]["id"].clone();
    let history = admin.get(&format!("/devices/{}/history", camera.as_str().unwrap())).await.unwrap().body.to_string();
    assert!(!history.contains("offline"), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_what_hangs_behind_what_and_no_circle() {
    let mail = ForeignMail::start().unwrap();
    let simulator = street(Profile::Router, 3, 74).await;
    let (_app, admin, site) = watched(quick(&[]), &simulator, &mail).await;
    let devices = siteward_tests::street::devices(&admin, &site).await.unwrap();
    let id =
        |name: &str| devices.iter().find(|device| device["name"] == name).unwrap()["id"].as_str().unwrap().to_owned();
    let (router, one, two) = (id("Router"), id("Camera 00002"), id("Camera 00003"));
    let parent = async |of: &str| admin.get(&format!("/devices/{of}/parent")).await.unwrap().ok().unwrap();
    let derived = parent(&one).await;
    assert_eq!((&derived["mode"], &derived["parent"]["because"]), (&json!("derived"), &json!("router")));
    let put = async |of: &str, body: Value| {
        admin.send_json(http::Method::PUT, &format!("/devices/{of}/parent"), &body).await.unwrap()
    };
    let said = put(&one, json!({"mode": "device", "device_id": two})).await.ok().unwrap();
    assert_eq!((&said["parent"]["id"], &said["parent"]["because"]), (&json!(two), &json!("person")));
    let circle = put(&two, json!({"mode": "device", "device_id": one})).await;
    assert_eq!((circle.status.as_u16(), circle.code()), (409, "parent_is_circle"));
    assert_eq!(put(&two, json!({"mode": "device"})).await.status.as_u16(), 422);
    assert_eq!(put(&one, json!({"mode": "alone"})).await.ok().unwrap()["parent"], Value::Null);

    // A router is only knocked at.
    let reboot = admin.post(&format!("/devices/{router}/reboot"), &Value::Null).await.unwrap();
    assert_eq!((reboot.status.as_u16(), reboot.code()), (409, "device_has_no_login"));
    let login = admin.patch(&format!("/devices/{router}"), &json!({"password": "Secret-12"})).await.unwrap();
    assert_eq!(login.code(), "device_has_no_login");
    let renamed = admin.patch(&format!("/devices/{router}"), &json!({"name": "Edge"})).await.unwrap().ok().unwrap();
    assert_eq!((&renamed["name"], &renamed["kind"]), (&json!("Edge"), &json!("router")));
    let nowhere = json!({"host": "127.0.0.1", "port": 70_000});
    assert_eq!(admin.post(&format!("/sites/{site}/routers"), &nowhere).await.unwrap().status.as_u16(), 422);
}
