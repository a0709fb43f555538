//! The handover pack from outside: what a customer was handed, on paper and as data, with its hash in the access log.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use siteward_domain::SiteId;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::access_log;
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::foreign_pdf;
use siteward_tests::owner::{OWNER, hand_over, invite};
use siteward_tests::street::{make_site, wait_until};

/// A site with the devices of a simulator, each looked at.
async fn site_of(admin: &Client, simulator: &Simulator, name: &str) -> String {
    let site = make_site(admin, name).await.unwrap();
    for device in simulator.devices() {
        let body = json!({
            "host": device.address.to_string(), "port": device.port, "user_name": device.user, "password": device.password,
        });
        admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
    }
    let known = || async {
        let page = admin.get(&format!("/devices?site_id={site}")).await?.ok()?;
        let items = page["items"].as_array().cloned().unwrap_or_default();
        Ok(!items.is_empty()
            && items.iter().all(|one| one["device"]["health"] == "healthy" || one["health"] == "healthy"))
    };
    wait_until("healthy", known).await.unwrap();
    site
}

async fn simulator() -> Simulator {
    Simulator::start(SimulatorSettings::uniform(3, Profile::Camera, 93)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_gets_the_pack_and_its_hash_stands_in_the_access_log() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let site = make_site(&admin, "Вилла & Co").await.unwrap();
    hand_over(&admin, &site, &olga, OWNER, &json!({"site": true, "devices": []})).await.unwrap();
    let answer = olga.get(&format!("/my/sites/{site}/pack")).await.unwrap();
    assert_eq!(answer.headers["content-type"], "application/json");
    let hash = hex::encode(Sha256::digest(&answer.bytes));
    let pack: Value = serde_json::from_slice(&answer.bytes).unwrap();
    assert_eq!((&pack["site"]["name"], &pack["company"]["name"]), (&json!("Вилла & Co"), &json!("Lockwood Alarms")));
    let acceptance = &pack["acceptance"];
    assert_eq!((&acceptance["owner_name"], &acceptance["owner_email"]), (&json!("Olga Owner"), &json!(OWNER)));
    assert!(!acceptance["handed_over_by"].as_str().unwrap().is_empty(), "both names are told: {acceptance}");
    assert_eq!(acceptance["allowed"]["site"], true);
    let handover = admin.get(&format!("/sites/{site}/handovers")).await.unwrap().ok().unwrap()["items"][0].clone();
    let id: SiteId = site.parse().unwrap();
    let log = app.store.read(|conn| access_log::after(conn, &id, 0, 100)).unwrap();
    let entry = log.iter().find(|entry| entry.action == "handover_pack").unwrap();
    let told: Value = serde_json::from_str(&entry.detail).unwrap();
    assert_eq!((&told["sha256"], &told["handover_id"]), (&json!(hash), &handover["id"]));

    let path = format!("/handovers/{}/pack", handover["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.unwrap().bytes, answer.bytes, "both sides have the same bytes");
    for (language, words) in [("en", ["Handover pack", "Accepted by"]), ("ru", ["Пакет передачи", "Принял"])]
    {
        for (client, path) in [(&olga, format!("/my/sites/{site}/pack")), (&admin, path.clone())] {
            let pdf = client.get(&format!("{path}/pdf?language={language}")).await.unwrap();
            assert_eq!(pdf.headers["content-type"], "application/pdf");
            let read = foreign_pdf::read(&pdf.bytes).unwrap().to_string();
            for part in words.iter().chain(&["Olga Owner", OWNER, &hash]) {
                assert!(read.contains(part), "{part}: {read}");
            }
        }
    }
    let other = app.other_admin().await.unwrap();
    assert_eq!(other.get(&path).await.unwrap().status.as_u16(), 404, "another company");
    let stranger = app.end_user("nobody@example.com").await.unwrap();
    assert_eq!(stranger.get(&format!("/my/sites/{site}/pack")).await.unwrap().status.as_u16(), 404, "another owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pack_tells_of_the_devices_as_they_were_and_stays_so() {
    let simulator = simulator().await;
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let site = site_of(&admin, &simulator, "Harbour").await;
    hand_over(&admin, &site, &olga, OWNER, &json!({"site": true, "devices": []})).await.unwrap();
    let read = async || olga.get(&format!("/my/sites/{site}/pack")).await.unwrap().ok().unwrap();
    let pack = read().await;
    let devices = pack["devices"].as_array().unwrap();
    assert_eq!(devices.len(), simulator.devices().len());
    for device in devices {
        assert_eq!(device["baseline"]["health"], "healthy", "{device}");
        assert!(!device["model"].as_str().unwrap().is_empty() && !device["firmware"].as_str().unwrap().is_empty());
    }
    for (check, outcome) in [("answers", "passed"), ("login", "passed"), ("monitored", "passed")] {
        let found = pack["checklist"].as_array().unwrap().iter().find(|one| one["check"] == check).unwrap();
        assert_eq!(found["outcome"], outcome, "{found}");
    }
    let text = pack.to_string();
    assert!(simulator.devices().iter().all(|device| !text.contains(&device.password)), "it holds no secret");
    let id = devices[0]["id"].as_str().unwrap();
    admin.patch(&format!("/devices/{id}"), &json!({"name": "Renamed"})).await.unwrap().ok().unwrap();
    assert_eq!(read().await, pack, "a pack never changes");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pack_comes_with_the_mail_that_welcomes_the_owner() {
    let app = Start::plain().with_worker().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let office = ForeignMail::start().unwrap();
    office.be_server_of(&admin).await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    hand_over(&admin, &site, &olga, OWNER, &json!({"site": false, "devices": []})).await.unwrap();
    let welcome = || office.taken().into_iter().find(|mail| mail["subject"].as_str().unwrap().contains("is yours"));
    wait_until("welcomed", || async { Ok(welcome().is_some()) }).await.unwrap();
    let mail = welcome().unwrap();
    let parts = mail["parts"].as_array().unwrap();
    let named: Vec<_> =
        parts.iter().map(|part| (part["name"].as_str().unwrap(), part["type"].as_str().unwrap())).collect();
    assert_eq!(named, [("Harbour.pdf", "application/pdf"), ("Harbour.json", "application/json")]);
    assert_eq!(parts[0]["begins"], "%PDF-");
    let pack = olga.get(&format!("/my/sites/{site}/pack")).await.unwrap();
    assert_eq!(parts[1]["sha256"], hex::encode(Sha256::digest(&pack.bytes)));
    let mails = admin.get("/mails?limit=20").await.unwrap().body;
    let sent = mails["items"].as_array().unwrap().iter().find(|one| one["template"] == "handover_welcome").unwrap();
    let id = sent["id"].as_str().unwrap();
    let shown = admin.get(&format!("/mails/{id}")).await.unwrap().ok().unwrap();
    assert_eq!(shown["attachments"][1]["size"], pack.bytes.len());
    let file = admin.get(&format!("/mails/{id}/attachments/1")).await.unwrap();
    assert_eq!(file.bytes, pack.bytes);
    assert_eq!(admin.get(&format!("/mails/{id}/attachments/2")).await.unwrap().status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_was_not_accepted_has_no_pack() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    let handover = invite(&admin, &site, OWNER, &json!({"site": true, "devices": []})).await.unwrap();
    let path = format!("/handovers/{}/pack", handover["id"].as_str().unwrap());
    for path in [path.clone(), format!("{path}/pdf")] {
        assert_eq!(admin.get(&path).await.unwrap().status.as_u16(), 404, "{path}");
    }
}
