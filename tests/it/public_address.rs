//! Where links of mails lead: the address of the server is a matter of the company that set it up. Links of mails to end users
//! carry tokens, and no other company may lead these elsewhere.

use serde_json::json;
use siteward_store::companies::{CompanyChange, update_company};
use siteward_store::staff;
use siteward_tests::app::App;
use siteward_tests::owner::{OWNER, invite};
use siteward_tests::street::make_site;

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
    let change = CompanyChange { public_url: Some(ELSEWHERE.to_owned()), ..CompanyChange::default() };
    let written = app.store.write(|conn| {
        let company = staff::find_by_email(conn, "rival@example.com")?.map(|rival| rival.company_id);
        company.map(|company| update_company(conn, &company, &change)).transpose()
    });
    assert_eq!(written.unwrap().unwrap().public_url, ELSEWHERE);
    let site = make_site(&rival, "Harbour").await.unwrap();
    invite(&rival, &site, OWNER, &json!({"site": true, "devices": []})).await.unwrap();
    let mails = rival.get("/mails?limit=1").await.unwrap().ok().unwrap();
    let mail = rival.get(&format!("/mails/{}", mails["items"][0]["id"].as_str().unwrap())).await.unwrap();
    assert!(mail.text.contains(&format!("{}/handover/", app.base)), "{}", mail.text);
    assert!(!mail.text.contains(ELSEWHERE), "{}", mail.text);
}
