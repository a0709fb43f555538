//! Staff over HTTP: who sees and changes whom, keeping out, and handing over the role of the Admin (R-S1, R-S3, R-S6).

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_domain::staff::Right;
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::authenticator::Authenticator;
use siteward_tests::client::Client;
use siteward_worker::clock::{Clock as _, SteppedClock};

/// The rights of the one who manages staff in these tests.
const OFFICE: [Right; 2] = [Right::ManageStaff, Right::AddSite];

fn of(app: &App, email: &str) -> String {
    format!("/staff/{}", app.staff_id(email).unwrap())
}

async fn role(admin: &Client, name: &str) -> Value {
    let roles = admin.get("/roles").await.unwrap().body;
    let all = roles["items"].as_array().unwrap().clone();
    all.into_iter().find(|role| role["name"] == name).unwrap()["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_is_listed_by_name_searched_and_read_one_by_one() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    for email in ["zoe@example.com", "Anna@example.com", "mia@other.example"] {
        app.member_with(email, &[Right::ViewExceptions]).await.unwrap();
    }
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap().to_owned()).collect()
    };
    let first = admin.get("/staff?limit=3").await.unwrap().body;
    assert_eq!(names(&first), [ADMIN, "Anna@example.com", "mia@other.example"]);
    let next = format!("/staff?limit=3&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(names(&admin.get(&next).await.unwrap().body), ["zoe@example.com"]);
    assert_eq!(names(&admin.get("/staff?search=EXAMPLE.com%20anna").await.unwrap().body), ["Anna@example.com"]);
    let anna = admin.get(&of(&app, "anna@example.com")).await.unwrap().ok().unwrap();
    assert!(anna["rights"] == json!(["view_exceptions"]) && anna["role"]["name"].is_string(), "{anna}");
    assert_eq!((&anna["disabled"], &anna["two_factor"], &anna["sites"]), (&json!(false), &json!(false), &json!(0)));
    assert!(anna["last_seen_at"].is_string(), "{anna}");
    // Whoever manages all sites chooses managers from the list, and does no more with it.
    let planner = app.member_with("planner@example.com", &[Right::ManageAllSites]).await.unwrap();
    assert_eq!(names(&planner.get("/staff?search=anna").await.unwrap().body), ["Anna@example.com"]);
    assert_eq!(planner.get(&of(&app, "anna@example.com")).await.unwrap().code(), "right_missing");
    let first = admin.get(&of(&app, ADMIN)).await.unwrap().ok().unwrap();
    assert_eq!((&first["is_admin"], &first["role"]), (&json!(true), &Value::Null));
    assert_eq!(first["rights"].as_array().unwrap().len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_admin_changes_who_may_do_more_than_oneself() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let office = app.member_with("office@example.com", &OFFICE).await.unwrap();
    app.member_with("anna@example.com", &[Right::AddSite]).await.unwrap();
    app.member_with("strong@example.com", &[Right::AddSite, Right::Handover]).await.unwrap();
    let renamed = office.patch(&of(&app, "anna@example.com"), &json!({"name": "Анна"})).await.unwrap().ok().unwrap();
    assert_eq!(renamed["name"], "Анна");
    let strong = of(&app, "strong@example.com");
    for answer in [
        office.patch(&strong, &json!({"name": "x"})).await.unwrap(),
        office.post(&format!("{strong}/disable"), &json!({})).await.unwrap(),
        office.post(&format!("{strong}/enable"), &json!({})).await.unwrap(),
        office.delete(&format!("{strong}/sessions")).await.unwrap(),
        office.delete(&strong).await.unwrap(),
    ] {
        assert_eq!((answer.status.as_u16(), answer.code()), (403, "right_missing"));
        assert_eq!(answer.body["details"]["rights"], json!(["handover"]));
    }
    // A role with more than one has oneself goes to nobody, oneself included.
    let manager = json!({"role_id": role(&admin, "Manager").await});
    for email in ["anna@example.com", "office@example.com"] {
        let refused = office.patch(&of(&app, email), &manager).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (403, "right_missing"), "{email}");
    }
    let invited = json!({"email": "b@example.com", "name": "B", "role_id": manager["role_id"], "language": "en"});
    assert_eq!(office.post("/staff_invitations", &invited).await.unwrap().code(), "right_missing");
    let given = admin.patch(&of(&app, "anna@example.com"), &manager).await.unwrap().ok().unwrap();
    assert_eq!(given["role"]["name"], "Manager");
    assert_eq!(admin.patch(&strong, &json!({"name": "Сильный"})).await.unwrap().status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_themself_out_and_nobody_the_admin() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let office = app.member_with("office@example.com", Right::ALL).await.unwrap();
    for (caller, email, code) in
        [(&admin, ADMIN, "own_account"), (&office, "office@example.com", "own_account"), (&office, ADMIN, "is_admin")]
    {
        let path = of(&app, email);
        let disabled = caller.post(&format!("{path}/disable"), &json!({})).await.unwrap();
        assert_eq!((disabled.status.as_u16(), disabled.code()), (409, code), "{email}");
        let deleted = caller.delete(&path).await.unwrap();
        assert_eq!((deleted.status.as_u16(), deleted.code()), (409, code), "{email}");
    }
    let manager = json!({"role_id": role(&admin, "Manager").await});
    for caller in [&admin, &office] {
        assert_eq!(caller.patch(&of(&app, ADMIN), &manager).await.unwrap().code(), "is_admin");
    }
    assert_eq!(office.patch(&of(&app, ADMIN), &json!({"name": "x"})).await.unwrap().code(), "right_missing");
    assert_eq!(office.delete(&format!("{}/sessions", of(&app, ADMIN))).await.unwrap().code(), "right_missing");
    assert_eq!(admin.patch(&of(&app, ADMIN), &json!({"name": "Алекс"})).await.unwrap().status.as_u16(), 200);
}

/// How long an open stream of live events goes on.
async fn until_its_stream_ends(client: &Client) -> impl Future<Output = Duration> + use<> {
    let stream = client.stream("/live").await.unwrap();
    assert_eq!(stream.status().as_u16(), 200);
    async move {
        let started = Instant::now();
        tokio::time::timeout(Duration::from_secs(10), stream.into_body().collect()).await.unwrap().unwrap();
        started.elapsed()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn disabling_deleting_and_signing_out_end_sessions_and_streams_within_a_second() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    // The Admin's server is another process than the one that the colleague is at.
    let elsewhere = app.beside().await.unwrap();
    for action in ["sessions", "disable", "delete"] {
        let email = format!("{action}@example.com");
        let here = app.member_with(&email, &[Right::ManageAllSites]).await.unwrap();
        let mut there = Client::new(&elsewhere.base);
        there.sign_in(&email, PASSWORD).await.unwrap().ok().unwrap();
        let (one, other) = (until_its_stream_ends(&here).await, until_its_stream_ends(&there).await);
        let path = of(&app, &email);
        let done = match action {
            "sessions" => admin.delete(&format!("{path}/sessions")).await.unwrap(),
            "disable" => admin.post(&format!("{path}/disable"), &json!({})).await.unwrap(),
            _ => admin.delete(&path).await.unwrap(),
        };
        assert_eq!(done.status.as_u16(), 204, "{action}");
        for client in [&here, &there] {
            assert_eq!(client.get("/session").await.unwrap().code(), "not_signed_in", "{action}");
        }
        let (one, other) = tokio::join!(one, other);
        assert!(one < Duration::from_millis(500), "{action}: {one:?} on the same server");
        assert!(other < Duration::from_millis(1500), "{action}: {other:?} on another");
        let again = app.stranger().sign_in(&email, PASSWORD).await.unwrap();
        assert_eq!(again.status.as_u16(), if action == "sessions" { 200 } else { 401 }, "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_enabled_again_signs_in_as_before_and_who_is_deleted_stays_in_the_logs() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let anna = app.member_with("anna@example.com", &[Right::ManageAllSites, Right::AddSite]).await.unwrap();
    anna.post("/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap().ok().unwrap();
    let path = of(&app, "anna@example.com");
    for action in ["disable", "enable"] {
        assert_eq!(admin.post(&format!("{path}/{action}"), &json!({})).await.unwrap().status.as_u16(), 204);
        let disabled = admin.get(&path).await.unwrap().body["disabled"].clone();
        assert_eq!(disabled, json!(action == "disable"));
    }
    assert_eq!(anna.get("/session").await.unwrap().code(), "not_signed_in", "the old session stays dead");
    let mut again = app.stranger();
    again.sign_in("anna@example.com", PASSWORD).await.unwrap().ok().unwrap();
    assert_eq!(again.get("/sites").await.unwrap().status.as_u16(), 200);
    assert_eq!(admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.get(&path).await.unwrap().status.as_u16(), 404);
    let log = admin.get("/operation_log?limit=100").await.unwrap().body;
    let made = log["items"].as_array().unwrap().iter().find(|row| row["action"] == "POST /sites").unwrap();
    assert_eq!(made["who"], "anna@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_staff_is_not_there() {
    let app = App::start().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    app.member_with("anna@example.com", &[]).await.unwrap();
    let theirs = of(&app, "anna@example.com");
    let nothing = "/staff/01890f00-0000-7000-8000-000000000001";
    for path in [theirs.as_str(), nothing] {
        for answer in [
            rival.get(path).await.unwrap(),
            rival.patch(path, &json!({"name": "x"})).await.unwrap(),
            rival.post(&format!("{path}/disable"), &json!({})).await.unwrap(),
            rival.post(&format!("{path}/enable"), &json!({})).await.unwrap(),
            rival.delete(&format!("{path}/sessions")).await.unwrap(),
            rival.delete(&format!("{path}/two_factor")).await.unwrap(),
            rival.delete(path).await.unwrap(),
        ] {
            assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found"));
        }
    }
    let listed = rival.get("/staff").await.unwrap().body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    let hand_over = json!({
        "staff_id": app.staff_id("anna@example.com").unwrap(), "password": PASSWORD, "role_id": role(&rival, "Manager").await,
    });
    assert_eq!(rival.post("/company/admin", &hand_over).await.unwrap().status.as_u16(), 404);
    assert_eq!(admin.get("/session").await.unwrap().body["staff"]["is_admin"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_hands_the_role_over_and_goes_on_with_another() {
    let app = App::start().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let before = admin.clone();
    let anna = app.member_with("anna@example.com", &[Right::AddSite]).await.unwrap();
    let body = |email: &str, password: &str, role: &Value| json!({"staff_id": app.staff_id(email).unwrap(), "password": password, "role_id": role});
    let manager = role(&admin, "Manager").await;
    let wrong = admin.post("/company/admin", &body("anna@example.com", "Wrong-horse7", &manager)).await.unwrap();
    assert_eq!((wrong.status.as_u16(), wrong.code()), (422, "own_password_wrong"));
    let own = admin.post("/company/admin", &body(ADMIN, PASSWORD, &manager)).await.unwrap();
    assert_eq!((own.status.as_u16(), own.code()), (409, "own_account"));
    admin.post(&format!("{}/disable", of(&app, "anna@example.com")), &json!({})).await.unwrap();
    let out = admin.post("/company/admin", &body("anna@example.com", PASSWORD, &manager)).await.unwrap();
    assert_eq!((out.status.as_u16(), out.code()), (409, "staff_disabled"));
    admin.post(&format!("{}/enable", of(&app, "anna@example.com")), &json!({})).await.unwrap();
    assert_eq!(anna.get("/session").await.unwrap().code(), "not_signed_in");

    let handed = admin.post("/company/admin", &body("anna@example.com", PASSWORD, &manager)).await.unwrap();
    assert_eq!((handed.status.as_u16(), &handed.body["staff"]["is_admin"]), (200, &json!(false)), "{}", handed.text);
    assert_eq!(before.get("/session").await.unwrap().code(), "not_signed_in", "a new session after the step-up");
    admin.adopt(&handed).unwrap();
    assert_eq!(admin.get("/mails").await.unwrap().code(), "right_missing");
    assert_eq!(admin.get("/staff").await.unwrap().status.as_u16(), 200, "a Manager still");
    let mut anna = app.stranger();
    let signed_in = anna.sign_in("anna@example.com", PASSWORD).await.unwrap().ok().unwrap();
    assert_eq!(
        (&signed_in["staff"]["is_admin"], &signed_in["staff"]["rights"].as_array().unwrap().len()),
        (&json!(true), &9)
    );
    let log = anna.get("/operation_log?limit=100").await.unwrap().body;
    let row = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["result"] == "ok" && row["action"] == "POST /company/admin");
    assert_eq!(row.unwrap()["object_name"], "anna@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_are_handed_the_role_at_the_same_instant_one_gets_it() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let mut second = app.stranger();
    second.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
    app.member_with("anna@example.com", &[]).await.unwrap();
    app.member_with("boris@example.com", &[]).await.unwrap();
    let manager = role(&admin, "Manager").await;
    let to = |email: &str| json!({"staff_id": app.staff_id(email).unwrap(), "password": PASSWORD, "role_id": manager});
    let (to_anna, to_boris) = (to("anna@example.com"), to("boris@example.com"));
    let (one, other) = tokio::join!(admin.post("/company/admin", &to_anna), second.post("/company/admin", &to_boris));
    let answers = [one.unwrap(), other.unwrap()];
    let won = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
    let lost = answers.iter().find(|answer| answer.status.as_u16() != 200).unwrap();
    assert_eq!(won, 1, "{answers:?}");
    assert!(["changed_meanwhile", "right_missing"].contains(&lost.code()), "{lost:?}");
    let admins = |email: &str| {
        let company = app.store.read(|conn| siteward_store::staff::find_by_email(conn, email)).unwrap().unwrap();
        usize::from(company.is_admin)
    };
    assert_eq!([ADMIN, "anna@example.com", "boris@example.com"].map(admins).iter().sum::<usize>(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_the_password_of_a_forgotten_browser_locks_the_account() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(clock).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    app.member_with("anna@example.com", &[]).await.unwrap();
    let manager = role(&admin, "Manager").await;
    let body = |password: &str| json!({"staff_id": app.staff_id("anna@example.com").unwrap(), "password": password, "role_id": manager});
    for _ in 0..5 {
        assert_eq!(admin.post("/company/admin", &body("Wrong-horse7")).await.unwrap().code(), "own_password_wrong");
    }
    let locked = admin.post("/company/admin", &body(PASSWORD)).await.unwrap();
    assert_eq!((locked.status.as_u16(), locked.code()), (423, "account_locked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_takes_a_lost_second_factor_away_and_hands_over_with_a_code_of_their_own() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let mut anna = app.member_with("anna@example.com", &[]).await.unwrap();
    let office = app.member_with("office@example.com", &OFFICE).await.unwrap();
    Authenticator::set_up(&mut anna, PASSWORD, clock.now()).await.unwrap();
    // The mail of the set-up is the older one.
    clock.advance(chrono::Duration::seconds(1));
    let factor = format!("{}/two_factor", of(&app, "anna@example.com"));
    assert_eq!(office.delete(&factor).await.unwrap().code(), "right_missing");
    assert_eq!(admin.delete(&format!("{}/two_factor", of(&app, ADMIN))).await.unwrap().code(), "own_account");
    assert_eq!(admin.delete(&factor).await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.delete(&factor).await.unwrap().code(), "two_factor_off");
    assert_eq!(anna.get("/session").await.unwrap().code(), "not_signed_in");
    assert_eq!(anna.sign_in("anna@example.com", PASSWORD).await.unwrap().status.as_u16(), 200, "the password alone");
    let told = admin.get("/mails").await.unwrap().body["items"][0]["subject"].clone();
    assert_eq!(told, "Your second factor was taken away by an administrator");

    let (authenticator, _) = Authenticator::set_up(&mut admin, PASSWORD, clock.now()).await.unwrap();
    clock.advance(chrono::Duration::seconds(60));
    let mut body = json!({
        "staff_id": app.staff_id("anna@example.com").unwrap(), "password": PASSWORD,
        "role_id": role(&admin, "Manager").await,
    });
    let without = admin.post("/company/admin", &body).await.unwrap();
    assert_eq!((without.status.as_u16(), without.code()), (422, "two_factor_code_needed"));
    body["code"] = json!("000000");
    assert_eq!(admin.post("/company/admin", &body).await.unwrap().code(), "two_factor_code_wrong");
    body["code"] = json!(authenticator.code_at(clock.now()));
    let handed = admin.post("/company/admin", &body).await.unwrap();
    assert_eq!((handed.status.as_u16(), &handed.body["staff"]["is_admin"]), (200, &json!(false)), "{}", handed.text);
    assert_eq!(anna.get("/session").await.unwrap().body["staff"]["is_admin"], true);
}
