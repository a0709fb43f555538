//! Handing a site over, over HTTP: mailed, opened on a page without a script, accepted once, in whole or narrowed, or refused
//! (R-G1 to R-G3).

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::client::{Answer, Client};
use siteward_tests::lan::wait;
use siteward_tests::owner::{OWNER, invite};
use siteward_worker::clock::SteppedClock;

/// What most of these tests ask for.
fn site_only() -> Value {
    json!({"site": true, "devices": []})
}

async fn new_site(client: &Client, name: &str) -> String {
    let body = json!({"name": name, "address": "Long Street 1", "time_zone": "Europe/Berlin"});
    client.post("/sites", &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned()
}

/// A site to which somebody is invited, the invitation, and the address of its page.
async fn invited(app: &App, admin: &Client, name: &str, email: &str) -> (String, Value, String) {
    let site = new_site(admin, name).await;
    let handover = invite(admin, &site, email, &site_only()).await.unwrap();
    let page = format!("/handover/{}", app.token_in_mail(email).unwrap());
    (site, handover, page)
}

fn path_of(handover: &Value) -> String {
    format!("/handovers/{}", handover["id"].as_str().unwrap())
}

/// Somebody without an account accepts all that is asked for.
async fn register_and_accept(app: &App, page: &str) -> Answer {
    let fields =
        [("allow.site", "on"), ("name", "Olga Owner"), ("region", "de"), ("password", PASSWORD), ("answer", "accept")];
    app.reader().post_form(page, &fields).await.unwrap()
}

async fn status_of(client: &Client, site: &str) -> Value {
    client.get(&format!("/sites/{site}")).await.unwrap().ok().unwrap()["status"].clone()
}

async fn state_of(client: &Client, site: &str) -> Value {
    client.get(&format!("/sites/{site}/handovers")).await.unwrap().ok().unwrap()["items"][0]["state"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_without_an_account_opens_the_link_and_owns_the_site() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let site = new_site(&admin, "Villa <b>").await;
    let body = json!({"email": OWNER, "name": "Olga", "language": "ru", "remark": "Ring\nme", "asks": site_only()});
    let made = admin.post(&format!("/sites/{site}/handovers"), &body).await.unwrap();
    assert_eq!((made.status.as_u16(), &made.body["state"]), (201, &json!("not_registered")), "{}", made.text);
    assert_eq!(status_of(&admin, &site).await, "not_accepted");
    let token = app.token_in_mail(OWNER).unwrap();
    let mails = admin.get("/mails").await.unwrap().body;
    assert_eq!(mails["items"][0]["template"], "handover_invitation");
    let path = format!("/handover/{token}");
    let page = app.reader().get(&path).await.unwrap();
    assert_eq!((page.status.as_u16(), &page.headers["referrer-policy"]), (200, &"strict-origin".parse().unwrap()));
    for part in ["lang=\"ru\"", "Lockwood Alarms", "Villa &#60;b&#62;", "Long Street 1", "Ring me", OWNER, "Olga"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(page.text.contains("name=\"allow.site\" checked") && !page.text.contains("<script"), "{}", page.text);
    assert!(!page.text.contains("<b>"), "{}", page.text);

    let done = register_and_accept(&app, &path).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text);
    assert!(done.text.contains(&format!("href=\"/my/sites/{site}\"")), "{}", done.text);
    let mut olga = app.stranger();
    olga.adopt_end_user(&done).unwrap();
    let session = olga.get("/my/session").await.unwrap().ok().unwrap();
    let me = &session["end_user"];
    assert_eq!((&me["name"], &me["region"], &me["language"]), (&json!("Olga Owner"), &json!("DE"), &json!("ru")));
    assert_eq!(
        (status_of(&admin, &site).await, state_of(&admin, &site).await),
        (json!("authorized"), json!("accepted"))
    );
    assert_eq!(app.reader().get(&path).await.unwrap().status.as_u16(), 410, "the link is used up");
    let told = admin.get("/mails?limit=10").await.unwrap().body;
    let templates: Vec<_> = told["items"].as_array().unwrap().iter().map(|mail| mail["template"].clone()).collect();
    for template in ["handover_accepted", "handover_welcome"] {
        assert_eq!(templates.iter().filter(|one| **one == template).count(), 1, "{templates:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_an_account_signs_in_on_the_page_and_may_narrow_or_refuse() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    app.silent_end_user(OWNER).unwrap();
    let (narrowed, handover, page) = invited(&app, &admin, "Narrowed", OWNER).await;
    assert_eq!(handover["state"], "pending", "they are registered");
    let shown = app.reader().get(&page).await.unwrap();
    assert!(!shown.text.contains("name=\"name\"") && shown.text.contains("current-password"), "{}", shown.text);
    let answer = async |page: &str, fields: &[(&str, &str)]| app.reader().post_form(page, fields).await.unwrap();
    let wrong = answer(&page, &[("password", "Wrong-horse7"), ("allow.site", "on"), ("answer", "accept")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.text.contains("The password or the code is wrong.") && wrong.text.contains("allow.site\" checked"));
    let none_ticked = answer(&page, &[("password", PASSWORD), ("answer", "accept")]).await;
    assert_eq!(none_ticked.status.as_u16(), 200, "{}", none_ticked.text);
    assert_eq!(status_of(&admin, &narrowed).await, "not_authorized");

    let (refused, _, page) = invited(&app, &admin, "Refused", OWNER).await;
    let done = answer(&page, &[("answer", "refuse")]).await;
    assert_eq!(done.status.as_u16(), 200, "to refuse nobody signs in: {}", done.text);
    assert!(!done.headers.contains_key("set-cookie"));
    assert_eq!(status_of(&admin, &refused).await, "not_invited");
    assert_eq!(state_of(&admin, &refused).await, "refused");
    assert_eq!(answer(&page, &[("answer", "refuse")]).await.status.as_u16(), 410);
    let mails = admin.get("/mails?limit=20").await.unwrap().body;
    assert_eq!(mails["items"][0]["template"], "handover_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_answers_without_a_password_and_only_what_went_to_them() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (olga, oleg) = (app.end_user(OWNER).await.unwrap(), app.end_user("oleg@example.com").await.unwrap());
    let (first, _, page) = invited(&app, &admin, "First", OWNER).await;
    assert_eq!(oleg.get("/my/handovers").await.unwrap().body["items"], json!([]));
    let mine = olga.get("/my/handovers").await.unwrap().ok().unwrap();
    let mine = &mine["items"][0];
    assert_eq!((&mine["site"], &mine["company"]), (&json!("First"), &json!("Lockwood Alarms")));
    let path = format!("/my/handovers/{}", mine["id"].as_str().unwrap());
    for (who, what) in [(&oleg, "accept"), (&oleg, "refuse")] {
        assert_eq!(who.post(&format!("{path}/{what}"), &json!({})).await.unwrap().status.as_u16(), 404, "{what}");
    }
    let with_cookie = |client: &Client| app.reader().with_header("Cookie", client.cookie().unwrap());
    let foreign = with_cookie(&oleg).get(&page).await.unwrap();
    assert_eq!(foreign.status.as_u16(), 410, "another owner is told nothing");
    assert!(!foreign.text.contains("First") && !foreign.text.contains("Lockwood"), "{}", foreign.text);
    assert_eq!(foreign.text, with_cookie(&oleg).get("/handover/made-up").await.unwrap().text, "as where there is none");
    let shown = with_cookie(&olga).get(&page).await.unwrap();
    assert!(!shown.text.contains("type=\"password\"") && shown.text.contains(OWNER), "{}", shown.text);
    let more = json!({"allowed": {"site": true, "devices": [
        {"device_id": "01890f00-0000-7000-8000-000000000001", "permission": "playback", "validity": "1h"}]}});
    let refused = olga.post(&format!("{path}/accept"), &more).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "field_invalid"));
    let fields = [("allow.site", "on"), ("answer", "accept")];
    assert_eq!(with_cookie(&olga).post_form(&page, &fields).await.unwrap().status.as_u16(), 200);
    assert_eq!(status_of(&admin, &first).await, "authorized");

    let (second, _, _) = invited(&app, &admin, "Second", OWNER).await;
    let mine = olga.get("/my/handovers").await.unwrap().body["items"][0].clone();
    let path = format!("/my/handovers/{}/accept", mine["id"].as_str().unwrap());
    let accepted = olga.post(&path, &json!({"allowed": {"site": false}})).await.unwrap().ok().unwrap();
    assert_eq!((&accepted["site_id"], &accepted["status"]), (&json!(second), &json!("not_authorized")));
    assert_eq!(olga.post(&path, &json!({})).await.unwrap().status.as_u16(), 404, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_used_old_cancelled_corrected_foreign_or_made_up_says_the_same() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let (mut admin, mut rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let (_, _, old) = invited(&app, &admin, "Old", "old@example.com").await;
    clock.advance(Duration::days(7));
    admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    let (_, _, used) = invited(&app, &admin, "Used", "used@example.com").await;
    assert_eq!(register_and_accept(&app, &used).await.status.as_u16(), 200);
    let (_, handover, cancelled) = invited(&app, &admin, "Cancelled", "cancelled@example.com").await;
    assert_eq!(admin.delete(&path_of(&handover)).await.unwrap().status.as_u16(), 204);
    let (_, handover, corrected) = invited(&app, &admin, "Corrected", "wrong@example.com").await;
    let body = json!({"email": "right@example.com"});
    assert_eq!(admin.patch(&path_of(&handover), &body).await.unwrap().status.as_u16(), 200);
    let right = format!("/handover/{}", app.token_in_mail("right@example.com").unwrap());
    assert_eq!(app.reader().get(&right).await.unwrap().status.as_u16(), 200);

    let mut said = Vec::new();
    for path in [old.as_str(), &used, &cancelled, &corrected, "/handover/made-up"] {
        let shown = app.reader().get(path).await.unwrap();
        assert_eq!(shown.status.as_u16(), 410, "{path}");
        assert_eq!(register_and_accept(&app, path).await.status.as_u16(), 410, "{path}");
        said.push(shown.text);
    }
    rival.sign_in("rival@example.com", PASSWORD).await.unwrap().ok().unwrap();
    let staff_of_another = app.reader().with_header("Cookie", rival.cookie().unwrap());
    let shown = staff_of_another.get(&right).await.unwrap();
    assert_eq!(shown.status.as_u16(), 410, "another company is told nothing");
    said.push(shown.text);
    said.dedup();
    assert_eq!(said.len(), 1, "nobody is told which");
    assert!(!said[0].contains("Lockwood"), "{}", said[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_clicks_at_once_one_accepts() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let (site, _, page) = invited(&app, &admin, "Villa", OWNER).await;
    let fields = [("allow.site", "on"), ("answer", "accept")];
    let clicks = (0..50).map(|_| {
        let reader = app.reader().with_header("Cookie", olga.cookie().unwrap());
        let page = page.clone();
        async move { reader.post_form(&page, &fields).await.unwrap().status.as_u16() }
    });
    let mut statuses = futures_util::future::join_all(clicks).await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses.iter().filter(|status| **status == 200).count()), (200, 1), "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 410), "{statuses:?}");
    assert_eq!(status_of(&admin, &site).await, "authorized");
    let mails = admin.get("/mails?limit=50").await.unwrap().body;
    let welcomes = mails["items"].as_array().unwrap().iter().filter(|mail| mail["template"] == "handover_welcome");
    assert_eq!(welcomes.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_make_the_same_account_at_once_one_accepts() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for round in 0..3 {
        let email = format!("olga{round}@example.com");
        let (_, _, page) = invited(&app, &admin, &format!("Villa {round}"), &email).await;
        let (one, other) = tokio::join!(register_and_accept(&app, &page), register_and_accept(&app, &page));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 410], "{round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_sent_three_times_an_hour_at_most_and_each_link_kills_the_one_before() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (_, handover, first) = invited(&app, &admin, "Villa", OWNER).await;
    let send = async || admin.post(&format!("{}/send", path_of(&handover)), &json!({})).await.unwrap();
    for _ in 0..2 {
        clock.advance(Duration::seconds(1));
        assert_eq!(send().await.status.as_u16(), 200);
    }
    let kept = format!("/handover/{}", app.token_in_mail(OWNER).unwrap());
    let refused = send().await;
    assert_eq!((refused.status.as_u16(), refused.code()), (429, "too_many_requests"));
    assert_eq!(refused.headers["retry-after"], "3598");
    assert_eq!(app.reader().get(&first).await.unwrap().status.as_u16(), 410);
    assert_eq!(app.reader().get(&kept).await.unwrap().status.as_u16(), 200, "what is out there stays good");
    let elsewhere = json!({"email": "oleg@example.com"});
    assert_eq!(admin.patch(&path_of(&handover), &elsewhere).await.unwrap().status.as_u16(), 200, "another address");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_many_sites_is_invited_to_all_of_them_at_once_and_about_each_three_times_an_hour() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let mut first = Value::Null;
    for number in 0..5 {
        first = invited(&app, &admin, &format!("Villa {number}"), OWNER).await.1;
    }
    invited(&app, &rival, "Villa of others", OWNER).await;
    // Whatever way it goes there again, and however the address is spelled.
    let path = path_of(&first);
    assert_eq!(admin.post(&format!("{path}/send"), &json!({})).await.unwrap().status.as_u16(), 200);
    assert_eq!(admin.patch(&path, &json!({"email": OWNER.to_uppercase()})).await.unwrap().status.as_u16(), 200);
    assert_eq!(admin.post(&format!("{path}/send"), &json!({})).await.unwrap().code(), "too_many_requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_hand_over_is_refused_and_what_makes_no_invitation_too() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let site = new_site(&admin, "Villa").await;
    let path = format!("/sites/{site}/handovers");
    let without = app.member_with("i@example.com", &[Right::ManageAllSites]).await.unwrap();
    let body = json!({"email": OWNER, "language": "en"});
    assert_eq!(without.post(&path, &body).await.unwrap().code(), "right_missing");
    assert_eq!(without.get(&path).await.unwrap().status.as_u16(), 200, "they may look");
    assert_eq!(rival.post(&path, &body).await.unwrap().status.as_u16(), 404);
    let device = "01890f00-0000-7000-8000-000000000001";
    let ask = json!({"device_id": device, "permission": "live_view", "validity": "1h"});
    for (field, value, status, code) in [
        ("email", json!("nobody"), 422, "email_invalid"),
        ("phone", json!("12"), 422, "phone_invalid"),
        ("remark", json!("x".repeat(501)), 400, "bad_json"),
        ("language", json!("de"), 400, "bad_json"),
        ("asks", json!({"devices": [ask]}), 409, "site_has_no_devices"),
        ("channels", json!([]), 422, "field_invalid"),
    ] {
        let mut body = body.clone();
        body[field] = value.clone();
        let refused = admin.post(&path, &body).await.unwrap();
        let is_as_expected = (refused.status.as_u16(), refused.code()) == (status, code)
            || (field == "remark" && refused.code() == "field_invalid");
        assert!(is_as_expected, "{field} {value}: {}", refused.text);
    }
    let made = admin.post(&path, &body).await.unwrap().ok().unwrap();
    assert_eq!(admin.post(&path, &body).await.unwrap().code(), "handover_open");
    for answer in [
        rival.post(&format!("{}/send", path_of(&made)), &json!({})).await.unwrap(),
        rival.patch(&path_of(&made), &json!({})).await.unwrap(),
        rival.delete(&path_of(&made)).await.unwrap(),
    ] {
        assert_eq!(answer.status.as_u16(), 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sites_are_handed_over_in_one_call_with_an_answer_each() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let mut rows = Vec::new();
    for number in 0..60 {
        let site = new_site(&admin, &format!("Site {number}")).await;
        rows.push(json!({"site_id": site, "email": format!("owner{number}@example.com"), "language": "en", "asks": site_only()}));
    }
    let foreign = new_site(&rival, "Foreign").await;
    let first = rows[0]["site_id"].as_str().unwrap().to_owned();
    for (site, email) in [
        (&foreign, "x@example.com"),
        (&"no-id".to_owned(), "x@example.com"),
        (&first, "y@example.com"),
        (&first, "bad"),
    ] {
        rows.push(json!({"site_id": site, "email": email, "language": "en"}));
    }
    let answer = admin.post("/handovers", &json!({"rows": rows})).await.unwrap().ok().unwrap();
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), 64);
    for (number, item) in items.iter().enumerate().take(60) {
        assert_eq!((&item["error"], &item["handover"]["email"]), (&Value::Null, &rows[number]["email"]), "{item}");
    }
    let errors: Vec<_> = items[60..].iter().map(|item| item["error"].as_str().unwrap()).collect();
    assert_eq!(errors, ["not_found", "not_found", "handover_open", "email_invalid"]);
    let again = admin.post("/handovers", &json!({"rows": [rows[1]]})).await.unwrap().ok().unwrap();
    assert_eq!(again["items"][0]["error"], "handover_open", "repeating it invites nobody twice");
    let page = format!("/handover/{}", app.token_in_mail("owner7@example.com").unwrap());
    assert_eq!(register_and_accept(&app, &page).await.status.as_u16(), 200);
    assert_eq!(admin.post("/handovers", &json!({"rows": []})).await.unwrap().status.as_u16(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_another_page_sends_is_not_taken() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (site, _, page) = invited(&app, &admin, "Villa", OWNER).await;
    for from in ["cross-site", "same-site"] {
        let foreign = app.reader().with_header("Sec-Fetch-Site", from);
        let refused = foreign.post_form(&page, &[("answer", "refuse")]).await.unwrap();
        assert_eq!(refused.status.as_u16(), 403, "{from}");
    }
    assert_eq!(status_of(&admin, &site).await, "not_accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_answers_in_time_ends_by_itself_and_the_company_is_told() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().with_worker().set("HANDOVER__DAYS", "2").clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let (site, handover, _) = invited(&app, &admin, "Villa", OWNER).await;
    assert_eq!(handover["expires_at"], "2027-01-17T08:00:00Z");
    clock.advance(Duration::days(2));
    admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    let (admin, site) = (&admin, &site);
    wait(|| async { Ok(status_of(admin, site).await == "not_invited") }).await.unwrap();
    assert_eq!(state_of(admin, site).await, "expired");
    let mails = admin.get("/mails").await.unwrap().body;
    assert_eq!(mails["items"][0]["template"], "handover_expired");
}
