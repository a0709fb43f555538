//! A new password by mail: for whoever has the mailbox, and nothing to be learnt for anybody else (R-S7, T13, T15).

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration as StdDuration, Instant};

use chrono::{Duration, Utc};
use serde_json::json;
use siteward_store::mail_paces::{self, Pace};
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::authenticator::Authenticator;
use siteward_tests::client::{Answer, Client};
use siteward_worker::clock::{Clock as _, SteppedClock};

const NEW: &str = "Another-horse8";

async fn ask(app: &App, email: &str) -> Answer {
    app.stranger().post("/password_resets", &json!({"email": email})).await.unwrap()
}

/// How many links were mailed to an address, once so many are there; where none should be, after a second.
async fn mailed(admin: &Client, receiver: &str, expected: usize) -> usize {
    let (started, patience) = (Instant::now(), StdDuration::from_secs(if expected > 0 { 30 } else { 1 }));
    loop {
        let mails = admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
        let links = mails["items"].as_array().unwrap().iter();
        let found = links.filter(|mail| mail["receiver"] == receiver && mail["template"] == "password_reset").count();
        if (found >= expected && expected > 0) || started.elapsed() > patience {
            return found;
        }
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
}

/// The path of a fresh link to a new password for an address.
async fn link(app: &App, admin: &Client, email: &str, expected: usize) -> String {
    assert_eq!(ask(app, email).await.status.as_u16(), 202);
    assert_eq!(mailed(admin, email, expected).await, expected);
    format!("/reset/{}", app.token_in_mail(email).unwrap())
}

fn page(app: &App) -> Client {
    Client::bare(&app.base)
}

async fn submit(app: &App, path: &str, fields: &[(&str, &str)]) -> Answer {
    page(app).post_form(path, fields).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_sets_a_new_password_once_and_ends_every_session() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let path = link(&app, &admin, ADMIN, 1).await;
    let shown = page(&app).get(&path).await.unwrap();
    assert!(shown.status.as_u16() == 200 && shown.text.contains(ADMIN) && !shown.text.contains("name=\"code\""));
    let weak = submit(&app, &path, &[("password", "weak")]).await;
    assert!(weak.status.as_u16() == 422 && weak.text.contains("A password has 8 to 64 characters."), "{}", weak.text);
    let set = submit(&app, &path, &[("password", NEW)]).await;
    assert_eq!((set.status.as_u16(), set.headers["location"].to_str().unwrap()), (303, "/sign-in?reset=done"));
    assert!(!set.headers.contains_key("set-cookie"));
    assert_eq!(admin.get("/session").await.unwrap().code(), "not_signed_in");
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().code(), "sign_in_refused");
    let mut again = app.stranger();
    assert_eq!(again.sign_in(ADMIN, NEW).await.unwrap().status.as_u16(), 200);
    for used in [page(&app).get(&path).await.unwrap(), submit(&app, &path, &[("password", PASSWORD)]).await] {
        assert_eq!(used.status.as_u16(), 410);
    }
    let mails = again.get("/mails").await.unwrap().body;
    assert_eq!(mails["items"][0]["subject"], "Your password was changed");
    let log = again.get("/operation_log?limit=100").await.unwrap().body;
    let rows: Vec<_> =
        log["items"].as_array().unwrap().iter().map(|row| (row["action"].clone(), row["who"].clone())).collect();
    assert!(rows.contains(&(json!("POST /reset/{token}"), json!("Alex Admin"))), "{rows:?}");
    assert!(rows.contains(&(json!("POST /password_resets"), json!(null))), "nobody knows who asked: {rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_a_used_and_a_made_up_link_say_the_same() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let old = link(&app, &admin, ADMIN, 1).await;
    clock.advance(Duration::minutes(59));
    assert_eq!(page(&app).get(&old).await.unwrap().status.as_u16(), 200);
    clock.advance(Duration::minutes(1));
    let mut again = app.stranger();
    again.sign_in(ADMIN, PASSWORD).await.unwrap();
    let used = link(&app, &again, ADMIN, 2).await;
    clock.advance(Duration::seconds(1));
    let other = link(&app, &again, ADMIN, 3).await;
    assert_ne!(used, other);
    assert_eq!(submit(&app, &used, &[("password", NEW)]).await.status.as_u16(), 303);
    let made_up = format!("/reset/{}", "x".repeat(43));
    let said = page(&app).get(&made_up).await.unwrap();
    assert_eq!(said.status.as_u16(), 410);
    for path in [&old, &used, &other, &made_up] {
        assert_eq!(page(&app).get(path).await.unwrap().text, said.text, "{path}");
        let sent = submit(&app, path, &[("password", PASSWORD)]).await;
        assert_eq!((sent.status.as_u16(), &sent.text), (410, &said.text), "{path}");
    }
    let russian = page(&app).get(&format!("{made_up}?language=ru")).await.unwrap();
    assert!(russian.text.contains("Эта ссылка больше не действует"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_lifts_a_lock_and_does_not_do_without_the_second_factor() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let (authenticator, codes) = Authenticator::set_up(&mut admin, PASSWORD, clock.now()).await.unwrap();
    for _ in 0..5 {
        app.stranger().sign_in(ADMIN, "wrong-Password1").await.unwrap();
    }
    assert_eq!(app.stranger().sign_in(ADMIN, PASSWORD).await.unwrap().code(), "account_locked");
    let path = link(&app, &admin, ADMIN, 1).await;
    assert!(page(&app).get(&path).await.unwrap().text.contains("name=\"code\""));
    for fields in [vec![("password", NEW)], vec![("password", NEW), ("code", "000000")]] {
        let refused = submit(&app, &path, &fields).await;
        assert!(refused.status.as_u16() == 422 && refused.text.contains("id=\"code-error\""), "{}", refused.text);
    }
    assert_eq!(submit(&app, &path, &[("password", NEW), ("code", &codes[0])]).await.status.as_u16(), 303);
    clock.advance(Duration::seconds(30));
    let code = authenticator.code_at(clock.now());
    let signed_in = app.stranger().sign_in_with(ADMIN, NEW, &code).await.unwrap();
    assert_eq!(signed_in.status.as_u16(), 200, "the lock is lifted: {}", signed_in.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_not_guessed_by_a_link_either() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    let (_, codes) = Authenticator::set_up(&mut admin, PASSWORD, clock.now()).await.unwrap();
    let path = link(&app, &admin, ADMIN, 1).await;
    for _ in 0..5 {
        let refused = submit(&app, &path, &[("password", NEW), ("code", "000000")]).await;
        assert!(refused.text.contains("used already"), "{}", refused.text);
    }
    let locked = submit(&app, &path, &[("password", NEW), ("code", &codes[0])]).await;
    assert!(locked.status.as_u16() == 422 && locked.text.contains("Too many wrong codes"), "{}", locked.text);
    clock.advance(Duration::minutes(30));
    assert_eq!(submit(&app, &path, &[("password", NEW), ("code", &codes[0])]).await.status.as_u16(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_links_an_hour_are_mailed_and_no_answer_tells() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    for asked in 1..=5 {
        assert_eq!(ask(&app, "ADMIN@example.com").await.status.as_u16(), 202);
        assert_eq!(mailed(&admin, ADMIN, asked.min(3)).await, asked.min(3));
    }
    assert_eq!(mailed(&admin, ADMIN, 4).await, 3);
    clock.advance(Duration::minutes(60));
    let mut again = app.stranger();
    again.sign_in(ADMIN, PASSWORD).await.unwrap();
    ask(&app, ADMIN).await;
    assert_eq!(mailed(&again, ADMIN, 4).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_in_gets_no_link_and_an_open_one_dies() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    app.installer().await.unwrap();
    let path = link(&app, &admin, "installer@example.com", 1).await;
    let id = app.staff_id("installer@example.com").unwrap();
    admin.post(&format!("/staff/{id}/disable"), &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(page(&app).get(&path).await.unwrap().status.as_u16(), 410);
    assert_eq!(ask(&app, "installer@example.com").await.status.as_u16(), 202);
    assert_eq!(mailed(&admin, "installer@example.com", 2).await, 1);
    assert_eq!(ask(&app, "not an address").await.code(), "email_invalid");
}

/// What an answer says, but for what is another with each request.
fn said(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    let mut body = answer.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status.as_u16(), body.to_string(), headers)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_and_an_unknown_address_are_answered_alike_whatever_happens_behind() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    assert_eq!(said(&ask(&app, ADMIN).await), said(&ask(&app, "nobody@example.com").await));
    // While no mail can be written the answers come all the same: nothing that depends on the address is waited for.
    let (store, (begun, started), (end, ended)) = (app.store.clone(), mpsc::channel(), mpsc::channel::<()>());
    let writer = std::thread::spawn(move || {
        store.write(|conn| {
            let pace = Pace { purpose: "password_reset", subject: "nobody".to_owned(), most: 1 };
            mail_paces::take_turn(conn, &[pace], Utc::now())?;
            begun.send(()).unwrap();
            let _ = ended.recv_timeout(StdDuration::from_secs(20));
            Ok(())
        })
    });
    started.recv().unwrap();
    for email in [ADMIN, "nobody@example.com", "installer@example.com"] {
        let answered = tokio::time::timeout(StdDuration::from_secs(2), ask(&app, email)).await;
        assert_eq!(answered.expect("at once").status.as_u16(), 202);
    }
    end.send(()).unwrap();
    writer.join().unwrap().unwrap();
}

/// The middle of many times, in microseconds.
fn median(times: &mut [u128]) -> u128 {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_addresses_take_the_same_time() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..30 {
        for (email, times) in [(ADMIN, &mut known), ("nobody@example.com", &mut unknown)] {
            let started = Instant::now();
            assert_eq!(ask(&app, email).await.status.as_u16(), 202);
            times.push(started.elapsed().as_micros());
        }
    }
    let (known, unknown) = (median(&mut known), median(&mut unknown));
    assert!(known < 2 * unknown + 2000 && unknown < 2 * known + 2000, "{known} and {unknown} µs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_takes_the_same_time_whether_there_is_such_an_account_or_not() {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let app = Start::plain().clock(Arc::clone(&clock)).run().await.unwrap();
    let mut admin = app.admin().await.unwrap();
    Authenticator::set_up(&mut admin, PASSWORD, clock.now()).await.unwrap();
    app.installer().await.unwrap();
    let kinds = [ADMIN, "installer@example.com", "nobody@example.com"];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..8 {
        // Past the window, so that no failure before makes for a pause.
        clock.advance(Duration::minutes(16));
        for (email, times) in kinds.into_iter().zip(&mut times) {
            let started = Instant::now();
            let refused = app.stranger().sign_in(email, "wrong-Password1").await.unwrap();
            times.push(started.elapsed().as_micros());
            assert_eq!((refused.status.as_u16(), refused.code()), (401, "sign_in_refused"));
        }
    }
    let medians = times.map(|mut times| median(&mut times));
    let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
    assert!(most < &(2 * least + 2000), "{medians:?} µs");
}
