//! Sharing by QR (R-E5) and showing who one is (R-E6), over HTTP: scanned, applied, answered, and refused with the reason.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_domain::company::Region;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::end_users::{EndUserChange, update_end_user};
use siteward_store::mails::list_of_platform;
use siteward_tests::app::{App, PASSWORD, Start, some_time};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;
use siteward_worker::clock::{Clock as _, SteppedClock};

const EVA: &str = "eva@example.com";
const CODE_PASSWORD: &str = "garden gate";

/// Olga owns a site with a camera; Eva owns nothing.
struct Scene {
    app: App,
    clock: Arc<SteppedClock>,
    owner: Client,
    eva: Client,
    site: String,
    device: String,
    _simulator: Simulator,
}

impl Scene {
    async fn start() -> Self {
        let clock = Arc::new(SteppedClock::new(some_time()));
        let start = Start::plain().clock(Arc::clone(&clock)).set("SERVER__TRUSTED_PROXIES", "[\"127.0.0.1\"]");
        let app = start.set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let (owner, eva) = (app.end_user(OWNER).await.unwrap(), app.end_user(EVA).await.unwrap());
        let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 7)).await.unwrap();
        let made = admin.post("/sites", &json!({"name": "Villa", "time_zone": "Europe/Berlin"})).await.unwrap();
        let site = id(&made.body);
        let handle = &simulator.devices()[0];
        let login = json!({
            "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
        });
        let device = id(&admin.post(&format!("/sites/{site}/devices"), &login).await.unwrap().ok().unwrap());
        app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        Self { app, clock, owner, eva, site, device, _simulator: simulator }
    }

    fn channels(&self) -> Value {
        json!([{"device_id": self.device, "channel": 1}])
    }

    async fn temporary(&self) -> Value {
        let body = json!({"kind": "temporary", "channels": self.channels()});
        self.owner.post("/my/share_codes", &body).await.unwrap().ok().unwrap()
    }

    async fn long_term(&self, most_receivers: u32) -> Value {
        let body = json!({
            "kind": "long_term", "channels": self.channels(), "label": "Для соседей", "password": CODE_PASSWORD, "days": 30,
            "most_receivers": most_receivers,
        });
        self.owner.post("/my/share_codes", &body).await.unwrap().ok().unwrap()
    }

    async fn person(&self, name: &str) -> Client {
        self.app.end_user(&format!("{name}@example.com")).await.unwrap()
    }

    fn mails_to(&self, receiver: &str) -> Vec<String> {
        let mails = self.app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
        let theirs = mails.into_iter().filter(|mail| mail.receiver == receiver);
        theirs.map(|mail| mail.template.as_str().to_owned()).collect()
    }

    async fn waiting(&self) -> Vec<Value> {
        let waiting = self.owner.get("/my/share_applications").await.unwrap().ok().unwrap();
        waiting["items"].as_array().unwrap().clone()
    }

    async fn answer(&self, application: &str, how: &str, body: &Value) -> Answer {
        self.owner.post(&format!("/my/share_applications/{application}/{how}"), body).await.unwrap()
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().context("an id").unwrap().to_owned()
}

fn token(code: &Value) -> String {
    code["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

async fn look(app: &App, token: &str, password: Option<&str>) -> Answer {
    look_from(&app.stranger(), token, password).await
}

async fn look_from(client: &Client, token: &str, password: Option<&str>) -> Answer {
    client.post("/my/share_codes/look", &json!({"token": token, "password": password})).await.unwrap()
}

async fn apply(client: &Client, token: &str, password: Option<&str>) -> Answer {
    client.post("/my/share_applications", &json!({"token": token, "password": password})).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_scans_a_code_applies_and_gets_what_the_owner_accepts() {
    let scene = Scene::start().await;
    let code = scene.temporary().await;
    let png = STANDARD.decode(code["pictures"]["png"].as_str().unwrap()).unwrap();
    let scanned = siteward_qr::picture::read(&png, &|| true).unwrap();
    assert_eq!(scanned, [code["url"].as_str().unwrap()]);
    let token = scanned[0].split_once("/my/apply#").unwrap().1;

    let seen = look(&scene.app, token, None).await.ok().unwrap();
    assert_eq!((&seen["giver_name"], &seen["kind"]), (&json!("Olga Owner"), &json!("temporary")));
    assert_eq!(seen["channels"].as_array().unwrap().len(), 1);
    let channel = &seen["channels"][0];
    assert!(channel["device_name"].is_string() && channel.get("serial").is_none(), "{channel}");
    assert_eq!(told(&apply(&scene.app.stranger(), token, None).await), (401, "not_signed_in"));

    let applied = apply(&scene.eva, token, None).await.ok().unwrap();
    assert_eq!(applied["state"], "pending");
    let shares = scene.eva.get("/my/shares").await.unwrap().ok().unwrap();
    assert_eq!(shares["items"], json!([]), "nothing before the owner says so");
    assert_eq!(scene.mails_to(OWNER), ["share_applied"]);
    let waiting = scene.waiting().await;
    assert_eq!((&waiting[0]["id"], &waiting[0]["applicant_email"]), (&applied["id"], &json!(EVA)));

    let narrowed = json!({"channels": [{"device_id": scene.device, "channel": 1, "permissions": ["ptz"]}]});
    scene.answer(&id(&applied), "accept", &narrowed).await.ok().unwrap();
    let shares = scene.eva.get("/my/shares").await.unwrap().ok().unwrap();
    assert_eq!(shares["items"][0]["channels"][0]["permissions"], json!(["live_view", "ptz"]));
    assert_eq!(scene.mails_to(EVA), ["share_answered"]);
    let own = scene.eva.get("/my/own_applications").await.unwrap().ok().unwrap();
    assert_eq!(
        (&own["items"][0]["state"], &own["items"][0]["share_id"]),
        (&json!("accepted"), &shares["items"][0]["id"])
    );
    assert!(scene.waiting().await.is_empty());
    let again = scene.answer(&id(&applied), "refuse", &json!({})).await;
    assert_eq!(told(&again), (409, "share_application_ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_301st_second_is_refused_and_a_renewed_code_lasts_anew_with_another_link() {
    let scene = Scene::start().await;
    let code = scene.temporary().await;
    let first = token(&code);
    scene.clock.advance(Duration::seconds(299));
    assert_eq!(look(&scene.app, &first, None).await.status.as_u16(), 200);
    scene.clock.advance(Duration::seconds(2));
    assert_eq!(told(&look(&scene.app, &first, None).await), (410, "share_code_expired"));
    assert_eq!(told(&apply(&scene.eva, &first, None).await), (410, "share_code_expired"));

    let renewed = scene.owner.post(&format!("/my/share_codes/{}/renew", id(&code)), &json!({})).await.unwrap();
    let second = token(&renewed.ok().unwrap());
    assert_eq!(told(&apply(&scene.eva, &first, None).await), (410, "share_code_ended"), "the old link is dead");
    scene.clock.advance(Duration::seconds(299));
    assert_eq!(apply(&scene.eva, &second, None).await.status.as_u16(), 201);
    scene.clock.advance(Duration::seconds(2));
    assert_eq!(scene.waiting().await.len(), 1, "who applied in time waits on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_term_code_asks_for_its_password_and_is_for_so_many_and_no_more() {
    let scene = Scene::start().await;
    let code = scene.long_term(2).await;
    let token = token(&code);
    let picture = code["pictures"]["svg"].as_str().unwrap();
    assert!(picture.contains(">Для соседей</text>") && picture.contains(">Valid until "), "{picture}");
    assert_eq!(told(&look(&scene.app, &token, None).await), (422, "share_code_password_needed"));
    assert_eq!(told(&look(&scene.app, &token, Some("wrong one")).await), (422, "share_code_password_wrong"));
    assert_eq!(told(&apply(&scene.eva, &token, Some("wrong one")).await), (422, "share_code_password_wrong"));
    assert_eq!(look(&scene.app, &token, Some(CODE_PASSWORD)).await.ok().unwrap()["label"], "Для соседей");

    let (ina, udo) = (scene.person("ina").await, scene.person("udo").await);
    let first = apply(&scene.eva, &token, Some(CODE_PASSWORD)).await.ok().unwrap();
    scene.answer(&id(&first), "accept", &json!({})).await.ok().unwrap();
    let second = apply(&ina, &token, Some(CODE_PASSWORD)).await.ok().unwrap();
    assert_eq!(told(&apply(&udo, &token, Some(CODE_PASSWORD)).await), (409, "share_code_full"));
    let listed = scene.owner.get("/my/share_codes").await.unwrap().ok().unwrap();
    let item = &listed["items"][0];
    assert_eq!((&item["receivers"], &item["pending"], &item["standing"]), (&json!(2), &json!(1), &json!("full")));
    assert!(!listed.to_string().contains(&token), "a link is given once");

    let withdrawn = ina.delete(&format!("/my/own_applications/{}", id(&second))).await.unwrap();
    assert_eq!(withdrawn.status.as_u16(), 204);
    let third = apply(&udo, &token, Some(CODE_PASSWORD)).await.ok().unwrap();
    scene.answer(&id(&third), "refuse", &json!({})).await.ok().unwrap();
    assert_eq!(scene.mails_to("udo@example.com"), ["share_answered"]);
    assert_eq!(apply(&ina, &token, Some(CODE_PASSWORD)).await.status.as_u16(), 201, "a refusal frees the place");
}

#[tokio::test(flavor = "multi_thread")]
async fn days_end_a_long_term_code_and_it_is_not_renewed_then() {
    let scene = Scene::start().await;
    let code = scene.long_term(2).await;
    scene.clock.advance(Duration::days(30));
    assert_eq!(told(&look(&scene.app, &token(&code), Some(CODE_PASSWORD)).await), (410, "share_code_expired"));
    let mut owner = scene.app.stranger();
    owner.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap().ok().unwrap();
    let renewed = owner.post(&format!("/my/share_codes/{}/renew", id(&code)), &json!({})).await.unwrap();
    assert_eq!(told(&renewed), (410, "share_code_ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_lock_a_code_for_their_own_network_and_for_nobody_else() {
    let scene = Scene::start().await;
    let (code, other) = (scene.long_term(5).await, scene.long_term(5).await);
    let guesser = scene.app.stranger().with_header("X-Forwarded-For", "192.0.2.1");
    let mut last = None;
    for number in 0..6 {
        last = Some(look_from(&guesser, &token(&code), Some(&format!("wrong {number}"))).await);
    }
    let last = last.unwrap();
    assert_eq!(told(&last), (423, "share_code_locked"));
    assert!(
        last.body["details"]["locked_until"].is_string() && last.headers.contains_key("retry-after"),
        "{}",
        last.body
    );
    let right = look_from(&guesser, &token(&code), Some(CODE_PASSWORD)).await;
    assert_eq!(told(&right), (423, "share_code_locked"), "the right one, too");
    assert_eq!(look_from(&guesser, &token(&other), Some(CODE_PASSWORD)).await.status.as_u16(), 200, "another code");
    let neighbour = scene.app.stranger().with_header("X-Forwarded-For", "192.0.2.2");
    assert_eq!(look_from(&neighbour, &token(&code), Some(CODE_PASSWORD)).await.status.as_u16(), 200);
    scene.clock.advance(Duration::minutes(30));
    assert_eq!(look_from(&guesser, &token(&code), Some(CODE_PASSWORD)).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_guessed_at_from_very_many_addresses_rests() {
    let scene = Scene::start().await;
    let token = token(&scene.long_term(3).await);
    for number in 0..25 {
        let from = scene.app.stranger().with_header("X-Forwarded-For", &format!("198.51.{number}.9"));
        let wrong = look_from(&from, &token, Some("wrong one")).await;
        assert_eq!(told(&wrong), (422, "share_code_password_wrong"), "{number}");
    }
    let right = look(&scene.app, &token, Some(CODE_PASSWORD)).await;
    assert_eq!(told(&right), (423, "share_code_locked"), "{}", right.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_another_region_and_a_second_time_are_refused_each_for_its_reason() {
    let scene = Scene::start().await;
    let code = scene.temporary().await;
    let (token, abroad) = (token(&code), scene.person("pierre").await);
    let id_abroad = scene.app.end_user_id("pierre@example.com").unwrap();
    let change = EndUserChange { region: Some(Region::parse("FR").unwrap()), ..EndUserChange::default() };
    let now = scene.clock.now();
    scene.app.store.write(|conn| update_end_user(conn, &id_abroad, &change, now)).unwrap();
    assert_eq!(told(&apply(&scene.owner, &token, None).await), (409, "share_code_own"));
    assert_eq!(told(&apply(&abroad, &token, None).await), (409, "region_differs"));
    apply(&scene.eva, &token, None).await.ok().unwrap();
    assert_eq!(told(&apply(&scene.eva, &token, None).await), (409, "share_application_exists"));
    assert_eq!(told(&apply(&scene.eva, "AAAAAAAAAAAAAAAAAAAAAA", None).await), (410, "share_code_ended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_and_who_applies_are_the_owners_alone() {
    let scene = Scene::start().await;
    let body = json!({"kind": "temporary", "channels": scene.channels()});
    assert_eq!(scene.eva.post("/my/share_codes", &body).await.unwrap().status.as_u16(), 404);
    let (code, ina) = (scene.temporary().await, scene.person("ina").await);
    let application = id(&apply(&ina, &token(&code), None).await.ok().unwrap());
    for path in [
        format!("/my/share_codes/{}/renew", id(&code)),
        format!("/my/share_applications/{application}/accept"),
        format!("/my/share_applications/{application}/refuse"),
    ] {
        assert_eq!(scene.eva.post(&path, &json!({})).await.unwrap().status.as_u16(), 404, "{path}");
    }
    for path in [format!("/my/share_codes/{}", id(&code)), format!("/my/own_applications/{application}")] {
        assert_eq!(scene.eva.delete(&path).await.unwrap().status.as_u16(), 404, "{path}");
    }
    for list in ["/my/share_codes", "/my/share_applications", "/my/own_applications"] {
        assert_eq!(scene.eva.get(list).await.unwrap().ok().unwrap()["items"], json!([]), "{list}");
    }
    let revoked = scene.owner.delete(&format!("/my/share_codes/{}", id(&code))).await.unwrap();
    assert_eq!(revoked.status.as_u16(), 204);
    assert_eq!(told(&apply(&scene.eva, &token(&code), None).await), (410, "share_code_ended"));
    scene.answer(&application, "accept", &json!({})).await.ok().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_code_is_refused_at_its_field() {
    let scene = Scene::start().await;
    let long = |change: Value| {
        let mut body = json!({
            "kind": "long_term", "channels": scene.channels(), "password": CODE_PASSWORD, "days": 1, "most_receivers": 1,
        });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for (field, body) in [
        ("channels", json!({"kind": "temporary", "channels": []})),
        ("channels", json!({"kind": "temporary", "channels": [{"device_id": scene.device, "channel": 5000}]})),
        ("password", json!({"kind": "temporary", "channels": scene.channels(), "password": CODE_PASSWORD})),
        ("days", json!({"kind": "temporary", "channels": scene.channels(), "days": 1})),
        ("password", long(json!({"password": "short"}))),
        ("days", long(json!({"days": 366}))),
        ("most_receivers", long(json!({"most_receivers": 65}))),
        ("label", long(json!({"label": "x".repeat(129)}))),
    ] {
        let refused = scene.owner.post("/my/share_codes", &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), &refused.body["details"]["field"]), (422, &json!(field)), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_hears_at_once_that_somebody_applied_and_finds_it_in_the_access_log() {
    let scene = Scene::start().await;
    let code = scene.temporary().await;
    let mut stream = scene.owner.stream("/my/live").await.unwrap().into_body();
    // The sites of a person are read before anything is told of them.
    stream.frame().await.unwrap().unwrap();
    apply(&scene.eva, &token(&code), None).await.ok().unwrap();
    let mut heard = String::new();
    let hearing = async {
        while !heard.contains("shares_changed") {
            let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            heard.push_str(std::str::from_utf8(&frame).unwrap());
        }
    };
    tokio::time::timeout(StdDuration::from_secs(5), hearing).await.context("told of it").unwrap();
    assert!(heard.contains(&scene.site), "{heard}");
    let log = scene.owner.get(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap().ok().unwrap();
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(actions[..2], ["share_applied", "share_code_made"]);
    assert!(!log.to_string().contains(&token(&code)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_an_account_tells_a_name_for_ten_minutes_and_nothing_else() {
    let scene = Scene::start().await;
    let code = scene.eva.post("/my/account_codes", &Value::Null).await.unwrap().ok().unwrap();
    let (url, token) = (code["url"].as_str().unwrap(), token(&code));
    assert!(url.contains("/my/share#") && token.len() == 22, "128 random bits: {url}");
    let png = STANDARD.decode(code["pictures"]["png"].as_str().unwrap()).unwrap();
    assert_eq!(siteward_qr::picture::read(&png, &|| true).unwrap(), [url]);
    let read = |token: String| {
        let owner = &scene.owner;
        async move { owner.post("/my/account_codes/read", &json!({"token": token})).await.unwrap() }
    };
    scene.clock.advance(Duration::seconds(599));
    assert_eq!(read(token.clone()).await.ok().unwrap(), json!({"name": "Olga Owner"}));
    let stranger = scene.app.stranger().post("/my/account_codes/read", &json!({"token": token})).await.unwrap();
    assert_eq!(told(&stranger), (401, "not_signed_in"));
    assert_eq!(told(&read("AAAAAAAAAAAAAAAAAAAAAA".to_owned()).await), (410, "account_code_ended"));
    scene.clock.advance(Duration::seconds(1));
    assert_eq!(told(&read(token.clone()).await), (410, "account_code_ended"));
}
