//! Companies come and go (R-G5, R-G6, R-T5) and rental, over HTTP: who sees a site, and who does not any more.

use http::Method;
use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::companies::list_companies;
use siteward_store::mails::list_mails;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start};
use siteward_tests::client::Client;
use siteward_tests::owner::OWNER;

/// A site with a device that was handed over, its owner, the company that installed it and another one.
struct Scene {
    app: App,
    admin: Client,
    rival: Client,
    owner: Client,
    site: String,
    device: String,
    _simulator: Simulator,
}

impl Scene {
    async fn start() -> Self {
        let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
        let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
        let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 5)).await.unwrap();
        let owner = app.end_user(OWNER).await.unwrap();
        let site = created(&admin, "/sites", &json!({"name": "Villa", "time_zone": "Europe/Berlin"})).await;
        let handle = &simulator.devices()[0];
        let login = json!({
            "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
        });
        let device = created(&admin, &format!("/sites/{site}/devices"), &login).await;
        app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        Self { app, admin, rival, owner, site, device, _simulator: simulator }
    }

    async fn take_away(&self) {
        self.owner.delete(&format!("/my/sites/{}/company", self.site)).await.unwrap().ok().unwrap();
    }

    /// Status of the site and of its device for somebody of a company.
    async fn seen_by(&self, client: &Client) -> (u16, u16) {
        let site = client.get(&format!("/sites/{}", self.site)).await.unwrap().status;
        (site.as_u16(), client.get(&format!("/devices/{}", self.device)).await.unwrap().status.as_u16())
    }

    async fn custody(&self) -> Value {
        self.owner.get(&format!("/my/sites/{}/custody", self.site)).await.unwrap().ok().unwrap()
    }

    /// The token of the mail that invites a company.
    async fn invite(&self, email: &str) -> String {
        let body = json!({"email": email, "remark": "Please", "asks": {"site": true}});
        let path = format!("/my/sites/{}/company_invitations", self.site);
        self.owner.post(&path, &body).await.unwrap().ok().unwrap();
        self.app.token_in_mail(email).unwrap()
    }

    /// The kinds of mails that somebody got from companies, oldest first.
    fn mails_to(&self, receiver: &str) -> Vec<String> {
        let mails = self.app.store.read(|conn| {
            let mut all = Vec::new();
            for company in list_companies(conn)? {
                all.extend(list_mails(conn, &company.id, None, None, 100)?.items);
            }
            Ok(all)
        });
        let mut mails: Vec<_> = mails.unwrap().into_iter().filter(|mail| mail.receiver == receiver).collect();
        mails.sort_by_key(|mail| mail.id.clone());
        mails.iter().map(|mail| mail.template.as_str().to_owned()).collect()
    }
}

async fn created(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_its_owner_takes_away_is_gone_for_the_companys_people_and_stays_the_owners() {
    let scene = Scene::start().await;
    assert_eq!(scene.seen_by(&scene.admin).await, (200, 200));
    scene.take_away().await;
    assert_eq!(scene.seen_by(&scene.admin).await, (404, 404));
    for list in ["/sites", "/devices", "/exceptions", "/incidents"] {
        let page = scene.admin.get(list).await.unwrap().ok().unwrap();
        assert_eq!(page["items"], json!([]), "{list}");
    }
    let custody = scene.custody().await;
    assert_eq!((&custody["company_name"], custody["unserved_since"].is_string()), (&Value::Null, true));
    let devices = scene.owner.get(&format!("/my/sites/{}/devices", scene.site)).await.unwrap().ok().unwrap();
    assert_eq!(devices["items"].as_array().unwrap().len(), 1);
    assert!(scene.mails_to(ADMIN).contains(&"site_taken_away".to_owned()));
    let again = scene.owner.delete(&format!("/my/sites/{}/company", scene.site)).await.unwrap();
    assert_eq!((again.status.as_u16(), again.code()), (409, "site_not_served"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_asks_for_a_site_by_its_number_and_serves_it_when_the_owner_agrees() {
    let scene = Scene::start().await;
    let ask = json!({"site_id": scene.site, "site": true, "remark": "We know the house"});
    let while_served = scene.rival.post("/service_requests", &ask).await.unwrap();
    let nothing = json!({"site_id": "01890f00-0000-7000-8000-000000000001"});
    let nothing = scene.rival.post("/service_requests", &nothing).await.unwrap();
    assert_eq!((while_served.status.as_u16(), while_served.code()), (404, nothing.code()));
    scene.take_away().await;
    let asked = created(&scene.rival, "/service_requests", &ask).await;
    assert_eq!(scene.seen_by(&scene.rival).await, (404, 404), "not before the owner agrees");
    assert_eq!(scene.rival.post("/service_requests", &ask).await.unwrap().code(), "request_open");
    let answer = format!("/my/grant_requests/{asked}/approve");
    scene.owner.post(&answer, &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(scene.seen_by(&scene.rival).await, (200, 200));
    assert_eq!(scene.seen_by(&scene.admin).await, (404, 404));
    let site = scene.rival.get(&format!("/sites/{}", scene.site)).await.unwrap().ok().unwrap();
    assert_eq!(site["status"], "authorized");
    let log = scene.owner.get(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap().ok().unwrap();
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    for action in ["site_taken_away", "site_served"] {
        assert!(actions.contains(&json!(action)), "{actions:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_or_withdrawn_application_to_serve_changes_nothing() {
    let scene = Scene::start().await;
    scene.take_away().await;
    let ask = json!({"site_id": scene.site});
    let first = created(&scene.rival, "/service_requests", &ask).await;
    scene.owner.post(&format!("/my/grant_requests/{first}/refuse"), &json!({})).await.unwrap().ok().unwrap();
    let second = created(&scene.rival, "/service_requests", &ask).await;
    scene.rival.delete(&format!("/grant_requests/{second}")).await.unwrap().ok().unwrap();
    let late = scene.owner.post(&format!("/my/grant_requests/{second}/approve"), &json!({})).await.unwrap();
    assert_eq!(late.status, 409);
    assert_eq!(scene.seen_by(&scene.rival).await, (404, 404));
    let mine = scene.rival.get("/service_requests").await.unwrap().ok().unwrap();
    let states: Vec<_> = mine["items"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["withdrawn", "refused"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_invites_a_company_which_serves_the_site_instead_of_the_one_that_does() {
    let scene = Scene::start().await;
    let token = scene.invite("office@rival.example").await;
    let path = format!("/service_invitations/{token}");
    let shown = scene.rival.get(&path).await.unwrap().ok().unwrap();
    assert_eq!(
        (&shown["site_name"], &shown["remark"], &shown["site"]),
        (&json!("Villa"), &json!("Please"), &json!(true))
    );
    let accepted = scene.rival.post(&format!("{path}/accept"), &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(accepted["site_id"], scene.site.as_str());
    assert_eq!((scene.seen_by(&scene.rival).await, scene.seen_by(&scene.admin).await), ((200, 200), (404, 404)));
    assert!(scene.mails_to(ADMIN).contains(&"site_taken_away".to_owned()));
    assert!(scene.mails_to(OWNER).contains(&"site_served".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_used_cancelled_or_made_up_answers_the_same() {
    let scene = Scene::start().await;
    let used = scene.invite("one@rival.example").await;
    scene.rival.post(&format!("/service_invitations/{used}/refuse"), &json!({})).await.unwrap().ok().unwrap();
    let cancelled = scene.invite("two@rival.example").await;
    let path = format!("/my/sites/{}/company_invitations", scene.site);
    let listed = scene.owner.get(&path).await.unwrap().ok().unwrap();
    let id = listed["items"][0]["id"].as_str().unwrap();
    scene.owner.delete(&format!("/my/company_invitations/{id}")).await.unwrap().ok().unwrap();
    for token in [used.as_str(), cancelled.as_str(), "made-up"] {
        let shown = scene.rival.get(&format!("/service_invitations/{token}")).await.unwrap();
        assert_eq!((shown.status.as_u16(), shown.code()), (410, "service_invitation_gone"), "{token}");
        for what in ["accept", "refuse"] {
            let path = format!("/service_invitations/{token}/{what}");
            let answer = scene.rival.post(&path, &json!({})).await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.code()), (410, "service_invitation_gone"), "{what} {token}");
        }
    }
    assert_eq!(scene.seen_by(&scene.rival).await, (404, 404));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_clicks_on_an_invitation_at_once_one_accepts() {
    let scene = Scene::start().await;
    let token = scene.invite("office@rival.example").await;
    let path = format!("/service_invitations/{token}/accept");
    let body = json!({});
    let (one, two) = tokio::join!(scene.rival.post(&path, &body), scene.rival.post(&path, &body));
    let mut statuses = [one.unwrap().status, two.unwrap().status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_use_is_paused_only_after_the_owner_agreed_to_rental_and_then_stands_still() {
    let scene = Scene::start().await;
    let (admin, path) = (&scene.admin, &format!("/sites/{}/suspension", scene.site));
    let suspend = |on: bool| async move { admin.send_json(Method::PUT, path, &json!({"on": on})).await.unwrap() };
    assert_eq!(suspend(true).await.code(), "rental_not_agreed");
    let rental = format!("/sites/{}/rental", scene.site);
    scene.admin.post(&rental, &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(scene.admin.post(&rental, &json!({})).await.unwrap().code(), "rental_not_possible");
    assert_eq!(suspend(true).await.code(), "rental_not_agreed");
    let waiting = scene.owner.get("/my/grant_requests").await.unwrap().ok().unwrap();
    let id = waiting["items"][0]["id"].as_str().unwrap();
    scene.owner.post(&format!("/my/grant_requests/{id}/approve"), &json!({})).await.unwrap().ok().unwrap();
    assert!(suspend(true).await.ok().unwrap()["suspended_at"].is_string());
    let device = format!("/my/devices/{}", scene.device);
    assert_eq!(scene.owner.get(&device).await.unwrap().status, 404);
    let away = scene.owner.delete(&format!("/my/sites/{}/company", scene.site)).await.unwrap();
    assert_eq!(away.code(), "site_suspended");
    assert_eq!(suspend(false).await.ok().unwrap()["suspended_at"], Value::Null);
    assert_eq!(scene.owner.get(&device).await.unwrap().status, 200);
    for template in ["use_suspended", "use_resumed"] {
        assert!(scene.mails_to(OWNER).contains(&template.to_owned()), "{template}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_ends_the_rental_and_the_other_is_told() {
    let scene = Scene::start().await;
    let (theirs, mine) = (format!("/sites/{}/rental", scene.site), format!("/my/sites/{}/rental", scene.site));
    let custody = format!("/sites/{}/custody", scene.site);
    let agree = async || {
        scene.admin.post(&theirs, &json!({})).await.unwrap().ok().unwrap();
        let waiting = scene.owner.get("/my/grant_requests").await.unwrap().ok().unwrap();
        let id = waiting["items"][0]["id"].as_str().unwrap().to_owned();
        scene.owner.post(&format!("/my/grant_requests/{id}/approve"), &json!({})).await.unwrap().ok().unwrap();
    };
    let suspension = format!("/sites/{}/suspension", scene.site);
    let suspend = async || scene.admin.send_json(Method::PUT, &suspension, &json!({"on": true})).await.unwrap();
    let rental = async || scene.admin.get(&custody).await.unwrap().ok().unwrap();
    for (client, path) in [(&scene.admin, &theirs), (&scene.owner, &mine)] {
        assert_eq!(client.delete(path).await.unwrap().code(), "rental_not_agreed", "{path}");
    }

    agree().await;
    assert_eq!(scene.owner.delete(&mine).await.unwrap().ok().unwrap()["rental"], "none");
    assert_eq!(suspend().await.code(), "rental_not_agreed");
    assert!(scene.mails_to(ADMIN).contains(&"rental_ended_by_owner".to_owned()));

    agree().await;
    suspend().await.ok().unwrap();
    assert_eq!(
        scene.owner.delete(&mine).await.unwrap().code(),
        "site_suspended",
        "what is paused is not given back so"
    );
    assert_eq!(rental().await["rental"], "agreed");
    assert_eq!(scene.rival.delete(&theirs).await.unwrap().status, 404);
    let ended = scene.admin.delete(&theirs).await.unwrap().ok().unwrap();
    assert_eq!((&ended["rental"], &ended["suspended_at"]), (&json!("none"), &Value::Null), "the pause ends with it");
    assert_eq!(scene.owner.get(&format!("/my/devices/{}", scene.device)).await.unwrap().status, 200);
    assert!(scene.mails_to(OWNER).contains(&"rental_ended".to_owned()));
    let log = scene.owner.get(&format!("/my/sites/{}/access_log", scene.site)).await.unwrap().ok().unwrap();
    let ended = |one: &&Value| one["action"] == "rental_ended";
    assert_eq!(log["items"].as_array().unwrap().iter().filter(ended).count(), 2, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_to_serve_says_why_it_cannot_be_accepted_now() {
    let scene = Scene::start().await;
    let token = scene.invite("office@rival.example").await;
    let path = format!("/service_invitations/{token}/accept");
    assert_eq!(scene.admin.post(&path, &json!({})).await.unwrap().code(), "site_served_already");
    let rental = format!("/sites/{}/rental", scene.site);
    scene.admin.post(&rental, &json!({})).await.unwrap().ok().unwrap();
    let waiting = scene.owner.get("/my/grant_requests").await.unwrap().ok().unwrap();
    let id = waiting["items"][0]["id"].as_str().unwrap();
    scene.owner.post(&format!("/my/grant_requests/{id}/approve"), &json!({})).await.unwrap().ok().unwrap();
    let suspension = format!("/sites/{}/suspension", scene.site);
    let suspend = async |on: bool| {
        scene.admin.send_json(Method::PUT, &suspension, &json!({"on": on})).await.unwrap().ok().unwrap()
    };
    suspend(true).await;
    let refused = scene.rival.post(&path, &json!({})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "site_suspended"));
    suspend(false).await;
    scene.rival.post(&path, &json!({})).await.unwrap().ok().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_receives_channels_names_them_and_gives_them_up_and_is_not_invited_twice() {
    let scene = Scene::start().await;
    let site = created(&scene.admin, "/sites", &json!({"name": "Offices", "time_zone": "Europe/Berlin"})).await;
    scene.take_away().await;
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 9)).await.unwrap();
    let handle = &simulator.devices()[0];
    let login = json!({
        "host": handle.address.to_string(), "port": handle.port, "user_name": handle.user, "password": handle.password,
    });
    let device = created(&scene.admin, &format!("/sites/{site}/devices"), &login).await;
    let channel = json!({"device_id": device, "channel": 1, "permissions": ["playback"]});
    let body = json!({"email": OWNER, "language": "en", "channels": [channel]});
    let invitations = format!("/sites/{site}/handovers");
    let invited = created(&scene.admin, &invitations, &body).await;
    scene.owner.post(&format!("/my/handovers/{invited}/accept"), &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(scene.admin.post(&invitations, &body).await.unwrap().code(), "share_exists");
    let received = scene.owner.get("/my/shares").await.unwrap().ok().unwrap();
    let share = &received["items"][0];
    assert_eq!(share["channels"][0]["permissions"], json!(["live_view", "playback"]));
    let id = share["id"].as_str().unwrap();
    scene.owner.patch(&format!("/my/shares/{id}"), &json!({"name": "Door"})).await.unwrap().ok().unwrap();
    let given = scene.admin.get(&format!("/sites/{site}/shares")).await.unwrap().ok().unwrap();
    assert_eq!(given["items"][0]["receiver_email"], OWNER);
    scene.owner.delete(&format!("/my/shares/{id}")).await.unwrap().ok().unwrap();
    assert_eq!(scene.admin.get(&format!("/sites/{site}/shares")).await.unwrap().body["items"], json!([]));
    let answer = scene.admin.delete(&format!("/sites/{site}/shares/{id}")).await.unwrap();
    assert_eq!(answer.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_gives_the_site_back_to_who_installed_it_or_frees_the_devices() {
    let scene = Scene::start().await;
    let token = scene.invite("office@rival.example").await;
    scene.rival.post(&format!("/service_invitations/{token}/accept"), &json!({})).await.unwrap().ok().unwrap();
    let other = created(&scene.admin, "/sites", &json!({"name": "Shop", "time_zone": "Europe/Berlin"})).await;
    scene.app.hand_site_over(&other, OWNER, &json!({"site": false, "devices": []})).unwrap();
    // Of the other site nothing is said.
    let body = json!({"password": PASSWORD, "sites": [{"site_id": scene.site, "parting": "return"}]});
    scene.owner.send_json(Method::DELETE, "/my/profile", &body).await.unwrap().ok().unwrap();
    assert_eq!((scene.seen_by(&scene.admin).await, scene.seen_by(&scene.rival).await), ((200, 200), (404, 404)));
    let site = scene.admin.get(&format!("/sites/{}", scene.site)).await.unwrap().ok().unwrap();
    assert_eq!(site["status"], "not_invited");
    assert_eq!(scene.admin.get(&format!("/sites/{other}")).await.unwrap().status, 404);
    let told = scene.mails_to(ADMIN);
    for template in ["site_taken_away", "site_returned", "site_freed"] {
        assert!(told.contains(&template.to_owned()), "{told:?}");
    }
}
