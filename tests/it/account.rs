//! One's own account: name, language, time zone, and a new password (R-S7, T14, T15).

use std::sync::Arc;
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::client::{Answer, Client};
use siteward_worker::clock::SteppedClock;

const NEW: &str = "Another-horse8";

async fn change(client: &Client, password: &str, new: &str) -> Answer {
    client.post("/profile/password", &json!({"password": password, "new_password": new})).await.unwrap()
}

/// Subjects of the mails to an address, newest first.
async fn subjects(admin: &Client, receiver: &str) -> Vec<String> {
    let mails = admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let of_receiver = mails["items"].as_array().unwrap().iter().filter(|mail| mail["receiver"] == receiver);
    of_receiver.map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn name_language_and_time_zone_are_ones_own_to_choose() {
    let app = App::start().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let profile = admin.get("/profile").await.unwrap().ok().unwrap();
    assert_eq!(
        profile,
        json!({
            "name": "Alex Admin", "email": ADMIN, "language": "en", "time_zone": "UTC", "two_factor_required": false,
            "daily_summary": {"mode": "if_wrong", "time": "07:00"},
            "two_factor": {"enabled": false, "since": null, "recovery_codes_left": 0},
        })
    );
    let body = json!({"name": " Алекс ", "language": "ru", "time_zone": "Europe/Warsaw"});
    let changed = admin.patch("/profile", &body).await.unwrap().ok().unwrap();
    assert_eq!((&changed["name"], &changed["language"]), (&json!("Алекс"), &json!("ru")));
    assert_eq!(admin.patch("/profile", &json!({})).await.unwrap().ok().unwrap(), changed);
    let signed_in = admin.sign_in(ADMIN, PASSWORD).await.unwrap().body;
    assert_eq!(
        (&signed_in["staff"]["name"], &signed_in["staff"]["time_zone"]),
        (&json!("Алекс"), &json!("Europe/Warsaw"))
    );
    for (body, code) in [
        (json!({"name": " "}), "name_empty"),
        (json!({"name": "x".repeat(129)}), "name_too_long"),
        (json!({"name": "a\nb"}), "text_invalid"),
        (json!({"time_zone": "Mars/Olympus"}), "time_zone_unknown"),
        (json!({"language": "de"}), "bad_json"),
        (json!({"email": "other@example.com"}), "bad_json"),
    ] {
        assert_eq!(admin.patch("/profile", &body).await.unwrap().code(), code, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session_and_this_one_goes_on_under_another_id() {
    let app = App::start().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let (before, mut other) = (admin.clone(), app.stranger());
    other.sign_in(ADMIN, PASSWORD).await.unwrap();
    let stream = other.stream("/live").await.unwrap();
    let answer = change(&admin, PASSWORD, NEW).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let started = Instant::now();
    let over = tokio::time::timeout(StdDuration::from_secs(10), stream.into_body().collect()).await;
    assert!(over.is_ok() && started.elapsed() <= StdDuration::from_secs(1), "{:?}", started.elapsed());
    for ended in [&before, &other] {
        assert_eq!(ended.get("/session").await.unwrap().code(), "not_signed_in");
    }
    admin.adopt(&answer).unwrap();
    assert_ne!(admin.csrf_token(), before.csrf_token());
    assert_eq!(admin.get("/session").await.unwrap().status.as_u16(), 200);
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().code(), "sign_in_refused");
    assert_eq!(app.stranger().sign_in(ADMIN, NEW).await.unwrap().status.as_u16(), 200);
    assert_eq!(subjects(&admin, ADMIN).await, ["Your password was changed"]);
    let log = admin.get("/operation_log?limit=100").await.unwrap().body;
    let actions: Vec<&Value> = log["items"].as_array().unwrap().iter().map(|row| &row["action"]).collect();
    assert!(actions.contains(&&json!("POST /profile/password")), "{actions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_is_refused_before_the_old_one_is_looked_at() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for (new, rule) in
        [("Abc12", "length"), ("abcdefgh1", "classes"), ("Admin@Example.com", "user_name"), ("P@ssw0rd", "common")]
    {
        let refused = change(&admin, PASSWORD, new).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "weak_password"), "{new}");
        assert_eq!(refused.body["details"], json!({"field": "new_password", "rule": rule}));
    }
    assert_eq!(admin.get("/session").await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sits_at_an_open_browser_guesses_no_longer_than_at_the_door() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    for _ in 0..5 {
        let refused = change(&admin, "wrong-Password1", NEW).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "own_password_wrong"));
        assert_eq!(refused.body["details"]["field"], "password");
    }
    assert_eq!(change(&admin, PASSWORD, NEW).await.code(), "account_locked");
    let begun = admin.post("/profile/two_factor", &json!({"password": PASSWORD})).await.unwrap();
    assert_eq!((begun.status.as_u16(), begun.code()), (423, "account_locked"));
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().code(), "account_locked");
    let beside = app.beside().await.unwrap();
    let elsewhere = app.stranger().at(&beside.base).sign_in(ADMIN, PASSWORD).await.unwrap();
    assert_eq!(elsewhere.code(), "account_locked", "a restart forgets nothing");
    clock.advance(Duration::minutes(30));
    let mut owner = app.stranger();
    assert_eq!(owner.sign_in(ADMIN, PASSWORD).await.unwrap().status.as_u16(), 200);
    assert_eq!(change(&owner, PASSWORD, NEW).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_of_the_old_password_outlives_its_change_even_one_begun_at_the_same_instant() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let beside = app.beside().await.unwrap();
    for round in 0..5 {
        let (old, new) = if round % 2 == 0 { (PASSWORD, NEW) } else { (NEW, PASSWORD) };
        let mut owner = app.stranger();
        owner.sign_in(ADMIN, old).await.unwrap();
        let mut late = app.stranger().at(&beside.base);
        let (changed, signed_in) = tokio::join!(change(&owner, old, new), late.sign_in(ADMIN, old));
        assert_eq!(changed.status.as_u16(), 200, "{}", changed.body);
        assert!([200, 401].contains(&signed_in.unwrap().status.as_u16()));
        assert_eq!(late.get("/session").await.unwrap().code(), "not_signed_in", "round {round}");
    }
}
