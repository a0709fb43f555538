//! Where links of mails lead: the address of the server is a matter of the company that set it up. Links of mails to end users
//! carry tokens, and no other company may lead these elsewhere.

use std::collections::BTreeSet;

use http::Method;
use serde_json::json;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::companies::{CompanyChange, update_company};
use siteward_store::staff;
use siteward_tests::app::{App, Start};
use siteward_tests::owner::{OWNER, hand_over, invite};
use siteward_tests::street::{add_all, devices, make_site};

const ELSEWHERE: &str = "http://elsewhere.example";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_company_that_set_the_server_up_changes_its_address() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let moved = json!({"public_url": ELSEWHERE});
    let refused = rival.patch("/company", &moved).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "right_missing"));
    let session = rival.get("/session").await.unwrap().ok().unwrap();
    assert_eq!((&session["may_set_public_url"], session["company"]["public_url"] != ELSEWHERE), (&json!(false), true));
    let same = json!({"public_url": session["company"]["public_url"], "name": "Rivals and Sons"});
    assert_eq!(rival.patch("/company", &same).await.unwrap().ok().unwrap()["name"], "Rivals and Sons");
    assert_eq!(admin.get("/session").await.unwrap().body["may_set_public_url"], true);
    assert_eq!(admin.patch("/company", &moved).await.unwrap().ok().unwrap()["public_url"], ELSEWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_an_end_user_leads_to_the_server_whatever_address_a_company_has() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let rival = app.other_admin().await.unwrap();
    lead_elsewhere(&app);
    let site = make_site(&rival, "Harbour").await.unwrap();
    invite(&rival, &site, OWNER, &json!({"site": true, "devices": []})).await.unwrap();
    let mails = rival.get("/mails?limit=1").await.unwrap().ok().unwrap();
    let mail = rival.get(&format!("/mails/{}", mails["items"][0]["id"].as_str().unwrap())).await.unwrap();
    assert!(mail.text.contains(&format!("{}/handover/", app.base)), "{}", mail.text);
    assert!(!mail.text.contains(ELSEWHERE), "{}", mail.text);
}

/// One company after the other: whatever it says of its own address, what it has mailed to an owner leads to the server.
#[tokio::test(flavor = "multi_thread")]
async fn no_mail_to_an_owner_leads_where_a_company_says() {
    let app = Start::plain().set("DEVICES__ALLOW_LOOPBACK", "true").run().await.unwrap();
    app.admin().await.unwrap();
    let (rival, owner) = (app.other_admin().await.unwrap(), app.end_user(OWNER).await.unwrap());
    lead_elsewhere(&app);
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 5)).await.unwrap();
    let site = make_site(&rival, "Harbour").await.unwrap();
    let listed = serde_json::to_value(simulator.devices()).unwrap();
    add_all(&rival, &site, listed.as_array().unwrap()).await.unwrap();
    let device = devices(&rival, &site).await.unwrap()[0]["id"].as_str().unwrap().to_owned();

    let seeing = json!({"device_id": device, "permission": "live_view", "validity": "permanent"});
    let asks = json!({"site": true, "devices": [seeing]});
    hand_over(&rival, &site, &owner, OWNER, &asks).await.unwrap();
    let looked = rival.get(&format!("/devices/{device}/snapshot")).await.unwrap();
    assert_eq!(looked.status.as_u16(), 200, "{}", looked.text);
    let more = json!({"devices": [{"device_id": device, "permission": "configuration", "validity": "1h"}]});
    rival.post(&format!("/sites/{site}/grant_requests"), &more).await.unwrap().ok().unwrap();
    let rental = rival.post(&format!("/sites/{site}/rental"), &json!({})).await.unwrap().ok().unwrap();
    assert!(rental.is_object(), "{rental}");
    let waiting = owner.get("/my/grant_requests").await.unwrap().ok().unwrap();
    let asked = waiting["items"].as_array().unwrap().iter().find(|one| one["kind"] == "rental").unwrap();
    let path = format!("/my/grant_requests/{}/approve", asked["id"].as_str().unwrap());
    owner.post(&path, &json!({})).await.unwrap().ok().unwrap();
    // Of the pause there is nothing to open, of its end there is.
    for on in [true, false] {
        let path = format!("/sites/{site}/suspension");
        rival.send_json(Method::PUT, &path, &json!({"on": on})).await.unwrap().ok().unwrap();
    }

    let (mut told, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    let mails = rival.get("/mails?limit=100").await.unwrap().ok().unwrap();
    for mail in mails["items"].as_array().unwrap().iter().filter(|mail| mail["receiver"] == OWNER) {
        let shown = rival.get(&format!("/mails/{}", mail["id"].as_str().unwrap())).await.unwrap();
        let template = mail["template"].as_str().unwrap().to_owned();
        if shown.text.contains(ELSEWHERE) {
            wrong.insert(template);
        } else if shown.text.contains(&app.base) {
            told.insert(template);
        }
    }
    assert!(wrong.is_empty(), "lead elsewhere: {wrong:?}");
    for template in
        ["handover_invitation", "handover_welcome", "permission_used", "permission_requested", "use_resumed"]
    {
        assert!(told.contains(template), "{template} is not among those that lead to the server: {told:?}");
    }
}

/// The other company says that the server is elsewhere, as if it had been let.
fn lead_elsewhere(app: &App) {
    let change = CompanyChange { public_url: Some(ELSEWHERE.to_owned()), ..CompanyChange::default() };
    let written = app.store.write(|conn| {
        let company = staff::find_by_email(conn, "rival@example.com")?.map(|rival| rival.company_id);
        company.map(|company| update_company(conn, &company, &change)).transpose()
    });
    assert_eq!(written.unwrap().unwrap().public_url, ELSEWHERE);
}
