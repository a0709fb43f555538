//! Sharing by account (R-E4), what is shared and with whom (R-E7), over HTTP: offered, answered, edited, ended, and heard of at once.

use std::time::Duration;

use anyhow::Context as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::{Value, json};
use siteward_domain::company::Region;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::end_users::{EndUserChange, update_end_user};
use siteward_store::mails::list_of_platform;
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;

const EVA: &str = "eva@example.com";

/// Olga owns a site with two cameras; Eva owns nothing.
struct Scene {
    app: App,
    owner: Client,
    eva: Client,
    site: String,
    devices: Vec<String>,
    _simulator: Simulator,
}

impl Scene {
    async fn start(start: Start) -> Self {
        let app = start.set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let (owner, eva) = (app.end_user(OWNER).await.unwrap(), app.end_user(EVA).await.unwrap());
        let simulator = Simulator::start(SimulatorSettings::uniform(2, Profile::Camera, 7)).await.unwrap();
        let site = json!({"name": "Villa", "address": "Harbour 1", "time_zone": "Europe/Berlin"});
        let site = id(&admin.post("/sites", &site).await.unwrap().ok().unwrap());
        let mut devices = Vec::new();
        for handle in simulator.devices() {
            let login = json!({
                "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user,
                "password": handle.password,
            });
            devices.push(id(&admin.post(&format!("/sites/{site}/devices"), &login).await.unwrap().ok().unwrap()));
        }
        app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        Self { app, owner, eva, site, devices, _simulator: simulator }
    }

    fn channel(&self, device: usize, permissions: &Value) -> Value {
        json!({"device_id": self.devices[device], "channel": 1, "permissions": permissions})
    }

    async fn offer(&self, login: &str) -> Answer {
        let body = json!({"login": login, "channels": [self.channel(0, &json!(["playback", "ptz"]))]});
        self.owner.post("/my/share_offers", &body).await.unwrap()
    }

    async fn answer(&self, who: &Client, how: &str) -> Answer {
        let offers = who.items("/my/received_offers").await.unwrap();
        who.post(&format!("/my/received_offers/{}/{how}", id(&offers[0])), &json!({})).await.unwrap()
    }

    /// Olga shares the first camera with Eva; the share.
    async fn share(&self) -> String {
        self.offer(EVA).await.ok().unwrap();
        self.answer(&self.eva, "accept").await.ok().unwrap();
        id(&self.owner.items("/my/given_shares").await.unwrap()[0])
    }

    fn mails_to(&self, receiver: &str) -> Vec<String> {
        let mails = self.app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
        let theirs = mails.into_iter().filter(|mail| mail.receiver == receiver);
        theirs.map(|mail| mail.template.as_str().to_owned()).collect()
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().context("an id").unwrap().to_owned()
}

/// Waits until a stream tells of a change of shares.
async fn hear(stream: &mut Incoming) -> String {
    let mut heard = String::new();
    let hearing = async {
        while !heard.contains("shares_changed") {
            let frame = stream.frame().await.unwrap().unwrap().into_data().unwrap();
            heard.push_str(std::str::from_utf8(&frame).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(5), hearing).await.context("told of it").unwrap();
    heard
}

async fn listen(client: &Client) -> Incoming {
    let mut stream = client.stream("/my/live").await.unwrap().into_body();
    stream.frame().await.unwrap().unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_accepted_and_its_receiver_sees_what_is_shared_and_from_whom() {
    let scene = Scene::start(Start::plain()).await;
    let made = scene.offer(EVA).await.ok().unwrap();
    assert_eq!((&made["state"], &made["receiver"]), (&json!("pending"), &json!(EVA)));
    let offers = scene.eva.items("/my/received_offers").await.unwrap();
    assert_eq!((&offers[0]["giver_name"], &offers[0]["site_name"]), (&json!("Olga Owner"), &json!("Villa")));
    assert_eq!(scene.eva.items("/my/shares").await.unwrap(), Vec::<Value>::new());
    scene.answer(&scene.eva, "accept").await.ok().unwrap();
    let shares = scene.eva.items("/my/shares").await.unwrap();
    let share = &shares[0];
    assert_eq!((&share["site_address"], &share["giver_kind"]), (&json!("Harbour 1"), &json!("end_user")));
    assert_eq!(share["channels"][0]["permissions"], json!(["live_view", "playback", "ptz"]));
    assert!(share["channels"][0]["serial"].is_string(), "{share}");
    assert_eq!(scene.owner.items("/my/share_offers").await.unwrap()[0]["state"], "accepted");
    assert_eq!(scene.mails_to(EVA), ["share_offered"]);
    assert_eq!(scene.mails_to(OWNER), ["share_answered"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_an_account_of_another_region_or_with_one_is_answered_alike() {
    let scene = Scene::start(Start::plain()).await;
    let away = scene.app.end_user("away@example.com").await.unwrap();
    let region = EndUserChange { region: Some(Region::parse("FR").unwrap()), ..EndUserChange::default() };
    let away_id = scene.app.end_user_id("away@example.com").unwrap();
    scene.app.store.write(|conn| update_end_user(conn, &away_id, &region, chrono::Utc::now())).unwrap();
    let mut answers = Vec::new();
    for login in [EVA, "away@example.com", "nobody@example.com"] {
        let answer = scene.offer(login).await;
        let mut body = answer.body.clone();
        for same in ["id", "receiver", "created_at"] {
            body[same] = Value::Null;
        }
        answers.push((answer.status.as_u16(), body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 201), "{answers:?}");
    assert_eq!(scene.mails_to("nobody@example.com"), ["share_offered_new"]);
    assert_eq!(away.items("/my/received_offers").await.unwrap()[0]["region_differs"], true);
    let refused = scene.answer(&away, "accept").await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "region_differs"));
    let made = scene.owner.items("/my/share_offers").await.unwrap();
    assert!(made.iter().all(|offer| offer["region_differs"] == false && offer["state"] == "pending"), "{made:?}");
    scene.answer(&away, "refuse").await.ok().unwrap();
    let made = scene.owner.items("/my/share_offers").await.unwrap();
    let refused = made.iter().find(|offer| offer["receiver"] == "away@example.com").unwrap();
    assert_eq!((&refused["state"], &refused["region_differs"]), (&json!("refused"), &json!(true)));
    // The offer to nobody waits for whoever registers with the address.
    let late = scene.app.end_user("nobody@example.com").await.unwrap();
    scene.answer(&late, "accept").await.ok().unwrap();
    assert_eq!(late.items("/my/shares").await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_hears_within_a_moment_of_an_offer_of_an_edit_and_of_the_end() {
    let scene = Scene::start(Start::plain().with_worker()).await;
    let mut stream = listen(&scene.eva).await;
    scene.offer(EVA).await.ok().unwrap();
    let heard = hear(&mut stream).await;
    assert!(!heard.contains(&scene.site), "neither site nor device is named: {heard}");
    scene.answer(&scene.eva, "accept").await.ok().unwrap();
    hear(&mut stream).await;
    let share = id(&scene.owner.items("/my/given_shares").await.unwrap()[0]);
    let mut stream = listen(&scene.eva).await;
    let both = json!({"channels": [scene.channel(0, &json!([])), scene.channel(1, &json!(["alarm"]))]});
    let changed = scene.owner.patch(&format!("/my/given_shares/{share}"), &both).await.unwrap().ok().unwrap();
    assert_eq!(changed["channels"].as_array().unwrap().len(), 2);
    hear(&mut stream).await;
    let mut stream = listen(&scene.eva).await;
    scene.owner.delete(&format!("/my/given_shares/{share}")).await.unwrap().ok().unwrap();
    hear(&mut stream).await;
    assert!(scene.eva.items("/my/shares").await.unwrap().is_empty());
    let told = async {
        while !scene.mails_to(EVA).contains(&"share_ended".to_owned()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), told).await.context("a mail about the end").unwrap();
    assert!(scene.mails_to(EVA).contains(&"share_changed".to_owned()));
    let log = scene.owner.items(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap();
    let actions: Vec<_> = log.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..5], ["share_ended", "share_changed", "share_offer_accepted", "share_given", "share_offered"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_deleted_ends_its_shares_and_receivers_are_told() {
    let scene = Scene::start(Start::plain().with_worker()).await;
    scene.share().await;
    let mut stream = listen(&scene.eva).await;
    let company_id = scene.app.store.read(siteward_store::companies::list_companies).unwrap().remove(0).id;
    let device = scene.devices[0].parse().unwrap();
    let delete = |conn: &mut siteward_store::DbConn| {
        siteward_store::devices::delete_device(conn, &company_id, &device, chrono::Utc::now())
    };
    scene.app.store.write(delete).unwrap();
    hear(&mut stream).await;
    assert!(scene.eva.items("/my/shares").await.unwrap().is_empty());
    assert!(scene.owner.items("/my/given_shares").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_shows_their_code_is_offered_something_by_name_and_never_by_address() {
    let scene = Scene::start(Start::plain()).await;
    let code = scene.eva.post("/my/account_codes", &Value::Null).await.unwrap().ok().unwrap();
    let token = code["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let body = json!({"account_token": token, "channels": [scene.channel(0, &json!([]))]});
    let made = scene.owner.post("/my/share_offers", &body).await.unwrap().ok().unwrap();
    assert_eq!((&made["way"], &made["receiver"]), (&json!("face_to_face"), &json!("Olga Owner")));
    assert!(!made.to_string().contains(EVA), "{made}");
    scene.answer(&scene.eva, "accept").await.ok().unwrap();
    let own = scene.eva.post("/my/share_offers", &body).await.unwrap();
    assert_eq!(own.status.as_u16(), 404, "what is not theirs cannot be offered by a receiver");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_to_oneself_to_a_number_of_nothing_or_taken_back_too_late_is_refused() {
    let scene = Scene::start(Start::plain()).await;
    let oneself = scene.offer(OWNER).await;
    assert_eq!((oneself.status.as_u16(), oneself.code()), (409, "share_with_oneself"));
    let nothing = json!({"login": EVA, "channels": []});
    assert_eq!(scene.owner.post("/my/share_offers", &nothing).await.unwrap().status.as_u16(), 422);
    let no_login = json!({"login": "eva", "channels": [scene.channel(0, &json!([]))]});
    assert_eq!(scene.owner.post("/my/share_offers", &no_login).await.unwrap().status.as_u16(), 422);
    let number = scene.offer("+48 600 100 200").await;
    assert_eq!((number.status.as_u16(), number.code()), (422, "phone_not_confirmed"));
    let transfer = json!({"device_id": scene.devices[0], "login": "+48600100200", "verification_code": "ABCDEF"});
    let transfer = scene.owner.post("/my/device_transfers", &transfer).await.unwrap();
    assert_eq!((transfer.status.as_u16(), transfer.code()), (422, "phone_not_confirmed"));
    let made = id(&scene.offer(EVA).await.ok().unwrap());
    scene.answer(&scene.eva, "refuse").await.ok().unwrap();
    let late = scene.owner.delete(&format!("/my/share_offers/{made}")).await.unwrap();
    assert_eq!((late.status.as_u16(), late.code()), (409, "share_offer_answered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_shared_with_somebody_ends_at_once() {
    let scene = Scene::start(Start::plain()).await;
    let share = scene.share().await;
    let given = scene.owner.items(&format!("/my/given_shares?device_id={}", scene.devices[0])).await.unwrap();
    assert_eq!((given.len(), id(&given[0])), (1, share));
    let receiver = given[0]["receiver_id"].as_str().unwrap();
    let other = scene.owner.items(&format!("/my/given_shares?device_id={}", scene.devices[1])).await.unwrap();
    assert!(other.is_empty(), "{other:?}");
    scene.owner.delete(&format!("/my/given_shares?receiver_id={receiver}")).await.unwrap().ok().unwrap();
    assert!(scene.eva.items("/my/shares").await.unwrap().is_empty());
    let again = scene.owner.delete(&format!("/my/given_shares?receiver_id={receiver}")).await.unwrap();
    assert_eq!(again.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_of_a_share_is_changed_or_taken_back_and_the_others_stay() {
    let scene = Scene::start(Start::plain()).await;
    let channels = [scene.channel(0, &json!([])), scene.channel(1, &json!(["alarm"]))];
    let offer = json!({"login": EVA, "channels": channels});
    scene.owner.post("/my/share_offers", &offer).await.unwrap().ok().unwrap();
    scene.answer(&scene.eva, "accept").await.ok().unwrap();
    let share = format!("/my/given_shares/{}", id(&scene.owner.items("/my/given_shares").await.unwrap()[0]));
    let theirs = async || {
        let shares = scene.eva.items("/my/shares").await.unwrap();
        let channels = shares.first().map_or_else(Vec::new, |share| share["channels"].as_array().unwrap().clone());
        channels.iter().map(|one| (one["device_id"].clone(), one["permissions"].clone())).collect::<Vec<_>>()
    };
    let first = json!({"device_id": scene.devices[0], "channels": [scene.channel(0, &json!(["playback"]))]});
    scene.owner.patch(&share, &first).await.unwrap().ok().unwrap();
    let both = theirs().await;
    assert!(both.contains(&(json!(scene.devices[0]), json!(["live_view", "playback"]))), "{both:?}");
    assert!(both.contains(&(json!(scene.devices[1]), json!(["live_view", "alarm"]))), "{both:?}");

    let mixed = json!({"device_id": scene.devices[0], "channels": [scene.channel(1, &json!([]))]});
    let refused = scene.owner.patch(&share, &mixed).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "field_invalid"), "a channel of another device");
    let unknown = json!({"channels": [{"device_id": scene.site, "channel": 1}]});
    let refused = scene.owner.patch(&share, &unknown).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "share_empty"));
    assert_eq!(theirs().await.len(), 2, "nothing was changed by what was refused");

    let of = |device: usize| format!("{share}?device_id={}", scene.devices[device]);
    assert_eq!(scene.eva.delete(&of(0)).await.unwrap().status.as_u16(), 404, "not hers to take back");
    scene.owner.delete(&of(0)).await.unwrap().ok().unwrap();
    assert_eq!(theirs().await, [(json!(scene.devices[1]), json!(["live_view", "alarm"]))]);
    assert_eq!(scene.owner.delete(&of(0)).await.unwrap().status.as_u16(), 404, "it is not shared any more");
    scene.owner.delete(&of(1)).await.unwrap().ok().unwrap();
    assert!(theirs().await.is_empty() && scene.owner.items("/my/given_shares").await.unwrap().is_empty());
}
