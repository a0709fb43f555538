//! Using what is one's own or shared: pictures, one or many, recordings, moving the camera, and alarms; each asked for at use.

use std::time::Duration;

use bytes::BytesMut;
use chrono::{DateTime, Utc};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::{Value, json};
use siteward_domain::device_event::{DeviceSignal, EventState};
use siteward_domain::mail::MailTemplate;
use siteward_domain::share::{GiverKind, SharePermission, SharedChannel};
use siteward_domain::{DeviceId, ShareId};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings, StorageChange};
use siteward_store::device_events::{Heard, append, last_seq};
use siteward_store::events::look_at_reader;
use siteward_store::mails::list_of_platform;
use siteward_store::shares::{self, NewShare};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::owner::OWNER;
use siteward_tests::street::wait_until;

const RECEIVER: &str = "eva@example.com";

struct Scene {
    app: App,
    admin: Client,
    owner: Client,
    receiver: Client,
    site: String,
    device: String,
    simulator: Simulator,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Olga owns a site with a device, of which nothing is shared yet; Eva is a customer, too.
async fn scene(start: Start, profile: Profile, allowed: Value) -> Scene {
    let app = start.set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (owner, receiver) = (app.end_user(OWNER).await.unwrap(), app.end_user(RECEIVER).await.unwrap());
    let simulator = Simulator::start(SimulatorSettings::uniform(1, profile, 57)).await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().body;
    let (site, handle) = (id(&made), &simulator.devices()[0]);
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
        "name": "Gate",
    });
    let device = id(&admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap());
    let mut asks = json!({"site": true, "devices": []});
    if let Some(permission) = allowed.as_str() {
        asks["devices"] = json!([{"device_id": device, "permission": permission, "validity": "permanent"}]);
    }
    app.hand_site_over(&site, OWNER, &asks).unwrap();
    Scene { app, admin, owner, receiver, site, device, simulator }
}

async fn usual() -> Scene {
    scene(Start::plain(), Profile::Camera, Value::Null).await
}

impl Scene {
    fn path(&self, rest: &str) -> String {
        format!("/my/devices/{}{rest}", self.device)
    }

    /// The owner shares the first channel.
    fn share(&self, permissions: &[SharePermission]) -> ShareId {
        let now = Utc::now();
        let channel =
            SharedChannel { device_id: self.device.parse().unwrap(), channel: 1, permissions: permissions.to_vec() };
        let new = NewShare {
            id: ShareId::generate(now),
            site_id: self.site.parse().unwrap(),
            giver_kind: GiverKind::EndUser,
            giver_id: self.app.end_user_id(OWNER).unwrap().to_string(),
            receiver_id: self.app.end_user_id(RECEIVER).unwrap(),
            channels: vec![channel],
        };
        let given = self.app.store.write(|conn| shares::give(conn, &new, "test", now)).unwrap();
        given.unwrap();
        new.id
    }

    fn take_back(&self, share: &ShareId) {
        let (site, giver) = (self.site.parse().unwrap(), self.app.end_user_id(OWNER).unwrap().to_string());
        let giver = (GiverKind::EndUser, giver.as_str());
        self.app.store.write(|conn| shares::remove(conn, &site, giver, share, "test", Utc::now())).unwrap();
    }

    async fn status(&self, who: &Client, rest: &str) -> u16 {
        who.stream(&self.path(rest)).await.unwrap().status().as_u16()
    }

    async fn code(&self, who: &Client, rest: &str) -> String {
        who.get(&self.path(rest)).await.unwrap().code().to_owned()
    }

    async fn watch(&self, who: &Client) -> Pictures {
        let answer = who.stream(&self.path("/channels/1/stream")).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        Pictures { body: answer.into_body(), rest: BytesMut::new() }
    }
}

/// A stream of pictures.
struct Pictures {
    body: Incoming,
    rest: BytesMut,
}

impl Pictures {
    /// The next one; nothing where the stream ends.
    async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(head) = self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                let told = String::from_utf8_lossy(&self.rest[..head]).into_owned();
                let length: usize = told.split("Content-Length: ").nth(1).unwrap().trim().parse().unwrap();
                if self.rest.len() >= head + 4 + length {
                    let picture = self.rest[head + 4..head + 4 + length].to_vec();
                    let _ = self.rest.split_to(head + 4 + length);
                    return Some(picture);
                }
            }
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame()).await;
            let frame = frame.unwrap()?.ok()?;
            self.rest.extend_from_slice(&frame.into_data().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_sees_what_is_shared_and_the_first_time_stands_in_the_owners_log() {
    let scene = usual().await;
    assert_eq!(scene.status(&scene.owner, "/channels/1/picture").await, 200);
    assert_eq!(scene.status(&scene.receiver, "/channels/1/picture").await, 404);
    assert_eq!(scene.code(&scene.receiver, "/channels").await, "not_found");
    let share = scene.share(&[SharePermission::Ptz]);
    for _ in 0..2 {
        let answer = scene.receiver.stream(&scene.path("/channels/1/picture")).await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"] == "image/jpeg"), (200, true));
        let picture = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(picture.starts_with(&[0xff, 0xd8]));
    }
    assert_eq!(scene.status(&scene.receiver, "/channels/2/picture").await, 404, "another channel");
    assert_eq!(scene.status(&scene.receiver, "").await, 404, "the owner's own page");
    let channels = scene.receiver.get(&scene.path("/channels")).await.unwrap().ok().unwrap();
    assert_eq!((&channels["own"], &channels["channels"][0]["number"]), (&json!(false), &json!(1)), "{channels}");
    assert_eq!(channels["channels"][0]["permissions"], json!(["live_view", "ptz"]));
    let log = scene.owner.get(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap().ok().unwrap();
    let used = log["items"].as_array().unwrap().iter().filter(|row| row["action"] == "share_used").count();
    assert_eq!(used, 1, "{log}");
    scene.take_back(&share);
    assert_eq!(scene.status(&scene.receiver, "/channels/1/picture").await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_brings_pictures_until_it_is_shared_no_more_or_somebody_signs_out() {
    let scene = usual().await;
    let share = scene.share(&[]);
    let mut watched = scene.watch(&scene.receiver).await;
    let (first, second) = (watched.next().await.unwrap(), watched.next().await.unwrap());
    assert!(first.starts_with(&[0xff, 0xd8]) && second.starts_with(&[0xff, 0xd8]));
    scene.take_back(&share);
    while watched.next().await.is_some() {}

    let mut own = scene.watch(&scene.owner).await;
    own.next().await.unwrap();
    scene.owner.delete("/my/session").await.unwrap().ok().unwrap();
    while own.next().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_asked_once_however_many_watch() {
    let scene = usual().await;
    scene.share(&[]);
    let mut streams = Vec::new();
    for who in [&scene.owner, &scene.receiver] {
        for _ in 0..5 {
            streams.push(scene.watch(who).await);
        }
    }
    scene.simulator.reset_counters();
    let mut seen = 0;
    for _ in 0..4 {
        for stream in &mut streams {
            seen += usize::from(stream.next().await.is_some());
        }
    }
    let asked = scene.simulator.view(0).unwrap().counters.requests;
    assert!(seen == 40 && asked <= 12, "{asked} requests for {seen} pictures");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_watches_so_much_and_no_more() {
    let scene = usual().await;
    let mut streams = Vec::new();
    for _ in 0..12 {
        streams.push(scene.watch(&scene.owner).await);
    }
    assert_eq!(scene.code(&scene.owner, "/channels/1/stream").await, "too_many_requests");
    scene.share(&[]);
    assert_eq!(scene.status(&scene.receiver, "/channels/1/picture").await, 200, "others are not kept out");
    drop(streams);
    let free = || async { Ok(scene.status(&scene.owner, "/channels/1/picture").await == 200) };
    wait_until("a place is free again", free).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_without_a_picture_says_why_and_a_refused_login_is_not_repeated() {
    let scene = usual().await;
    scene.simulator.set(0, Change { power: Some(false), ..Change::default() }).await.unwrap();
    assert_eq!(scene.code(&scene.owner, "/channels/1/picture").await, "device_unreachable");
    let change = Change { power: Some(true), password: Some("Another-9".to_owned()), ..Change::default() };
    scene.simulator.set(0, change).await.unwrap();
    let refused = || async { Ok(scene.code(&scene.owner, "/channels/1/picture").await == "device_login_refused") };
    wait_until("the device refuses the login", refused).await.unwrap();
    let before = scene.simulator.view(0).unwrap().counters.logins_refused;
    for _ in 0..3 {
        assert_eq!(scene.code(&scene.owner, "/channels/1/stream").await, "device_login_refused");
    }
    assert_eq!((before, scene.simulator.view(0).unwrap().counters.logins_refused), (1, 1));
}

/// What was recorded within the last five hours, two at a time.
async fn recordings(who: &Client, path: &str, cursor: &str) -> Value {
    let now = Utc::now();
    let time = |at: DateTime<Utc>| at.format("%FT%TZ").to_string();
    let (from, to) = (time(now - chrono::Duration::hours(5)), time(now));
    who.get(&format!("{path}?channel=1&from={from}&to={to}&limit=2{cursor}")).await.unwrap().body
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_of_a_shared_channel_are_listed_in_pages_and_saved_whole() {
    for profile in [Profile::Camera, Profile::NvrOld] {
        let scene = scene(Start::plain(), profile, Value::Null).await;
        let path = scene.path("/recordings");
        scene.share(&[SharePermission::Playback]);
        let first = recordings(&scene.receiver, &path, "").await;
        assert_eq!(first["items"].as_array().unwrap().len(), 2, "{first}");
        let cursor = format!("&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = recordings(&scene.receiver, &path, &cursor).await;
        assert_eq!(second["items"][0]["from"], first["items"][1]["to"], "{second}");
        let recording = &first["items"][1];
        let from = recording["from"].as_str().unwrap();
        let answer = scene.receiver.stream(&format!("{path}/download?channel=1&from={from}")).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        assert!(answer.headers()["content-disposition"].to_str().unwrap().contains(".mpg"));
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!((bytes.len() as u64, bytes.starts_with(b"IMKH")), (recording["bytes"].as_u64().unwrap(), true));
        let nothing =
            scene.receiver.get(&format!("{path}/download?channel=1&from=2001-01-01T00:00:00Z")).await.unwrap();
        assert_eq!(nothing.code(), "not_found");
        let other = scene.receiver.get(&format!("{path}/download?channel=2&from={from}")).await.unwrap();
        assert_eq!(other.code(), "not_found", "a channel that is not shared");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_fetches_recordings_and_does_not_read_them_keeps_nobody_out_for_long() {
    let scene = usual().await;
    let storage = StorageChange { recorded_bytes: Some(8192), ..StorageChange::default() };
    scene.simulator.set(0, Change { storage: Some(storage), ..Change::default() }).await.unwrap();
    scene.share(&[SharePermission::Playback]);
    let list = recordings(&scene.receiver, &scene.path("/recordings"), "").await;
    let from = list["items"][1]["from"].as_str().unwrap();
    let download = format!("/recordings/download?channel=1&from={from}");
    let mut unread = Vec::new();
    for _ in 0..2 {
        let answer = scene.receiver.stream(&scene.path(&download)).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        unread.push(answer);
    }
    assert_eq!(scene.code(&scene.receiver, &download).await, "too_many_requests");
    let read = scene.owner.stream(&scene.path(&download)).await.unwrap();
    assert_eq!(read.status().as_u16(), 200, "one person leaves a place for others");
    assert_eq!(scene.code(&scene.owner, &download).await, "too_many_requests");
    drop(read);
    let free = || async { Ok(scene.status(&scene.receiver, &download).await == 200) };
    wait_until("what is not read gives its place back", free).await.unwrap();
    // Whichever of them it was that gave its place back.
    let mut whole = 0;
    for answer in unread {
        whole += usize::from(answer.into_body().collect().await.is_ok());
    }
    assert!(whole < 2, "what was not read in time is not whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_among_what_is_shared_is_refused() {
    let scene = usual().await;
    scene.share(&[]);
    let list = recordings(&scene.receiver, &scene.path("/recordings"), "").await;
    assert_eq!(list["code"], "not_shared");
    let moved = scene.receiver.post(&scene.path("/channels/1/ptz"), &json!({"pan": 20})).await.unwrap();
    assert_eq!(moved.code(), "not_shared");
    assert_eq!(scene.code(&scene.receiver, "/channels/1/presets").await, "not_shared");
    let mails = json!({"wanted": false});
    let mails = scene.receiver.send_json(http::Method::PUT, &scene.path("/alarm_mails"), &mails).await.unwrap();
    assert_eq!(mails.code(), "not_shared");
    assert_eq!(scene.simulator.view(0).unwrap().linked.times, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_is_moved_for_a_moment_and_to_a_place_that_it_remembers() {
    let scene = usual().await;
    scene.share(&[SharePermission::Ptz]);
    let step = scene.receiver.post(&scene.path("/channels/1/ptz"), &json!({"pan": -60, "zoom": 30})).await.unwrap();
    step.ok().unwrap();
    assert_eq!(scene.simulator.view(0).unwrap().linked.moved[&1], (-60, 0, 30, 500));
    let fast = scene.receiver.post(&scene.path("/channels/1/ptz"), &json!({"tilt": 200})).await.unwrap();
    assert_eq!(fast.code(), "field_invalid");
    let presets = scene.receiver.get(&scene.path("/channels/1/presets")).await.unwrap().ok().unwrap();
    let items = presets["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[1]), (8, &json!({"number": 2, "name": "Car park"})));
    scene.receiver.post(&scene.path("/channels/1/presets"), &json!({"preset": 2})).await.unwrap().ok().unwrap();
    assert_eq!(scene.simulator.view(0).unwrap().linked.presets[&1], 2);

    let fixed = self::scene(Start::plain(), Profile::CameraOld, Value::Null).await;
    let refused = fixed.owner.post(&fixed.path("/channels/1/ptz"), &json!({"pan": 20})).await.unwrap();
    assert_eq!(refused.code(), "device_not_supported");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_is_moved_a_few_times_a_second_and_no_more() {
    let scene = usual().await;
    scene.share(&[SharePermission::Ptz]);
    let (path, body) = (scene.path("/channels/1/ptz"), json!({"pan": 20}));
    let moved = futures_util::future::join_all((0..16).map(|_| scene.receiver.post(&path, &body))).await;
    let refused: Vec<_> = moved.iter().flatten().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty() && refused.len() < 16, "{} of 16", refused.len());
    assert_eq!(refused[0].code(), "too_many_requests");
    let free = || async { Ok(scene.receiver.post(&path, &body).await?.status == 204) };
    wait_until("a second later it is moved again", free).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_use_of_each_permission_stands_in_the_owners_log() {
    let scene = usual().await;
    scene.share(&[SharePermission::Playback, SharePermission::Ptz, SharePermission::Alarm]);
    hear(&scene, &["VMD"]);
    for _ in 0..2 {
        recordings(&scene.receiver, &scene.path("/recordings"), "").await;
        scene.receiver.post(&scene.path("/channels/1/ptz"), &json!({"pan": 20})).await.unwrap().ok().unwrap();
        scene.receiver.get("/my/events").await.unwrap().ok().unwrap();
        scene.owner.get("/my/events").await.unwrap().ok().unwrap();
    }
    assert_eq!(first_uses(&scene).await, ["alarm", "playback", "ptz"]);
}

/// A camera tells something of its first channel now.
fn hear(scene: &Scene, words: &[&str]) {
    for word in words {
        let signal = DeviceSignal::read(word, EventState::Active, Some(1)).unwrap();
        let heard = [Heard { device_id: scene.device.parse().unwrap(), signal, at: Utc::now() }];
        scene.app.store.write(|conn| append(conn, &heard)).unwrap();
    }
}

/// What the owner reads of first uses, sorted.
async fn first_uses(scene: &Scene) -> Vec<String> {
    let log = scene.owner.get(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap().ok().unwrap();
    let used = log["items"].as_array().unwrap().iter().filter(|row| row["action"] == "share_used");
    let mut words: Vec<String> =
        used.map(|row| row["detail"]["permission"].as_str().unwrap_or_default().to_owned()).collect();
    words.sort();
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_of_a_shared_camera_reach_the_receiver_in_the_portal_and_once_by_mail() {
    let scene = scene(Start::plain().with_worker(), Profile::Camera, Value::Null).await;
    scene.share(&[SharePermission::Alarm]);
    let device: DeviceId = scene.device.parse().unwrap();
    hear(&scene, &["VMD", "linedetection"]);
    let mails = || {
        let all = scene.app.store.read(|conn| list_of_platform(conn, 100))?;
        Ok::<_, anyhow::Error>(
            all.into_iter().filter(|mail| mail.template == MailTemplate::ShareAlarm).collect::<Vec<_>>(),
        )
    };
    let all_read =
        || async { Ok(scene.app.store.read(|conn| Ok(look_at_reader(conn, "alarm_mails")? == last_seq(conn)?))?) };
    wait_until("all events were looked at", all_read).await.unwrap();
    let mails = mails().unwrap();
    assert_eq!(mails.len(), 1, "the second comes too soon after the first");
    assert_eq!((mails[0].receiver.as_str(), mails[0].subject.as_str()), (RECEIVER, "Harbour: motion, “Gate” / 1"));
    assert_eq!(first_uses(&scene).await, ["alarm"], "the mail is a use");
    for who in [&scene.receiver, &scene.owner] {
        let events = who.get(&format!("/my/events?device_id={device}")).await.unwrap().ok().unwrap();
        let kinds: Vec<_> = events["items"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, [json!("line_crossing"), json!("motion")], "{events}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_gets_recordings_where_the_owner_lets_it_and_the_owner_reads_of_it() {
    let refused = usual().await;
    let path = format!("/devices/{}/recordings", refused.device);
    assert_eq!(recordings(&refused.admin, &path, "").await["code"], "permission_missing");

    let scene = scene(Start::plain(), Profile::Camera, json!("playback")).await;
    let path = format!("/devices/{}/recordings", scene.device);
    let list = recordings(&scene.admin, &path, "").await;
    let from = list["items"][0]["from"].as_str().unwrap();
    let saved = scene.admin.stream(&format!("{path}/download?channel=1&from={from}")).await.unwrap();
    assert_eq!(saved.status().as_u16(), 200);
    let bytes = saved.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(bytes.len() as u64, list["items"][0]["bytes"].as_u64().unwrap());
    let log = scene.owner.get(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap().ok().unwrap();
    let actions: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert!(actions.contains(&"GET /devices/{device_id}/recordings/download"), "{actions:?}");
}
