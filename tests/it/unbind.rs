//! Unbinding: by whoever holds the device, and by nobody else.

use std::time::Duration;

use serde_json::{Value, json};
use siteward_simulator::{CloudState, SimulatorSettings, Site};
use siteward_tests::app::{App, Start};
use siteward_tests::captcha::work;
use siteward_tests::client::{Answer, Client};
use siteward_tests::elsewhere::from_elsewhere;
use siteward_tests::lan::{Lan, Link, wait};
use siteward_tests::owner::OWNER;

struct Scene {
    app: App,
    admin: Client,
    lan: Lan,
    link: Link,
}

async fn scene(seed: u64) -> Scene {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::site(Site::CloudStates, seed)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    Scene { app, admin, lan, link }
}

impl Scene {
    fn serial(&self, state: CloudState) -> &str {
        &self.lan.simulator.devices()[state.index()].serial
    }

    fn password(&self, state: CloudState) -> &str {
        &self.lan.simulator.devices()[state.index()].password
    }
}

/// A captcha, answered by its work.
async fn solved(client: &Client) -> Value {
    let captcha = client.post("/captchas", &json!({})).await.unwrap().ok().unwrap();
    let work = work(&captcha["work"]).unwrap();
    json!({"id": captcha["id"], "work": work})
}

async fn unbind(client: &Client, site: &str, serial: &str, password: &str) -> Answer {
    let captcha = solved(client).await;
    let body = json!({"serial": serial, "password": password, "captcha": captcha});
    client.post(&format!("/sites/{site}/unbind"), &body).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_bound_elsewhere_is_freed_with_its_password_and_added() {
    let scene = scene(21).await;
    let state = CloudState::BoundElsewhere;
    let label = &scene.lan.simulator.devices()[state.index()].label;
    let path = format!("/sites/{}/additions", scene.link.site);
    let body = json!({"text": label, "password": scene.password(state)});
    let begun = scene.admin.post(&path, &body).await.unwrap().ok().unwrap();
    assert_eq!((&begun["state"], &begun["unbind"]["possible"]), (&json!("someone_elses"), &json!(true)), "{begun}");
    let freed = unbind(&scene.admin, &scene.link.site, scene.serial(state), scene.password(state)).await;
    assert_eq!((freed.status.as_u16(), &freed.body["state"]), (200, &json!("free")), "{}", freed.body);
    assert_eq!(freed.body["addition"]["state"], "added", "{}", freed.body);
    assert!(!scene.lan.simulator.view(state.index()).unwrap().bound);
    let log = scene.admin.get("/operation_log").await.unwrap().body;
    let row =
        log["items"].as_array().unwrap().iter().find(|row| row["action"] == "POST /sites/{site_id}/unbind").unwrap();
    assert_eq!((&row["object_name"], &row["result"]), (&json!(scene.serial(state)), &json!("ok")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_unbound_here_is_told_with_its_reason() {
    let scene = scene(22).await;
    for (state, status, code, details) in [
        (CloudState::BoundToEzviz, 409, "unbind_service_centre", json!({"reason": "ezviz"})),
        (CloudState::OldRecorder, 409, "unbind_service_centre", json!({"reason": "firmware"})),
        (CloudState::Offline, 409, "not_on_this_lan", Value::Null),
        (CloudState::Ready, 409, "not_bound", Value::Null),
    ] {
        let refused = unbind(&scene.admin, &scene.link.site, scene.serial(state), scene.password(state)).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code), "{state:?} {}", refused.body);
        if !details.is_null() {
            assert_eq!(refused.body["details"]["reason"], details["reason"], "{state:?}");
            assert_eq!(refused.body["details"]["serial"], scene.serial(state), "{state:?}");
        }
    }
    let bound = CloudState::BoundElsewhere;
    let off = serde_json::from_value(json!({"power": false})).unwrap();
    scene.lan.simulator.set(bound.index(), off).await.unwrap();
    let path = format!("/sites/{}/found", scene.link.site);
    let gone = |items: &Value| {
        items.as_array().unwrap().iter().any(|one| one["serial"] == scene.serial(bound) && one["online"] == false)
    };
    wait(|| async { Ok(gone(&scene.admin.get(&path).await?.body["items"])) }).await.unwrap();
    let refused = unbind(&scene.admin, &scene.link.site, scene.serial(bound), scene.password(bound)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "device_offline"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captcha_is_good_for_one_answer_right_or_wrong() {
    let scene = scene(23).await;
    let path = format!("/sites/{}/unbind", scene.link.site);
    let body = |captcha: &Value| json!({"serial": "G12345678", "password": "Wrong-1", "captcha": captcha});
    let right = solved(&scene.admin).await;
    let first = scene.admin.post(&path, &body(&right)).await.unwrap();
    assert_eq!((first.status.as_u16(), first.code()), (409, "not_on_this_lan"), "the captcha was right");
    let second = scene.admin.post(&path, &body(&right)).await.unwrap();
    assert_eq!((second.status.as_u16(), second.code()), (422, "captcha_wrong"));

    let made = scene.admin.post("/captchas", &json!({})).await.unwrap().ok().unwrap();
    assert!(made["picture"].as_str().unwrap().starts_with("data:image/png;base64,"));
    assert!(made["work"]["difficulty"].as_u64().unwrap() >= 18);
    let id = &made["id"];
    let wrong = scene.admin.post(&path, &body(&json!({"id": id, "answer": "WRONG1"}))).await.unwrap();
    assert_eq!(wrong.code(), "captcha_wrong");
    let late = json!({"id": id, "work": work(&made["work"]).unwrap()});
    assert_eq!(scene.admin.post(&path, &body(&late)).await.unwrap().code(), "captcha_wrong");
    for none in [json!({"id": id}), json!({"id": id, "work": "1"})] {
        assert_eq!(scene.admin.post(&path, &body(&none)).await.unwrap().code(), "captcha_wrong");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passwords_lock_this_device_for_this_person_only() {
    let scene = scene(24).await;
    let state = CloudState::BoundElsewhere;
    let rival = scene.app.other_admin().await.unwrap();
    let theirs = scene.lan.site(&rival, "Elsewhere").await.unwrap();
    let site = &scene.link.site;
    for left in (0..5).rev() {
        let wrong = unbind(&scene.admin, site, scene.serial(state), "Wrong-pass1").await;
        // The device itself may lock before we do; it is let go, for this is about our own lock.
        let unlock = serde_json::from_value(json!({"locked": false})).unwrap();
        scene.lan.simulator.set(state.index(), unlock).await.unwrap();
        assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "unbind_password_wrong"), "{}", wrong.body);
        assert_eq!(wrong.body["details"], json!({"tries_left": left}), "nothing of the owner");
    }
    let locked = unbind(&scene.admin, site, scene.serial(state), scene.password(state)).await;
    assert_eq!((locked.status.as_u16(), locked.code()), (423, "unbind_locked"), "{}", locked.body);
    assert!(locked.body["details"]["until"].is_string() && locked.headers.contains_key("retry-after"));

    let other_device = unbind(&scene.admin, site, scene.serial(CloudState::BoundToEzviz), "Wrong-pass1").await;
    assert_eq!(other_device.code(), "unbind_password_wrong", "{}", other_device.body);
    let other_person = unbind(&rival, &theirs.site, scene.serial(state), scene.password(state)).await;
    assert_eq!((other_person.status.as_u16(), other_person.code()), (200, ""), "{}", other_person.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_passwords_at_the_same_instant_are_no_more_than_five() {
    let scene = scene(26).await;
    let (path, serial) = (format!("/sites/{}/unbind", scene.link.site), scene.serial(CloudState::BoundElsewhere));
    let mut tries = Vec::new();
    for number in 0..12 {
        let body = json!({
            "serial": serial, "password": format!("Wrong-pass{number}"), "captcha": solved(&scene.admin).await,
        });
        let (admin, path) = (scene.admin.clone(), path.clone());
        tries.push(tokio::spawn(async move { admin.post(&path, &body).await.unwrap().status.as_u16() }));
    }
    let mut locked = 0;
    for one in tries {
        locked += usize::from(one.await.unwrap() == 423);
    }
    let asked = scene.lan.simulator.view(CloudState::BoundElsewhere.index()).unwrap().counters.logins_refused;
    assert!(locked >= 7 && asked <= 5, "{locked} were told that it is locked, the device was asked {asked} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_former_account_loses_the_device_and_is_told_and_so_is_the_owner_of_the_site() {
    let scene = scene(25).await;
    let state = CloudState::Ready;
    let device = &scene.lan.simulator.devices()[state.index()];
    let path = format!("/sites/{}/additions", scene.link.site);
    let body = json!({"text": device.label, "name": "Gate", "password": device.password});
    let added = scene.admin.post(&path, &body).await.unwrap().ok().unwrap();
    assert_eq!(added["state"], "added", "{added}");
    let own = unbind(&scene.admin, &scene.link.site, &device.serial, &device.password).await;
    assert_eq!((own.status.as_u16(), own.code()), (409, "device_on_this_site"));
    let owner = scene.app.end_user(OWNER).await.unwrap();
    scene.app.hand_site_over(&scene.link.site, OWNER, &json!({"site": true, "devices": []})).unwrap();

    let rival = scene.app.other_admin().await.unwrap();
    let theirs = scene.lan.site(&rival, "Elsewhere").await.unwrap();
    let begun = rival.post(&format!("/sites/{}/additions", theirs.site), &body).await.unwrap().ok().unwrap();
    assert_eq!((&begun["state"], &begun["other_site"]), (&json!("someone_elses"), &Value::Null), "{begun}");
    let freed = unbind(&rival, &theirs.site, &device.serial, &device.password).await;
    assert_eq!((freed.status.as_u16(), &freed.body["addition"]["state"]), (200, &json!("added")), "{}", freed.body);

    let gone = scene.admin.get(&format!("/devices/{}", added["device_id"].as_str().unwrap())).await.unwrap();
    assert_eq!(gone.code(), "not_found");
    let store = scene.app.store.clone();
    let told = store.read(|conn| siteward_store::events::after(conn, None, 0, 10_000)).unwrap();
    let told: Vec<_> = told.iter().filter(|event| event.kind.as_str() == "device_unbound").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].site_id.as_ref().map(ToString::to_string).as_ref(), Some(&scene.link.site));
    assert_eq!(told[0].data, json!({"serial": device.serial, "name": "Gate"}));
    let log = owner.get(&format!("/my/sites/{}/access_log", scene.link.site)).await.unwrap().ok().unwrap();
    let entry = &log["items"][0];
    assert_eq!((&entry["action"], &entry["device_name"]), (&json!("device_unbound"), &json!("Gate")), "{log}");
    let is_mailed = |mails: &Value| {
        let mut all = mails["items"].as_array().unwrap().iter();
        all.any(|mail| mail["receiver"] == OWNER && mail["template"] == "device_unbound")
    };
    wait(|| async { Ok(is_mailed(&scene.admin.get("/mails?limit=100").await?.ok()?)) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_elsewhere_that_pretends_to_see_a_device_does_not_free_it_while_its_own_link_sees_it() {
    let app = Start::with_devices().set("SERVER__TRUSTED_PROXIES", "[\"127.0.0.1\"]").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::site(Site::CloudStates, 27)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let device = &lan.simulator.devices()[CloudState::Ready.index()];
    let body = json!({"text": device.label, "password": device.password});
    let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await.unwrap().ok().unwrap();
    assert_eq!(added["state"], "added", "{added}");

    // Whatever a forged link simulates, it comes from where it comes from.
    app.other_admin().await.unwrap();
    let mut rival = Client::new(from_elsewhere(&app, "198.51.100.9").await.unwrap());
    rival.sign_in("rival@example.com", siteward_tests::app::PASSWORD).await.unwrap().ok().unwrap();
    let forged = lan.site(&rival, "Lair").await.unwrap();
    let refused = unbind(&rival, &forged.site, &device.serial, &device.password).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "not_on_this_lan"), "{}", refused.body);
    let kept = admin.get(&format!("/devices/{}", added["device_id"].as_str().unwrap())).await.unwrap();
    assert_eq!(kept.status.as_u16(), 200, "{}", kept.body);

    // Once its own link does not see it any more, and it was not reached for a while, it may well have been carried there.
    admin.delete(&format!("/links/{}", link.id)).await.unwrap();
    wait(|| async { Ok(!is_reached(&admin, &added["device_id"]).await) }).await.unwrap();
    tokio::time::sleep(TWO_PERIODS).await;
    let freed = unbind(&rival, &forged.site, &device.serial, &device.password).await;
    assert_eq!((freed.status.as_u16(), freed.code()), (200, ""), "{}", freed.body);
}

async fn is_reached(admin: &Client, device: &Value) -> bool {
    let device = admin.get(&format!("/devices/{}", device.as_str().unwrap())).await.unwrap().ok().unwrap();
    !["offline", "unknown"].contains(&device["health"].as_str().unwrap())
}

/// A device on the site of a company, and in another network one that says it is the same and takes another password.
async fn with_a_double(start: Start, seed: u64) -> (Scene, Value, Lan) {
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::site(Site::CloudStates, seed)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let device = &lan.simulator.devices()[CloudState::Ready.index()];
    let body = json!({"text": device.label, "password": device.password});
    let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await.unwrap().ok().unwrap();
    assert_eq!(added["state"], "added", "{added}");
    wait(|| async { Ok(is_reached(&admin, &added["device_id"]).await) }).await.unwrap();
    let double = Lan::start(SimulatorSettings::site(Site::CloudStates, seed)).await.unwrap();
    assert_eq!(double.simulator.devices()[CloudState::Ready.index()].serial, device.serial);
    let password = serde_json::from_value(json!({"password": DOUBLES})).unwrap();
    double.simulator.set(CloudState::Ready.index(), password).await.unwrap();
    (Scene { app, admin, lan, link }, added["device_id"].clone(), double)
}

/// Two periods of polling in which a device was not reached are over.
const TWO_PERIODS: Duration = Duration::from_millis(2500);

const DOUBLES: &str = "Doubles-pass1";

#[tokio::test(flavor = "multi_thread")]
async fn the_device_that_is_reached_by_its_own_link_has_to_take_the_password_itself() {
    let (scene, id, double) = with_a_double(Start::with_devices(), 28).await;
    let rival = scene.app.other_admin().await.unwrap();
    let forged = double.site(&rival, "Lair").await.unwrap();
    let refused = unbind(&rival, &forged.site, scene.serial(CloudState::Ready), DOUBLES).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "unbind_password_wrong"), "{}", refused.body);
    assert_eq!(refused.body["details"], json!({"tries_left": 4}));
    let asked = |lan: &Lan| lan.simulator.view(CloudState::Ready.index()).unwrap().counters.logins_refused;
    assert_eq!((asked(&scene.lan), asked(&double)), (1, 0), "one try, and the double learns nothing");
    assert!(is_reached(&scene.admin, &id).await, "it is kept");

    // Its own way is not to be locked out: two wrong passwords in half an hour reach it, whoever gives them.
    let again = unbind(&rival, &forged.site, scene.serial(CloudState::Ready), DOUBLES).await;
    assert_eq!((again.code(), &again.body["details"]), ("unbind_password_wrong", &json!({"tries_left": 3})));
    let third = unbind(&rival, &forged.site, scene.serial(CloudState::Ready), DOUBLES).await;
    assert_eq!(third.code(), "unbind_locked", "{}", third.body);
    assert_eq!((asked(&scene.lan), asked(&double)), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_reached_a_moment_ago_is_not_freed_by_what_another_network_shows() {
    // The next look is an hour away.
    let start = Start::with_devices().set("POLLING__PERIOD_SECONDS", "3600");
    let (scene, id, double) = with_a_double(start, 29).await;
    let rival = scene.app.other_admin().await.unwrap();
    let forged = double.site(&rival, "Lair").await.unwrap();
    let serial = scene.serial(CloudState::Ready).to_owned();
    let Scene { app: _app, admin, lan: _lan, link } = scene;
    let path = format!("/sites/{}/links", link.site);
    drop(link);
    wait(|| async { Ok(admin.get(&path).await?.ok()?["items"][0]["state"] != "online") }).await.unwrap();
    let refused = unbind(&rival, &forged.site, &serial, DOUBLES).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "not_on_this_lan"), "{}", refused.body);
    assert!(is_reached(&admin, &id).await, "it is kept");
}
