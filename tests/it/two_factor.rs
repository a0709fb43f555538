//! The second factor: set up, asked for, good once, lost and reset; and companies that want everybody to have one
//! (R-S7, T14, T15).

use std::sync::Arc;

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::authenticator::{Authenticator, recovery_codes};
use siteward_tests::client::{Answer, Client};
use siteward_worker::clock::{Clock as _, SteppedClock};

/// An id that nothing has.
const NOTHING: &str = "01890f00-0000-7000-8000-000000000001";

/// A server on a clock of the test, whose Admin has a second factor: their client, their app, their recovery codes.
async fn with_factor() -> (App, Arc<SteppedClock>, Client, Authenticator, Vec<String>) {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let (authenticator, codes) = Authenticator::set_up(&mut admin, PASSWORD, clock.now()).await.unwrap();
    (app, clock, admin, authenticator, codes)
}

async fn sign_in(app: &App, code: &str) -> Answer {
    app.stranger().sign_in_with(ADMIN, PASSWORD, code).await.unwrap()
}

/// Status and code of an answer.
fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

async fn remove(client: &Client, path: &str, body: &Value) -> Answer {
    client.send_json(Method::DELETE, path, body).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_on_only_once_its_first_code_was_right() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let confirm = async |client: &Client, code: &str| {
        client.send_json(Method::PUT, "/profile/two_factor", &json!({"code": code})).await.unwrap()
    };
    assert_eq!(told(&confirm(&admin, "123456").await), (409, "two_factor_not_begun"));
    let wrong = admin.post("/profile/two_factor", &json!({"password": "wrong-Password1"})).await.unwrap();
    assert_eq!(told(&wrong), (422, "own_password_wrong"));
    let begun = admin.post("/profile/two_factor", &json!({"password": PASSWORD})).await.unwrap().ok().unwrap();
    let authenticator = Authenticator::scan(begun["uri"].as_str().unwrap()).unwrap();
    assert!(begun["uri"].as_str().unwrap().contains(begun["secret"].as_str().unwrap()));
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().status.as_u16(), 200, "nothing is on yet");
    assert_eq!(told(&confirm(&admin, &authenticator.code_after(clock.now(), 5)).await), (422, "two_factor_code_wrong"));

    let (before, mut other) = (admin.clone(), app.stranger());
    other.sign_in(ADMIN, PASSWORD).await.unwrap();
    let confirmed = confirm(&admin, &authenticator.code_at(clock.now())).await;
    assert_eq!(recovery_codes(&confirmed.clone().ok().unwrap()).len(), 10);
    admin.adopt_step_up(&confirmed).unwrap();
    for ended in [&before, &other] {
        assert_eq!(ended.get("/session").await.unwrap().code(), "not_signed_in");
    }
    let profile = admin.get("/profile").await.unwrap().ok().unwrap();
    let on = json!({"enabled": true, "since": "2027-01-15T08:00:00Z", "recovery_codes_left": 10});
    assert_eq!(profile["two_factor"], on);
    let again = admin.post("/profile/two_factor", &json!({"password": PASSWORD})).await.unwrap();
    assert_eq!(told(&again), (409, "two_factor_on"));
    assert_eq!(told(&confirm(&admin, "123456").await), (409, "two_factor_on"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_at_the_door_and_good_once() {
    let (app, clock, _, authenticator, _) = with_factor().await;
    let without = app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap();
    assert_eq!(told(&without), (401, "second_factor_needed"));
    assert_eq!(told(&app.stranger().sign_in(ADMIN, "wrong-Password1").await.unwrap()), (401, "sign_in_refused"));
    let used = authenticator.code_at(clock.now());
    assert_eq!(told(&sign_in(&app, &used).await), (401, "sign_in_refused"), "it turned the factor on");
    clock.advance(Duration::seconds(90));
    let now = clock.now();
    // An app whose clock is behind by a step, one that is right, one that is ahead; then none of them again.
    for steps in [-1, 0, 1] {
        let code = authenticator.code_after(now, steps);
        assert_eq!(sign_in(&app, &code).await.status.as_u16(), 200, "{steps}");
        assert_eq!(told(&sign_in(&app, &code).await), (401, "sign_in_refused"), "{steps}");
    }
    clock.advance(Duration::seconds(300));
    for steps in [-2, 2] {
        let code = authenticator.code_after(clock.now(), steps);
        assert_eq!(told(&sign_in(&app, &code).await), (401, "sign_in_refused"), "{steps}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_sign_in_with_one_code_at_the_same_instant_one_gets_in() {
    let (app, clock, _, authenticator, codes) = with_factor().await;
    // Within one process attempts on an account wait for each other: so each comes to a process of its own.
    let mut beside = Vec::new();
    for _ in 0..3 {
        beside.push(app.beside().await.unwrap());
    }
    for (round, recovery_code) in codes.iter().enumerate() {
        clock.advance(Duration::seconds(30));
        let code = if round % 2 == 0 { authenticator.code_at(clock.now()) } else { recovery_code.clone() };
        let bases = beside.iter().map(|other| &other.base).chain([&app.base]);
        let tries = bases.map(|base| {
            let (mut client, code) = (app.stranger().at(base), code.clone());
            tokio::spawn(async move { client.sign_in_with(ADMIN, PASSWORD, &code).await.unwrap().status.as_u16() })
        });
        let mut statuses = Vec::new();
        for one in tries.collect::<Vec<_>>() {
            statuses.push(one.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401, 401, 401], "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_is_good_once_in_place_of_a_code() {
    let (app, clock, admin, authenticator, codes) = with_factor().await;
    assert_eq!(sign_in(&app, &codes[0].to_lowercase().replace('-', "")).await.status.as_u16(), 200);
    assert_eq!(told(&sign_in(&app, &codes[0]).await), (401, "sign_in_refused"));
    assert_eq!(admin.get("/profile").await.unwrap().body["two_factor"]["recovery_codes_left"], 9);
    clock.advance(Duration::seconds(30));
    let proof = json!({"password": PASSWORD, "code": authenticator.code_at(clock.now())});
    let renewed = admin.post("/profile/recovery_codes", &proof).await.unwrap().ok().unwrap();
    let new = recovery_codes(&renewed);
    assert!(new.len() == 10 && new.iter().all(|code| !codes.contains(code)));
    assert_eq!(told(&sign_in(&app, &codes[1]).await), (401, "sign_in_refused"), "the old ones are void");
    assert_eq!(sign_in(&app, &new[1]).await.status.as_u16(), 200);
    let again = admin.post("/profile/recovery_codes", &proof).await.unwrap();
    assert_eq!(told(&again), (422, "two_factor_code_wrong"), "that code was used");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_lock_and_go_on_locking() {
    let (app, clock, _, authenticator, codes) = with_factor().await;
    clock.advance(Duration::seconds(300));
    // Whoever tries codes knows the password: there is no rest after the lock in which to try all of them.
    for _ in 0..2 {
        for _ in 0..5 {
            assert_eq!(told(&sign_in(&app, "000000").await), (401, "sign_in_refused"));
        }
        for code in [&authenticator.code_at(clock.now()), &codes[0]] {
            assert_eq!(told(&sign_in(&app, code).await), (423, "account_locked"));
        }
        clock.advance(Duration::minutes(30));
    }
    let code = authenticator.code_at(clock.now());
    assert_eq!(sign_in(&app, &code).await.status.as_u16(), 200, "the owner gets in after the lock");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_owner_may_do_wants_a_code_too() {
    let (app, clock, mut admin, authenticator, codes) = with_factor().await;
    clock.advance(Duration::seconds(60));
    let mut body = json!({"password": PASSWORD, "new_password": "Another-horse8"});
    let without = admin.post("/profile/password", &body).await.unwrap();
    assert_eq!(told(&without), (422, "two_factor_code_needed"));
    body["code"] = json!("000000");
    assert_eq!(told(&admin.post("/profile/password", &body).await.unwrap()), (422, "two_factor_code_wrong"));
    body["code"] = json!(authenticator.code_at(clock.now()));
    let changed = admin.post("/profile/password", &body).await.unwrap();
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.body);
    admin.adopt(&changed).unwrap();
    let with = |code: &str| json!({"password": "Another-horse8", "code": code});
    let used = remove(&admin, "/profile/two_factor", &with(&authenticator.code_at(clock.now()))).await;
    assert_eq!(told(&used), (422, "two_factor_code_wrong"));
    // Mails are listed by time.
    clock.advance(Duration::seconds(1));
    assert_eq!(told(&remove(&admin, "/profile/two_factor", &with(&codes[0])).await), (204, ""));
    assert_eq!(told(&remove(&admin, "/profile/two_factor", &with(&codes[1])).await), (409, "two_factor_off"));
    let renewed = admin.post("/profile/recovery_codes", &with(&codes[1])).await.unwrap();
    assert_eq!(told(&renewed), (409, "two_factor_off"));
    assert_eq!(app.stranger().sign_in(ADMIN, "Another-horse8").await.unwrap().status.as_u16(), 200);
    let mails = admin.get("/mails").await.unwrap().body;
    let subjects: Vec<&str> =
        mails["items"].as_array().unwrap().iter().map(|mail| mail["subject"].as_str().unwrap()).collect();
    let expected =
        ["Your second factor was turned off", "Your password was changed", "Signing in now needs a second factor"];
    assert_eq!(subjects, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_takes_a_lost_second_factor_away_and_lifts_the_lock() {
    let (app, clock, admin, _, _) = with_factor().await;
    for _ in 0..5 {
        sign_in(&app, "000000").await;
    }
    assert_eq!(sign_in(&app, "000000").await.code(), "account_locked");
    let (store, now) = (app.store.clone(), clock.now());
    let reset = tokio::task::spawn_blocking(move || {
        let once =
            siteward_api::staff::reset_two_factor(&store, "Admin@Example.com", now).map_err(|error| error.code());
        let twice = siteward_api::staff::reset_two_factor(&store, ADMIN, now).map_err(|error| error.code());
        (once, twice)
    });
    assert_eq!(reset.await.unwrap(), (Ok(()), Err("two_factor_off")));
    assert_eq!(admin.get("/session").await.unwrap().code(), "not_signed_in");
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_may_want_everybody_to_have_one() {
    let (app, clock, admin, _, codes) = with_factor().await;
    let mut installer = app.installer().await.unwrap();
    let (live, wanted) = (installer.stream("/live").await.unwrap(), json!({"two_factor_required": true}));
    assert_eq!(admin.patch("/company", &wanted).await.unwrap().body["two_factor_required"], true);
    let ended =
        tokio::time::timeout(std::time::Duration::from_secs(2), http_body_util::BodyExt::collect(live.into_body()));
    assert!(ended.await.is_ok(), "an open stream of who has none ends");
    let session = installer.get("/session").await.unwrap().ok().unwrap();
    assert_eq!(
        (&session["two_factor_enrolment_needed"], &session["company"]["two_factor_required"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(installer.get("/profile").await.unwrap().body["two_factor_required"], true);
    assert_eq!(told(&installer.get("/sites").await.unwrap()), (403, "two_factor_enrolment_needed"));
    Authenticator::set_up(&mut installer, PASSWORD, clock.now()).await.unwrap();
    assert_eq!(installer.get("/session").await.unwrap().body["two_factor_enrolment_needed"], false);
    assert_eq!(told(&installer.get("/sessions").await.unwrap()), (200, ""));
    let proof = json!({"password": PASSWORD, "code": codes[0]});
    assert_eq!(told(&remove(&admin, "/profile/two_factor", &proof).await), (409, "two_factor_required"));
    admin.patch("/company", &json!({"two_factor_required": false})).await.unwrap().ok().unwrap();
    assert_eq!(told(&remove(&admin, "/profile/two_factor", &proof).await), (204, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_of_all_others_what_they_have_not_done_themself() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let refused = admin.patch("/company", &json!({"two_factor_required": true, "name": "New"})).await.unwrap();
    assert_eq!(told(&refused), (409, "two_factor_first"));
    assert_ne!(admin.get("/session").await.unwrap().body["company"]["name"], "New");
}

/// What is open to whoever still has to set up the second factor that their company wants.
const OPEN: [&str; 9] = [
    "GET /session",
    "DELETE /session",
    "GET /profile",
    "PATCH /profile",
    "POST /profile/password",
    "POST /profile/two_factor",
    "PUT /profile/two_factor",
    "DELETE /profile/two_factor",
    "POST /profile/recovery_codes",
];

/// Found out from the description alone, so that a new route is asked too.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_is_open_before_a_wanted_second_factor_is_set_up() {
    let (app, _, admin, _, _) = with_factor().await;
    let member = app.member_with("all@example.com", Right::ALL).await.unwrap();
    admin.patch("/company", &json!({"two_factor_required": true})).await.unwrap().ok().unwrap();
    let description = app.stranger().get("/openapi.json").await.unwrap().body;
    let mut asked = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // A route with a way in of its own (none, a link's token, a process's signature) asks for no session.
            if operation.get("security").is_some() {
                continue;
            }
            // Staff are strangers to what end users do.
            if path.starts_with("/api/v1/my/") {
                continue;
            }
            let (method, template) = (method.to_uppercase(), path.strip_prefix("/api/v1").unwrap());
            let name = format!("{method} {template}");
            if OPEN.contains(&name.as_str()) {
                continue;
            }
            let path: Vec<&str> =
                template.split('/').map(|part| if part.starts_with('{') { NOTHING } else { part }).collect();
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = member.send_json(method, &path.join("/"), &json!({})).await.unwrap();
            assert_eq!(told(&answer), (403, "two_factor_enrolment_needed"), "{name}");
            asked += 1;
        }
    }
    assert!(asked > 80, "{asked}");
    assert_eq!(told(&member.get("/profile").await.unwrap()), (200, ""));
    assert_eq!(told(&member.delete("/session").await.unwrap()), (204, ""));
}
