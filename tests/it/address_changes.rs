//! An end user takes another e-mail address, from outside: by their password and a link to the new address, and told to the old one.

use serde_json::{Value, json};
use siteward_store::mails::list_of_platform;
use siteward_tests::app::{App, PASSWORD};
use siteward_tests::client::{Answer, Client};
use siteward_tests::owner::{OWNER, invite};
use siteward_tests::street::{make_site, wait_until};

const NEW: &str = "olga@new.example";

async fn ask(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/my/profile/email", &json!({"email": email, "password": password})).await.unwrap()
}

/// The kinds of mails that the platform wrote to an address, oldest first.
fn mails_to(app: &App, receiver: &str) -> Vec<String> {
    let mut mails = app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
    mails.retain(|mail| mail.receiver == receiver);
    mails.iter().rev().map(|mail| mail.template.as_str().to_owned()).collect()
}

fn link(app: &App) -> String {
    format!("/my/email/{}", app.token_in_mail(NEW).unwrap())
}

async fn sign_in(app: &App, email: &str) -> Answer {
    app.stranger().sign_in_as_end_user(email, PASSWORD).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_address_takes_the_password_and_its_link_and_the_old_one_is_told() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let site = make_site(&admin, "Harbour").await.unwrap();
    invite(&admin, &site, NEW, &json!({"site": true, "devices": []})).await.unwrap();
    let waiting = async || olga.get("/my/handovers").await.unwrap().ok().unwrap()["items"].clone();
    assert_eq!(ask(&olga, NEW, "wrong-Password1").await.code(), "own_password_wrong");
    for bad in ["nowhere", OWNER, &OWNER.to_uppercase()] {
        assert_eq!(ask(&olga, bad, PASSWORD).await.code(), "email_invalid", "{bad}");
    }
    assert_eq!(ask(&olga, NEW, PASSWORD).await.status.as_u16(), 202);
    assert_eq!(mails_to(&app, NEW), ["end_user_address"]);
    assert_eq!(mails_to(&app, OWNER), ["end_user_changed"]);
    assert_eq!(olga.get("/my/profile").await.unwrap().ok().unwrap()["email"], OWNER, "nothing has changed yet");
    assert_eq!(waiting().await, json!([]));

    let path = link(&app);
    let page = app.reader().get(&path).await.unwrap();
    assert!(page.status.as_u16() == 200 && page.text.contains(NEW), "{}", page.text);
    let wrong = app.reader().post_form(&path, &[("password", "wrong-Password1")]).await.unwrap();
    assert_eq!(wrong.status.as_u16(), 422, "whoever has the address alone gets nobody's account");
    let done = app.reader().post_form(&path, &[("password", PASSWORD)]).await.unwrap();
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    assert_eq!(olga.get("/my/profile").await.unwrap().ok().unwrap()["email"], NEW);
    assert_eq!(mails_to(&app, OWNER), ["end_user_changed", "end_user_changed"], "the old address is told");
    assert_eq!(sign_in(&app, NEW).await.status.as_u16(), 200);
    assert_eq!(sign_in(&app, OWNER).await.code(), "sign_in_refused");
    assert_eq!(waiting().await[0]["site"], "Harbour", "what was sent to that address is theirs to answer");
    let again = app.reader().post_form(&path, &[("password", PASSWORD)]).await.unwrap();
    assert_eq!(again.status.as_u16(), 410, "a link is good once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_has_an_account_is_answered_like_any_other_and_told_by_mail() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    app.end_user("peter@example.com").await.unwrap();
    let (known, unknown) = (ask(&olga, "peter@example.com", PASSWORD).await, ask(&olga, NEW, PASSWORD).await);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(mails_to(&app, "peter@example.com"), ["end_user_known"]);
    let path = link(&app);
    assert_eq!(ask(&olga, "olga@third.example", PASSWORD).await.status.as_u16(), 202);
    assert_eq!(app.reader().get(&path).await.unwrap().status.as_u16(), 410, "only the newest link is good");
    assert_eq!(ask(&olga, "olga@fourth.example", PASSWORD).await.status.as_u16(), 429, "three an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_new_password_that_went_to_the_old_address_is_void_with_it() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let olga = app.end_user(OWNER).await.unwrap();
    let asked = app.stranger().post("/my/password_resets", &json!({"email": OWNER})).await.unwrap();
    assert!(asked.status.is_success(), "{}", asked.text);
    wait_until("mailed", || async { Ok(mails_to(&app, OWNER).contains(&"end_user_password_reset".to_owned())) })
        .await
        .unwrap();
    let reset = format!("/my/reset/{}", app.token_in_mail(OWNER).unwrap());
    assert_eq!(app.reader().get(&reset).await.unwrap().status.as_u16(), 200);
    ask(&olga, NEW, PASSWORD).await.ok().unwrap();
    app.reader().post_form(&link(&app), &[("password", PASSWORD)]).await.unwrap();
    assert_eq!(olga.get("/my/profile").await.unwrap().ok().unwrap()["email"], Value::from(NEW));
    assert_eq!(app.reader().get(&reset).await.unwrap().status.as_u16(), 410);
}
