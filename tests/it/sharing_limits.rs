//! How far sharing goes (R-E3, R-E8), over HTTP: what is too much or too old is refused with its reason, and nothing is changed by it.

use anyhow::Context as _;
use chrono::{Duration, Utc};
use serde_json::{Value, json};
use siteward_domain::share::{
    GiverKind, MOST_APPLICATIONS_A_CODE, MOST_CHANNELS, MOST_CODES, MOST_GIVERS, MOST_OFFERS_WAITING, MOST_RECEIVERS,
    OfferWay, ShareCodeKind, SharedChannel,
};
use siteward_domain::{EndUserId, ShareCodeId, ShareId, ShareOfferId};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::share_codes::{NewShareCode, create_code};
use siteward_store::share_offers::{NewShareOffer, create_offer};
use siteward_store::shares::{self, NewShare};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;

const EVA: &str = "eva@example.com";

/// Olga owns a site with a camera and one of an old firmware; Eva owns nothing.
struct Scene {
    app: App,
    owner: Client,
    eva: Client,
    site: String,
    devices: Vec<String>,
    _simulator: Simulator,
}

impl Scene {
    async fn start() -> Self {
        let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let (owner, eva) = (app.end_user(OWNER).await.unwrap(), app.end_user(EVA).await.unwrap());
        let mut settings = SimulatorSettings::uniform(2, Profile::Camera, 7);
        settings.devices[1].firmware = Some("V5.2.8 build 140721".to_owned());
        let simulator = Simulator::start(settings).await.unwrap();
        let site = json!({"name": "Villa", "time_zone": "Europe/Berlin"});
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

    fn first_channel(&self) -> SharedChannel {
        SharedChannel { device_id: self.devices[0].parse().unwrap(), channel: 1, permissions: Vec::new() }
    }

    fn olga(&self) -> EndUserId {
        self.app.end_user_id(OWNER).unwrap()
    }

    /// Somebody shares the first channel with somebody already.
    fn shared(&self, giver: &EndUserId, receiver: &EndUserId) {
        let now = Utc::now();
        let share = NewShare {
            id: ShareId::generate(now),
            site_id: self.site.parse().unwrap(),
            giver_kind: GiverKind::EndUser,
            giver_id: giver.to_string(),
            receiver_id: receiver.clone(),
            channels: vec![self.first_channel()],
        };
        self.app.store.write(|conn| shares::give(conn, &share, "test", now)).unwrap().unwrap();
    }

    async fn offer(&self, device: usize, channels: std::ops::RangeInclusive<usize>) -> Answer {
        let channels: Vec<Value> =
            channels.map(|channel| json!({"device_id": self.devices[device], "channel": channel})).collect();
        self.owner.post("/my/share_offers", &json!({"login": EVA, "channels": channels})).await.unwrap()
    }

    /// Eva accepts what is offered to her, which is refused, and goes on waiting.
    async fn is_refused(&self, code: &str) {
        let offer = id(&self.eva.items("/my/received_offers").await.unwrap()[0]);
        let refused = self.eva.post(&format!("/my/received_offers/{offer}/accept"), &json!({})).await.unwrap();
        assert_eq!(told(&refused), (409, code), "{}", refused.body);
        assert_eq!(self.eva.items("/my/received_offers").await.unwrap().len(), 1, "it waits on");
        assert_eq!(self.owner.items("/my/share_offers").await.unwrap()[0]["state"], "pending");
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().context("an id").unwrap().to_owned()
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_65th_account_gets_no_channel_and_waits() {
    let scene = Scene::start().await;
    let olga = scene.olga();
    for number in 0..MOST_RECEIVERS {
        let one = scene.app.silent_end_user(&format!("n{number}@example.com")).unwrap();
        scene.shared(&olga, &one);
    }
    scene.offer(0, 1..=1).await.ok().unwrap();
    scene.is_refused("share_channel_full").await;
    assert!(scene.eva.items("/my/shares").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_receives_from_a_hundred_gets_nothing_of_another() {
    let scene = Scene::start().await;
    let eva = scene.app.end_user_id(EVA).unwrap();
    for number in 0..MOST_GIVERS {
        let one = scene.app.silent_end_user(&format!("n{number}@example.com")).unwrap();
        scene.shared(&one, &eva);
    }
    scene.offer(0, 1..=1).await.ok().unwrap();
    scene.is_refused("share_receiver_full").await;
    assert!(scene.owner.items("/my/given_shares").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_with_too_old_a_firmware_is_not_offered_and_the_one_it_needs_is_named() {
    let scene = Scene::start().await;
    let refused = scene.offer(1, 1..=1).await;
    assert_eq!(told(&refused), (409, "share_firmware_too_old"));
    assert_eq!(refused.body["details"], json!({"needed": "V5.3.0"}));
    assert!(scene.eva.items("/my/received_offers").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_does_not_grow_beyond_what_one_share_may_have() {
    let scene = Scene::start().await;
    scene.offer(0, 1..=MOST_CHANNELS).await.ok().unwrap();
    let refused = scene.offer(0, MOST_CHANNELS + 1..=MOST_CHANNELS + 1).await;
    assert_eq!(told(&refused), (409, "share_too_many_channels"));
    let offers = scene.eva.items("/my/received_offers").await.unwrap();
    assert_eq!((offers.len(), offers[0]["channels"].as_array().unwrap().len()), (1, MOST_CHANNELS));
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_offers_wait_and_no_more() {
    let scene = Scene::start().await;
    let now = Utc::now();
    let offer = |number| NewShareOffer {
        id: ShareOfferId::generate(now),
        site_id: scene.site.parse().unwrap(),
        giver_id: scene.olga(),
        receiver_login: format!("n{number}@example.com"),
        receiver_id: None,
        way: OfferWay::Account,
        channels: vec![scene.first_channel()],
    };
    let all = |conn: &mut siteward_store::DbConn| {
        (0..MOST_OFFERS_WAITING).try_for_each(|number| create_offer(conn, &offer(number), now).map(drop))
    };
    scene.app.store.write(all).unwrap();
    assert_eq!(told(&scene.offer(0, 1..=1).await), (409, "share_offers_full"));
    assert!(scene.eva.items("/my/received_offers").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_codes_are_good_at_once_and_no_more() {
    let scene = Scene::start().await;
    let now = Utc::now();
    for number in 0..MOST_CODES {
        let code = NewShareCode {
            id: ShareCodeId::generate(now),
            site_id: scene.site.parse().unwrap(),
            giver_id: scene.olga(),
            kind: ShareCodeKind::Temporary,
            label: String::new(),
            token_hash: format!("token {number}"),
            password_hash: None,
            most_receivers: None,
            expires_at: now + Duration::seconds(300),
            channels: vec![scene.first_channel()],
        };
        assert!(scene.app.store.write(|conn| create_code(conn, &code, now)).unwrap().is_ok());
    }
    let body = json!({"kind": "temporary", "channels": [{"device_id": scene.devices[0], "channel": 1}]});
    let refused = scene.owner.post("/my/share_codes", &body).await.unwrap();
    assert_eq!(told(&refused), (409, "share_codes_too_many"));
    assert_eq!(scene.owner.items("/my/share_codes?limit=100").await.unwrap().len(), MOST_CODES);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_refused_three_times_does_not_apply_with_that_code_again() {
    let scene = Scene::start().await;
    let body = json!({"kind": "temporary", "channels": [{"device_id": scene.devices[0], "channel": 1}]});
    let code = scene.owner.post("/my/share_codes", &body).await.unwrap().ok().unwrap();
    let token = json!({"token": code["url"].as_str().unwrap().split_once('#').unwrap().1});
    for _ in 0..MOST_APPLICATIONS_A_CODE {
        let applied = scene.eva.post("/my/share_applications", &token).await.unwrap().ok().unwrap();
        let path = format!("/my/share_applications/{}/refuse", id(&applied));
        scene.owner.post(&path, &json!({})).await.unwrap().ok().unwrap();
    }
    let refused = scene.eva.post("/my/share_applications", &token).await.unwrap();
    assert_eq!(told(&refused), (409, "share_application_too_often"));
    assert!(scene.owner.items("/my/share_applications").await.unwrap().is_empty());
}
