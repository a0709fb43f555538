//! What an installer sees (R-S4, R-S5): the sites assigned to them and what is on those, until the instant that an
//! assignment ends; of everything else nothing, and no hint of it.

use std::sync::Arc;

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::staff::Right;
use siteward_domain::{DeviceId, ExceptionId};
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::polling::{OpenedRow, RoundWrite, write_round};
use siteward_tests::app::{App, Start, some_time};
use siteward_tests::client::Client;
use siteward_tests::listening::Listening;
use siteward_worker::clock::{Clock as _, SteppedClock};

const INSTALLER: [Right; 4] =
    [Right::ManageAssignedSites, Right::AddSite, Right::ViewExceptions, Right::RemoteConfiguration];

/// Two sites with a device and an open exception each, and an installer to whom the first is assigned.
struct Scene {
    app: App,
    clock: Arc<SteppedClock>,
    admin: Client,
    max: Client,
    sites: Vec<String>,
    devices: Vec<String>,
    simulator: Simulator,
}

impl Scene {
    async fn start() -> Self {
        let clock = Arc::new(SteppedClock::new(some_time()));
        let start = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").clock(Arc::clone(&clock));
        let app = start.run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let max = app.member_with("max@example.com", &INSTALLER).await.unwrap();
        let simulator = Simulator::start(SimulatorSettings::uniform(3, Profile::Camera, 61)).await.unwrap();
        let (mut sites, mut devices) = (Vec::new(), Vec::new());
        for (place, name) in ["Harbour", "Villa"].into_iter().enumerate() {
            let made = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap();
            let site = text(&made.ok().unwrap()["id"]);
            let made = admin.post(&format!("/sites/{site}/devices"), &login_of(&simulator, place)).await.unwrap();
            devices.push(text(&made.ok().unwrap()["id"]));
            sites.push(site);
        }
        let scene = Self { app, clock, admin, max, sites, devices, simulator };
        for device in &scene.devices {
            scene.open_exception(device);
        }
        scene.assign(&scene.sites[..1], None).await;
        scene
    }

    async fn assign(&self, sites: &[String], after: Option<Duration>) {
        let max = self.app.staff_id("max@example.com").unwrap();
        let until = after.map(|after| self.clock.now() + after);
        self.put(sites, &json!([{"staff_id": max, "expires_at": until}])).await;
    }

    async fn put(&self, sites: &[String], managers: &Value) {
        let body = json!({"site_ids": sites, "managers": managers});
        self.admin.send_json(Method::PUT, "/site_managers", &body).await.unwrap().ok().unwrap();
    }

    fn open_exception(&self, device: &str) {
        let opened = OpenedRow {
            id: ExceptionId::generate(self.clock.now()),
            device_id: DeviceId::parse(device).unwrap(),
            key: ExceptionKey { kind: ExceptionKind::DeviceOffline, part: String::new() },
            at: self.clock.now(),
        };
        let round = RoundWrite { opened: vec![opened], ..RoundWrite::default() };
        self.app.store.write(|conn| write_round(conn, &round)).unwrap();
    }

    /// Names of sites, ids of devices, ids of the exceptions' devices, and how many devices the fleet has.
    async fn seen(&self) -> [Vec<String>; 4] {
        let list = async |path: &str| self.max.get(path).await.unwrap().ok().unwrap();
        let of = |page: &Value, key: &str| -> Vec<String> {
            page["items"].as_array().unwrap().iter().map(|one| text(&one[key])).collect()
        };
        let groups = list("/fleet").await["groups"].clone();
        let fleet = groups.as_array().unwrap().iter().map(|group| group["devices"].to_string()).collect();
        [
            of(&list("/sites").await, "name"),
            of(&list("/devices").await, "id"),
            of(&list("/exceptions").await, "device_id"),
            fleet,
        ]
    }
}

fn login_of(simulator: &Simulator, place: usize) -> Value {
    let handle = &simulator.devices()[place];
    json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    })
}

/// An export QR of a device, with the port that HTTP is on.
fn export_of(simulator: &Simulator, place: usize) -> String {
    let handle = &simulator.devices()[place];
    let device = DeviceToWrite {
        name: handle.name.clone(),
        host: handle.address.to_string(),
        port: handle.port,
        user_name: handle.user.clone(),
        password: handle.password.clone().into(),
    };
    write(&ExportToWrite { devices: vec![device], qr_password: None, created_at: None }).unwrap()
}

/// The next event of a kind; those before it are of nothing but the site, or of no site.
async fn next_of(heard: &mut Listening, kind: &str, site: &str) -> Value {
    loop {
        let change = heard.next().await.unwrap();
        assert!(change["site_id"].is_null() || change["site_id"] == site, "{change}");
        if change["kind"] == kind {
            return change;
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_a_site_ends_at_the_instant_that_the_assignment_does() {
    let scene = Scene::start().await;
    let device = scene.devices[0].clone();
    let all = ["Harbour".to_owned()];
    assert_eq!(scene.seen().await, [all.to_vec(), vec![device.clone()], vec![device.clone()], vec!["1".to_owned()]]);
    scene.assign(&scene.sites[..1], Some(Duration::seconds(60))).await;
    let paths = [
        format!("/sites/{}", scene.sites[0]),
        format!("/sites/{}/links", scene.sites[0]),
        format!("/devices/{device}"),
        format!("/devices/{device}/history"),
    ];
    scene.clock.advance(Duration::microseconds(59_999_999));
    for path in &paths {
        assert_eq!(scene.max.get(path).await.unwrap().status.as_u16(), 200, "{path}");
    }
    assert_eq!(scene.seen().await[1], [device]);
    scene.clock.advance(Duration::microseconds(1));
    for path in &paths {
        assert_eq!(scene.max.get(path).await.unwrap().code(), "not_found", "{path}");
    }
    assert_eq!(scene.seen().await, [const { Vec::<String>::new() }; 4]);
    let renamed = scene.max.patch(&paths[0], &json!({"address": "Pier 9"})).await.unwrap();
    assert_eq!(renamed.code(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_ids_in_bodies_show_nothing_of_other_sites() {
    let scene = Scene::start().await;
    let (villa, there) = (&scene.sites[1], &scene.devices[1]);
    for path in [
        format!("/devices?site_id={villa}"),
        format!("/exceptions?site_id={villa}"),
        format!("/exceptions?device_id={there}"),
        "/sites?search=villa".to_owned(),
    ] {
        assert_eq!(scene.max.get(&path).await.unwrap().ok().unwrap()["items"], json!([]), "{path}");
    }
    let mine = &scene.devices[0];
    let moved = scene.max.post(&format!("/devices/{mine}/move"), &json!({"site_id": villa})).await.unwrap();
    assert_eq!(moved.code(), "not_found");
    let qr = json!({"device_ids": [mine, there], "kind": "sealed", "format": "svg", "password": "Harbour-26"});
    assert_eq!(scene.max.post("/device_qr", &qr).await.unwrap().code(), "not_found");
    let changes = format!("/sites/{}/password_changes", scene.sites[0]);
    assert_eq!(scene.max.post(&changes, &json!({"device_ids": [there]})).await.unwrap().code(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_another_site_is_taken_without_a_word_of_where() {
    let scene = Scene::start().await;
    let path = format!("/sites/{}/devices", scene.sites[0]);
    let taken = scene.max.post(&path, &login_of(&scene.simulator, 1)).await.unwrap();
    assert_eq!((taken.code(), &taken.body["details"]), ("device_on_other_site", &Value::Null));
    let of_admin = scene.admin.post(&path, &login_of(&scene.simulator, 1)).await.unwrap();
    assert_eq!(of_admin.body["details"]["site"]["name"], "Villa");
    // The same by an export QR.
    let qr = export_of(&scene.simulator, 1);
    let scans = format!("/sites/{}/scans", scene.sites[0]);
    for (client, told) in [(&scene.max, Value::Null), (&scene.admin, json!("Villa"))] {
        let scan = client.post(&scans, &json!({"text": qr})).await.unwrap().ok().unwrap();
        let row = &scan["import"]["rows"][0];
        assert_eq!((&row["state"], &row["other_site"]["name"]), (&json!("on_other_site"), &told));
        let import = client.get(&format!("/imports/{}", text(&scan["import"]["id"]))).await.unwrap().ok().unwrap();
        assert_eq!(import["rows"][0]["other_site"]["name"], told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_makes_a_site_manages_it() {
    let scene = Scene::start().await;
    let made = scene.max.post("/sites", &json!({"name": "Mill", "time_zone": "Europe/Berlin"})).await.unwrap();
    let mill = text(&made.ok().unwrap()["id"]);
    assert_eq!(scene.max.get(&format!("/sites/{mill}")).await.unwrap().status.as_u16(), 200);
    assert_eq!(scene.seen().await[0], ["Harbour", "Mill"]);
    let managers = scene.admin.get(&format!("/sites/{mill}/managers")).await.unwrap().ok().unwrap();
    let because: Vec<&str> =
        managers["items"].as_array().unwrap().iter().map(|one| one["because"].as_str().unwrap()).collect();
    assert_eq!(because, ["admin", "manages_site"]);
    // What the Admin makes is assigned to nobody.
    let made = scene.admin.post("/sites", &json!({"name": "Tower", "time_zone": "UTC"})).await.unwrap().ok().unwrap();
    let managers = scene.admin.get(&format!("/sites/{}/managers", text(&made["id"]))).await.unwrap().ok().unwrap();
    assert_eq!(managers["items"].as_array().unwrap().len(), 1);
    assert_eq!(scene.max.get(&format!("/sites/{}", text(&made["id"]))).await.unwrap().code(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_and_remote_configuration_need_their_own_right_besides() {
    let scene = Scene::start().await;
    let eva = scene.app.member_with("eva@example.com", &[Right::ManageAssignedSites]).await.unwrap();
    let staff = scene.app.staff_id("eva@example.com").unwrap();
    scene.put(&scene.sites[..1], &json!([{"staff_id": staff, "expires_at": null}])).await;
    let device = &scene.devices[0];
    assert_eq!(eva.get(&format!("/devices/{device}")).await.unwrap().status.as_u16(), 200);
    for path in ["/exceptions", "/remote_sessions"] {
        assert_eq!(eva.get(path).await.unwrap().code(), "right_missing", "{path}");
    }
    // The right comes first: with it missing, every id is the same.
    for id in [device, &scene.devices[1]] {
        let refused = eva.post(&format!("/devices/{id}/remote_sessions"), &Value::Null).await.unwrap();
        assert_eq!(refused.code(), "right_missing");
    }
    let made = eva.post("/sites", &json!({"name": "Mill", "time_zone": "UTC"})).await.unwrap();
    assert_eq!(made.code(), "right_missing");
    let idle = scene.app.member_with("idle@example.com", &[Right::ViewExceptions]).await.unwrap();
    for path in ["/exceptions", "/sites", "/devices", "/fleet"] {
        assert_eq!(idle.get(path).await.unwrap().code(), "right_missing", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_tells_of_the_sites_within_reach_until_they_are_not() {
    let scene = Scene::start().await;
    let mut heard = Listening::to(&scene.max, "/live").await.unwrap();
    let touch = async |site: &str, address: &str| {
        scene.admin.patch(&format!("/sites/{site}"), &json!({"address": address})).await.unwrap().ok().unwrap();
    };
    let [harbour, villa] = &scene.sites[..] else { panic!("two sites") };
    // Of both sites something happens; what comes after it shows that of the other nothing was told.
    touch(villa, "Elsewhere").await;
    touch(harbour, "Pier 1").await;
    next_of(&mut heard, "site_updated", harbour).await;
    // Assigned meanwhile: told at once, and so is what then happens there.
    scene.assign(&scene.sites, None).await;
    let change = heard.next().await.unwrap();
    assert_eq!((&change["kind"], &change["site_id"]), (&json!("site_managers_changed"), &json!(villa)));
    touch(villa, "Elsewhere 2").await;
    next_of(&mut heard, "site_updated", villa).await;
    // Taken away: that it was is told without the site, and nothing after it.
    scene.put(&scene.sites[1..], &json!([])).await;
    let change = heard.next().await.unwrap();
    assert_eq!((&change["kind"], &change["site_id"]), (&json!("site_managers_changed"), &Value::Null));
    touch(villa, "Elsewhere 3").await;
    touch(harbour, "Pier 2").await;
    next_of(&mut heard, "site_updated", harbour).await;
    // Moved away: only that it went.
    let path = format!("/devices/{}/move", scene.devices[0]);
    scene.admin.post(&path, &json!({"site_id": scene.sites[1]})).await.unwrap().ok().unwrap();
    let change = next_of(&mut heard, "device_moved", harbour).await;
    assert_eq!((&change["site_id"], &change["data"]), (&json!(harbour), &json!({"from": harbour})));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_goes_silent_at_the_instant_that_an_assignment_ends() {
    let scene = Scene::start().await;
    scene.assign(&scene.sites[..1], Some(Duration::seconds(60))).await;
    let mut heard = Listening::to(&scene.max, "/live").await.unwrap();
    let touch = async |address: &str| {
        let path = format!("/sites/{}", scene.sites[0]);
        scene.admin.patch(&path, &json!({"address": address})).await.unwrap().ok().unwrap();
    };
    touch("Pier 1").await;
    next_of(&mut heard, "site_updated", &scene.sites[0]).await;
    scene.clock.advance(Duration::seconds(60));
    touch("Pier 2").await;
    // Nobody did anything, and yet it is told that there is less to see; nothing of the site before or after it.
    let change = heard.next().await.unwrap();
    assert_eq!((&change["kind"], &change["site_id"]), (&json!("site_managers_changed"), &Value::Null));
    scene.assign(&scene.sites[..1], None).await;
    let change = heard.next().await.unwrap();
    assert_eq!((&change["kind"], &change["site_id"]), (&json!("site_managers_changed"), &json!(scene.sites[0])));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_no_site_is_heard_by_those_who_may_see_it_listed() {
    let scene = Scene::start().await;
    let rights = [Right::ManageStaff, Right::ManageAssignedSites];
    let lead = scene.app.member_with("lead@example.com", &rights).await.unwrap();
    let mut of_lead = Listening::to(&lead, "/live").await.unwrap();
    let mut of_max = Listening::to(&scene.max, "/live").await.unwrap();
    let mut of_admin = Listening::to(&scene.admin, "/live").await.unwrap();
    let role = json!({"name": "Guests", "rights": []});
    scene.admin.post("/roles", &role).await.unwrap().ok().unwrap();
    scene.admin.patch(&format!("/sites/{}", scene.sites[0]), &json!({"address": "Pier"})).await.unwrap().ok().unwrap();
    assert_eq!(of_lead.next().await.unwrap()["kind"], "role_changed");
    of_admin.next_of("role_changed").await.unwrap();
    of_admin.next_of("site_updated").await.unwrap();
    loop {
        let change = of_max.next().await.unwrap();
        assert_ne!(change["kind"], "role_changed");
        if change["kind"] == "site_updated" {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_of_an_import_ends_with_the_assignment() {
    let scene = Scene::start().await;
    let qr = export_of(&scene.simulator, 2);
    let scans = format!("/sites/{}/scans", scene.sites[0]);
    let scan = scene.max.post(&scans, &json!({"text": qr})).await.unwrap().ok().unwrap();
    let path = format!("/imports/{}/events", text(&scan["import"]["id"]));
    for end in ["taken", "expired"] {
        scene.assign(&scene.sites[..1], (end == "expired").then(|| Duration::seconds(30))).await;
        let mut heard = Listening::to(&scene.max, &path).await.unwrap();
        assert_eq!(heard.next().await.unwrap()["state"], "ready");
        if end == "taken" {
            scene.put(&scene.sites[..1], &json!([])).await;
        } else {
            scene.clock.advance(Duration::seconds(30));
        }
        while let Some(import) = heard.next().await {
            assert_eq!(import["state"], "ready", "{end}");
        }
    }
}
