//! What an installer has a device do: restart, clock, picture, password, another site; directly and through a link.

use serde_json::{Value, json};
use siteward_domain::site::SiteStatus;
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::lan::{Lan, wait};

struct Scene {
    app: App,
    admin: Client,
    simulator: Simulator,
    site: String,
    device: String,
}

async fn site(admin: &Client, name: &str) -> String {
    let made = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap();
    made.body["id"].as_str().unwrap().to_owned()
}

async fn add(admin: &Client, simulator: &Simulator, site: &str, place: usize) -> String {
    let handle = &simulator.devices()[place];
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    });
    let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
    added["id"].as_str().unwrap().to_owned()
}

async fn scene(start: Start) -> Scene {
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(2, Profile::Camera, 31)).await.unwrap();
    let site = site(&admin, "Harbour").await;
    let device = add(&admin, &simulator, &site, 0).await;
    Scene { app, admin, simulator, site, device }
}

/// Without a worker: nothing else asks the device.
fn quiet() -> Start {
    Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true")
}

impl Scene {
    fn path(&self, verb: &str) -> String {
        format!("/devices/{}{verb}", self.device)
    }

    fn kinds(&self) -> Vec<String> {
        let device = self.device.clone();
        let read = move |conn: &mut siteward_store::DbConn| siteward_store::events::after(conn, None, 0, 500);
        let events = self.app.store.read(read).unwrap();
        let of_device = events.iter().filter(|event| event.device_id.as_ref().is_some_and(|id| id.as_str() == device));
        of_device.map(|event| event.kind.as_str().to_owned()).collect()
    }
}

async fn set_status(app: &App, admin: &Client, site: &str, status: SiteStatus) {
    let session = admin.get("/session").await.unwrap().body;
    let (company, site) = (session["company"]["id"].as_str().unwrap().parse().unwrap(), site.parse().unwrap());
    let now = chrono::Utc::now();
    app.store.write(|conn| siteward_store::sites::set_status(conn, &company, &site, status, now)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_restarts_and_the_log_says_who_told_it_to() {
    let scene = scene(quiet()).await;
    let told = scene.admin.post(&scene.path("/reboot"), &Value::Null).await.unwrap();
    assert_eq!(told.status.as_u16(), 202, "{}", told.body);
    wait(|| async { Ok(scene.simulator.view(0)?.counters.reboots == 1) }).await.unwrap();
    assert!(scene.kinds().contains(&"device_rebooted".to_owned()));
    let log = scene.admin.get("/operation_log").await.unwrap().body;
    let row = &log["items"][0];
    assert_eq!((&row["action"], &row["result"]), (&json!("POST /devices/{device_id}/reboot"), &json!("ok")), "{row}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_is_set_in_the_time_zone_of_the_site() {
    let scene = scene(quiet()).await;
    let ahead = Change { clock_offset_seconds: Some(3600), ..Change::default() };
    scene.simulator.set(0, ahead).await.unwrap();
    let set = scene.admin.post(&scene.path("/time"), &Value::Null).await.unwrap().ok().unwrap();
    let before = set["offset_before_seconds"].as_i64().unwrap();
    assert!((3595..=3605).contains(&before), "{set}");
    assert_eq!(set["time_zone"], "Europe/Berlin");
    let view = scene.simulator.view(0).unwrap();
    assert!(view.clock_offset_seconds.abs() <= 5, "{}", view.clock_offset_seconds);
    assert!(view.time_zone.contains("-1:00:00"), "{}", view.time_zone);
    assert!(scene.kinds().contains(&"device_time_set".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_clocks_of_a_site_are_set_when_asked_and_when_synchronising_begins() {
    let scene = scene(Start::with_devices()).await;
    add(&scene.admin, &scene.simulator, &scene.site, 1).await;
    let put_ahead = || async {
        for place in 0..2 {
            let ahead = Change { clock_offset_seconds: Some(3600), ..Change::default() };
            scene.simulator.set(place, ahead).await.unwrap();
        }
    };
    let all_set = || async {
        let near = |place| scene.simulator.view(place).unwrap().clock_offset_seconds.abs() <= 5;
        Ok((0..2).all(near))
    };
    put_ahead().await;
    let asked = scene.admin.post(&format!("/sites/{}/time", scene.site), &Value::Null).await.unwrap();
    assert_eq!((asked.status.as_u16(), &asked.body["devices"]), (202, &json!(2)));
    wait(all_set).await.unwrap();
    put_ahead().await;
    let changed = scene.admin.patch(&format!("/sites/{}", scene.site), &json!({"sync_time": true})).await.unwrap();
    assert_eq!(changed.status.as_u16(), 200);
    wait(all_set).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_taken_now_and_kept_nowhere() {
    use http_body_util::BodyExt as _;
    let scene = scene(quiet()).await;
    let taken = scene.admin.stream(&scene.path("/snapshot")).await.unwrap();
    assert_eq!((taken.status().as_u16(), taken.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    assert_eq!(taken.headers()["cache-control"], "no-store");
    let bytes = taken.into_body().collect().await.unwrap().to_bytes();
    assert!(bytes.starts_with(&[0xFF, 0xD8, 0xFF]));
    let none = scene.admin.get(&scene.path("/snapshot?channel=7")).await.unwrap();
    assert_eq!(none.status.as_u16(), 422, "{}", none.body);
    for channel in [0, 4097] {
        let bad = scene.admin.get(&scene.path(&format!("/snapshot?channel={channel}"))).await.unwrap();
        assert_eq!((bad.status.as_u16(), bad.code()), (400, "bad_query"), "{channel}");
    }
    let high = scene.admin.get(&scene.path("/snapshot?channel=4096")).await.unwrap();
    assert_eq!(high.status.as_u16(), 422, "{}", high.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_not_repeated_by_whatever_is_asked() {
    let scene = scene(quiet()).await;
    let other = Change { password: Some("Another-1".to_owned()), ..Change::default() };
    scene.simulator.set(0, other).await.unwrap();
    scene.simulator.reset_counters();
    for (verb, method) in [("/reboot", "POST"), ("/time", "POST"), ("/snapshot", "GET"), ("/reboot", "POST")] {
        let refused = match method {
            "GET" => scene.admin.get(&scene.path(verb)).await.unwrap(),
            _ => scene.admin.post(&scene.path(verb), &Value::Null).await.unwrap(),
        };
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "device_login_refused"), "{verb}");
    }
    assert_eq!(scene.simulator.view(0).unwrap().counters.logins_refused, 1);
    let device = scene.admin.get(&scene.path("")).await.unwrap().body;
    assert_eq!(device["credential"]["state"], "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_on_the_device_and_never_told() {
    let scene = scene(Start::with_devices()).await;
    for (password, rule) in [("short-1", "length"), ("onlysmall", "classes"), ("Nimda-1234", "admin")] {
        let weak = scene.admin.post(&scene.path("/password"), &json!({"password": password})).await.unwrap();
        assert_eq!((weak.status.as_u16(), weak.code()), (422, "device_password_weak"), "{password}");
        assert_eq!(weak.body["details"]["rule"], rule, "{password}");
    }
    let asked = scene.admin.post(&scene.path("/password"), &json!({"password": "Canary-2026"})).await.unwrap();
    assert_eq!(asked.status.as_u16(), 202, "{}", asked.body);
    let done = || async { Ok(scene.admin.get(&scene.path("")).await?.body["password_change"]["state"] == "done") };
    wait(done).await.unwrap();
    assert_eq!(scene.simulator.view(0).unwrap().password, "Canary-2026");
    let healthy = || async { Ok(scene.admin.get(&scene.path("")).await?.body["health"] == "healthy") };
    wait(healthy).await.unwrap();
    let device = scene.admin.get(&scene.path("")).await.unwrap().body;
    let log = scene.admin.get("/operation_log").await.unwrap().body;
    assert!(!format!("{} {device} {log}", asked.body).contains("Canary-2026"));
    for (place, bytes) in siteward_tests::canary::files(scene.app.folder()).unwrap() {
        assert_eq!(siteward_tests::canary::hits(&bytes, "Canary-2026"), 0, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_devices_get_a_random_password_each() {
    let scene = scene(Start::with_devices()).await;
    let second = add(&scene.admin, &scene.simulator, &scene.site, 1).await;
    let before: Vec<String> = scene.simulator.devices().iter().map(|device| device.password.clone()).collect();
    let path = format!("/sites/{}/password_changes", scene.site);
    let asked = scene.admin.post(&path, &json!({"device_ids": [scene.device, second]})).await.unwrap();
    assert_eq!((asked.status.as_u16(), asked.body["items"].as_array().unwrap().len()), (202, 2), "{}", asked.body);
    let all_done = || async {
        let listed = scene.admin.get(&path).await?.ok()?;
        Ok(listed["items"].as_array().is_some_and(|all| all.len() == 2 && all.iter().all(|one| one["state"] == "done")))
    };
    wait(all_done).await.unwrap();
    let after: Vec<String> = (0..2).map(|place| scene.simulator.view(place).unwrap().password).collect();
    assert!(after[0] != after[1] && before.iter().all(|old| !after.contains(old)));
    let foreign = json!({"device_ids": ["01890f00-0000-7000-8000-000000000001"]});
    assert_eq!(scene.admin.post(&path, &foreign).await.unwrap().status.as_u16(), 404);
    let none = scene.admin.post(&path, &json!({"device_ids": []})).await.unwrap();
    assert_eq!((none.status.as_u16(), none.code()), (422, "field_invalid"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_moves_to_another_site_with_its_history() {
    let scene = scene(quiet()).await;
    let pier = site(&scene.admin, "Pier").await;
    let moved = scene.admin.post(&scene.path("/move"), &json!({"site_id": pier})).await.unwrap();
    assert_eq!(
        (moved.status.as_u16(), &moved.body["site_id"], &moved.body["id"]),
        (200, &json!(pier), &json!(scene.device))
    );
    assert!(scene.kinds().contains(&"device_moved".to_owned()));
    let here = scene.admin.get(&format!("/devices?site_id={}", scene.site)).await.unwrap().body;
    assert_eq!(here["items"].as_array().unwrap().len(), 0);
    let nowhere = json!({"site_id": "01890f00-0000-7000-8000-000000000001"});
    assert_eq!(scene.admin.post(&scene.path("/move"), &nowhere).await.unwrap().status.as_u16(), 404);
    let rival = scene.app.other_admin().await.unwrap();
    let theirs = site(&rival, "Theirs").await;
    let away = scene.admin.post(&scene.path("/move"), &json!({"site_id": theirs})).await.unwrap();
    assert_eq!(away.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_password_never_travels_to_a_new_host() {
    let scene = scene(quiet()).await;
    let other = &scene.simulator.devices()[1];
    scene.simulator.reset_counters();
    let there = json!({"host": other.address.to_string(), "port": other.port});
    let asked = scene.admin.patch(&scene.path(""), &there).await.unwrap();
    assert_eq!((asked.status.as_u16(), asked.code()), (422, "password_needed"), "{}", asked.body);
    assert_eq!(scene.simulator.view(1).unwrap().counters.requests, 0);
    let with = json!({"host": other.address.to_string(), "port": other.port, "password": other.password});
    assert_eq!(scene.admin.patch(&scene.path(""), &with).await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_status_of_a_site_forbids_is_not_done() {
    let scene = scene(quiet()).await;
    set_status(&scene.app, &scene.admin, &scene.site, SiteStatus::NotAuthorized).await;
    for verb in ["/reboot", "/time", "/password"] {
        let refused = scene.admin.post(&scene.path(verb), &json!({})).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "site_not_authorized"), "{verb}");
    }
    let device = scene.admin.get(&scene.path("")).await.unwrap().body;
    assert_eq!(device["operations"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_behind_a_link_is_operated_moved_and_kept_while_its_owner_relies_on_us() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Camera, 32)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let handle = &lan.simulator.devices()[0];
    let body = json!({"text": handle.label, "name": "Gate", "password": handle.password});
    let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await.unwrap().ok().unwrap();
    let path = format!("/devices/{}", added["device_id"].as_str().unwrap());
    let taken = admin.stream(&format!("{path}/snapshot")).await.unwrap();
    assert_eq!(taken.status().as_u16(), 200);
    let set = admin.post(&format!("{path}/time"), &Value::Null).await.unwrap();
    assert_eq!(set.status.as_u16(), 200, "{}", set.body);
    let changed = admin.post(&format!("{path}/password"), &json!({"password": "Harbour-77"})).await.unwrap();
    assert_eq!(changed.status.as_u16(), 202, "{}", changed.body);
    let done = || async { Ok(admin.get(&path).await?.body["password_change"]["state"] == "done") };
    wait(done).await.unwrap();
    assert_eq!(lan.simulator.view(0).unwrap().password, "Harbour-77");
    // Where it is in its network the link knows; its login may be edited.
    let host = admin.patch(&path, &json!({"host": "127.0.0.1", "password": "x"})).await.unwrap();
    assert_eq!((host.status.as_u16(), host.code()), (422, "field_invalid"));
    let login = admin.patch(&path, &json!({"user_name": handle.user, "password": "Harbour-77"})).await.unwrap();
    assert_eq!(login.status.as_u16(), 200, "{}", login.body);

    let other = lan.site(&admin, "Pier").await.unwrap();
    let moved = admin.post(&format!("{path}/move"), &json!({"site_id": other.site})).await.unwrap().ok().unwrap();
    assert_eq!((&moved["site_id"], &moved["link"]["id"]), (&json!(other.site), &json!(other.id)));

    set_status(&app, &admin, &other.site, SiteStatus::Authorized).await;
    let kept = admin.delete(&path).await.unwrap();
    assert_eq!((kept.status.as_u16(), kept.code()), (409, "site_authorized"), "{}", kept.body);
    let device = admin.get(&path).await.unwrap().body;
    assert!(!device["operations"].as_array().unwrap().contains(&json!("delete")));
    set_status(&app, &admin, &other.site, SiteStatus::NotInvited).await;
    assert_eq!(admin.delete(&path).await.unwrap().status.as_u16(), 204);
}
