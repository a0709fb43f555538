//! What devices tell by themselves, from outside: over their event streams, behind links too, and pushed to the listener.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_simulator::{Alert, Change, Profile, PushTarget, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::lan::Lan;
use siteward_tests::listening::Listening;
use siteward_tests::street::{add_all, devices, make_site, wait_health, wait_until};

const MOTION: &str = "<EventNotificationAlert><channelID>2</channelID><eventType>VMD</eventType><eventState>active</eventState></EventNotificationAlert>";

struct Scene {
    app: App,
    admin: Client,
    simulator: Simulator,
    site: String,
    device: String,
}

async fn scene(start: Start, seed: u64) -> Scene {
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, seed)).await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    let listed = serde_json::to_value(simulator.devices()).unwrap();
    add_all(&admin, &site, listed.as_array().unwrap()).await.unwrap();
    wait_health(&admin, &site, "healthy", 1).await.unwrap();
    let device = devices(&admin, &site).await.unwrap()[0]["id"].as_str().unwrap().to_owned();
    Scene { app, admin, simulator, site, device }
}

async fn events(client: &Client, filter: &str) -> Vec<Value> {
    let page = client.get(&format!("/device_events?{filter}")).await.unwrap().ok().unwrap();
    page["items"].as_array().unwrap().clone()
}

fn raise(alert: Alert) -> Change {
    Change { event: Some(vec![alert]), ..Change::default() }
}

impl Scene {
    /// What the device's own pages are given; the path without the base path of the API.
    async fn listener(&self) -> Value {
        let made = self.admin.post(&format!("/devices/{}/event_listener", self.device), &json!({})).await.unwrap();
        assert_eq!(made.status, 201);
        made.body
    }

    async fn source(&self) -> Value {
        self.admin.get(&format!("/devices/{}/event_source", self.device)).await.unwrap().ok().unwrap()
    }

    async fn push(&self, settings: &Value, content_type: &str, body: impl Into<bytes::Bytes>) -> Answer {
        let path = settings["path"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
        Client::new(self.admin.base()).post_bytes(path, content_type, body).await.unwrap()
    }

    async fn wait_events(&self, filter: &str, wanted: usize) -> Vec<Value> {
        let there = || async { Ok(events(&self.admin, filter).await.len() >= wanted) };
        wait_until("the events are there", there).await.unwrap();
        events(&self.admin, filter).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stream_tells_is_listed_and_told_to_whoever_watches() {
    let scene = scene(Start::with_event_streams(), 301).await;
    let open = || async { Ok(scene.source().await["stream"]["state"] == "open") };
    wait_until("the stream is open", open).await.unwrap();
    let mut live = Listening::to(&scene.admin, &format!("/live?site_id={}", scene.site)).await.unwrap();
    scene.simulator.set(0, raise(Alert { picture: true, ..Alert::active("VMD", 1) })).await.unwrap();
    let told = live.next_of("device_event").await.unwrap();
    assert_eq!(told["device_id"], json!(scene.device));
    let listed = scene.wait_events(&format!("device_id={}&kind=motion&channel=1", scene.device), 1).await;
    assert_eq!((&listed[0]["word"], &listed[0]["ended_at"]), (&json!("VMD"), &Value::Null));
    scene.simulator.set(0, raise(Alert::over("VMD", 1))).await.unwrap();
    let over = || async { Ok(!events(&scene.admin, "kind=motion").await[0]["ended_at"].is_null()) };
    wait_until("it is over", over).await.unwrap();
    assert_eq!(events(&scene.admin, "").await.len(), 1, "no heartbeat among them");
    assert_eq!(events(&scene.admin, "kind=disk_full").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_behind_a_link_is_heard_through_it() {
    let app = Start::with_event_streams().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Camera, 302)).await.unwrap();
    let link = lan.site(&admin, "Villa").await.unwrap();
    let handle = &lan.simulator.devices()[0];
    let path = format!("/sites/{}/additions", link.site);
    let addition = admin.post(&path, &json!({"text": handle.label})).await.unwrap().ok().unwrap();
    let login = json!({"user_name": handle.user, "password": handle.password});
    let path = format!("/additions/{}/login", addition["id"].as_str().unwrap());
    admin.post(&path, &login).await.unwrap().ok().unwrap();
    wait_health(&admin, &link.site, "healthy", 1).await.unwrap();
    wait_until("the stream is open", || async { Ok(lan.simulator.view(0)?.telling.open_streams == 1) }).await.unwrap();
    let heard = || async {
        lan.simulator.set(0, raise(Alert::active("fielddetection", 1))).await?;
        Ok(!events(&admin, "kind=intrusion").await.is_empty())
    };
    wait_until("it is heard", heard).await.unwrap();
    assert_eq!(events(&admin, "").await.len(), 1, "told several times, it is one event");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_pushes_with_the_token_that_it_was_given_and_with_no_other() {
    let scene = scene(Start::with_devices(), 303).await;
    assert_eq!(scene.source().await["listener"], Value::Null);
    let first = scene.listener().await;
    assert_eq!((&first["protocol"], &first["host"]), (&json!("HTTP"), &json!("127.0.0.1")));
    assert!(first["path"].as_str().unwrap().len() < 64, "devices have little room for a path: {first}");
    assert_eq!(scene.push(&first, "application/xml", MOTION).await.status, 200);
    let heard = events(&scene.admin, &format!("device_id={}", scene.device)).await;
    assert_eq!((&heard[0]["kind"], &heard[0]["channel"]), (&json!("motion"), &json!(2)));
    assert!(scene.source().await["listener"]["pushed_at"].is_string());

    let second = scene.listener().await;
    assert_eq!(scene.push(&first, "application/xml", MOTION).await.status, 404);
    let unknown = json!({"path": "/api/v1/device_events/AAAAAAAAAAAAAAAAAAAAAA"});
    assert_eq!(scene.push(&unknown, "application/xml", MOTION).await.status, 404);
    assert_eq!(scene.push(&second, "application/xml", MOTION).await.status, 200);
    let path = format!("/devices/{}/event_listener", scene.device);
    assert_eq!(scene.admin.delete(&path).await.unwrap().status, 204);
    assert_eq!(scene.push(&second, "application/xml", MOTION).await.status, 404);
    let log = scene.admin.get("/operation_log").await.unwrap().ok().unwrap();
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert!(actions.contains(&json!("POST /devices/{device_id}/event_listener")), "{actions:?}");
    assert!(!log.to_string().contains(second["path"].as_str().unwrap()), "a token is in no log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_device_pushes_its_alerts_with_their_pictures() {
    let scene = scene(Start::with_devices(), 304).await;
    let settings = scene.listener().await;
    let to = scene.admin.base().strip_prefix("http://").unwrap().to_owned();
    for form in [false, true] {
        let path = settings["path"].as_str().unwrap().to_owned();
        let target = PushTarget { to: to.clone(), path, host: String::new(), form };
        let word = if form { "linedetection" } else { "shelteralarm" };
        let alert = Alert { json: form, picture: form, ..Alert::active(word, 1) };
        let change = Change { push_to: Some(Some(target)), ..raise(alert) };
        scene.simulator.set(0, change).await.unwrap();
    }
    assert_eq!(scene.simulator.view(0).unwrap().telling.pushed, 2);
    let kinds: Vec<_> = events(&scene.admin, "").await.iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, [json!("line_crossing"), json!("tamper")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pushed_is_bounded_and_nonsense_is_taken_and_forgotten() {
    let scene = scene(Start::with_devices(), 305).await;
    let settings = scene.listener().await;
    let beat = r#"{"eventType":"heartBeat","eventState":"active"}"#;
    for (content_type, body) in [
        ("application/xml", "<a><b>".to_owned()),
        ("application/json", beat.to_owned()),
        ("multipart/form-data; boundary=x", "--x\r\n\r\n\u{0}".to_owned()),
        ("text/plain", String::new()),
        ("application/xml", format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{MOTION}")),
    ] {
        assert_eq!(scene.push(&settings, content_type, body).await.status, 200);
    }
    assert_eq!(events(&scene.admin, "").await.len(), 0);
    let large = scene.push(&settings, "image/jpeg", vec![b'x'; 3 * 1024 * 1024]).await;
    assert_eq!((large.status.as_u16(), large.code()), (413, "body_too_large"));
    for number in 0..60 {
        let alert = MOTION.replace(">2<", &format!(">{number}<"));
        assert_eq!(scene.push(&settings, "application/xml", alert).await.status, 200);
    }
    let kept = events(&scene.admin, "limit=100").await.len();
    let dropped = scene.source().await["dropped"].as_u64().unwrap();
    assert!(kept >= 20 && dropped > 0 && kept as u64 + dropped == 60, "{kept} kept, {dropped} dropped");
    assert_eq!(
        scene.push(&json!({"path": format!("/api/v1/device_events/{}", "A".repeat(3000))}), "", "").await.status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_seen_by_those_who_reach_the_site_and_by_nobody_else() {
    let scene = scene(Start::with_devices(), 306).await;
    let settings = scene.listener().await;
    scene.push(&settings, "application/xml", MOTION).await;
    let rival = scene.app.other_admin().await.unwrap();
    let installer = scene.app.member_with("guest@example.com", &[Right::ManageAssignedSites]).await.unwrap();
    for stranger in [&rival, &installer] {
        assert_eq!(events(stranger, "").await.len(), 0);
        assert_eq!(events(stranger, &format!("device_id={}", scene.device)).await.len(), 0);
        let path = format!("/devices/{}/event_listener", scene.device);
        assert_eq!(stranger.post(&path, &json!({})).await.unwrap().status, 404);
        assert_eq!(stranger.delete(&path).await.unwrap().status, 404);
        assert_eq!(stranger.get(&format!("/devices/{}/event_source", scene.device)).await.unwrap().status, 404);
    }
    assert_eq!(events(&scene.admin, &format!("site_id={}", scene.site)).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_not_watched_is_not_heard() {
    let scene = scene(Start::with_event_streams(), 307).await;
    let settings = scene.listener().await;
    wait_until("the stream is open", || async { Ok(scene.source().await["stream"]["state"] == "open") }).await.unwrap();
    let path = format!("/devices/{}/monitoring", scene.device);
    scene.admin.send_json(Method::PUT, &path, &json!({"on": false})).await.unwrap().ok().unwrap();
    wait_until("the stream is closed", || async { Ok(scene.simulator.view(0)?.telling.open_streams == 0) })
        .await
        .unwrap();
    assert_eq!(scene.push(&settings, "application/xml", MOTION).await.status, 200);
    assert_eq!(events(&scene.admin, "").await.len(), 0);
    scene.admin.send_json(Method::PUT, &path, &json!({"on": true})).await.unwrap().ok().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    scene.push(&settings, "application/xml", MOTION.replace(">2<", ">3<")).await;
    assert_eq!(events(&scene.admin, "").await.len(), 1);
}
