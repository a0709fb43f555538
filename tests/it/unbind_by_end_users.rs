//! Unbinding by an end user who holds a device: what proves it, what each refusal says, and what nobody is told.

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::ShareId;
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_simulator::{CloudState, SimulatorSettings, Site};
use siteward_store::mails::list_of_platform;
use siteward_store::shares::{self, NewShare};
use siteward_tests::app::{ADMIN, App, PASSWORD, Start};
use siteward_tests::captcha::work;
use siteward_tests::client::{Answer, Client};
use siteward_tests::elsewhere::from_elsewhere;
use siteward_tests::lan::{Lan, Link, wait};
use siteward_tests::owner::OWNER;

const HOLDER: &str = "hanna@example.org";
const RECEIVER: &str = "rita@example.org";

struct Scene {
    app: App,
    admin: Client,
    lan: Lan,
    link: Link,
    /// Who holds the devices and is in their network.
    holder: Client,
}

async fn scene(seed: u64) -> Scene {
    let app = Start::with_devices().set("SERVER__TRUSTED_PROXIES", "[\"127.0.0.1\"]").run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::site(Site::CloudStates, seed)).await.unwrap();
    let link = lan.site_with_page(&admin, "Harbour").await.unwrap();
    let holder = app.end_user(HOLDER).await.unwrap();
    Scene { app, admin, lan, link, holder }
}

impl Scene {
    fn serial(&self, state: CloudState) -> &str {
        &self.lan.simulator.devices()[state.index()].serial
    }

    fn password(&self, state: CloudState) -> &str {
        &self.lan.simulator.devices()[state.index()].password
    }

    /// The device that is ready, on the site of its owner.
    async fn owned(&self) -> (Client, String) {
        let device = &self.lan.simulator.devices()[CloudState::Ready.index()];
        let body = json!({"text": device.label, "name": "Gate", "password": device.password});
        let path = format!("/sites/{}/additions", self.link.site);
        let added = self.admin.post(&path, &body).await.unwrap().ok().unwrap();
        let owner = self.app.end_user(OWNER).await.unwrap();
        self.app.hand_site_over(&self.link.site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        (owner, added["device_id"].as_str().unwrap().to_owned())
    }

    async fn unbind(&self, by: &Client, state: CloudState) -> Answer {
        let code = self.link.code().await.unwrap();
        try_unbinding(by, self.serial(state), self.password(state), &code).await
    }

    async fn wrongly(&self, by: &Client, state: CloudState, password: &str) -> Answer {
        let code = self.link.code().await.unwrap();
        let answer = try_unbinding(by, self.serial(state), password, &code).await;
        // The device itself may lock before we do; it is let go, for this is about our own lock.
        let unlock = serde_json::from_value(json!({"locked": false})).unwrap();
        self.lan.simulator.set(state.index(), unlock).await.unwrap();
        answer
    }

    /// The holder, as they come from another network.
    async fn holder_elsewhere(&self) -> Client {
        let mut client = Client::new(from_elsewhere(&self.app, "198.51.100.9").await.unwrap());
        client.sign_in_as_end_user(HOLDER, PASSWORD).await.unwrap().ok().unwrap();
        client
    }
}

async fn try_unbinding(by: &Client, serial: &str, password: &str, code: &str) -> Answer {
    let captcha = by.post("/my/captchas", &json!({})).await.unwrap().ok().unwrap();
    let captcha = json!({"id": captcha["id"], "work": work(&captcha["work"]).unwrap()});
    let body = json!({"serial": serial, "admin_password": password, "lan_code": code, "captcha": captcha});
    by.post("/my/unbindings", &body).await.unwrap()
}

async fn scan(by: &Client, text: &str) -> Value {
    by.post("/my/scans", &json!({"text": text})).await.unwrap().ok().unwrap()
}

/// The receiver of a share of the device.
async fn receiver(scene: &Scene, device: &str) -> Client {
    let receiver = scene.app.end_user(RECEIVER).await.unwrap();
    let now = Utc::now();
    let share = NewShare {
        id: ShareId::generate(now),
        site_id: scene.link.site.parse().unwrap(),
        giver_kind: GiverKind::EndUser,
        giver_id: scene.app.end_user_id(OWNER).unwrap().to_string(),
        receiver_id: scene.app.end_user_id(RECEIVER).unwrap(),
        channels: vec![SharedChannel { device_id: device.parse().unwrap(), channel: 1, permissions: Vec::new() }],
    };
    scene.app.store.write(|conn| shares::give(conn, &share, "test", now)).unwrap().unwrap();
    receiver
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_a_device_frees_it_and_its_former_owner_is_told() {
    let scene = scene(41).await;
    let (owner, device) = scene.owned().await;
    let receiver = receiver(&scene, &device).await;
    let label = scene.lan.simulator.devices()[CloudState::Ready.index()].label.clone();
    let mine = scan(&owner, &label).await;
    assert_eq!((&mine["state"], &mine["device_id"]), (&json!("yours"), &json!(device)), "{mine}");
    let shared = scan(&receiver, scene.serial(CloudState::Ready)).await;
    assert_eq!((&shared["state"], &shared["lan_pages"]), (&json!("shared_with_you"), &json!([])), "{shared}");

    let found = scan(&scene.holder, &label).await;
    let page = format!("http://{}", scene.link.page.unwrap());
    assert_eq!((&found["state"], &found["hindrance"]), (&json!("somebody_elses"), &Value::Null), "{found}");
    assert_eq!((&found["device_id"], &found["lan_pages"]), (&Value::Null, &json!([page])), "nothing of the owner");
    let freed = scene.unbind(&scene.holder, CloudState::Ready).await;
    assert_eq!((freed.status.as_u16(), &freed.body["state"]), (201, &json!("free")), "{}", freed.body);

    assert_eq!(owner.get(&format!("/my/devices/{device}")).await.unwrap().status.as_u16(), 404);
    assert_eq!(scene.admin.get(&format!("/devices/{device}")).await.unwrap().status.as_u16(), 404);
    let shares = receiver.get("/my/shares").await.unwrap().ok().unwrap();
    assert_eq!(shares["items"], json!([]), "the share is gone");
    let log = owner.get(&format!("/my/sites/{}/access_log", scene.link.site)).await.unwrap().ok().unwrap();
    let entries = log["items"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "device_unbound").unwrap();
    assert_eq!(entry["device_name"], "Gate", "{log}");
    assert!(!log.to_string().contains("hanna"), "nor is the former owner told who it was");
    for told in [OWNER, ADMIN] {
        let is_told = |mails: &Value| {
            let mut all = mails["items"].as_array().unwrap().iter();
            all.any(|mail| mail["receiver"] == told && mail["template"] == "device_unbound")
        };
        wait(|| async { Ok(is_told(&scene.admin.get("/mails?limit=100").await?.ok()?)) }).await.unwrap();
    }
    // What receivers get is nothing of the company's.
    let is_told = || {
        let mails = scene.app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
        mails.iter().any(|mail| mail.receiver == RECEIVER && mail.template.as_str() == "share_ended")
    };
    wait(|| async { Ok(is_told()) }).await.unwrap();
    assert_eq!(scan(&scene.holder, &label).await["state"], "free");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_a_message_of_its_own_and_none_tells_of_the_owner() {
    let scene = scene(42).await;
    let (owner, _) = scene.owned().await;
    let yours = scene.unbind(&owner, CloudState::Ready).await;
    assert_eq!((yours.status.as_u16(), yours.code()), (409, "device_is_yours"));
    let ready = CloudState::Ready;
    let wrong = scene.wrongly(&scene.holder, ready, "Wrong-pass1").await;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "unbind_password_wrong"), "{}", wrong.body);
    assert_eq!(wrong.body["details"], json!({"tries_left": 4}), "nothing of the owner");
    for (state, code, reason) in [
        (CloudState::BoundToEzviz, "unbind_service_centre", "ezviz"),
        (CloudState::OldRecorder, "unbind_service_centre", "firmware"),
    ] {
        let refused = scene.unbind(&scene.holder, state).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, code), "{state:?} {}", refused.body);
        assert_eq!(refused.body["details"], json!({"reason": reason, "serial": scene.serial(state)}), "{state:?}");
    }
    let unseen = scene.unbind(&scene.holder, CloudState::Offline).await;
    assert_eq!((unseen.status.as_u16(), unseen.code()), (409, "not_on_this_lan"), "{}", unseen.body);

    let elsewhere = scene.holder_elsewhere().await;
    let far = scene.unbind(&elsewhere, ready).await;
    assert_eq!((far.status.as_u16(), far.code()), (409, "not_on_this_lan"), "{}", far.body);
    let found = scan(&elsewhere, scene.serial(ready)).await;
    assert_eq!((&found["state"], &found["lan_pages"]), (&json!("somebody_elses"), &json!([])), "{found}");
    assert_eq!(found["hindrance"], "not_on_this_lan");

    let off = serde_json::from_value(json!({"power": false})).unwrap();
    scene.lan.simulator.set(ready.index(), off).await.unwrap();
    // Scans are few: the link's own list tells when it does not see it any more.
    let path = format!("/sites/{}/found", scene.link.site);
    let is_offline = || async {
        let list = scene.admin.get(&path).await?.ok()?;
        let mut all = list["items"].as_array().into_iter().flatten();
        Ok(all.any(|one| one["serial"] == scene.serial(ready) && one["online"] == false))
    };
    wait(is_offline).await.unwrap();
    assert_eq!(scan(&scene.holder, scene.serial(ready)).await["hindrance"], "offline");
    let away = scene.unbind(&scene.holder, ready).await;
    assert_eq!((away.status.as_u16(), away.code()), (409, "device_offline"), "{}", away.body);
    for body in [&wrong.body, &far.body, &away.body, &found] {
        let text = body.to_string().to_lowercase();
        assert!(["olga", "harbour", "gate", "example"].iter().all(|word| !text.contains(word)), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_the_network_is_needed_and_good_once() {
    let scene = scene(43).await;
    scene.owned().await;
    let ready = CloudState::Ready;
    let asked = || scene.lan.simulator.view(ready.index()).unwrap().counters.logins_refused;
    let before = asked();
    let code = scene.link.code().await.unwrap();
    let guess = if code == "12345678" { "12345679" } else { "12345678" };
    let guessed = try_unbinding(&scene.holder, scene.serial(ready), "Wrong-pass1", guess).await;
    assert_eq!((guessed.status.as_u16(), guessed.code()), (422, "lan_code_wrong"), "{}", guessed.body);
    assert_eq!((&guessed.body["details"]["tries_left"], asked()), (&json!(4), before), "the device is not asked");
    let wrong = try_unbinding(&scene.holder, scene.serial(ready), "Wrong-pass1", &code).await;
    assert_eq!(wrong.code(), "unbind_password_wrong", "the code was right: {}", wrong.body);
    let again = try_unbinding(&scene.holder, scene.serial(ready), scene.password(ready), &code).await;
    assert_eq!(again.code(), "lan_code_wrong", "it was taken: {}", again.body);
    for none in ["1234567", "abcdefgh", ""] {
        let refused = try_unbinding(&scene.holder, scene.serial(ready), scene.password(ready), none).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "field_invalid"), "{none}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_tries_lock_this_device_for_this_end_user_only() {
    let scene = scene(44).await;
    let state = CloudState::BoundElsewhere;
    for left in (0..5).rev() {
        let wrong = scene.wrongly(&scene.holder, state, "Wrong-pass1").await;
        assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "unbind_password_wrong"), "{}", wrong.body);
        assert_eq!(wrong.body["details"], json!({"tries_left": left}));
    }
    let locked = scene.unbind(&scene.holder, state).await;
    assert_eq!((locked.status.as_u16(), locked.code()), (423, "unbind_locked"), "{}", locked.body);
    assert!(locked.body["details"]["until"].is_string() && locked.headers.contains_key("retry-after"));

    let other_device = scene.wrongly(&scene.holder, CloudState::BoundToEzviz, "Wrong-pass1").await;
    assert_eq!(other_device.code(), "unbind_password_wrong", "{}", other_device.body);
    let other = scene.app.end_user("otto@example.org").await.unwrap();
    let freed = scene.unbind(&other, state).await;
    assert_eq!((freed.status.as_u16(), freed.code()), (201, ""), "{}", freed.body);
    assert!(!scene.lan.simulator.view(state.index()).unwrap().bound);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_scanned_and_known_to_nobody_is_told_as_that_and_too_many_scans_wait() {
    let app = Start::with_devices().run().await.unwrap();
    app.admin().await.unwrap();
    let somebody = app.end_user(HOLDER).await.unwrap();
    assert_eq!(scan(&somebody, "Q12345678").await["state"], "not_seen");
    let ezviz = scan(&somebody, "www.ezviz7.com\rQ12345678\rABCDEF\rCS-C6N-A0-1C2WFR").await;
    assert_eq!((&ezviz["state"], &ezviz["serial"]), (&json!("ezviz"), &json!("Q12345678")));
    let nothing = somebody.post("/my/scans", &json!({"text": "hello"})).await.unwrap();
    assert_eq!(nothing.status.as_u16(), 422, "{}", nothing.body);
    let mut answered = 0;
    loop {
        let answer = somebody.post("/my/scans", &json!({"text": "Q12345678"})).await.unwrap();
        if answer.status.as_u16() == 429 {
            assert_eq!(answer.code(), "too_many_requests");
            break;
        }
        answered += 1;
        assert!(answered < 60, "nobody scans so much");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_links_of_several_companies_see_the_device_none_is_told_the_code() {
    let scene = scene(45).await;
    let state = CloudState::BoundElsewhere;
    let rival = scene.app.other_admin().await.unwrap();
    let theirs = scene.lan.site_with_page(&rival, "Lair").await.unwrap();
    let code = scene.link.code().await.unwrap();
    let refused = try_unbinding(&scene.holder, scene.serial(state), scene.password(state), &code).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "several_networks"), "{}", refused.body);
    assert!(scene.lan.simulator.view(state.index()).unwrap().bound, "the device is not asked");

    rival.delete(&format!("/links/{}", theirs.id)).await.unwrap();
    let freed = try_unbinding(&scene.holder, scene.serial(state), scene.password(state), &code).await;
    assert_eq!((freed.status.as_u16(), freed.code()), (201, ""), "the code was not taken: {}", freed.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_captcha_is_told_before_anything_is_asked() {
    let scene = scene(46).await;
    let state = CloudState::BoundElsewhere;
    let code = scene.link.code().await.unwrap();
    let captcha = scene.holder.post("/my/captchas", &json!({})).await.unwrap().ok().unwrap();
    let body = json!({
        "serial": scene.serial(state), "admin_password": scene.password(state), "lan_code": code,
        "captcha": {"id": captcha["id"], "answer": "WRONG1"},
    });
    let wrong = scene.holder.post("/my/unbindings", &body).await.unwrap();
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "captcha_wrong"), "{}", wrong.body);
    let freed = try_unbinding(&scene.holder, scene.serial(state), scene.password(state), &code).await;
    assert_eq!((freed.status.as_u16(), freed.code()), (201, ""), "the code was not taken: {}", freed.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_nobody_has_is_told_as_that() {
    let scene = scene(47).await;
    let refused = scene.unbind(&scene.holder, CloudState::Ready).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "not_bound"), "{}", refused.body);
    assert!(!scene.lan.simulator.view(CloudState::Ready.index()).unwrap().bound);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_link_serves_no_page_that_is_told_and_the_device_is_not_asked() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::site(Site::CloudStates, 48)).await.unwrap();
    let _link = lan.site(&admin, "Harbour").await.unwrap();
    let holder = app.end_user(HOLDER).await.unwrap();
    let place = CloudState::BoundElsewhere.index();
    let device = &lan.simulator.devices()[place];
    let found = scan(&holder, &device.serial).await;
    assert_eq!((&found["state"], &found["lan_pages"]), (&json!("somebody_elses"), &json!([])), "{found}");
    let refused = try_unbinding(&holder, &device.serial, "Wrong-pass1", "12345678").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "lan_page_off"), "{}", refused.body);
    let view = lan.simulator.view(place).unwrap();
    assert_eq!((view.bound, view.counters.logins_refused), (true, 0));
}
