//! The mails of a handover on their way to a mail server that is not ours and has its faults (T17): one receiver gets one mail, a bounce
//! is seen, and the others are not held up.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::owner::{OWNER, invite};
use siteward_tests::street::{make_site, wait_until};

use crate::panel_accounts::ON_PANEL;
use crate::panel_accounts::scene::{Scene, panels};

struct Stage {
    app: App,
    admin: Client,
    office: ForeignMail,
}

async fn stage() -> Stage {
    let app = Start::plain().with_worker().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let office = ForeignMail::start().unwrap();
    office.be_server_of(&admin).await.unwrap();
    Stage { app, admin, office }
}

impl Stage {
    async fn invites(&self, site: &str, body: Value) -> Value {
        let site = make_site(&self.admin, site).await.unwrap();
        let mut asked = json!({"email": OWNER, "language": "en", "asks": {"site": true, "devices": []}});
        for (key, value) in body.as_object().unwrap() {
            asked[key] = value.clone();
        }
        self.admin.post(&format!("/sites/{site}/handovers"), &asked).await.unwrap().ok().unwrap()
    }

    /// The newest mail of the outbox, once `holds` of it.
    async fn mail(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let newest = async || self.admin.get("/mails?limit=1").await.unwrap().ok().unwrap()["items"][0].clone();
        wait_until(what, || async { Ok(holds(&newest().await)) }).await.unwrap();
        newest().await
    }

    async fn taken(&self, count: usize) -> Vec<Value> {
        wait_until("taken", || async { Ok(self.office.taken().len() >= count) }).await.unwrap();
        self.office.taken()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_brings_its_link_as_a_code_that_the_outbox_never_had() {
    let stage = stage().await;
    stage.invites("Harbour", json!({"name": "Olga"})).await;
    let mail = stage.taken(1).await.remove(0);
    let text = mail["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.contains("/handover/")).unwrap();
    let parts = mail["parts"].as_array().unwrap();
    assert_eq!((parts.len(), &parts[0]["type"], &parts[0]["inline"]), (1, &json!("image/png"), &json!(true)));
    let html = mail["html"].as_str().unwrap();
    let id = parts[0]["content_id"].as_str().unwrap().trim_matches(['<', '>']);
    assert!(html.contains(&format!("src=\"cid:{id}\"")) && html.contains(link), "{html}");
    let kept = stage.mail("sent", |mail| mail["state"] == "sent").await;
    let id = kept["id"].as_str().unwrap();
    let shown = stage.admin.get(&format!("/mails/{id}")).await.unwrap();
    let token = link.rsplit('/').next().unwrap();
    assert!(token.len() > 20 && !shown.text.contains(token), "{}", shown.text);
    assert!(stage.app.reader().get(&format!("/handover/{token}")).await.unwrap().status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_remarks_are_no_headers_no_tags_and_no_other_receivers() {
    let stage = stage().await;
    let name = "Ольга <b>\u{202E}\"; Bcc: thief@example.com";
    let remark = "=> Click | https://evil.example {{token}} <img src=\"qr:https://evil.example\">";
    stage
        .invites(&format!("Вилла {}", "Ж".repeat(110)), json!({"name": name, "remark": remark, "language": "ru"}))
        .await;
    let mail = stage.taken(1).await.remove(0);
    assert_eq!(mail["to"], json!([OWNER]));
    let (subject, html) = (mail["subject"].as_str().unwrap(), mail["html"].as_str().unwrap());
    assert!(subject.contains("Вилла") && !subject.contains(['\r', '\n', '\u{202E}']), "{subject}");
    assert!(!html.contains("<b>") && !html.contains("href=\"https://evil.example"), "{html}");
    assert_eq!(mail["parts"].as_array().unwrap().len(), 1, "one code, that of the link");
    assert_eq!(mail["text"].as_str().unwrap().matches("/handover/").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_seen_and_what_is_busy_goes_later_once() {
    let mut stage = stage().await;
    stage.office.fault("refuse").unwrap();
    stage.invites("Harbour", json!({})).await;
    let failed = stage.mail("failed", |mail| mail["state"] == "failed").await;
    assert_eq!((&failed["error_code"], &failed["said"]), (&json!("smtp_refused"), &json!("554 5.7.1 not this one")));
    stage.office.fault("busy").unwrap();
    let id = failed["id"].as_str().unwrap();
    stage.admin.post(&format!("/mails/{id}/send"), &json!({})).await.unwrap().ok().unwrap();
    stage.mail("busy", |mail| mail["state"] == "waiting" && mail["error_code"] == "smtp_busy").await;
    stage.office.fault("").unwrap();
    stage.mail("sent", |mail| mail["state"] == "sent").await;
    assert_eq!(stage.office.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_answer_was_cut_off_comes_again_under_the_same_message_id() {
    let mut stage = stage().await;
    stage.office.fault("cut").unwrap();
    stage.invites("Harbour", json!({})).await;
    stage.taken(1).await;
    stage.office.fault("").unwrap();
    stage.mail("sent", |mail| mail["state"] == "sent").await;
    let taken = stage.office.taken();
    let ids: BTreeSet<_> = taken.iter().map(|mail| mail["message_id"].as_str().unwrap()).collect();
    assert!(taken.len() >= 2 && ids.len() == 1, "{ids:?}");
    let links: BTreeSet<_> = taken.iter().map(|mail| mail["text"].as_str().unwrap()).collect();
    assert_eq!(links.len(), 1, "with the same link");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_nothing_holds_up_neither_the_platform_nor_what_else_its_worker_does() {
    let scene = Scene::start(panels(1, false)).await;
    let mut office = ForeignMail::start().unwrap();
    office.be_server_of(&scene.admin).await.unwrap();
    office.fault("stall").unwrap();
    let asks = json!({"site": true, "devices": []});
    let invited = async |site: &str, to: &str| {
        let site = make_site(&scene.admin, site).await.unwrap();
        invite(&scene.admin, &site, to, &asks).await.unwrap()
    };
    // More than go at once, so that the worker's whole room for mails is taken.
    let stalled: Vec<String> = (0..6).map(|number| format!("owner{number}@example.com")).collect();
    for (number, to) in stalled.iter().enumerate() {
        invited(&format!("Mill {number}"), to).await;
    }
    let are = |list: &Value, state: &str| {
        list["items"].as_array().unwrap().iter().filter(|mail| mail["state"] == state).count()
    };
    scene.told("/mails?limit=100", |list| are(list, "sending") == 4).await;

    let handover = invited("Bakery", "igor@example.com").await;
    assert_eq!(handover["state"], "not_registered");
    let device = scene.add(0, &scene.site).await;
    scene.told(&format!("/devices/{device}"), |device| device["health"] == "healthy").await;
    scene.has(0, &[ON_PANEL]).await;
    scene.app.silent_end_user(OWNER).unwrap();
    scene.app.hand_site_over(&scene.site, OWNER, &json!({"site": false, "devices": []})).unwrap();
    scene.has(0, &[OWNER]).await;
    scene.periods(&device, 2).await;
    let list = scene.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    assert!(are(&list, "sending") == 4 && are(&list, "sent") == 0, "all that while nothing was said: {list}");

    office.fault("").unwrap();
    let everybody: BTreeSet<String> = stalled.iter().cloned().chain(["igor@example.com".to_owned()]).collect();
    let taken = |office: &ForeignMail| -> Vec<String> {
        office.taken().iter().map(|mail| mail["to"][0].as_str().unwrap().to_owned()).collect()
    };
    wait_until("told everybody", || async { Ok(everybody.is_subset(&taken(&office).into_iter().collect())) })
        .await
        .unwrap();
    for to in &everybody {
        assert_eq!(taken(&office).iter().filter(|taken| *taken == to).count(), 1, "{to}");
    }
    let path = format!("/handovers/{}", handover["id"].as_str().unwrap());
    assert!(scene.admin.delete(&path).await.unwrap().status.is_success());
}
