//! What an owner reads of their sites: devices and their health, who gets in, and the log of what was done, which proves itself.

use std::process::Command;
use std::time::Duration;

use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::owner::OWNER;
use siteward_tests::process::program;

struct Scene {
    app: App,
    admin: Client,
    owner: Client,
    site: String,
    device: String,
    simulator: Simulator,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Olga owns a site with a camera; the company may manage it and see the camera, and may not configure it.
async fn scene() -> Scene {
    let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 91)).await.unwrap();
    let site = new_site(&admin, "Harbour").await;
    let handle = &simulator.devices()[0];
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
        "name": "Gate",
    });
    let device = id(&admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap());
    let seeing = json!({"device_id": device, "permission": "live_view", "validity": "permanent"});
    app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": [seeing]})).unwrap();
    Scene { app, admin, owner, site, device, simulator }
}

async fn new_site(admin: &Client, name: &str) -> String {
    let body = json!({"name": name, "time_zone": "Europe/Berlin"});
    id(&admin.post("/sites", &body).await.unwrap().ok().unwrap())
}

impl Scene {
    /// The log, oldest first: action, result, and the name of the device.
    async fn log(&self) -> Vec<(String, String, String)> {
        let page =
            self.owner.get(&format!("/my/sites/{}/access_log?limit=100", self.site)).await.unwrap().ok().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |row: &Value| (text(&row["action"]), text(&row["detail"]["result"]), text(&row["device_name"]));
        page["items"].as_array().unwrap().iter().rev().map(row).collect()
    }

    async fn file(&self) -> String {
        let path = format!("/my/sites/{}/access_log/file", self.site);
        let answer = self.owner.stream(&path).await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }
}

fn told(action: &str, result: &str, device: &str) -> (String, String, String) {
    (action.to_owned(), result.to_owned(), device.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_do_and_look_at_and_are_refused_stands_in_the_owners_log() {
    let scene = scene().await;
    let (admin, site, device) = (&scene.admin, &scene.site, &scene.device);
    let elsewhere = new_site(admin, "Elsewhere").await;
    let before = scene.log().await.len();
    assert_eq!(scene.log().await[0].0, "site_accepted");
    admin.patch(&format!("/sites/{site}"), &json!({"address": "Pier 1"})).await.unwrap().ok().unwrap();
    let looked = admin.stream(&format!("/devices/{device}/snapshot")).await.unwrap();
    assert_eq!(looked.status().as_u16(), 200);
    let restart = admin.post(&format!("/devices/{device}/reboot"), &Value::Null).await.unwrap();
    assert_eq!(restart.code(), "permission_missing");
    let nobody = json!({"site_ids": [site, elsewhere], "managers": []});
    admin.send_json(http::Method::PUT, "/site_managers", &nobody).await.unwrap().ok().unwrap();
    // What is no matter of this owner, or was not done.
    admin.patch(&format!("/sites/{elsewhere}"), &json!({"address": "Pier 2"})).await.unwrap().ok().unwrap();
    admin.patch(&format!("/sites/{site}"), &json!({"time_zone": "Nowhere"})).await.unwrap().ok().unwrap_err();
    let rival = scene.app.other_admin().await.unwrap();
    rival.patch(&format!("/sites/{site}"), &json!({"address": "x"})).await.unwrap().ok().unwrap_err();
    admin.get(&format!("/sites/{site}")).await.unwrap().ok().unwrap();
    assert_eq!(
        scene.log().await[before..],
        [
            told("PATCH /sites/{site_id}", "ok", ""),
            told("permission_used", "", "Gate"),
            told("GET /devices/{device_id}/snapshot", "ok", "Gate"),
            told("POST /devices/{device_id}/reboot", "permission_missing", "Gate"),
            told("PUT /site_managers", "ok", ""),
        ]
    );
    let page = scene.owner.get(&format!("/my/sites/{site}/access_log?limit=1")).await.unwrap().ok().unwrap();
    let newest = &page["items"][0];
    assert_eq!((&newest["actor_kind"], newest["actor_name"] == ""), (&json!("staff"), false), "{newest}");
    assert!(page["next_cursor"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_whose_path_is_spelled_otherwise_is_not_hidden_from_the_owner() {
    let scene = scene().await;
    let device = &scene.device;
    let before = scene.log().await.len();
    let (first, rest) = device.split_at(1);
    let digit = format!("%{:02x}{rest}", first.as_bytes()[0]);
    for path in [
        format!("/devices/{device}/%73napshot"),
        format!("/%64evices/{device}/snapshot"),
        format!("/devices/{digit}/snapshot"),
    ] {
        assert_eq!(scene.admin.get(&path).await.unwrap().code(), "bad_request", "{path}");
    }
    let restart = scene.admin.post(&format!("/devices/{device}/rebo%6ft"), &Value::Null).await.unwrap();
    assert_eq!(restart.code(), "bad_request");
    assert_eq!(scene.log().await.len(), before, "nothing was done");
    // A UUID may stand in braces, too.
    let looked = scene.admin.stream(&format!("/devices/%7B{device}%7D/snapshot")).await.unwrap();
    assert_eq!(looked.status().as_u16(), 200);
    let log = scene.log().await;
    assert_eq!(log.last().unwrap(), &told("GET /devices/{device_id}/snapshot", "ok", "Gate"), "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_downloaded_log_is_checked_without_a_server_and_a_changed_one_is_refused() {
    let scene = scene().await;
    let folder = tempfile::tempdir().unwrap();
    let verify = |text: &str, more: &[&str]| {
        let file = folder.path().join("log.jsonl");
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(program("siteward").unwrap());
        let ended = command.args(["log", "verify"]).arg(&file).args(more).env_remove("DATABASE_URL").output().unwrap();
        (ended.status.success(), String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap())
    };
    let older = scene.file().await;
    let older_file = folder.path().join("older.jsonl");
    std::fs::write(&older_file, &older).unwrap();
    for address in ["Pier 1", "Pier 2"] {
        let path = format!("/sites/{}", scene.site);
        scene.admin.patch(&path, &json!({"address": address})).await.unwrap().ok().unwrap();
    }
    let whole = scene.file().await;
    let (good, said) = verify(&whole, &["--older", older_file.to_str().unwrap()]);
    assert!(good && said.contains("Harbour") && said.contains("unbroken") && said.contains("older copy"), "{said}");
    let (good, said) = verify(&whole.replacen("PATCH /sites", "GET /sites", 1), &[]);
    assert!(!good && said.starts_with("log_broken: ") && said.contains("was changed"), "{said}");
    let mut lines: Vec<&str> = whole.lines().collect();
    lines.remove(lines.len() - 2);
    let (good, said) = verify(&lines.join("\n"), &[]);
    assert!(!good && said.contains("stands where entry"), "{said}");
    let (good, said) = verify(&older, &["--older", folder.path().join("log.jsonl").to_str().unwrap()]);
    assert!(good, "a copy goes on from itself: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_how_devices_are_and_never_how_to_get_in() {
    let scene = scene().await;
    let installer = scene.app.member_with("inst@example.com", &[Right::ManageAssignedSites]).await.unwrap();
    let staff = installer.get("/session").await.unwrap().body["staff"]["id"].as_str().unwrap().to_owned();
    let managers = json!({"site_ids": [scene.site], "managers": [{"staff_id": staff}]});
    scene.admin.send_json(http::Method::PUT, "/site_managers", &managers).await.unwrap().ok().unwrap();
    let get = async |path: String| scene.owner.get(&path).await.unwrap().ok().unwrap();
    let sites = get("/my/sites".to_owned()).await;
    assert_eq!((&sites["items"][0]["name"], &sites["items"][0]["devices"]["total"]), (&json!("Harbour"), &json!(1)));
    let devices = get(format!("/my/sites/{}/devices", scene.site)).await;
    let device = get(format!("/my/devices/{}", scene.device)).await;
    assert_eq!((&devices["items"][0]["name"], &device["name"]), (&json!("Gate"), &json!("Gate")));
    assert!(device["model"].as_str().is_some_and(|model| !model.is_empty()), "{device}");
    let handle = &scene.simulator.devices()[0];
    for secret in [handle.password.clone(), handle.address.to_string(), format!("\"{}\"", handle.user)] {
        assert!(!device.to_string().contains(&secret) && !devices.to_string().contains(&secret), "{secret}");
    }
    let access = get(format!("/my/sites/{}/access", scene.site)).await;
    let whys: Vec<&Value> = access["people"].as_array().unwrap().iter().map(|one| &one["why"]).collect();
    assert_eq!(whys, [&json!("admin"), &json!("assigned")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_reads_an_owners_site_and_its_stream_tells_of_it_alone() {
    let scene = scene().await;
    let other = scene.app.end_user("piotr@example.com").await.unwrap();
    let theirs = new_site(&scene.admin, "Theirs").await;
    scene.app.hand_site_over(&theirs, "piotr@example.com", &json!({"site": true, "devices": []})).unwrap();
    for path in ["", "/access", "/devices", "/access_log", "/access_log/file"] {
        let path = format!("/my/sites/{}{path}", scene.site);
        assert_eq!(other.get(&path).await.unwrap().status.as_u16(), 404, "{path}");
        assert_eq!(scene.admin.get(&path).await.unwrap().status.as_u16(), 401, "{path}");
    }
    assert_eq!(other.get(&format!("/my/devices/{}", scene.device)).await.unwrap().status.as_u16(), 404);
    let mut stream = scene.owner.stream("/my/live").await.unwrap().into_body();
    let mut heard = String::new();
    let listening = async {
        // The first word says that the stream stands and knows the sites.
        loop {
            let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            heard.push_str(&String::from_utf8_lossy(&frame));
            if heard.contains("still here") && !heard.contains("event:") {
                for site in [&theirs, &scene.site] {
                    let path = format!("/sites/{site}");
                    scene.admin.patch(&path, &json!({"address": "Pier 9"})).await.unwrap().ok().unwrap();
                }
            }
            if heard.contains(&scene.site) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), listening).await.unwrap();
    assert!(!heard.contains(&theirs), "{heard}");
}
