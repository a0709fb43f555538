//! Alarm panels behind links leave clean too: when their site goes, and when whoever holds them unbinds them.

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::{LinkId, SerialNumber};
use siteward_simulator::{PanelRole, Profile, SimulatorSettings};
use siteward_store::unbinding::unbind;
use siteward_store::{StoreError, companies, links};
use siteward_tests::app::{ADMIN, App, Start};
use siteward_tests::client::Client;
use siteward_tests::lan::{Lan, Link, wait};

struct Scene {
    app: App,
    admin: Client,
    lan: Lan,
    link: Link,
    device: String,
}

/// A panel that was added by its label, with the Admin's account on it.
async fn scene() -> Scene {
    let start = Start::with_devices().set("PANELS__RECONCILE_SECONDS", "1").set("POLLING__PANEL_SECONDS", "1");
    let app = start.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let lan = Lan::start(SimulatorSettings::uniform(1, Profile::Panel, 7)).await.unwrap();
    let link = lan.site(&admin, "Harbour").await.unwrap();
    let handle = &lan.simulator.devices()[0];
    let label = json!({"text": handle.label});
    let addition = admin.post(&format!("/sites/{}/additions", link.site), &label).await.unwrap().ok().unwrap();
    let login = json!({"user_name": "admin", "password": handle.password});
    let path = format!("/additions/{}/login", addition["id"].as_str().unwrap());
    let added = admin.post(&path, &login).await.unwrap().ok().unwrap();
    let device = added["device_id"].as_str().unwrap().to_owned();
    let scene = Scene { app, admin, lan, link, device };
    scene.has(&[ADMIN]).await;
    let accounts = format!("/devices/{}/panel_accounts", scene.device);
    let known = || async {
        let list = scene.admin.get(&accounts).await?.ok()?;
        Ok(list["items"][0]["state"] == "waiting_for_sign_in")
    };
    wait(known).await.unwrap();
    scene
}

impl Scene {
    /// Waits until exactly these are on the panel besides its own accounts.
    async fn has(&self, expected: &[&str]) {
        let is_own = |role: PanelRole| matches!(role, PanelRole::LocalAdmin | PanelRole::LocalInstaller);
        let there = || async {
            let accounts = self.lan.simulator.accounts(0)?.into_iter().filter(|one| !is_own(one.role));
            Ok(accounts.map(|one| one.name).collect::<Vec<_>>() == expected)
        };
        wait(there).await.unwrap();
    }

    async fn exit(&self, state: &str) -> Value {
        let is_so = || async { Ok(self.admin.get("/panel_exits").await?.ok()?["items"][0]["state"] == state) };
        wait(is_so).await.unwrap();
        self.admin.get("/panel_exits").await.unwrap().ok().unwrap()["items"][0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_site_is_gone_at_once_and_its_link_once_the_panel_is_clean() {
    let scene = scene().await;
    scene.lan.simulator.set(0, serde_json::from_value(json!({"power": false})).unwrap()).await.unwrap();
    let site = format!("/sites/{}", scene.link.site);
    scene.admin.delete(&site).await.unwrap().ok().unwrap();
    assert_eq!(scene.admin.get(&site).await.unwrap().status, 404);
    assert_eq!(scene.admin.get(&format!("{site}/links")).await.unwrap().status, 404);
    assert_eq!(scene.admin.delete(&format!("/links/{}", scene.link.id)).await.unwrap().status, 404);
    assert_eq!(scene.admin.get("/sites").await.unwrap().ok().unwrap()["items"], json!([]));
    assert_eq!(scene.exit("running").await["site_name"], "Harbour");
    let again = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
    scene.admin.post("/sites", &again).await.unwrap().ok().unwrap();

    scene.lan.simulator.set(0, serde_json::from_value(json!({"power": true})).unwrap()).await.unwrap();
    scene.has(&[]).await;
    scene.exit("clean").await;
    let link: LinkId = scene.link.id.parse().unwrap();
    let is_gone = || async {
        let link = scene.app.store.read(|conn| {
            let company = companies::list_companies(conn)?.remove(0).id;
            links::get_link(conn, &company, &link)
        });
        Ok(matches!(link, Err(StoreError::NotFound)))
    };
    wait(is_gone).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_unbinds_a_panel_gets_it_without_the_accounts_of_those_who_had_it() {
    let scene = scene().await;
    let serial = SerialNumber::parse(&scene.lan.simulator.devices()[0].serial).unwrap();
    scene.app.store.write(|conn| unbind(conn, &serial, Utc::now())).unwrap().unwrap();
    scene.has(&[]).await;
    let exit = scene.exit("clean").await;
    assert_eq!((&exit["device_id"], &exit["reason_code"]), (&json!(scene.device), &Value::Null));
}
