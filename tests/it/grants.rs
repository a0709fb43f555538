//! What an owner lets the company do (R-G4): asked at the moment of use, given in part or whole, and over at its instant.

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;
use siteward_tests::street::wait_until;
use siteward_worker::clock::SteppedClock;

struct Scene {
    app: App,
    admin: Client,
    owner: Client,
    clock: Arc<SteppedClock>,
    site: String,
    device: String,
    _simulator: Simulator,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// A site with a camera, which nobody owns yet.
async fn scene() -> Scene {
    let clock = Arc::new(SteppedClock::new(some_time()));
    scene_with(Start::plain().clock(clock.clone()), clock).await
}

async fn scene_with(start: Start, clock: Arc<SteppedClock>) -> Scene {
    let app = start.set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 77)).await.unwrap();
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().body;
    let handle = &simulator.devices()[0];
    let body = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    });
    let site = id(&made);
    let device = id(&admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap());
    Scene { app, admin, owner, clock, site, device, _simulator: simulator }
}

impl Scene {
    /// Olga owns the site and authorized the company, which may do nothing with its camera.
    async fn handed_over() -> Self {
        let scene = scene().await;
        scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        scene
    }

    fn ask(&self, permission: &str, validity: &str) -> Value {
        json!({"device_id": self.device, "permission": permission, "validity": validity})
    }

    async fn apply(&self, body: Value) -> Answer {
        self.admin.post(&format!("/sites/{}/grant_requests", self.site), &body).await.unwrap()
    }

    /// The company applies for permissions; gives the application.
    async fn applied(&self, devices: Vec<Value>) -> String {
        id(&self.apply(json!({"devices": devices, "remark": "Please"})).await.ok().unwrap())
    }

    async fn answer(&self, request: &str, how: &str, body: Value) -> Answer {
        self.owner.post(&format!("/my/grant_requests/{request}/{how}"), &body).await.unwrap()
    }

    /// The owner lets the company do all of this.
    async fn allow(&self, devices: Vec<Value>) {
        let request = self.applied(devices).await;
        self.answer(&request, "approve", json!({})).await.ok().unwrap();
    }

    async fn reboot(&self) -> Answer {
        self.admin.post(&format!("/devices/{}/reboot", self.device), &Value::Null).await.unwrap()
    }

    async fn snapshot(&self) -> Answer {
        self.admin.get(&format!("/devices/{}/snapshot", self.device)).await.unwrap()
    }

    /// What holds on the site, as the owner sees it.
    async fn open(&self) -> Vec<Value> {
        let path = format!("/my/sites/{}/grants", self.site);
        self.owner.get(&path).await.unwrap().ok().unwrap()["items"].as_array().unwrap().clone()
    }

    /// The code of each thing that takes the owner's permission; empty where it is done.
    async fn tries(&self) -> Vec<(&'static str, String)> {
        let (site, device) = (&self.site, &self.device);
        let qr = json!({"device_ids": [device], "kind": "plain", "confirmed": true, "format": "png"});
        let changes = json!({"device_ids": [device]});
        let of_device = |what: &str| format!("/devices/{device}/{what}");
        let mut told = Vec::new();
        for (what, path, body) in [
            ("configuration", of_device("reboot"), Value::Null),
            ("configuration", of_device("time"), Value::Null),
            ("configuration", of_device("remote_sessions"), Value::Null),
            ("configuration", format!("/sites/{site}/time"), Value::Null),
            ("configuration", "/device_qr".to_owned(), qr),
            ("configuration", "/upgrades".to_owned(), json!({"device_ids": [device]})),
            ("configuration", format!("/sites/{site}/password_changes"), changes),
            ("configuration", of_device("password"), json!({})),
        ] {
            told.push((what, code(&self.admin.post(&path, &body).await.unwrap())));
        }
        told.push(("live_view", code(&self.snapshot().await)));
        told
    }
}

fn code(answer: &Answer) -> String {
    if answer.status.is_success() { String::new() } else { answer.code().to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_handover_everything_is_allowed_and_after_it_only_what_the_owner_allows() {
    let scene = scene().await;
    for (what, code) in scene.tries().await {
        assert_ne!(code, "permission_missing", "{what} before the handover");
    }
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": []})).unwrap();
    for (what, code) in scene.tries().await {
        assert_eq!(code, "permission_missing", "{what} after the handover");
    }
    let refused = scene.reboot().await;
    assert_eq!((refused.status.as_u16(), &refused.body["details"]["permission"]), (409, &json!("configuration")));
    scene.allow(vec![scene.ask("live_view", "permanent")]).await;
    for (what, code) in scene.tries().await {
        assert_eq!(code == "permission_missing", what == "configuration", "{what}: {code}");
    }
    scene.allow(vec![scene.ask("configuration", "permanent")]).await;
    for (what, code) in scene.tries().await {
        assert_ne!(code, "permission_missing", "{what} with everything allowed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_authorization_of_the_site_nothing_is_allowed() {
    let scene = scene().await;
    let asks = json!({"site": false, "devices": [scene.ask("live_view", "permanent")]});
    scene.app.hand_site_over(&scene.site, OWNER, &asks).unwrap();
    for (what, code) in scene.tries().await {
        assert_eq!(code, "site_not_authorized", "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_for_an_hour_is_over_an_hour_later() {
    let mut scene = Scene::handed_over().await;
    let request = scene.applied(vec![scene.ask("live_view", "1h")]).await;
    assert_eq!(scene.snapshot().await.code(), "permission_missing");
    let approved = scene.answer(&request, "approve", json!({})).await.ok().unwrap();
    assert_eq!(approved["state"], "approved");
    assert_eq!(scene.snapshot().await.status.as_u16(), 200);
    scene.clock.advance(Duration::minutes(29));
    assert_eq!(scene.snapshot().await.status.as_u16(), 200);
    scene.clock.advance(Duration::minutes(32));
    scene.admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    assert_eq!(scene.snapshot().await.code(), "permission_missing");
    scene.owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    assert!(scene.open().await.iter().all(|grant| grant["permission"] == "site"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_may_narrow_an_application_and_never_widen_it() {
    let scene = Scene::handed_over().await;
    let asked = vec![scene.ask("live_view", "4h"), scene.ask("configuration", "permanent")];
    let request = scene.applied(asked).await;
    for wider in [
        json!({"devices": [scene.ask("live_view", "8h")]}),
        json!({"devices": [scene.ask("playback", "1h")]}),
        json!({"site": true}),
        json!({"devices": []}),
    ] {
        let answer = scene.answer(&request, "approve", json!({"granted": wider})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "field_invalid"), "{wider}");
    }
    let narrower = json!({"granted": {"devices": [scene.ask("live_view", "1h")]}});
    let approved = scene.answer(&request, "approve", narrower).await.ok().unwrap();
    assert_eq!(approved["granted"]["devices"][0]["validity"], "1h");
    assert_eq!(scene.snapshot().await.status.as_u16(), 200);
    assert_eq!(scene.reboot().await.code(), "permission_missing");
    let again = scene.answer(&request, "refuse", Value::Null).await;
    assert_eq!(again.code(), "request_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_is_refused_or_withdrawn_once_and_whoever_applied_is_told() {
    let scene = Scene::handed_over().await;
    let first = scene.applied(vec![scene.ask("live_view", "1h")]).await;
    scene.clock.advance(Duration::seconds(1));
    let second = scene.applied(vec![scene.ask("playback", "2h")]).await;
    let waiting = scene.owner.get("/my/grant_requests").await.unwrap().ok().unwrap();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 2);
    scene.answer(&first, "refuse", Value::Null).await.ok().unwrap();
    let withdrawn = scene.admin.delete(&format!("/grant_requests/{second}")).await.unwrap();
    assert_eq!(withdrawn.status.as_u16(), 204);
    assert_eq!(scene.answer(&second, "approve", json!({})).await.code(), "request_ended");
    let listed = scene.admin.get(&format!("/sites/{}/grant_requests", scene.site)).await.unwrap().ok().unwrap();
    let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["withdrawn", "refused"]);
    assert!(scene.open().await.iter().all(|grant| grant["permission"] == "site"));
    let mails = scene.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let count = |receiver: &str, template: &str| {
        let all = mails["items"].as_array().unwrap().iter();
        all.filter(|mail| mail["receiver"] == receiver && mail["template"] == template).count()
    };
    assert_eq!((count(OWNER, "permission_requested"), count(ADMIN, "request_answered")), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authorization_of_a_site_is_applied_for_only_while_it_is_missing() {
    let scene = scene().await;
    assert_eq!(scene.apply(json!({"site": true})).await.code(), "site_not_invited");
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": false, "devices": []})).unwrap();
    let devices_only = scene.apply(json!({"devices": [scene.ask("live_view", "1h")]})).await;
    assert_eq!(devices_only.code(), "site_not_authorized");
    let with_device = json!({"site": true, "devices": [scene.ask("live_view", "1h")]});
    let request = id(&scene.apply(with_device).await.ok().unwrap());
    assert_eq!(scene.apply(json!({"site": true})).await.code(), "request_open");
    scene.answer(&request, "approve", json!({})).await.ok().unwrap();
    let site = scene.admin.get(&format!("/sites/{}", scene.site)).await.unwrap().body;
    assert_eq!(site["status"], "authorized");
    assert_eq!(scene.snapshot().await.status.as_u16(), 200);
    assert_eq!(scene.apply(json!({"site": true})).await.code(), "site_authorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_meant_is_refused() {
    let scene = Scene::handed_over().await;
    let elsewhere = json!({"device_id": scene.site, "permission": "live_view", "validity": "1h"});
    let twice = vec![scene.ask("live_view", "1h"), scene.ask("live_view", "2h")];
    for bad in [json!({}), json!({"devices": [elsewhere]}), json!({"devices": twice})] {
        let answer = scene.apply(bad.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "field_invalid"), "{bad}");
    }
    let long = scene.apply(json!({"devices": [scene.ask("live_view", "1h")], "remark": "x".repeat(501)})).await;
    assert_eq!(long.code(), "field_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_twenty_applications_for_a_site_wait() {
    let scene = Scene::handed_over().await;
    for _ in 0..20 {
        scene.applied(vec![scene.ask("live_view", "1h")]).await;
    }
    let more = scene.apply(json!({"devices": [scene.ask("live_view", "1h")]})).await;
    assert_eq!((more.status.as_u16(), more.code()), (409, "requests_waiting"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_of_the_first_use_and_takes_it_back_with_the_link_in_the_mail() {
    let scene = Scene::handed_over().await;
    scene.allow(vec![scene.ask("configuration", "8h")]).await;
    for _ in 0..2 {
        let set = scene.admin.post(&format!("/devices/{}/time", scene.device), &Value::Null).await.unwrap();
        assert_eq!(code(&set), "");
    }
    let mails = scene.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let told = mails["items"].as_array().unwrap().iter().filter(|mail| mail["template"] == "permission_used").count();
    assert_eq!(told, 1, "of the first use only");
    let path = format!("/revoke/{}", scene.app.token_in_mail(OWNER).unwrap());
    let reader = scene.app.reader();
    let shown = reader.get(&path).await.unwrap();
    assert_eq!(shown.status.as_u16(), 200);
    assert!(shown.text.contains("configuration") && shown.text.contains("Harbour"), "{}", shown.text);
    assert_eq!(scene.reboot().await.status.as_u16(), 202, "to look is not to revoke");
    let revoked = reader.post_form(&path, &[]).await.unwrap();
    assert_eq!(revoked.status.as_u16(), 200);
    assert_eq!(scene.reboot().await.code(), "permission_missing");
    for answer in [reader.get(&path).await.unwrap(), reader.get("/revoke/nothing").await.unwrap()] {
        assert_eq!(answer.status.as_u16(), 410);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_is_given_back_or_taken_back_before_its_end() {
    let scene = Scene::handed_over().await;
    scene.allow(vec![scene.ask("live_view", "permanent"), scene.ask("configuration", "permanent")]).await;
    let open = scene.open().await;
    let of = |permission: &str| id(open.iter().find(|grant| grant["permission"] == permission).unwrap());
    let (viewing, configuring) =
        (format!("/grants/{}", of("live_view")), format!("/my/grants/{}", of("configuration")));
    assert_eq!(scene.admin.delete(&viewing).await.unwrap().status.as_u16(), 204);
    assert_eq!(scene.snapshot().await.code(), "permission_missing");
    assert_eq!(scene.admin.delete(&viewing).await.unwrap().code(), "grant_over");
    assert_eq!(scene.owner.delete(&configuring).await.unwrap().status.as_u16(), 204);
    assert_eq!(scene.reboot().await.code(), "permission_missing");
    assert_eq!(scene.owner.delete(&configuring).await.unwrap().code(), "grant_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_the_authorization_back_ends_everything() {
    let scene = Scene::handed_over().await;
    scene.allow(vec![scene.ask("live_view", "permanent")]).await;
    let site = id(scene.open().await.iter().find(|grant| grant["permission"] == "site").unwrap());
    assert_eq!(scene.owner.delete(&format!("/my/grants/{site}")).await.unwrap().status.as_u16(), 204);
    assert_eq!(scene.snapshot().await.code(), "site_not_authorized");
    let edited = scene.admin.patch(&format!("/sites/{}", scene.site), &json!({"address": "Pier 5"})).await.unwrap();
    assert_eq!(edited.code(), "site_not_authorized");
    assert!(scene.open().await.is_empty());
    let request = id(&scene.apply(json!({"site": true})).await.ok().unwrap());
    scene.answer(&request, "approve", json!({})).await.ok().unwrap();
    assert_eq!(scene.snapshot().await.code(), "permission_missing", "what ended stays ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_owner_answers_and_revokes_nothing() {
    let scene = Scene::handed_over().await;
    let request = scene.applied(vec![scene.ask("live_view", "1h")]).await;
    let stranger = scene.app.end_user("guest@example.com").await.unwrap();
    for how in ["approve", "refuse"] {
        let path = format!("/my/grant_requests/{request}/{how}");
        assert_eq!(stranger.post(&path, &json!({})).await.unwrap().status.as_u16(), 404);
    }
    let site = id(&scene.open().await[0]);
    assert_eq!(stranger.delete(&format!("/my/grants/{site}")).await.unwrap().status.as_u16(), 404);
    assert_eq!(scene.owner.delete(&format!("/my/grants/{site}")).await.unwrap().status.as_u16(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_tells_what_the_company_may_do_with_it() {
    let scene = scene().await;
    let path = format!("/devices/{}/permissions", scene.device);
    let allowed = async || {
        let told = scene.admin.get(&path).await.unwrap().ok().unwrap();
        let all = told["items"].as_array().unwrap().iter().map(|one| one["allowed"].as_bool().unwrap());
        (told["owned"].as_bool().unwrap(), all.collect::<Vec<_>>())
    };
    assert_eq!(allowed().await, (false, vec![true; 3]));
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": []})).unwrap();
    assert_eq!(allowed().await, (true, vec![false; 3]));
    scene.allow(vec![scene.ask("live_view", "2h")]).await;
    assert_eq!(allowed().await, (true, vec![false, true, false]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_permission_stands_in_the_access_log_its_end_too() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let mut scene = scene_with(Start::plain().with_worker().clock(clock.clone()), clock).await;
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": []})).unwrap();
    scene.allow(vec![scene.ask("live_view", "1h")]).await;
    assert_eq!(scene.snapshot().await.status.as_u16(), 200);
    scene.clock.advance(Duration::minutes(61));
    scene.owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let (owner, path) = (&scene.owner, format!("/my/sites/{}/access_log?limit=100", scene.site));
    let logged = async |action: &str| {
        let log = owner.get(&path).await?.ok()?;
        Ok(log["items"].as_array().unwrap().iter().any(|entry| entry["action"] == action))
    };
    wait_until("an ended permission", || logged("permission_expired")).await.unwrap();
    for action in ["permission_requested", "request_approved", "permission_granted", "permission_used"] {
        assert!(logged(action).await.unwrap(), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_an_owner_is_moved_within_what_is_theirs_only_and_both_logs_tell_of_it() {
    let scene = Scene::handed_over().await;
    let new_site = async |name: &str| {
        id(&scene.admin.post("/sites", &json!({"name": name, "time_zone": "UTC"})).await.unwrap().ok().unwrap())
    };
    let (ours, theirs) = (new_site("Yard").await, new_site("Pier").await);
    scene.app.hand_site_over(&theirs, OWNER, &json!({"site": true, "devices": []})).unwrap();
    let path = format!("/devices/{}/move", scene.device);
    let refused = scene.admin.post(&path, &json!({"site_id": ours})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "site_authorized"), "{}", refused.text);
    scene.admin.post(&path, &json!({"site_id": theirs})).await.unwrap().ok().unwrap();
    for site in [&scene.site, &theirs] {
        let log = scene.owner.get(&format!("/my/sites/{site}/access_log?limit=100")).await.unwrap().ok().unwrap();
        let of_move =
            log["items"].as_array().unwrap().iter().filter(|entry| {
                entry["action"] == "POST /devices/{device_id}/move" && entry["detail"]["result"] == "ok"
            });
        assert_eq!(of_move.count(), 1, "{site}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_authorization_no_device_is_deleted_looked_at_or_made_to_trust_and_push() {
    let scene = scene().await;
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": false, "devices": []})).unwrap();
    let of = |what: &str| format!("/devices/{}{what}", scene.device);
    let certificate = json!({"fingerprint": "0".repeat(64)});
    for (path, body) in [
        ("/check", Value::Null),
        ("/certificate", certificate),
        ("/event_listener", Value::Null),
        ("/panel_accounts/check", Value::Null),
    ] {
        assert_eq!(code(&scene.admin.post(&of(path), &body).await.unwrap()), "site_not_authorized", "{path}");
    }
    for path in ["/event_listener", ""] {
        assert_eq!(code(&scene.admin.delete(&of(path)).await.unwrap()), "site_not_authorized", "{path}");
    }
    assert_eq!(code(&scene.admin.get(&of("")).await.unwrap()), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_authorization_a_device_reached_by_its_address_is_deleted_and_the_owner_reads_of_it() {
    let scene = Scene::handed_over().await;
    let path = format!("/devices/{}", scene.device);
    assert_eq!(scene.admin.delete(&path).await.unwrap().status.as_u16(), 204);
    let log = scene.owner.get(&format!("/my/sites/{}/access_log?limit=100", scene.site)).await.unwrap().ok().unwrap();
    let newest = &log["items"][0];
    assert_eq!(
        (&newest["action"], &newest["device_id"]),
        (&json!("DELETE /devices/{device_id}"), &json!(scene.device))
    );
}
