//! What a company that does not serve a site any more leaves behind, and an owner whose site it is not any more: nothing that still
//! works, and nothing that is shown to who comes after.

use http::Method;
use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::app::{App, PASSWORD, Start};
use siteward_tests::client::Client;
use siteward_tests::owner::OWNER;
use siteward_tests::street::{add_all, devices, make_site};

/// Who owns the site after [`OWNER`].
const NEXT: &str = "nora@example.com";
/// What a device says when something moves.
const MOTION: &str = "<EventNotificationAlert><channelID>1</channelID><eventType>VMD</eventType><eventState>active</eventState></EventNotificationAlert>";

/// A site with a camera that was handed over and authorized, its owner, the company that installed it and another one.
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
        let site = make_site(&admin, "Villa").await.unwrap();
        let listed = serde_json::to_value(simulator.devices()).unwrap();
        add_all(&admin, &site, listed.as_array().unwrap()).await.unwrap();
        let device = devices(&admin, &site).await.unwrap()[0]["id"].as_str().unwrap().to_owned();
        app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": []})).unwrap();
        Self { app, admin, rival, owner, site, device, _simulator: simulator }
    }

    fn of_site(&self, rest: &str) -> String {
        format!("/sites/{}{rest}", self.site)
    }

    /// The owner agrees to what waits for their answer.
    async fn agrees(&self) {
        let waiting = self.owner.get("/my/grant_requests").await.unwrap().ok().unwrap();
        let open = waiting["items"].as_array().unwrap().iter().find(|one| one["state"] == "waiting").unwrap();
        let path = format!("/my/grant_requests/{}/approve", open["id"].as_str().unwrap());
        self.owner.post(&path, &json!({})).await.unwrap().ok().unwrap();
    }

    /// The owner's account ends, who wants this for the site.
    async fn leaves(&self, parting: &str) {
        let body = json!({"password": PASSWORD, "sites": [{"site_id": self.site, "parting": parting}]});
        self.owner.send_json(Method::DELETE, "/my/profile", &body).await.unwrap().ok().unwrap();
    }
}

async fn push(client: &Client, listener: &Value) -> u16 {
    let path = listener["path"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
    client.post_bytes(path, "application/xml", MOTION).await.unwrap().status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_a_device_pushes_to_is_void_once_another_company_serves_the_site() {
    let scene = Scene::start().await;
    let listener = format!("/devices/{}/event_listener", scene.device);
    let before = scene.admin.post(&listener, &json!({})).await.unwrap().ok().unwrap();
    let stranger = scene.app.stranger();
    assert_eq!(push(&stranger, &before).await, 200);
    scene.owner.delete(&format!("/my{}", scene.of_site("/company"))).await.unwrap().ok().unwrap();
    assert_eq!(push(&stranger, &before).await, 404, "whoever knows it is not the company of the site any more");
    let ask = json!({"site_id": scene.site, "site": true});
    scene.rival.post("/service_requests", &ask).await.unwrap().ok().unwrap();
    scene.agrees().await;
    let source = scene.rival.get(&format!("/devices/{}/event_source", scene.device)).await.unwrap().ok().unwrap();
    assert_eq!((&source["listener"], push(&stranger, &before).await), (&Value::Null, 404), "{source}");
    let after = scene.rival.post(&listener, &json!({})).await.unwrap().ok().unwrap();
    assert_eq!((push(&stranger, &before).await, push(&stranger, &after).await), (404, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_owner_before_invited_is_not_the_next_owners_business() {
    let scene = Scene::start().await;
    let invitations = format!("/my{}", scene.of_site("/company_invitations"));
    let invited =
        scene.owner.post(&invitations, &json!({"email": "office@rival.example"})).await.unwrap().ok().unwrap();
    let listed = scene.owner.get(&invitations).await.unwrap().ok().unwrap();
    assert_eq!(listed["items"][0]["id"], invited["id"]);
    scene.leaves("return").await;
    let next = scene.app.end_user(NEXT).await.unwrap();
    scene.app.hand_site_over(&scene.site, NEXT, &json!({"site": true, "devices": []})).unwrap();
    let listed = next.get(&invitations).await.unwrap();
    assert_eq!(listed.body["items"], json!([]), "{}", listed.text);
    assert!(!listed.text.contains("office@rival.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rented_and_paused_goes_back_to_who_rents_it_out_whatever_its_user_wants() {
    let scene = Scene::start().await;
    scene.admin.post(&scene.of_site("/rental"), &json!({})).await.unwrap().ok().unwrap();
    scene.agrees().await;
    let paused = json!({"on": true});
    scene.admin.send_json(Method::PUT, &scene.of_site("/suspension"), &paused).await.unwrap().ok().unwrap();
    scene.leaves("free").await;
    let site = scene.admin.get(&scene.of_site("")).await.unwrap().ok().unwrap();
    assert_eq!(site["status"], "not_invited");
    assert_eq!(scene.admin.get(&format!("/devices/{}", scene.device)).await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn rental_that_is_not_asked_for_any_more_can_be_asked_for_again_and_agreed_to_no_more() {
    let scene = Scene::start().await;
    let rental = scene.of_site("/rental");
    scene.admin.post(&rental, &json!({})).await.unwrap().ok().unwrap();
    let asked = scene.admin.get(&scene.of_site("/grant_requests")).await.unwrap().ok().unwrap();
    let id = asked["items"][0]["id"].as_str().unwrap();
    assert_eq!(scene.admin.post(&rental, &json!({})).await.unwrap().code(), "rental_not_possible");
    scene.admin.delete(&format!("/grant_requests/{id}")).await.unwrap().ok().unwrap();
    let late = scene.owner.post(&format!("/my/grant_requests/{id}/approve"), &json!({})).await.unwrap();
    assert_eq!(late.code(), "request_ended");
    let custody = scene.admin.get(&scene.of_site("/custody")).await.unwrap().ok().unwrap();
    assert_eq!(custody["rental"], "none", "{custody}");
    scene.admin.post(&rental, &json!({})).await.unwrap().ok().unwrap();
    scene.agrees().await;
    let custody = scene.admin.get(&scene.of_site("/custody")).await.unwrap().ok().unwrap();
    assert_eq!(custody["rental"], "agreed", "{custody}");
}
