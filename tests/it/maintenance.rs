//! Maintenance windows from outside: what goes wrong meanwhile is recorded, and told only if it still lasts at the end.

use std::time::Duration as StdDuration;

use chrono::Duration;
use serde_json::{Value, json};
use siteward_domain::device::DeviceKind;
use siteward_domain::exception::ExceptionKind;
use siteward_tests::app::some_time;
use siteward_tests::street::{incidents, wait_until};
use siteward_tests::trouble::Trouble;

async fn begin(trouble: &Trouble, site: &str, body: Value) -> Value {
    let made = trouble.admin.post(&format!("/sites/{site}/maintenance_windows"), &body).await.unwrap();
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    made.body
}

/// Lets the worker take several turns: whatever is not told after that is not told.
async fn a_while() {
    tokio::time::sleep(StdDuration::from_secs(4)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_in_maintenance_is_recorded_and_told_only_if_it_lasts_beyond() {
    let mut trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let [brief, lasting] = ["Brief", "Lasting"].map(|name| trouble.device(&site, name, DeviceKind::Camera).unwrap());
    let made = begin(&trouble, &site, json!({"minutes": 60, "repeats": "once", "note": "New disks"})).await;
    assert_eq!((&made["active"], &made["device_id"], &made["note"]), (&json!(true), &Value::Null, &json!("New disks")));
    trouble.open(&brief, ExceptionKind::DeviceOffline).unwrap();
    trouble.open(&lasting, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(2).await.unwrap();
    trouble.pass(30).await.unwrap();
    trouble.close(&brief, ExceptionKind::DeviceOffline).unwrap();
    wait_until("the end", || async { Ok(incidents(&trouble.admin, true).await?.len() == 1) }).await.unwrap();
    a_while().await;
    assert_eq!(trouble.mail.subjects(), Vec::<String>::new());
    assert_eq!(trouble.admin.get("/notifications").await.unwrap().body["items"], json!([]), "nor by the bell");
    let seen = trouble.admin.get("/exceptions").await.unwrap().ok().unwrap();
    assert_eq!(seen["items"].as_array().unwrap().len(), 2, "both are recorded");
    trouble.pass(30).await.unwrap();
    assert_eq!(trouble.told(1).await.unwrap(), ["Harbour: “Lasting” does not answer"]);
    let list = trouble.admin.get(&format!("/sites/{site}/maintenance_windows")).await.unwrap().ok().unwrap();
    assert_eq!(list["items"], json!([]), "it is over");
    a_while().await;
    assert_eq!(trouble.mail.subjects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_of_a_device_keeps_others_loud_and_ends_when_a_person_says_so() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let [quiet, loud] = ["Quiet", "Loud"].map(|name| trouble.device(&site, name, DeviceKind::Camera).unwrap());
    let made = begin(&trouble, &site, json!({"device_id": quiet, "minutes": 600, "repeats": "once"})).await;
    assert_eq!(made["device_name"], "Quiet");
    trouble.open(&quiet, ExceptionKind::VideoLoss).unwrap();
    trouble.open(&loud, ExceptionKind::VideoLoss).unwrap();
    trouble.settle(2).await.unwrap();
    assert!(trouble.told(1).await.unwrap()[0].contains("“Loud”"));
    a_while().await;
    assert_eq!(trouble.mail.subjects().len(), 1);
    let path = format!("/sites/{site}/maintenance_windows/{}", made["id"].as_str().unwrap());
    assert_eq!(trouble.admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert!(trouble.told(2).await.unwrap()[1].contains("“Quiet”"), "at once, not in ten hours");
    assert_eq!(trouble.admin.delete(&path).await.unwrap().status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_what_was_told_before_waits_for_the_end_of_the_window() {
    let mut trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    trouble.told(1).await.unwrap();
    begin(&trouble, &site, json!({"minutes": 20, "repeats": "once"})).await;
    trouble.pass(5).await.unwrap();
    trouble.close(&camera, ExceptionKind::DeviceOffline).unwrap();
    a_while().await;
    assert_eq!(trouble.mail.subjects().len(), 1, "nobody is told in it, of nothing");
    trouble.pass(15).await.unwrap();
    assert_eq!(trouble.told(2).await.unwrap()[1], "Harbour: over after 5 min 3 s: “Gate” does not answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weekly_window_comes_again_by_the_clock_of_the_site() {
    // Friday, 09:00 in Warsaw, in winter.
    let mut trouble = Trouble::start(some_time()).await.unwrap();
    let site = trouble.site("Harbour").await.unwrap();
    let starts = (some_time() + Duration::hours(1)).to_rfc3339();
    begin(&trouble, &site, json!({"starts_at": starts, "minutes": 120, "repeats": "weekly"})).await;
    // Eleven weeks later it is summer: 10:00 there is 08:00 UTC, an hour earlier than in winter.
    trouble.pass(11 * 7 * 24 * 60).await.unwrap();
    let camera = trouble.device(&site, "Gate", DeviceKind::Camera).unwrap();
    let list = trouble.admin.get(&format!("/sites/{site}/maintenance_windows")).await.unwrap().ok().unwrap();
    assert_eq!(
        (&list["items"][0]["active"], &list["items"][0]["ends_at"], &list["items"][0]["repeats"]),
        (&json!(true), &json!("2027-04-02T10:00:00Z"), &json!("weekly"))
    );
    trouble.open(&camera, ExceptionKind::DeviceOffline).unwrap();
    trouble.settle(1).await.unwrap();
    a_while().await;
    assert_eq!(trouble.mail.subjects(), Vec::<String>::new());
    trouble.pass(120).await.unwrap();
    assert_eq!(trouble.told(1).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_window_is_refused_with_the_field() {
    let trouble = Trouble::start(some_time()).await.unwrap();
    let (site, other) = (trouble.site("Harbour").await.unwrap(), trouble.site("Barn").await.unwrap());
    let there = trouble.device(&other, "Gate", DeviceKind::Camera).unwrap();
    let path = format!("/sites/{site}/maintenance_windows");
    let at = |hours: i64| (some_time() + Duration::hours(hours)).to_rfc3339();
    for (body, status, field) in [
        (json!({"minutes": 0, "repeats": "once"}), 422, "minutes"),
        (json!({"minutes": 31 * 24 * 60 + 1, "repeats": "once"}), 422, "minutes"),
        (json!({"minutes": 6 * 24 * 60 + 1, "repeats": "weekly"}), 422, "minutes"),
        (json!({"minutes": 60, "repeats": "once", "starts_at": at(-2)}), 422, "minutes"),
        (json!({"minutes": 60, "repeats": "once", "starts_at": at(-25)}), 422, "starts_at"),
        (json!({"minutes": 60, "repeats": "once", "starts_at": at(367 * 24)}), 422, "starts_at"),
        (json!({"minutes": 60, "repeats": "once", "note": "x".repeat(201)}), 422, "note"),
        (json!({"minutes": 60, "repeats": "once", "device_id": there}), 404, ""),
        (json!({"minutes": 60, "repeats": "daily"}), 400, ""),
    ] {
        let refused = trouble.admin.post(&path, &body).await.unwrap();
        let told = refused.body["details"]["field"].as_str().unwrap_or_default();
        assert_eq!((refused.status.as_u16(), told), (status, field), "{body}: {}", refused.body);
    }
}
