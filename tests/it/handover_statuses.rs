//! What the status of a site allows, cell by cell of R-T3, on sites that came to it by invitation and acceptance.

use serde_json::{Value, json};
use siteward_tests::app::Start;
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::{OWNER, hand_over, invite};

/// Statuses in the order of the table's columns.
const STATUSES: [&str; 4] = ["not_invited", "not_accepted", "not_authorized", "authorized"];
/// An action and in which of [`STATUSES`] it is allowed.
const TABLE: [(&str, [bool; 4]); 7] = [
    ("search", [true, true, true, true]),
    ("view", [true, true, true, true]),
    ("manage_devices", [true, true, false, true]),
    ("edit", [true, true, false, true]),
    ("apply_for_authorization", [false, false, true, false]),
    ("invite_owner", [true, true, false, false]),
    ("delete", [true, true, false, false]),
];

/// A site of a status.
async fn site_of(admin: &Client, olga: &Client, status: &str) -> String {
    let body = json!({"name": format!("Site {status}"), "time_zone": "UTC"});
    let site = admin.post("/sites", &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned();
    match status {
        "not_accepted" => drop(invite(admin, &site, "oleg@example.com", &json!({})).await.unwrap()),
        "not_authorized" => drop(hand_over(admin, &site, olga, OWNER, &json!({})).await.unwrap()),
        "authorized" => drop(hand_over(admin, &site, olga, OWNER, &json!({"site": true})).await.unwrap()),
        _ => {}
    }
    site
}

/// Tries an action; what is refused must leave everything as it is.
async fn act(admin: &Client, site: &str, action: &str) -> Answer {
    let of = |rest: &str| format!("/sites/{site}{rest}");
    match action {
        "search" => admin.get("/sites?search=site").await,
        "view" => admin.get(&of("")).await,
        // Where somebody is invited already, another invitation takes the place of the first.
        "invite_owner" => {
            for open in admin.get(&of("/handovers")).await.unwrap().body["items"].as_array().into_iter().flatten() {
                if open["state"] == "not_registered" {
                    let path = format!("/handovers/{}", open["id"].as_str().unwrap());
                    assert_eq!(admin.delete(&path).await.unwrap().status.as_u16(), 204);
                }
            }
            let body = json!({"email": "owen@example.com", "language": "en"});
            admin.post(&of("/handovers"), &body).await
        }
        // Nothing answers there: what matters is whether it is tried at all.
        "manage_devices" => {
            let body = json!({"host": "127.0.0.1", "port": 9, "user_name": "admin", "password": "Harbour-77"});
            admin.post(&of("/devices"), &body).await
        }
        "edit" => admin.patch(&of(""), &json!({"address": "Short Street 2"})).await,
        "apply_for_authorization" => admin.post(&of("/grant_requests"), &json!({"site": true})).await,
        _ => admin.delete(&of("")).await,
    }
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_the_table_holds_over_http() {
    let app = Start::with_devices().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    for (column, status) in STATUSES.into_iter().enumerate() {
        let site = site_of(&admin, &olga, status).await;
        let told = admin.get(&format!("/sites/{site}")).await.unwrap().ok().unwrap();
        assert_eq!(told["status"], status);
        for (action, row) in TABLE {
            let is_told = told["allowed"].as_array().unwrap().contains(&json!(action));
            assert_eq!(is_told || action == "search", row[column], "{action} in {status} is told");
            let answer = act(&admin, &site, action).await;
            let is_refused = answer.status.as_u16() == 409 && answer.code() == format!("site_{status}");
            assert_eq!(is_refused, !row[column], "{action} in {status}: {} {}", answer.status, answer.text);
            if row[column] && action != "manage_devices" {
                assert!(answer.status.is_success(), "{action} in {status}: {} {}", answer.status, answer.text);
            }
            if row[column] && action == "search" {
                let found = answer.body["items"].as_array().unwrap();
                assert!(found.iter().any(|one: &Value| one["id"] == json!(site)), "{status}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_found_by_whoever_searches_for_them() {
    let app = Start::plain().run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let site = site_of(&admin, &olga, "authorized").await;
    for words in ["olga", "OLGA@EXAMPLE", "owner olga"] {
        let found = admin.get(&format!("/sites?search={}", words.replace(' ', "%20"))).await.unwrap().ok().unwrap();
        assert_eq!(found["items"][0]["id"], json!(site), "{words}");
    }
}
