//! What an owner allows on devices without the authorization of the site rests: they are told so wherever they allow it, and are not
//! asked for what could not work.

use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::owner::OWNER;
use siteward_tests::street::make_site;

struct Scene {
    app: App,
    admin: Client,
    site: String,
    device: String,
    _simulator: Simulator,
}

impl Scene {
    async fn start() -> Self {
        let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 19)).await.unwrap();
        let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let site = make_site(&admin, "Harbour").await.unwrap();
        let one = &simulator.devices()[0];
        let body =
            json!({"host": one.address.to_string(), "port": one.port, "user_name": one.user, "password": one.password});
        let device = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
        let device = device["id"].as_str().unwrap().to_owned();
        Self { app, admin, site, device, _simulator: simulator }
    }

    fn view(&self) -> Value {
        json!({"device_id": self.device, "permission": "live_view", "validity": "permanent"})
    }

    /// Invites an owner; gives the path of the page.
    async fn invite(&self, language: &str, devices: Vec<Value>) -> String {
        let body = json!({
            "email": OWNER, "name": "Olga", "language": language, "asks": {"site": true, "devices": devices},
        });
        self.admin.post(&format!("/sites/{}/handovers", self.site), &body).await.unwrap().ok().unwrap();
        format!("/handover/{}", self.app.token_in_mail(OWNER).unwrap())
    }

    /// The text of the newest mail of a kind.
    async fn mail(&self, template: &str) -> String {
        let mails = self.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
        let mail = mails["items"].as_array().unwrap().iter().find(|mail| mail["template"] == template).cloned();
        let id = mail.unwrap()["id"].as_str().unwrap().to_owned();
        let mail = self.admin.get(&format!("/mails/{id}")).await.unwrap().ok().unwrap();
        mail["text"].as_str().unwrap().replace('\n', " ")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_unticks_the_site_alone_reads_on_the_page_and_in_the_mail_that_the_rest_rests() {
    for (language, hint, done, mail) in [
        ("en", "rests for as long as", "rests until then", "rests until"),
        ("ru", "не действует, пока компании нельзя", "до тех пор не действует", "не действует, пока"),
    ] {
        let scene = Scene::start().await;
        scene.app.silent_end_user(OWNER).unwrap();
        let page = scene.invite(language, vec![scene.view()]).await;
        let reader = scene.app.reader();
        let shown = reader.get(&page).await.unwrap();
        assert!(shown.text.contains(hint), "{}", shown.text);
        let password = siteward_tests::app::PASSWORD;
        let accepted =
            reader.post_form(&page, &[("answer", "accept"), ("allow.0", "on"), ("password", password)]).await.unwrap();
        assert_eq!(accepted.status.as_u16(), 200, "{}", accepted.text);
        assert!(accepted.text.contains(done), "{}", accepted.text);
        for template in ["handover_welcome", "handover_accepted"] {
            let text = scene.mail(template).await;
            // The account of the kit and its Admin read English.
            assert!(text.contains(mail) || text.contains("rests until"), "{text}");
        }
        let snapshot = scene.admin.get(&format!("/devices/{}/snapshot", scene.device)).await.unwrap();
        assert_eq!(snapshot.code(), "site_not_authorized", "it is so");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_rests_nothing_is_said_of_it() {
    let scene = Scene::start().await;
    scene.app.silent_end_user(OWNER).unwrap();
    let page = scene.invite("en", Vec::new()).await;
    let reader = scene.app.reader();
    let shown = reader.get(&page).await.unwrap();
    assert!(!shown.text.contains("rests"), "{}", shown.text);
    let password = siteward_tests::app::PASSWORD;
    let accepted = reader.post_form(&page, &[("answer", "accept"), ("password", password)]).await.unwrap();
    assert!(accepted.status.as_u16() == 200 && !accepted.text.contains("rests"), "{}", accepted.text);
    assert!(!scene.mail("handover_welcome").await.contains("rests"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_on_devices_is_void_with_the_authorization_and_what_a_former_owner_answered_is_theirs() {
    let scene = Scene::start().await;
    let owner = scene.app.end_user(OWNER).await.unwrap();
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": true, "devices": []})).unwrap();
    let requests = format!("/sites/{}/grant_requests", scene.site);
    let apply = async || {
        let body = json!({"devices": [scene.view()], "remark": "Please"});
        scene.admin.post(&requests, &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (answered, waiting) = (apply().await, apply().await);
    let answer =
        async |id: &str, how: &str| owner.post(&format!("/my/grant_requests/{id}/{how}"), &json!({})).await.unwrap();
    answer(&answered, "refuse").await.ok().unwrap();
    let grants = owner.get(&format!("/my/sites/{}/grants", scene.site)).await.unwrap().ok().unwrap();
    let site = grants["items"].as_array().unwrap().iter().find(|grant| grant["permission"] == "site").cloned().unwrap();
    owner.delete(&format!("/my/grants/{}", site["id"].as_str().unwrap())).await.unwrap().ok().unwrap();
    assert_eq!(owner.get("/my/grant_requests").await.unwrap().ok().unwrap()["items"], json!([]), "nobody is asked");
    assert_eq!(answer(&waiting, "approve").await.code(), "request_ended");
    let states: Vec<Value> = scene.admin.get(&requests).await.unwrap().ok().unwrap()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, [json!("void"), json!("refused")]);
    let mine = format!("/my{requests}");
    assert_eq!(owner.get(&mine).await.unwrap().ok().unwrap()["items"].as_array().unwrap().len(), 2);

    let back =
        json!({"password": siteward_tests::app::PASSWORD, "sites": [{"site_id": scene.site, "parting": "return"}]});
    owner.send_json(http::Method::DELETE, "/my/profile", &back).await.unwrap().ok().unwrap();
    let next = scene.app.end_user("next@example.com").await.unwrap();
    scene.app.hand_site_over(&scene.site, "next@example.com", &json!({"site": true, "devices": []})).unwrap();
    assert_eq!(next.get(&mine).await.unwrap().ok().unwrap()["items"], json!([]), "what was asked before is not theirs");
    apply().await;
    assert_eq!(next.get(&mine).await.unwrap().ok().unwrap()["items"].as_array().unwrap().len(), 1);
}
