//! Signing in and out, sessions, guessing, CSRF, headers, the operation log.

use std::sync::Arc;

use chrono::Duration;
use http::Method;
use serde_json::json;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_worker::clock::SteppedClock;

#[tokio::test(flavor = "multi_thread")]
async fn every_sign_in_has_a_session_of_its_own_and_signing_out_ends_it() {
    let app = App::start().await.unwrap();
    let first = app.admin().await.unwrap();
    let mut second = app.stranger();
    assert_eq!(second.sign_in("Admin@Example.com", PASSWORD).await.unwrap().status.as_u16(), 200);
    assert_ne!(first.csrf_token(), second.csrf_token());
    assert_eq!(second.delete("/session").await.unwrap().status.as_u16(), 204);
    assert_eq!(second.get("/session").await.unwrap().code(), "not_signed_in");
    assert_eq!(first.get("/session").await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_failures_lock_for_thirty_minutes_whether_the_account_exists_or_not() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    app.admin().await.unwrap();
    for email in [ADMIN, "nobody@example.com"] {
        for _ in 0..5 {
            let refused = app.stranger().sign_in(email, "wrong-Password1").await.unwrap();
            assert_eq!((refused.status.as_u16(), refused.code()), (401, "sign_in_refused"), "{email}");
        }
        let locked = app.stranger().sign_in(email, PASSWORD).await.unwrap();
        assert_eq!((locked.status.as_u16(), locked.code()), (423, "account_locked"), "{email}");
        assert_eq!(locked.body["details"]["locked_until"], "2027-01-15T08:30:00Z", "{email}");
    }
    clock.advance(Duration::minutes(29));
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().code(), "account_locked");
    clock.advance(Duration::minutes(1));
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn going_on_with_guessing_does_not_lock_the_owner_out_again() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    app.admin().await.unwrap();
    let guess = async || app.stranger().sign_in(ADMIN, "wrong-Password1").await.unwrap().status.as_u16();
    for _ in 0..5 {
        assert_eq!(guess().await, 401);
    }
    for _ in 0..5 {
        assert_eq!(guess().await, 423);
    }
    clock.advance(Duration::minutes(30));
    for _ in 0..6 {
        assert_eq!(guess().await, 401);
    }
    clock.advance(Duration::minutes(5));
    let mut owner = app.stranger();
    assert_eq!(owner.sign_in(ADMIN, PASSWORD).await.unwrap().status.as_u16(), 200);
    let log = owner.get("/operation_log?limit=100").await.unwrap().body;
    let results: Vec<_> = log["items"].as_array().unwrap().iter().map(|row| row["result"].as_str().unwrap()).collect();
    assert!(results.contains(&"sign_in_refused") && !results.contains(&"account_locked"), "{results:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_tries_many_accounts_at_once_has_to_wait() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let tries = (0..90).map(|number| {
        let mut stranger = app.stranger();
        tokio::spawn(async move {
            let email = format!("somebody{number}@example.com");
            stranger.sign_in(&email, "wrong-Password1").await.unwrap().status.as_u16()
        })
    });
    let mut refused = 0;
    for one in tries.collect::<Vec<_>>() {
        match one.await.unwrap() {
            401 => refused += 1,
            status => assert_eq!(status, 429),
        }
    }
    // Fifty, and what was being hashed when the fiftieth was written down.
    assert!((50..=58).contains(&refused), "{refused}");
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().code(), "too_many_requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_rest_an_account_is_locked_again() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let guess = async || app.stranger().sign_in("nobody@example.com", "wrong-Password1").await.unwrap().status.as_u16();
    for minutes in [0, 45] {
        clock.advance(Duration::minutes(minutes));
        for _ in 0..5 {
            assert_eq!(guess().await, 401);
        }
        assert_eq!(guess().await, 423);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_thirty_idle_minutes_and_after_twelve_hours_in_any_case() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    for _ in 0..24 {
        clock.advance(Duration::minutes(29));
        assert_eq!(admin.get("/session").await.unwrap().status.as_u16(), 200);
    }
    clock.advance(Duration::minutes(24));
    assert_eq!(admin.get("/session").await.unwrap().code(), "not_signed_in");

    let mut again = app.stranger();
    again.sign_in(ADMIN, PASSWORD).await.unwrap();
    clock.advance(Duration::minutes(30));
    assert_eq!(again.get("/session").await.unwrap().code(), "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_without_the_csrf_header_is_refused_and_noted() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut foreign = admin.clone();
    foreign.forget_csrf_token();
    let site = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
    let refused = foreign.post("/sites", &site).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "csrf_missing"));
    assert_eq!(admin.post("/sites", &site).await.unwrap().status.as_u16(), 201);

    let log = admin.get("/operation_log").await.unwrap().body;
    let rows: Vec<_> = log["items"].as_array().unwrap().iter().collect();
    assert_eq!((&rows[0]["result"], &rows[0]["object_name"]), (&json!("ok"), &json!("Harbour")));
    assert_eq!((&rows[1]["action"], &rows[1]["result"]), (&json!("POST /sites"), &json!("csrf_missing")));
    assert_eq!(rows[1]["who"], "Alex Admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers() {
    let app = App::start().await.unwrap();
    let api = app.stranger().get("/setup").await.unwrap();
    let refused = app.stranger().get("/nothing").await.unwrap();
    let page = siteward_tests::client::Client::bare(&app.base).get("/sites").await.unwrap();
    for answer in [&api, &refused, &page] {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("permissions-policy", "camera=(self), microphone=(), geolocation=()"),
        ] {
            assert_eq!(answer.headers[name], value);
        }
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.replace("style-src 'self' 'unsafe-inline'", "").contains("unsafe-inline"), "{policy}");
    }
    let secret = siteward_tests::client::Client::bare(&app.base).get("/serve/abc").await.unwrap();
    assert_eq!(
        (&secret.headers["cache-control"], &secret.headers["referrer-policy"]),
        (&"no-store".parse().unwrap(), &"no-referrer".parse().unwrap())
    );
    assert_eq!(secret.headers["content-security-policy"], page.headers["content-security-policy"]);
    assert_eq!(api.headers["cache-control"], "no-store");
    assert_eq!((refused.status.as_u16(), refused.code()), (404, "not_found"));
    assert_eq!(refused.body["request_id"], refused.headers["x-request-id"].to_str().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_large_or_not_json_are_refused_in_one_form() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let large = json!({"name": "x".repeat(270_000), "time_zone": "Europe/Berlin"});
    assert_eq!(admin.post("/sites", &large).await.unwrap().code(), "body_too_large");
    assert_eq!(admin.post("/sites", &json!({"nonsense": 1})).await.unwrap().code(), "bad_json");
    let list = json!([null, null, null]);
    assert_eq!(admin.send_json(Method::PATCH, "/company", &list).await.unwrap().code(), "bad_json");
    let text = admin.post_bytes("/sites", "text/plain", "hello").await.unwrap();
    assert_eq!((text.status.as_u16(), text.code()), (415, "unsupported_content"));
    let wrong = admin.send_json(Method::PUT, "/sites", &json!({})).await.unwrap();
    assert_eq!((wrong.status.as_u16(), wrong.code()), (405, "method_not_allowed"));
    assert_eq!(wrong.headers["allow"], "GET, POST");
}
