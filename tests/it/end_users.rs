//! End users: how they get an account, sign in and out, change it and leave; apart from staff of the same address (R-E1,
//! R-S7, T13, T14, T15).

use std::sync::Arc;
use std::time::{Duration as StdDuration, Instant};

use chrono::Duration;
use http::Method;
use serde_json::{Value, json};
use siteward_store::mails::list_of_platform;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::authenticator::{Authenticator, recovery_codes};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::OWNER;
use siteward_worker::clock::{Clock as _, SteppedClock};

const NEW: &str = "Another-horse8";

/// A server on a clock of the test, and its Admin.
async fn stepped() -> (App, Arc<SteppedClock>, Client) {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    (app, clock, admin)
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

async fn register(app: &App, email: &str, password: &str) -> Answer {
    let body = json!({
        "name": "Olga Owner", "email": email, "region": "DE", "language": "en", "time_zone": "Europe/Berlin", "password": password,
    });
    app.stranger().post("/my/registrations", &body).await.unwrap()
}

/// The subjects of the mails of the platform to an address, newest first, once there are so many.
async fn subjects(app: &App, receiver: &str, expected: usize) -> Vec<String> {
    let started = Instant::now();
    loop {
        let mut mails = app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
        mails.retain(|mail| mail.receiver == receiver);
        if mails.len() >= expected || started.elapsed() > StdDuration::from_secs(30) {
            return mails.into_iter().map(|mail| mail.subject).collect();
        }
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
}

/// The path of the link in the newest mail to an address.
async fn link(app: &App, folder: &str, receiver: &str, mails: usize) -> String {
    assert_eq!(subjects(app, receiver, mails).await.len(), mails);
    format!("/my/{folder}/{}", app.token_in_mail(receiver).unwrap())
}

async fn door(app: &App, email: &str, password: &str) -> Answer {
    app.stranger().sign_in_as_end_user(email, password).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_an_account_once_its_link_was_confirmed() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    assert_eq!(register(&app, "Olga@Example.com", PASSWORD).await.status.as_u16(), 202);
    let path = link(&app, "confirm", "Olga@Example.com", 1).await;
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "sign_in_refused"), "not before the link");
    let shown = app.reader().get(&path).await.unwrap();
    assert!(shown.status.as_u16() == 200 && shown.text.contains("Olga@Example.com"), "{}", shown.text);
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "sign_in_refused"), "looking at it does nothing");

    // Whoever has the address and did not register does not know the password, and makes no account of another's choice.
    for form in [&[][..], &[("password", NEW)]] {
        let refused = app.reader().post_form(&path, form).await.unwrap();
        assert!(refused.status.as_u16() == 422 && refused.text.contains("not the password"), "{}", refused.text);
    }
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "sign_in_refused"));

    let confirmed = app.reader().post_form(&path, &[("password", PASSWORD)]).await.unwrap();
    assert_eq!((confirmed.status.as_u16(), confirmed.headers["location"].to_str().unwrap()), (303, "/my"));
    let cookie = confirmed.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("siteward_my=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let session = door(&app, OWNER, PASSWORD).await.ok().unwrap();
    assert_eq!(
        (&session["end_user"]["name"], &session["end_user"]["region"], &session["end_user"]["time_zone"]),
        (&json!("Olga Owner"), &json!("DE"), &json!("Europe/Berlin"))
    );
    for used in [app.reader().get(&path).await.unwrap(), app.reader().post_form(&path, &[]).await.unwrap()] {
        assert_eq!(used.status.as_u16(), 410);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_a_registration_is_not_guessed_with_its_link() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    register(&app, OWNER, PASSWORD).await.ok().unwrap();
    let path = link(&app, "confirm", OWNER, 1).await;
    for number in 0..10 {
        let wrong = app.reader().post_form(&path, &[("password", NEW)]).await.unwrap();
        assert_eq!(wrong.status.as_u16(), 422, "{number}");
    }
    let right = app.reader().post_form(&path, &[("password", PASSWORD)]).await.unwrap();
    assert_eq!(right.status.as_u16(), 429, "{}", right.text);
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "sign_in_refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_address_is_answered_like_any_other_and_told_by_mail() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    app.silent_end_user(OWNER).unwrap();
    let (known, unknown) = (register(&app, OWNER, NEW).await, register(&app, "peter@example.com", NEW).await);
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    assert_eq!(subjects(&app, OWNER, 1).await, ["You have an account already"]);
    assert_eq!(subjects(&app, "peter@example.com", 1).await, ["Confirm your e-mail address"]);
    assert!(app.token_in_mail(OWNER).is_err(), "there is nothing to confirm");
    assert_eq!(door(&app, OWNER, PASSWORD).await.status.as_u16(), 200, "and nothing has changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_gets_three_mails_an_hour_and_every_link_of_an_hour_is_old_after_a_day() {
    let (app, clock, _) = stepped().await;
    for _ in 0..5 {
        assert_eq!(register(&app, OWNER, PASSWORD).await.status.as_u16(), 202);
    }
    let path = link(&app, "confirm", OWNER, 3).await;
    tokio::time::sleep(StdDuration::from_millis(100)).await;
    assert_eq!(subjects(&app, OWNER, 3).await.len(), 3);
    clock.advance(Duration::hours(24));
    for old in [app.reader().get(&path).await.unwrap(), app.reader().post_form(&path, &[]).await.unwrap()] {
        assert_eq!(old.status.as_u16(), 410);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_registration_is_refused_at_the_field() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let good = json!({
        "name": "Olga", "email": OWNER, "region": "DE", "language": "en", "time_zone": "Europe/Berlin", "password": PASSWORD,
    });
    for (field, value, code) in [
        ("name", " ", "name_empty"),
        ("email", "olga", "email_invalid"),
        ("region", "Germany", "region_invalid"),
        ("time_zone", "Berlin", "time_zone_unknown"),
        ("password", "weak", "weak_password"),
        ("password", OWNER, "weak_password"),
    ] {
        let mut body = good.clone();
        body[field] = json!(value);
        let refused = app.stranger().post("/my/registrations", &body).await.unwrap();
        assert_eq!(
            (refused.status.as_u16(), refused.code(), &refused.body["details"]["field"]),
            (422, code, &json!(field))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_and_end_user_of_one_address_have_nothing_in_common() {
    let (app, _, admin) = stepped().await;
    let mut customer = app.end_user(ADMIN).await.unwrap();
    customer.sign_in_as_end_user(ADMIN, PASSWORD).await.unwrap();
    assert_eq!(told(&customer.get("/session").await.unwrap()), (401, "not_signed_in"));
    assert_eq!(told(&customer.get("/sites").await.unwrap()), (401, "not_signed_in"));
    assert_eq!(told(&admin.get("/my/session").await.unwrap()), (401, "not_signed_in"));
    for _ in 0..5 {
        assert_eq!(told(&door(&app, ADMIN, "wrong-Password1").await), (401, "sign_in_refused"));
    }
    assert_eq!(told(&door(&app, ADMIN, PASSWORD).await), (423, "account_locked"));
    let staff = app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap();
    assert_eq!(staff.status.as_u16(), 200, "the lock is the customer's alone");
    let change = json!({"password": PASSWORD, "new_password": NEW});
    assert_eq!(admin.post("/profile/password", &change).await.unwrap().status.as_u16(), 200);
    assert_eq!(customer.get("/my/session").await.unwrap().status.as_u16(), 200, "and so is the session");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_failures_lock_an_end_user_for_thirty_minutes_whether_there_is_one_or_not() {
    let (app, clock, _) = stepped().await;
    app.silent_end_user(OWNER).unwrap();
    for email in [OWNER, "nobody@example.com"] {
        for _ in 0..5 {
            assert_eq!(told(&door(&app, email, "wrong-Password1").await), (401, "sign_in_refused"), "{email}");
        }
        let locked = door(&app, email, PASSWORD).await;
        assert_eq!(told(&locked), (423, "account_locked"), "{email}");
        assert_eq!(locked.body["details"]["locked_until"], "2027-01-15T08:30:00Z", "{email}");
    }
    clock.advance(Duration::minutes(30));
    assert_eq!(door(&app, OWNER, PASSWORD).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_an_end_user_ends_when_unused_after_twelve_hours_and_by_signing_out() {
    let (app, clock, _) = stepped().await;
    let first = app.end_user(OWNER).await.unwrap();
    let status = async |client: &Client| client.get("/my/session").await.unwrap().status.as_u16();
    let mut second = app.stranger();
    second.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap();
    assert_ne!(first.csrf_token(), second.csrf_token());
    assert_eq!(second.delete("/my/session").await.unwrap().status.as_u16(), 204);
    assert_eq!((status(&second).await, status(&first).await), (401, 200));
    for _ in 0..24 {
        clock.advance(Duration::minutes(29));
        assert_eq!(status(&first).await, 200);
    }
    clock.advance(Duration::minutes(24));
    assert_eq!(status(&first).await, 401, "twelve hours");
    second.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap();
    clock.advance(Duration::minutes(30));
    assert_eq!(status(&second).await, 401, "half an hour unused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_without_the_end_users_own_csrf_token_is_refused() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let (mut without, mut with_another) = (owner.clone(), owner.clone());
    without.forget_csrf_token();
    with_another.take_csrf_token_of(&admin);
    let change = json!({"name": "Somebody else"});
    for foreign in [without, with_another] {
        assert_eq!(told(&foreign.patch("/my/profile", &change).await.unwrap()), (403, "csrf_missing"));
    }
    assert_eq!(owner.get("/my/profile").await.unwrap().body["name"], "Olga Owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session_and_is_told_by_mail() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let mut owner = app.end_user(OWNER).await.unwrap();
    let (before, mut other) = (owner.clone(), app.stranger());
    other.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap();
    let change = |now: &str| json!({"password": now, "new_password": NEW});
    let wrong = owner.post("/my/profile/password", &change("wrong-Password1")).await.unwrap();
    assert_eq!(told(&wrong), (422, "own_password_wrong"));
    let changed = owner.post("/my/profile/password", &change(PASSWORD)).await.unwrap();
    owner.adopt_end_user(&changed).unwrap();
    assert_eq!(owner.get("/my/session").await.unwrap().status.as_u16(), 200);
    for ended in [&before, &other] {
        assert_eq!(told(&ended.get("/my/session").await.unwrap()), (401, "not_signed_in"));
    }
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "sign_in_refused"));
    assert_eq!(door(&app, OWNER, NEW).await.status.as_u16(), 200);
    assert_eq!(subjects(&app, OWNER, 1).await, ["Your password was changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_password_is_replaced_by_a_link_once() {
    let (app, clock, _) = stepped().await;
    let owner = app.end_user(OWNER).await.unwrap();
    let ask = async |email: &str| app.stranger().post("/my/password_resets", &json!({"email": email})).await.unwrap();
    let (known, unknown) = (ask(OWNER).await, ask(ADMIN).await);
    assert_eq!((known.status.as_u16(), &known.body), (202, &unknown.body));
    let path = link(&app, "reset", OWNER, 1).await;
    let of_staff = path.replace("/my/reset/", "/reset/");
    assert_eq!(app.reader().get(&of_staff).await.unwrap().status.as_u16(), 410, "it is no link of staff");
    let set = async |path: &str| app.reader().post_form(path, &[("password", NEW)]).await.unwrap();
    let done = set(&path).await;
    assert_eq!((done.status.as_u16(), done.headers["location"].to_str().unwrap()), (303, "/my/sign-in?reset=done"));
    assert_eq!(told(&owner.get("/my/session").await.unwrap()), (401, "not_signed_in"));
    assert_eq!(door(&app, OWNER, NEW).await.status.as_u16(), 200);
    assert_eq!(set(&path).await.status.as_u16(), 410);
    assert!(subjects(&app, ADMIN, 0).await.is_empty(), "nothing went to an address of staff");
    ask(OWNER).await;
    let old = link(&app, "reset", OWNER, 3).await;
    clock.advance(Duration::hours(1));
    assert_eq!(set(&old).await.status.as_u16(), 410);
}

/// Sets up the second factor of an end user.
async fn with_factor(owner: &mut Client, clock: &SteppedClock) -> (Authenticator, Vec<String>) {
    let begun = owner.post("/my/profile/two_factor", &json!({"password": PASSWORD})).await.unwrap().ok().unwrap();
    let authenticator = Authenticator::scan(begun["uri"].as_str().unwrap()).unwrap();
    let code = json!({"code": authenticator.code_at(clock.now())});
    let confirmed = owner.send_json(Method::PUT, "/my/profile/two_factor", &code).await.unwrap();
    let codes = recovery_codes(&confirmed.clone().ok().unwrap());
    let session = Answer { body: confirmed.body["session"].clone(), ..confirmed.clone() };
    owner.adopt_end_user(&session).unwrap();
    (authenticator, codes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_at_the_door_and_every_code_is_good_once() {
    let (app, clock, _) = stepped().await;
    let mut owner = app.end_user(OWNER).await.unwrap();
    let (authenticator, codes) = with_factor(&mut owner, &clock).await;
    let with = async |code: &str| {
        let body = json!({"email": OWNER, "password": PASSWORD, "code": code});
        app.stranger().post("/my/session", &body).await.unwrap()
    };
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "second_factor_needed"));
    assert_eq!(
        told(&with(&authenticator.code_at(clock.now())).await),
        (401, "sign_in_refused"),
        "it turned the factor on"
    );
    let next = authenticator.code_after(clock.now(), 1);
    assert_eq!(with(&next).await.status.as_u16(), 200);
    assert_eq!(told(&with(&next).await), (401, "sign_in_refused"));
    assert_eq!(with(&codes[0]).await.status.as_u16(), 200);
    assert_eq!(told(&with(&codes[0]).await), (401, "sign_in_refused"));

    let proof = json!({"password": PASSWORD, "code": codes[1]});
    let renewed = owner.post("/my/profile/recovery_codes", &proof).await.unwrap().ok().unwrap();
    assert_eq!(told(&with(&codes[2]).await), (401, "sign_in_refused"), "the old ones are void");
    let proof = json!({"password": PASSWORD, "code": recovery_codes(&renewed)[0]});
    assert_eq!(owner.send_json(Method::DELETE, "/my/profile/two_factor", &proof).await.unwrap().status.as_u16(), 204);
    assert_eq!(door(&app, OWNER, PASSWORD).await.status.as_u16(), 200);
    // All at one moment of the test's clock, so in any order.
    let mut told = subjects(&app, OWNER, 3).await;
    told.sort();
    let expected = [
        "Signing in now needs a second factor",
        "You got new recovery codes, and the old ones are void",
        "Your second factor was turned off",
    ];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_lock_an_end_user_out() {
    let (app, clock, _) = stepped().await;
    let mut owner = app.end_user(OWNER).await.unwrap();
    let (_, codes) = with_factor(&mut owner, &clock).await;
    let with = async |code: &str| {
        let body = json!({"email": OWNER, "password": PASSWORD, "code": code});
        app.stranger().post("/my/session", &body).await.unwrap()
    };
    for _ in 0..5 {
        assert_eq!(told(&with("000000").await), (401, "sign_in_refused"));
    }
    assert_eq!(told(&with(&codes[0]).await), (423, "account_locked"));
    clock.advance(Duration::minutes(30));
    assert_eq!(with(&codes[0]).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_user_changes_who_they_are_and_signs_in_by_phone() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let change = json!({"name": "Olga O.", "region": "pl", "language": "ru", "time_zone": "Europe/Warsaw", "phone": "+48 600 100-200"});
    let changed = owner.patch("/my/profile", &change).await.unwrap().ok().unwrap();
    for (field, value) in [
        ("name", "Olga O."),
        ("region", "PL"),
        ("language", "ru"),
        ("time_zone", "Europe/Warsaw"),
        ("phone", "+48600100200"),
    ] {
        assert_eq!(changed[field], value);
    }
    assert_eq!(door(&app, "+48 (600) 100 200", PASSWORD).await.status.as_u16(), 200);
    let other = app.end_user("peter@example.com").await.unwrap();
    let phone = |number: Value| json!({"phone": number});
    // A number that is somebody's is taken like any other, and signs nobody else in.
    let same = other.patch("/my/profile", &phone(json!("+48600100200"))).await.unwrap().ok().unwrap();
    let free = other.patch("/my/profile", &phone(json!("+48600100201"))).await.unwrap().ok().unwrap();
    assert_eq!((&same["phone"], &free["phone"]), (&json!("+48600100200"), &json!("+48600100201")));
    other.patch("/my/profile", &phone(json!("+48600100200"))).await.unwrap().ok().unwrap();
    let signed_in = door(&app, "+48600100200", PASSWORD).await;
    assert_eq!(signed_in.body["end_user"]["email"], OWNER, "{}", signed_in.body);
    let fourth = other.patch("/my/profile", &phone(json!("+48600100203"))).await.unwrap();
    assert_eq!(told(&fourth), (429, "too_many_requests"), "nobody goes through numbers");
    other.patch("/my/profile", &json!({"name": "Peter P."})).await.unwrap().ok().unwrap();
    assert_eq!(told(&other.patch("/my/profile", &phone(json!("600100200"))).await.unwrap()), (422, "phone_invalid"));
    assert_eq!(owner.patch("/my/profile", &phone(Value::Null)).await.unwrap().ok().unwrap()["phone"], Value::Null);
    assert_eq!(told(&door(&app, "+48600100200", PASSWORD).await), (401, "sign_in_refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_by_phone_and_by_address_is_guessing_at_one_account() {
    let (app, _, _) = stepped().await;
    let owner = app.end_user(OWNER).await.unwrap();
    owner.patch("/my/profile", &json!({"phone": "+48600100200"})).await.unwrap().ok().unwrap();
    for name in [OWNER, "+48600100200", OWNER, "+48600100200", OWNER] {
        assert_eq!(told(&door(&app, name, "wrong-Password1").await), (401, "sign_in_refused"));
    }
    for name in [OWNER, "+48600100200"] {
        assert_eq!(told(&door(&app, name, PASSWORD).await), (423, "account_locked"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_nobody_is_locked_however_it_is_spelled() {
    let (app, _, _) = stepped().await;
    for name in ["+48600100200", "+48 600100200", "+48 600 100 200", "+48-600-100-200", "+48 (600) 100200"] {
        assert_eq!(told(&door(&app, name, "wrong-Password1").await), (401, "sign_in_refused"), "{name}");
    }
    assert_eq!(told(&door(&app, "+48 600 100-200", PASSWORD).await), (423, "account_locked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_user_sees_where_they_are_signed_in_and_ends_it_there() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let (mut second, mut third) = (app.stranger(), app.stranger());
    second.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap();
    third.sign_in_as_end_user(OWNER, PASSWORD).await.unwrap();
    let stranger = app.end_user("peter@example.com").await.unwrap();
    let listed = owner.get("/my/sessions").await.unwrap().ok().unwrap();
    let all = listed["items"].as_array().unwrap();
    assert_eq!((all.len(), all.iter().filter(|one| one["current"] == true).count()), (3, 1));
    let his = stranger.get("/my/sessions").await.unwrap().body["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(owner.delete(&format!("/my/sessions/{his}")).await.unwrap().status.as_u16(), 404);
    let one = all.iter().find(|one| one["current"] == false).unwrap()["id"].as_str().unwrap();
    assert_eq!(owner.delete(&format!("/my/sessions/{one}")).await.unwrap().status.as_u16(), 204);
    assert_eq!(owner.delete("/my/sessions").await.unwrap().status.as_u16(), 204);
    for ended in [&second, &third] {
        assert_eq!(ended.get("/my/session").await.unwrap().status.as_u16(), 401);
    }
    assert_eq!(owner.get("/my/sessions").await.unwrap().body["items"].as_array().unwrap().len(), 1);
}

/// A site of the company that is the owner's.
async fn site_of(app: &App, admin: &Client, name: &str) -> String {
    let made = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await.unwrap().ok().unwrap();
    let id = made["id"].as_str().unwrap().to_owned();
    app.hand_site_over(&id, OWNER, &json!({"site": true, "devices": []})).unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_all_that_is_kept_and_no_secret() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let site = site_of(&app, &admin, "Harbour").await;
    owner.patch("/my/profile", &json!({"name": "Olga O."})).await.unwrap().ok().unwrap();
    let export = owner.get("/my/profile/export").await.unwrap();
    assert!(export.headers["content-disposition"].to_str().unwrap().contains("attachment"));
    let body = export.clone().ok().unwrap();
    assert_eq!((&body["profile"]["name"], &body["profile"]["email"]), (&json!("Olga O."), &json!(OWNER)));
    assert_eq!((&body["sites"][0]["id"], &body["sites"][0]["name"]), (&json!(site), &json!("Harbour")));
    assert_eq!(body["sessions"].as_array().unwrap().len(), 1);
    let done: Vec<_> =
        body["operations"].as_array().unwrap().iter().map(|one| (&one["action"], &one["result"])).collect();
    assert!(done.contains(&(&json!("PATCH /my/profile"), &json!("ok"))), "{done:?}");
    assert!(!export.text.contains("argon2") && !export.text.contains("token"), "{}", export.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_their_account_says_what_becomes_of_their_sites_and_all_are_told() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let owner = app.end_user(OWNER).await.unwrap();
    let (back, free) = (site_of(&app, &admin, "Back").await, site_of(&app, &admin, "Free").await);
    let foreign = admin.post("/sites", &json!({"name": "Foreign", "time_zone": "UTC"})).await.unwrap().ok().unwrap();
    let body = |password: &str, site: &Value, parting: &str| json!({"password": password, "sites": [{"site_id": site, "parting": parting}]});
    let delete = async |body: &Value| owner.send_json(Method::DELETE, "/my/profile", body).await.unwrap();
    assert_eq!(told(&delete(&body("wrong-Password1", &json!(free), "free")).await), (422, "own_password_wrong"));
    assert_eq!(told(&delete(&body(PASSWORD, &foreign["id"], "free")).await), (404, "not_found"));
    assert_eq!(owner.get("/my/session").await.unwrap().status.as_u16(), 200, "nothing has happened yet");
    // Of the other site nothing is said: nobody asked to give it back.
    assert_eq!(delete(&body(PASSWORD, &json!(back), "return")).await.status.as_u16(), 204);

    assert_eq!(told(&owner.get("/my/session").await.unwrap()), (401, "not_signed_in"));
    assert_eq!(told(&door(&app, OWNER, PASSWORD).await), (401, "sign_in_refused"));
    assert_eq!(admin.get(&format!("/sites/{back}")).await.unwrap().body["status"], "not_invited");
    assert_eq!(admin.get(&format!("/sites/{free}")).await.unwrap().status.as_u16(), 404);
    assert_eq!(subjects(&app, OWNER, 1).await[0], "Your Siteward account was deleted");
    let mails = admin.get("/mails?limit=100").await.unwrap().body;
    let of_sites: Vec<_> =
        mails["items"].as_array().unwrap().iter().map(|mail| mail["template"].as_str().unwrap()).collect();
    for template in ["site_returned", "site_freed"] {
        assert!(of_sites.contains(&template), "{of_sites:?}");
    }
    app.silent_end_user(OWNER).unwrap();
    assert_eq!(door(&app, OWNER, PASSWORD).await.status.as_u16(), 200, "they may come back, with nothing");
}
