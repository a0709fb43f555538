//! Links: how a box enrols, what its token opens, and how it ends.

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use serde_json::json;
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_tests::app::{ADMIN, App, PASSWORD, Start};
use siteward_tests::client::Client;
use siteward_tests::lan::{Lan, enrol, wait};
use siteward_tests::websocket::web_socket;
use tokio::io::AsyncReadExt as _;

async fn site(admin: &Client) -> String {
    let made = admin.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    made.body["id"].as_str().unwrap().to_owned()
}

fn box_with(code: &serde_json::Value) -> serde_json::Value {
    json!({"code": code, "version": "1.0", "system": "linux x86_64"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_enrols_one_box_once_in_whatever_form_it_is_typed() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let path = format!("/sites/{}/links", site(&admin).await);
    let made = admin.post(&path, &json!({"name": "Box"})).await.unwrap();
    assert_eq!((made.status.as_u16(), &made.body["link"]["state"]), (201, &json!("waiting")), "{}", made.body);
    let code = made.body["code"].as_str().unwrap().to_owned();
    let command = made.body["command"].as_str().unwrap();
    assert_eq!(command, format!("siteward-link enroll {} {code}", app.base));

    let stranger = app.stranger();
    let wrong = stranger.post("/link/enrolment", &box_with(&json!("AAAA-AAAA-AAAA"))).await.unwrap();
    assert_eq!((wrong.status.as_u16(), wrong.code()), (404, "enrolment_code_wrong"));
    let typed = json!(code.to_lowercase().replace('-', " "));
    let taken = stranger.post("/link/enrolment", &box_with(&typed)).await.unwrap();
    assert_eq!((taken.status.as_u16(), &taken.body["link_id"]), (201, &made.body["link"]["id"]), "{}", taken.body);
    let again = stranger.post("/link/enrolment", &box_with(&json!(code))).await.unwrap();
    assert_eq!((again.status.as_u16(), again.code()), (404, "enrolment_code_wrong"));

    let listed = admin.get(&path).await.unwrap().body;
    assert_eq!((&listed["items"][0]["state"], &listed["items"][0]["version"]), (&json!("offline"), &json!("1.0")));
    let token = taken.body["token"].as_str().unwrap();
    assert!(!listed.to_string().contains(token) && !listed.to_string().contains(&code));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_codes_from_one_address_is_made_to_wait() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let made = admin.post(&format!("/sites/{}/links", site(&admin).await), &json!({"name": "Box"})).await.unwrap().body;
    for _ in 0..10 {
        let wrong = app.stranger().post("/link/enrolment", &box_with(&json!("AAAA-AAAA-AAAA"))).await.unwrap();
        assert_eq!(wrong.code(), "enrolment_code_wrong");
    }
    let right = app.stranger().post("/link/enrolment", &box_with(&made["code"])).await.unwrap();
    assert_eq!((right.status.as_u16(), right.code()), (429, "too_many_requests"));
    assert!(right.headers.contains_key("retry-after"));
    // Signing in from there is another matter.
    let mut person = app.stranger();
    assert!(person.sign_in(ADMIN, PASSWORD).await.unwrap().status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_moves_the_link_to_another_box_when_it_is_taken() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (id, first) = enrol(&admin, &site(&admin).await).await.unwrap();
    let bearer = |token: &str| format!("Authorization: Bearer {token}");
    let renewed = admin.post(&format!("/links/{id}/code"), &json!({})).await.unwrap();
    assert_eq!(renewed.status.as_u16(), 200, "{}", renewed.body);
    assert_eq!(web_socket(&app.base, "/link/session", &bearer(&first)).await.unwrap().0, 101);
    let taken = app.stranger().post("/link/enrolment", &box_with(&renewed.body["code"])).await.unwrap().ok().unwrap();
    assert_eq!(taken["link_id"], json!(id));
    assert_eq!(web_socket(&app.base, "/link/session", &bearer(&first)).await.unwrap().0, 401);
    assert_eq!(web_socket(&app.base, "/link/session", &bearer(taken["token"].as_str().unwrap())).await.unwrap().0, 101);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_good_token_opens_a_session_and_only_our_processes_forward() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (id, token) = enrol(&admin, &site(&admin).await).await.unwrap();
    for header in ["X-Nothing: 1", "Authorization: Bearer wrong", "Authorization: Bearer ", "Authorization: Basic eDp5"]
    {
        assert_eq!(web_socket(&app.base, "/link/session", header).await.unwrap().0, 401, "{header}");
    }
    // A person's session is none of an agent's.
    let plain = admin.get("/link/session").await.unwrap();
    assert_eq!((plain.status.as_u16(), plain.code()), (401, "link_token_wrong"));
    let forward = format!("/link/forward/{id}");
    for header in [
        "X-Nothing: 1".to_owned(),
        format!("Authorization: Bearer {token}"),
        format!("X-Siteward-Forward: {}.{}", chrono::Utc::now().timestamp(), "0".repeat(64)),
    ] {
        assert_eq!(web_socket(&app.base, &forward, &header).await.unwrap().0, 403, "{header}");
    }
    assert_eq!(admin.get(&forward).await.unwrap().code(), "forward_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_is_out_within_a_second_and_its_token_opens_nothing() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = site(&admin).await;
    let (id, token) = enrol(&admin, &site).await.unwrap();
    let bearer = format!("Authorization: Bearer {token}");
    let (status, mut session) = web_socket(&app.base, "/link/session", &bearer).await.unwrap();
    assert_eq!(status, 101);
    let path = format!("/sites/{site}/links");
    wait(|| async { Ok(admin.get(&path).await?.body["items"][0]["state"] == "online") }).await.unwrap();

    assert_eq!(admin.delete(&format!("/links/{id}")).await.unwrap().status.as_u16(), 204);
    let revoked = Instant::now();
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), session.read_to_end(&mut rest)).await;
    assert!(ended.is_ok() && revoked.elapsed() < Duration::from_secs(1), "after {:?}", revoked.elapsed());
    assert_eq!(web_socket(&app.base, "/link/session", &bearer).await.unwrap().0, 410);
    assert_eq!(admin.get(&path).await.unwrap().body["items"][0]["state"], "revoked");
    let renewed = admin.post(&format!("/links/{id}/code"), &json!({})).await.unwrap();
    assert_eq!((renewed.status.as_u16(), renewed.code()), (410, "link_revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_tells_what_it_finds_and_looks_again_when_asked() {
    let app = Start::plain().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut settings = SimulatorSettings::uniform(3, Profile::Camera, 41);
    settings.devices[2].power = false;
    let lan = Lan::start(settings).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let listed = admin.get(&format!("/sites/{}/links", link.site)).await.unwrap().body;
    assert_eq!((&listed["items"][0]["state"], &listed["items"][0]["devices_found"]), (&json!("online"), &json!(2)));
    assert_ne!(listed["items"][0]["version"], json!("1.0"), "it tells its own version when it connects");

    lan.simulator.set(2, serde_json::from_value(json!({"power": true})).unwrap()).await.unwrap();
    let discovered = admin.post(&format!("/links/{}/discover", link.id), &json!({})).await.unwrap();
    assert_eq!(discovered.status.as_u16(), 202, "{}", discovered.body);
    let items = discovered.body["items"].as_array().unwrap().clone();
    let mut serials: Vec<_> = lan.simulator.devices().iter().map(|device| json!(device.serial)).collect();
    serials.sort_by_key(ToString::to_string);
    assert_eq!(items.iter().map(|item| item["serial"].clone()).collect::<Vec<_>>(), serials);
    assert!(items.iter().all(|item| item["online"] == true && item["next"] == "enter_login"), "{items:?}");

    admin.delete(&format!("/links/{}", link.id)).await.unwrap();
    let gone = admin.post(&format!("/links/{}/discover", link.id), &json!({})).await.unwrap();
    assert_eq!((gone.status.as_u16(), gone.code()), (409, "link_offline"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_another_process_holds_serves_this_one_too() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(2, Profile::Camera, 42)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let other = app.beside().await.unwrap();
    let mut there = Client::new(&other.base);
    there.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();

    let discovered = there.post(&format!("/links/{}/discover", link.id), &json!({})).await.unwrap();
    assert_eq!(discovered.status.as_u16(), 202, "{}", discovered.body);
    assert_eq!(discovered.body["items"].as_array().unwrap().len(), 2);
    let device = &lan.simulator.devices()[0];
    let label = json!({"text": device.label, "password": device.password});
    let added = there.post(&format!("/sites/{}/additions", link.site), &label).await.unwrap().ok().unwrap();
    assert_eq!(added["state"], "added", "{added}");

    // Revoked in one process, it is out in the other, and for all.
    assert_eq!(there.delete(&format!("/links/{}", link.id)).await.unwrap().status.as_u16(), 204);
    let revoked = Instant::now();
    let down = || async {
        let label = json!({"text": lan.simulator.devices()[1].label});
        let answer = there.post(&format!("/links/{}/discover", link.id), &json!({})).await?;
        let begun = there.post(&format!("/sites/{}/additions", link.site), &label).await?.ok()?;
        Ok(answer.code() == "link_offline" && begun["online"] != true)
    };
    wait(down).await.unwrap();
    assert!(revoked.elapsed() < Duration::from_secs(2), "after {:?}", revoked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_stream_tells_of_links_and_additions() {
    let app = Start::plain().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Camera, 43)).await.unwrap();
    let mut stream = admin.stream("/live").await.unwrap().into_body();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let label = json!({"text": lan.simulator.devices()[0].label});
    admin.post(&format!("/sites/{}/additions", link.site), &label).await.unwrap().ok().unwrap();
    admin.delete(&format!("/links/{}", link.id)).await.unwrap();
    let mut told = String::new();
    let hearing = async {
        while let Some(frame) = stream.frame().await {
            told.push_str(&String::from_utf8_lossy(frame.unwrap().data_ref().unwrap()));
            let kinds = ["link_created", "link_online", "addition_changed", "link_revoked"];
            if kinds.iter().all(|kind| told.contains(&format!(r#""kind":"{kind}""#))) {
                return;
            }
        }
    };
    let heard = tokio::time::timeout(Duration::from_secs(10), hearing).await;
    assert!(heard.is_ok(), "{told}");
}
