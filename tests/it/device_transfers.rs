//! Giving a device to somebody else, over HTTP: the code of the mail, the device's own code, the answer, and who is told what.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use anyhow::Context as _;
use chrono::Duration;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_domain::company::Region;
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_domain::{CompanyId, DeviceId, ShareId};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::end_users::{EndUserChange, update_end_user};
use siteward_store::mails::list_of_platform;
use siteward_store::shares::{self, NewShare};
use siteward_store::{companies, devices};
use siteward_tests::app::{App, PASSWORD, Start, some_time};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;
use siteward_worker::clock::{Clock as _, SteppedClock};

const RITA: &str = "rita@example.com";
const EVA: &str = "eva@example.com";
const CODE: &str = "CANARY";

/// Olga owns a site with a camera whose verification code is known; Rita is to have it, and Eva may share it.
struct Scene {
    app: App,
    clock: Arc<SteppedClock>,
    owner: Client,
    rita: Client,
    site: String,
    device: String,
    _simulator: Simulator,
}

impl Scene {
    async fn start() -> Self {
        let scene = Self::without_code().await;
        scene.know_code();
        scene
    }

    async fn without_code() -> Self {
        let clock = Arc::new(SteppedClock::new(some_time()));
        let start = Start::plain().clock(Arc::clone(&clock)).set("DEVICES__ALLOW_LOOPBACK", "true");
        let app = start.run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let (owner, rita) = (app.end_user(OWNER).await.unwrap(), app.end_user(RITA).await.unwrap());
        let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 7)).await.unwrap();
        let site = json!({"name": "Villa", "time_zone": "Europe/Berlin"});
        let site = id(&admin.post("/sites", &site).await.unwrap().ok().unwrap());
        let handle = &simulator.devices()[0];
        let login = json!({
            "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user,
            "password": handle.password, "name": "Gate",
        });
        let device = id(&admin.post(&format!("/sites/{site}/devices"), &login).await.unwrap().ok().unwrap());
        app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        Self { app, clock, owner, rita, site, device, _simulator: simulator }
    }

    /// A second passes, so that what comes after is later.
    fn tick(&self) {
        self.clock.advance(Duration::seconds(1));
    }

    /// As if the code had been read from the label.
    fn know_code(&self) {
        let (company, device) = (self.company(), self.device.parse::<DeviceId>().unwrap());
        let sealed = self.app.store.vault().seal(devices::code_place(&company, &device), &CODE.into()).unwrap();
        self.app.store.write(|conn| devices::set_code(conn, &company, &device, &sealed)).unwrap();
    }

    fn company(&self) -> CompanyId {
        self.app.store.read(companies::list_companies).unwrap().remove(0).id
    }

    async fn begin(&self, login: &str, code: &str) -> Answer {
        self.tick();
        let body = json!({"device_id": self.device, "login": login, "verification_code": code});
        self.owner.post("/my/device_transfers", &body).await.unwrap()
    }

    /// A transfer to Rita that waits for the code of the mail; its id, and that code.
    async fn begun(&self) -> (String, String) {
        let begun = self.begin(RITA, CODE).await.ok().unwrap();
        assert_eq!(begun["state"], "unconfirmed", "{begun}");
        (id(&begun), self.app.token_in_mail(OWNER).unwrap())
    }

    async fn confirm(&self, transfer: &str, code: &str) -> Answer {
        self.tick();
        let path = format!("/my/device_transfers/{transfer}/confirm");
        self.owner.post(&path, &json!({"code": code})).await.unwrap()
    }

    /// A transfer that Rita is asked about.
    async fn offered(&self) -> String {
        let (transfer, code) = self.begun().await;
        assert_eq!(self.confirm(&transfer, &code).await.ok().unwrap()["state"], "offered");
        transfer
    }

    async fn answer(&self, transfer: &str, how: &str, body: &Value) -> Answer {
        self.tick();
        self.rita.post(&format!("/my/received_transfers/{transfer}/{how}"), body).await.unwrap()
    }

    async fn withdraw(&self, by: &Client, transfer: &str) -> u16 {
        self.tick();
        by.delete(&format!("/my/device_transfers/{transfer}")).await.unwrap().status.as_u16()
    }

    /// What became of it, as the owner reads it.
    async fn state(&self, transfer: &str) -> Value {
        let given = self.owner.items("/my/device_transfers").await.unwrap();
        given.iter().find(|one| one["id"] == transfer).unwrap()["state"].clone()
    }

    /// Eva shares the camera.
    fn share(&self) {
        let now = self.clock.now();
        let share = NewShare {
            id: ShareId::generate(now),
            site_id: self.site.parse().unwrap(),
            giver_kind: GiverKind::EndUser,
            giver_id: self.app.end_user_id(OWNER).unwrap().to_string(),
            receiver_id: self.app.end_user_id(EVA).unwrap(),
            channels: vec![SharedChannel {
                device_id: self.device.parse().unwrap(),
                channel: 1,
                permissions: Vec::new(),
            }],
        };
        self.app.store.write(|conn| shares::give(conn, &share, "test", now)).unwrap().unwrap();
    }

    fn move_abroad(&self, login: &str) {
        let region = EndUserChange { region: Some(Region::parse("FR").unwrap()), ..EndUserChange::default() };
        let (who, now) = (self.app.end_user_id(login).unwrap(), self.clock.now());
        self.app.store.write(|conn| update_end_user(conn, &who, &region, now)).unwrap();
    }

    /// The kinds of the mails to an address, oldest first.
    fn mails_to(&self, receiver: &str) -> Vec<String> {
        let mut mails = self.app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
        mails.sort_by_key(|mail| mail.id.clone());
        let theirs = mails.into_iter().filter(|mail| mail.receiver == receiver);
        theirs.map(|mail| mail.template.as_str().to_owned()).collect()
    }

    /// The steps of transfers in the owner's access log, oldest first.
    async fn steps(&self) -> Vec<String> {
        let log = self.owner.items(&format!("/my/sites/{}/access_log", self.site)).await.unwrap();
        let actions = log.iter().rev().map(|row| row["action"].as_str().unwrap());
        actions.filter(|action| action.starts_with("device_")).map(str::to_owned).collect()
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().context("an id").unwrap().to_owned()
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

/// Six digits that are not these.
fn another(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_goes_to_whoever_accepts_it_and_all_who_had_it_are_told() {
    let scene = Scene::start().await;
    let eva = scene.app.end_user(EVA).await.unwrap();
    scene.share();
    assert_eq!(eva.items("/my/shares").await.unwrap().len(), 1);
    let mut stream = eva.stream("/my/live").await.unwrap().into_body();
    stream.frame().await.unwrap().unwrap();

    let (transfer, code) = scene.begun().await;
    assert_eq!(scene.mails_to(OWNER), ["device_transfer_code"]);
    assert!(scene.mails_to(RITA).is_empty(), "nobody else is told before the code of the mail");
    assert!(scene.rita.items("/my/received_transfers").await.unwrap().is_empty());
    assert_eq!(told(&scene.answer(&transfer, "accept", &json!({"site_name": "House"})).await), (404, "not_found"));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    scene.confirm(&transfer, &spaced).await.ok().unwrap();
    assert_eq!(scene.mails_to(RITA), ["device_transfer_offered"]);
    let received = scene.rita.items("/my/received_transfers").await.unwrap();
    assert_eq!((&received[0]["id"], &received[0]["giver"]), (&json!(transfer), &json!("Olga Owner")));
    assert_eq!(told(&scene.begin(EVA, CODE).await), (409, "transfer_open"));

    let taken = scene.answer(&transfer, "accept", &json!({"site_name": "House"})).await.ok().unwrap();
    let theirs = format!("/my/devices/{}", taken["device_id"].as_str().unwrap());
    assert_eq!(scene.rita.get(&theirs).await.unwrap().status.as_u16(), 200);
    for path in [theirs, format!("/my/devices/{}", scene.device)] {
        assert_eq!(scene.owner.get(&path).await.unwrap().status.as_u16(), 404, "{path}");
    }
    assert_eq!(scene.state(&transfer).await, "accepted");
    assert_eq!(scene.mails_to(OWNER), ["device_transfer_code", "device_transfer_answered"]);
    assert_eq!(scene.steps().await, ["device_transfer_begun", "device_transfer_offered", "device_given_away"]);
    let house = format!("/my/sites/{}/access_log", taken["site_id"].as_str().unwrap());
    assert!(scene.rita.items(&house).await.unwrap().iter().any(|row| row["action"] == "device_received"));

    assert!(eva.items("/my/shares").await.unwrap().is_empty(), "what was shared of it ends");
    let mut heard = String::new();
    let hearing = async {
        while !heard.contains("shares_changed") {
            let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            heard.push_str(std::str::from_utf8(&frame).unwrap());
        }
    };
    tokio::time::timeout(StdDuration::from_secs(5), hearing).await.context("told of the end").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_of_the_mail_are_counted_and_the_fifth_ends_the_transfer() {
    let scene = Scene::start().await;
    let (transfer, code) = scene.begun().await;
    for left in (1..5).rev() {
        let wrong = scene.confirm(&transfer, another(&code)).await;
        assert_eq!(told(&wrong), (422, "transfer_code_wrong"), "{}", wrong.body);
        assert_eq!(wrong.body["details"], json!({"field": "code", "tries_left": left}));
    }
    assert_eq!(told(&scene.confirm(&transfer, another(&code)).await), (409, "transfer_over"));
    assert_eq!(told(&scene.confirm(&transfer, &code).await), (404, "not_found"), "the right one comes too late");
    assert_eq!(scene.state(&transfer).await, "void");
    assert!(scene.mails_to(RITA).is_empty());
    assert_eq!(scene.steps().await, ["device_transfer_begun", "device_transfer_void"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_the_mail_is_good_for_ten_minutes() {
    let scene = Scene::start().await;
    let (late, code) = scene.begun().await;
    scene.clock.advance(Duration::seconds(599));
    assert_eq!(told(&scene.confirm(&late, &code).await), (409, "transfer_over"));
    assert_eq!(scene.state(&late).await, "void");
    let (transfer, code) = scene.begun().await;
    scene.clock.advance(Duration::seconds(598));
    assert_eq!(scene.confirm(&transfer, &code).await.ok().unwrap()["state"], "offered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_without_a_known_code_is_not_given_away_and_five_wrong_ones_lock_it_for_half_an_hour() {
    let mut scene = Scene::without_code().await;
    assert_eq!(told(&scene.begin(RITA, CODE).await), (409, "verification_code_unknown"));
    scene.know_code();
    for left in (0..5).rev() {
        let wrong = scene.begin(RITA, "WRONGS").await;
        assert_eq!(told(&wrong), (422, "verification_code_wrong"), "{}", wrong.body);
        assert_eq!(wrong.body["details"], json!({"field": "verification_code", "tries_left": left}));
    }
    let locked = scene.begin(RITA, CODE).await;
    assert_eq!(told(&locked), (423, "unbind_locked"), "{}", locked.body);
    assert!(locked.body["details"]["until"].is_string() && locked.headers.contains_key("retry-after"));
    assert!(scene.mails_to(OWNER).is_empty() && scene.owner.items("/my/device_transfers").await.unwrap().is_empty());
    scene.clock.advance(Duration::minutes(30));
    scene.owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    scene.begun().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_an_account_and_one_abroad_are_answered_as_any_other() {
    let scene = Scene::start().await;
    scene.move_abroad(RITA);
    let mut answers = Vec::new();
    for login in ["nobody@example.com", RITA] {
        let begun = scene.begin(login, CODE).await;
        assert_eq!(begun.status.as_u16(), 201, "{}", begun.body);
        let transfer = id(&begun.body);
        let offered = scene.confirm(&transfer, &scene.app.token_in_mail(OWNER).unwrap()).await;
        let mut bodies = [begun.body.clone(), offered.body.clone()];
        for body in &mut bodies {
            for own in ["id", "login", "created_at", "code_until"] {
                body[own] = Value::Null;
            }
        }
        answers.push((begun.status, offered.status, bodies));
        assert_eq!(scene.mails_to(login), ["device_transfer_offered"]);
        if login != RITA {
            assert_eq!(scene.withdraw(&scene.owner, &transfer).await, 204);
        }
    }
    assert_eq!(answers[0], answers[1]);
    let received = scene.rita.items("/my/received_transfers").await.unwrap();
    assert_eq!(received[0]["region_differs"], true, "{received:?}");
    let refused = scene.answer(&id(&received[0]), "accept", &json!({"site_name": "House"})).await;
    assert_eq!(told(&refused), (409, "region_differs"));
    assert_eq!(scene.state(&id(&received[0])).await, "offered");
    assert_eq!(scene.owner.get(&format!("/my/devices/{}", scene.device)).await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_or_refused_stays_with_its_owner() {
    let scene = Scene::start().await;
    let transfer = scene.offered().await;
    assert_eq!(scene.withdraw(&scene.rita, &transfer).await, 404, "only its owner takes it back");
    assert_eq!(scene.withdraw(&scene.owner, &transfer).await, 204);
    assert!(scene.rita.items("/my/received_transfers").await.unwrap().is_empty());
    assert_eq!(told(&scene.answer(&transfer, "accept", &json!({"site_name": "House"})).await), (404, "not_found"));

    let second = scene.offered().await;
    scene.answer(&second, "refuse", &Value::Null).await.ok().unwrap();
    assert_eq!((scene.state(&transfer).await, scene.state(&second).await), (json!("withdrawn"), json!("refused")));
    assert_eq!(scene.withdraw(&scene.owner, &second).await, 404, "it is answered");
    assert_eq!(scene.mails_to(OWNER).last().map(String::as_str), Some("device_transfer_answered"));
    assert_eq!(scene.owner.get(&format!("/my/devices/{}", scene.device)).await.unwrap().status.as_u16(), 200);
    let words = ["begun", "offered", "withdrawn", "begun", "offered", "refused"];
    assert_eq!(scene.steps().await, words.map(|word| format!("device_transfer_{word}")));
}
