//! Mails of invitations that wait in the outbox when the invitation ends: nobody is mailed a link that is dead.

use serde_json::{Value, json};
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::owner::{OWNER, invite};
use siteward_tests::street::{make_site, wait_until};

/// The invitations of the outbox, oldest first: receiver and state.
async fn outbox(admin: &Client) -> Vec<(String, String)> {
    let page = admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let told = |mail: &Value, key: &str| mail[key].as_str().unwrap().to_owned();
    let of = page["items"].as_array().unwrap().iter().filter(|mail| mail["template"] == "handover_invitation");
    of.rev().map(|mail| (told(mail, "receiver"), told(mail, "state"))).collect()
}

async fn invited(admin: &Client, site: &str, email: &str) -> String {
    let asks = json!({"site": true, "devices": []});
    let handover = invite(admin, &make_site(admin, site).await.unwrap(), email, &asks).await.unwrap();
    format!("/handovers/{}", handover["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_ends_or_is_sent_anew_before_its_mail_goes_is_not_mailed_with_a_dead_link() {
    let app: App = Start::plain().with_worker().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let waiting = |email: &str| (email.to_owned(), "waiting".to_owned());
    let not_needed = |email: &str| (email.to_owned(), "not_needed".to_owned());

    let cancelled = invited(&admin, "Cancelled", "a@example.com").await;
    let corrected = invited(&admin, "Corrected", "wrong@example.com").await;
    let again = invited(&admin, "Sent again", "c@example.com").await;
    let answered = invited(&admin, "Answered", OWNER).await;
    assert!(outbox(&admin).await.iter().all(|(_, state)| state == "waiting"), "no mail server is set yet");
    admin.delete(&cancelled).await.unwrap().ok().unwrap();
    admin.patch(&corrected, &json!({"email": "right@example.com"})).await.unwrap().ok().unwrap();
    admin.post(&format!("{again}/send"), &json!({})).await.unwrap().ok().unwrap();
    olga.post(&format!("/my{answered}/refuse"), &json!({})).await.unwrap().ok().unwrap();
    let expected = [
        not_needed("a@example.com"),
        not_needed("wrong@example.com"),
        not_needed("c@example.com"),
        not_needed(OWNER),
        waiting("right@example.com"),
        waiting("c@example.com"),
    ];
    assert_eq!(outbox(&admin).await, expected);
    let dropped = admin.get("/mails?state=not_needed").await.unwrap().ok().unwrap();
    assert_eq!(dropped["items"].as_array().unwrap().len(), 4);
    let id = dropped["items"][0]["id"].as_str().unwrap();
    assert_eq!(admin.post(&format!("/mails/{id}/send"), &json!({})).await.unwrap().status.as_u16(), 409);

    let office = ForeignMail::start().unwrap();
    office.be_server_of(&admin).await.unwrap();
    let sent = || async {
        let states = outbox(&admin).await;
        Ok(states.iter().filter(|(_, state)| state == "sent").count() == 2)
    };
    wait_until("sent", sent).await.unwrap();
    let mut taken: Vec<String> = office
        .taken()
        .into_iter()
        .filter(|mail| mail["subject"].as_str().unwrap_or_default().contains("hands"))
        .map(|mail| mail["to"].to_string())
        .collect();
    taken.sort();
    assert_eq!(taken.len(), 2, "{taken:?}");
    assert!(taken[0].contains("c@example.com") && taken[1].contains("right@example.com"), "{taken:?}");
}
