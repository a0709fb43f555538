//! The daily summary from outside: at the time that its receiver chose, of what they may see, and only where there is
//! something to tell.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::device::DeviceKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::staff::Right;
use siteward_tests::street::wait_until;
use siteward_tests::trouble::Trouble;

/// 06:00 in Warsaw.
fn early() -> DateTime<Utc> {
    "2027-01-15T05:00:00Z".parse().unwrap()
}

/// Lets the worker take a turn of ten seconds.
async fn a_turn() {
    tokio::time::sleep(StdDuration::from_secs(12)).await;
}

async fn summaries(trouble: &Trouble) -> Vec<(String, String)> {
    let mails = trouble.admin.get("/mails?limit=100").await.unwrap().ok().unwrap();
    let summaries = mails["items"].as_array().unwrap().iter().filter(|mail| mail["template"] == "daily_summary");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut all: Vec<_> = summaries.map(|mail| (text(&mail["receiver"]), text(&mail["subject"]))).collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_comes_at_the_chosen_time_of_the_receivers_day_and_tells_what_they_may_see() {
    let mut trouble = Trouble::start(early()).await.unwrap();
    let (harbour, barn) = (trouble.site("Harbour").await.unwrap(), trouble.site("Barn").await.unwrap());
    let sees = [Right::ManageAssignedSites, Right::ViewExceptions];
    let anna = trouble.app.member_with("anna@example.com", &sees).await.unwrap();
    trouble.app.assign("anna@example.com", &harbour, None).unwrap();
    let blind = trouble.app.member_with("blind@example.com", &[Right::ManageAllSites]).await.unwrap();
    let seven = json!({"time_zone": "Europe/Warsaw", "daily_summary": {"mode": "always", "time": "07:00"}});
    for client in [&anna, &blind] {
        assert_eq!(
            client.patch("/profile", &seven).await.unwrap().ok().unwrap()["daily_summary"],
            seven["daily_summary"]
        );
    }
    let never = json!({"daily_summary": {"mode": "never", "time": "07:00"}});
    trouble.admin.patch("/profile", &never).await.unwrap().ok().unwrap();
    for (site, name) in [(&harbour, "Gate"), (&harbour, "Yard"), (&barn, "Stable")] {
        let camera = trouble.device(site, name, DeviceKind::Camera).unwrap();
        trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
        if name == "Yard" {
            trouble.settle(2).await.unwrap();
            trouble.close(&camera, ExceptionKind::DeviceOffline).unwrap();
        }
    }
    trouble.settle(2).await.unwrap();
    trouble.pass(58).await.unwrap();
    a_turn().await;
    assert_eq!(summaries(&trouble).await, [], "not yet seven there");
    trouble.pass(2).await.unwrap();
    a_turn().await;
    wait_until("a summary", async || Ok(!summaries(&trouble).await.is_empty())).await.unwrap();
    let told = summaries(&trouble).await;
    assert_eq!(told, [("anna@example.com".to_owned(), "Lockwood Alarms: 1 still open, 1 over".to_owned())]);
    let sent = || trouble.mail.texts().into_iter().find(|text| text.contains("Wrong now:"));
    wait_until("its mail", async || Ok(sent().is_some())).await.unwrap();
    let text = sent().unwrap();
    assert!(text.contains("Harbour: “Gate” does not answer, since 2027-01-15 06:00 (Europe/Warsaw)"), "{text}");
    assert!(text.contains("Harbour: “Yard” does not answer, for 3 s") && !text.contains("Barn"), "{text}");
    a_turn().await;
    assert_eq!(summaries(&trouble).await.len(), 1, "once a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_of_nothing_is_sent_only_to_whom_wants_it_every_day() {
    let mut trouble = Trouble::start(early()).await.unwrap();
    let rights = [Right::ManageAllSites, Right::ViewExceptions];
    let daily = trouble.app.member_with("daily@example.com", &rights).await.unwrap();
    let _usual = trouble.app.member_with("usual@example.com", &rights).await.unwrap();
    let always = json!({"daily_summary": {"mode": "always", "time": "07:00"}});
    daily.patch("/profile", &always).await.unwrap().ok().unwrap();
    for time in ["7:00", "24:00", "07:60", ""] {
        let refused =
            daily.patch("/profile", &json!({"daily_summary": {"mode": "always", "time": time}})).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.code()), (422, "field_invalid"), "{time}");
    }
    a_turn().await;
    trouble.pass(2 * 60).await.unwrap();
    a_turn().await;
    wait_until("a summary", async || Ok(!summaries(&trouble).await.is_empty())).await.unwrap();
    let told = summaries(&trouble).await;
    assert_eq!(told, [("daily@example.com".to_owned(), "Lockwood Alarms: all is well".to_owned())]);
}
