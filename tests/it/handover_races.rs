//! What a company does on a site at the very instant at which its customer accepts: it waits for the acceptance, and is then
//! asked again whether it may.

use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::Utc;
use http::Method;
use serde_json::{Value, json};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, SiteId};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::{Store, sites, staff};
use siteward_tests::app::{ADMIN, App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;
use siteward_tests::street::make_site;

/// So long a request is watched that is to wait for somebody else's commit.
const WATCHED: Duration = Duration::from_millis(250);
/// So long nobody keeps a site held, whatever happens to the test.
const LONGEST_HOLD: Duration = Duration::from_secs(20);

struct Scene {
    app: App,
    admin: Client,
    company: CompanyId,
    site: SiteId,
}

impl Scene {
    async fn start() -> Self {
        let app = Start::with_devices().run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let site = make_site(&admin, "Harbour").await.unwrap().parse().unwrap();
        let company = app.store.read(|conn| staff::find_by_email(conn, ADMIN)).unwrap().unwrap().company_id;
        Self { app, admin, company, site }
    }

    fn be(&self, status: SiteStatus) {
        set(&self.app.store, &self.company, &self.site, status, || ());
    }

    /// Sends a request while somebody changes the status of the site in a transaction that has not ended yet. It must wait.
    async fn while_it_becomes(&self, status: SiteStatus, method: &Method, path: &str, body: &Value) -> Answer {
        let (held, is_held) = mpsc::channel();
        let (end, may_end) = mpsc::channel::<()>();
        let (store, company, site) = (self.app.store.clone(), self.company.clone(), self.site.clone());
        let changing = std::thread::spawn(move || {
            set(&store, &company, &site, status, || {
                let _ = held.send(());
                let _ = may_end.recv_timeout(LONGEST_HOLD);
            });
        });
        is_held.recv().unwrap();
        let mut request = Box::pin(self.admin.send_json(method.clone(), path, body));
        let early = tokio::time::timeout(WATCHED, &mut request).await;
        end.send(()).unwrap();
        let answer = match early {
            Ok(answer) => answer.unwrap(),
            Err(_) => request.await.unwrap(),
        };
        changing.join().map_err(|_| anyhow::anyhow!("it broke")).context("changing the status").unwrap();
        answer
    }
}

fn set(store: &Store, company: &CompanyId, site: &SiteId, status: SiteStatus, before_the_commit: impl Fn()) {
    let change = store.write(|conn| {
        sites::hold_site(conn, company, site)?;
        sites::set_status(conn, company, site, status, Utc::now())?;
        before_the_commit();
        Ok(())
    });
    change.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_company_does_while_its_customer_accepts_waits_and_is_refused() {
    let simulator = Simulator::start(SimulatorSettings::uniform(2, Profile::Camera, 17)).await.unwrap();
    let scene = Scene::start().await;
    let (admin, site) = (&scene.admin, &scene.site);
    let elsewhere = make_site(admin, "Pier").await.unwrap();
    let by_address = |place: usize| {
        let one = &simulator.devices()[place];
        json!({"host": one.address.to_string(), "port": one.port, "user_name": one.user, "password": one.password})
    };
    let device = admin.post(&format!("/sites/{site}/devices"), &by_address(0)).await.unwrap().ok().unwrap();
    let device = device["id"].as_str().unwrap();
    let link = admin.post(&format!("/sites/{site}/links"), &json!({"name": "Attic"})).await.unwrap().ok().unwrap();
    let link = link["link"]["id"].as_str().or(link["id"].as_str()).unwrap().to_owned();
    let of_site = |rest: &str| format!("/sites/{site}{rest}");
    let of_device = |rest: &str| format!("/devices/{device}{rest}");
    let cases = [
        (Method::POST, of_site("/devices"), by_address(1)),
        (Method::POST, of_site("/additions"), json!({"serial": "Q12345678"})),
        (Method::POST, of_site("/links"), json!({"name": "Cellar"})),
        (Method::PATCH, format!("/links/{link}"), json!({"name": "Roof"})),
        (Method::POST, of_site("/time"), json!({})),
        (Method::PUT, of_site("/monitoring"), json!({"on": false})),
        (Method::PATCH, of_site(""), json!({"name": "Port"})),
        (Method::PUT, of_device("/monitoring"), json!({"on": false})),
        (Method::PATCH, of_device(""), json!({"name": "Gate"})),
        (Method::POST, of_device("/check"), json!({})),
        (Method::POST, of_device("/event_listener"), json!({})),
        (Method::POST, of_device("/move"), json!({"site_id": elsewhere})),
        (Method::DELETE, of_device(""), json!({})),
        (Method::DELETE, of_site(""), json!({})),
    ];
    for (method, path, body) in cases {
        scene.be(SiteStatus::NotAccepted);
        let answer = scene.while_it_becomes(SiteStatus::NotAuthorized, &method, &path, &body).await;
        let told = (answer.status.as_u16(), &answer.body["code"]);
        assert_eq!(told, (409, &json!("site_not_authorized")), "{method} {path}: {}", answer.body);
    }
    let page = admin.get(&format!("/devices?site_id={site}")).await.unwrap().ok().unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "nothing came or went: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_waits_for_the_owner_who_just_authorizes_and_is_not_needed_any_more() {
    let scene = Scene::start().await;
    scene.app.silent_end_user(OWNER).unwrap();
    scene.app.hand_site_over(scene.site.as_str(), OWNER, &json!({"site": false, "devices": []})).unwrap();
    let path = format!("/sites/{}/grant_requests", scene.site);
    let body = json!({"site": true, "devices": [], "remark": ""});
    let answer = scene.while_it_becomes(SiteStatus::Authorized, &Method::POST, &path, &body).await;
    assert_eq!(answer.status.as_u16(), 409, "{}", answer.body);
    let waiting = scene.admin.get(&path).await.unwrap().ok().unwrap();
    assert_eq!(waiting["items"], json!([]), "the owner is asked for nothing that is there");
}
