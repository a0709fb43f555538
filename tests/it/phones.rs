//! Phone numbers over HTTP (R-E1, R-E4): shown to be somebody's by a code in a text message, and shared with; the messages go to a gateway.

use anyhow::Context as _;
use serde_json::{Value, json};
use siteward_domain::mail::MailState;
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_store::mails::{Mail, list_of_platform};
use siteward_tests::app::{App, PASSWORD, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::hook::Hook;
use siteward_tests::owner::OWNER;
use siteward_tests::street::{make_site, wait_until};

const EVA: &str = "eva@example.com";
const PETER: &str = "peter@example.com";
const NUMBER: &str = "+48600100200";

async fn start(gateway: &Hook) -> App {
    with(gateway, Start::plain()).run().await.unwrap()
}

fn with(gateway: &Hook, start: Start) -> Start {
    let start = start.with_worker().set("SMS__URL", &gateway.url).set("SMS__AUTHORIZATION", "Bearer let-me-in");
    start.set("DEVICES__ALLOW_LOOPBACK", "true")
}

/// Waits for so many text messages; the last one.
async fn text_message(gateway: &Hook, number: usize) -> Value {
    wait_until("a text message", async || Ok(gateway.taken().len() >= number)).await.unwrap();
    let taken = gateway.taken().swap_remove(number - 1);
    assert_eq!(taken.headers.get("authorization").map(String::as_str), Some("Bearer let-me-in"));
    taken.json()
}

/// The six digits of a text message.
fn code_in(message: &Value) -> String {
    let text = message["text"].as_str().unwrap();
    let words = text.split(|character: char| !character.is_ascii_digit());
    words.into_iter().find(|word| word.len() == 6).context("a code").unwrap().to_owned()
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

async fn send(who: &Client, phone: &str) -> Answer {
    who.post("/my/phone_codes", &json!({"phone": phone})).await.unwrap()
}

async fn confirm(who: &Client, code: &str) -> Answer {
    who.post("/my/phone_codes/confirm", &json!({"code": code})).await.unwrap()
}

async fn confirmed(who: &Client, gateway: &Hook, number: usize) {
    assert_eq!(send(who, NUMBER).await.status.as_u16(), 204);
    let code = code_in(&text_message(gateway, number).await);
    confirm(who, &code).await.ok().unwrap();
}

fn mails_to(app: &App, receiver: &str) -> Vec<Mail> {
    let mails = app.store.read(|conn| list_of_platform(conn, 100)).unwrap();
    mails.into_iter().filter(|mail| mail.receiver == receiver).collect()
}

fn kinds(mails: &[Mail]) -> Vec<&'static str> {
    mails.iter().map(|mail| mail.template.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_whose_code_was_right_and_who_only_typed_it_is_told() {
    let gateway = Hook::start(0).await.unwrap();
    let app = start(&gateway).await;
    app.admin().await.unwrap();
    let (mut eva, mut peter) = (app.end_user(EVA).await.unwrap(), app.end_user(PETER).await.unwrap());
    peter.patch("/my/profile", &json!({"phone": NUMBER})).await.unwrap().ok().unwrap();
    peter.sign_in_as_end_user(NUMBER, PASSWORD).await.unwrap().ok().unwrap();

    assert_eq!(told(&send(&eva, "600100200").await), (422, "phone_invalid"));
    assert_eq!(told(&confirm(&eva, "123456").await), (409, "phone_code_over"), "none was sent");
    assert_eq!(send(&eva, "+48 600 100-200").await.status.as_u16(), 204);
    let message = text_message(&gateway, 1).await;
    assert_eq!(message["to"], NUMBER);
    let code = code_in(&message);
    let kept = mails_to(&app, NUMBER);
    assert_eq!((kept.len(), kept[0].state, kept[0].sealed_token.is_none()), (1, MailState::Sent, true));
    assert!(!kept[0].text.contains(&code), "it stands nowhere for people to read");

    let profile = eva.get("/my/profile").await.unwrap().ok().unwrap();
    assert_eq!((&profile["phone_confirmed"], &profile["texts_are_sent"]), (&json!(false), &json!(true)));
    let wrong = confirm(&eva, if code == "123456" { "654321" } else { "123456" }).await;
    assert_eq!((told(&wrong), &wrong.body["details"]["tries_left"]), ((422, "phone_code_wrong"), &json!(4)));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let profile = confirm(&eva, &spaced).await.ok().unwrap();
    assert_eq!((&profile["phone"], &profile["phone_confirmed"]), (&json!(NUMBER), &json!(true)));
    assert_eq!(told(&confirm(&eva, &code).await), (409, "phone_code_over"), "it is good once");
    assert_eq!(kinds(&mails_to(&app, PETER)), ["end_user_changed"]);

    let signed_in = eva.sign_in_as_end_user(NUMBER, PASSWORD).await.unwrap().ok().unwrap();
    assert_eq!(signed_in["end_user"]["email"], EVA, "{signed_in}");
    let other = eva.patch("/my/profile", &json!({"phone": "+48600100201"})).await.unwrap().ok().unwrap();
    assert_eq!(other["phone_confirmed"], false, "another number is not shown yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_to_a_number_waits_for_who_shows_that_it_is_theirs() {
    let gateway = Hook::start(0).await.unwrap();
    let app = start(&gateway).await;
    let admin = app.admin().await.unwrap();
    let (owner, eva, peter) =
        (app.end_user(OWNER).await.unwrap(), app.end_user(EVA).await.unwrap(), app.end_user(PETER).await.unwrap());
    let simulator = Simulator::start(SimulatorSettings::uniform(1, Profile::Camera, 7)).await.unwrap();
    let site = make_site(&admin, "Villa").await.unwrap();
    let camera = &simulator.devices()[0];
    let camera = json!({
        "host": camera.address.to_string(), "port": camera.port, "user_name": camera.user, "password": camera.password,
    });
    let device = admin.post(&format!("/sites/{site}/devices"), &camera).await.unwrap().ok().unwrap()["id"].clone();
    app.hand_site_over(&site, OWNER, &json!({"site": true, "devices": []})).unwrap();
    peter.patch("/my/profile", &json!({"phone": NUMBER})).await.unwrap().ok().unwrap();

    let offer = json!({"login": "+48 600 100 200", "channels": [{"device_id": device, "channel": 1}]});
    let made = owner.post("/my/share_offers", &offer).await.unwrap().ok().unwrap();
    assert_eq!((&made["state"], &made["receiver"]), (&json!("pending"), &json!(NUMBER)));
    let message = text_message(&gateway, 1).await;
    let text = message["text"].as_str().unwrap();
    assert!(message["to"] == NUMBER && text.contains("Villa") && text.contains("/my/register"), "{message}");
    assert!(peter.items("/my/received_offers").await.unwrap().is_empty(), "who only typed it sees nothing");
    confirmed(&eva, &gateway, 2).await;
    let offers = eva.items("/my/received_offers").await.unwrap();
    assert_eq!(offers.len(), 1);
    let path = format!("/my/received_offers/{}/accept", offers[0]["id"].as_str().unwrap());
    eva.post(&path, &json!({})).await.unwrap().ok().unwrap();
    assert_eq!(eva.items("/my/shares").await.unwrap().len(), 1);

    // Now that it is somebody's, the mail goes to their address; the owner is answered the same.
    let again = owner.post("/my/share_offers", &offer).await.unwrap().ok().unwrap();
    assert_eq!((&again["state"], &again["receiver"]), (&json!("pending"), &json!(NUMBER)));
    assert_eq!(eva.items("/my/received_offers").await.unwrap().len(), 1);
    assert_eq!(kinds(&mails_to(&app, EVA)), ["share_offered"]);
    assert_eq!(kinds(&mails_to(&app, NUMBER)), ["phone_code", "share_offered_phone"]);

    // Who gives the number away has no part in what waits for it; whoever shows that it is theirs now has.
    eva.patch("/my/profile", &json!({"phone": null})).await.unwrap().ok().unwrap();
    assert!(eva.items("/my/received_offers").await.unwrap().is_empty());
    confirmed(&peter, &gateway, 3).await;
    assert_eq!(peter.items("/my/received_offers").await.unwrap().len(), 1);
    assert_eq!(eva.items("/my/shares").await.unwrap().len(), 1, "what was accepted stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_guessed_five_times_however_many_try_at_once() {
    let gateway = Hook::start(0).await.unwrap();
    let app = start(&gateway).await;
    app.admin().await.unwrap();
    let eva = app.end_user(EVA).await.unwrap();
    assert_eq!(send(&eva, NUMBER).await.status.as_u16(), 204);
    let code = code_in(&text_message(&gateway, 1).await);
    let wrong = if code == "123456" { "654321" } else { "123456" };
    let answers = futures_util::future::join_all((0..12).map(|_| confirm(&eva, wrong))).await;
    let refused = answers.iter().filter(|answer| answer.code() == "phone_code_wrong").count();
    let over = answers.iter().filter(|answer| answer.code() == "phone_code_over").count();
    assert_eq!((refused, over), (4, 8));
    assert_eq!(told(&confirm(&eva, &code).await), (409, "phone_code_over"), "the right one comes too late");
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_text_messages_go_in_an_hour_and_no_more() {
    let gateway = Hook::start(0).await.unwrap();
    let app = with(&gateway, Start::plain().set("SMS__MOST_AN_HOUR", "12")).run().await.unwrap();
    app.admin().await.unwrap();
    let (eva, peter) = (app.end_user(EVA).await.unwrap(), app.end_user(PETER).await.unwrap());
    for number in 0..10 {
        assert_eq!(send(&eva, &format!("+4860010020{number}")).await.status.as_u16(), 204, "{number}");
    }
    let more = send(&eva, "+48600100300").await;
    assert_eq!(told(&more), (429, "too_many_requests"), "of one account");
    assert!(more.headers.contains_key("retry-after"));
    for number in 0..2 {
        assert_eq!(send(&peter, &format!("+4860010040{number}")).await.status.as_u16(), 204, "{number}");
    }
    assert_eq!(told(&send(&peter, "+48600100403").await), (429, "too_many_requests"), "of all together");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_does_not_take_is_tried_again_or_given_up_and_stands_in_the_outbox() {
    let gateway = Hook::start(0).await.unwrap();
    let app = start(&gateway).await;
    app.admin().await.unwrap();
    let eva = app.end_user(EVA).await.unwrap();
    let ends = async |state: MailState| {
        let error =
            || mails_to(&app, NUMBER).first().filter(|mail| mail.state == state).and_then(|mail| mail.error.clone());
        wait_until(state.as_str(), async || Ok(error().is_some())).await.unwrap();
        error().context("why").unwrap()
    };
    gateway.answers(503);
    assert_eq!(send(&eva, NUMBER).await.status.as_u16(), 204);
    let busy = ends(MailState::Waiting).await;
    assert_eq!((busy.code.as_str(), busy.message.as_str()), ("sms_refused", "503"), "it is tried again");
    gateway.answers(400);
    assert_eq!(send(&eva, NUMBER).await.status.as_u16(), 204);
    let refused = ends(MailState::Failed).await;
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        ("sms_refused", "400"),
        "it will not be taken later either"
    );
    assert!(gateway.taken().is_empty());
    assert!(mails_to(&app, NUMBER)[0].sealed_token.is_none(), "and its code is forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_gateway_is_set_nobody_is_asked_for_a_number() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let eva = app.end_user(EVA).await.unwrap();
    assert_eq!(told(&send(&eva, NUMBER).await), (409, "sms_not_set"));
    assert_eq!(eva.get("/my/profile").await.unwrap().ok().unwrap()["texts_are_sent"], false);
}
