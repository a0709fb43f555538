//! What is kept and what is forgotten, with several workers at once: figures of reports stay what they were.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use siteward_domain::event::EventKind;
use siteward_tests::app::{App, Start};
use siteward_tests::client::Client;
use siteward_tests::street::wait_until;
use siteward_worker::retention::{Kept, keep};

use crate::reports::{Chance, Past};

const DAYS: i64 = 5;

fn start() -> DateTime<Utc> {
    "2025-03-10T00:00:00Z".parse().unwrap()
}

fn kept(uptime_hours: Option<Duration>) -> Kept {
    Kept { events: None, device_events: None, transitions: None, uptime_hours, daily: None }
}

/// A site of five devices with five days of uptime.
async fn past(app: &App, admin: &Client) -> Past {
    let past = Past::site(app, admin, "Harbour", "UTC", start()).await;
    let mut chance = Chance(11);
    for number in 1..=5 {
        let id = past.device(&format!("Camera {number}"), number, None);
        past.write(&id, &chance.minutes(usize::try_from(DAYS).unwrap() * 1440));
    }
    past
}

async fn report(admin: &Client, past: &Past) -> Value {
    let path = past.report("?from=2025-03-10&to=2025-03-14");
    admin.get(&path).await.unwrap().ok().unwrap()
}

/// A report without what tells when and from what it was made.
fn figures(report: &Value) -> [Value; 3] {
    ["total", "days", "devices"].map(|part| report[part].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_roll_up_and_forget_at_once_and_every_figure_stays() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = past(&app, &admin).await;
    let before = report(&admin, &past).await;
    assert_eq!(before["by_utc_before"], Value::Null);
    let kept = kept(Some(Duration::days(32)));
    let changed = std::thread::scope(|threads| {
        let work = || threads.spawn(|| keep(&app.store, kept, Utc::now(), &|| true).unwrap());
        let workers: Vec<_> = (0..3).map(|_| work()).collect();
        workers.into_iter().map(|one| one.join().unwrap()).sum::<usize>()
    });
    // A day of each device summed up once, and each of its hours forgotten once.
    assert_eq!(changed, 5 * usize::try_from(DAYS).unwrap() + 5 * usize::try_from(DAYS).unwrap() * 24);
    let after = report(&admin, &past).await;
    assert_eq!(figures(&after), figures(&before), "every figure is what it was");
    assert_eq!(after["by_utc_before"], "2025-03-15");
    assert_eq!(keep(&app.store, kept, Utc::now(), &|| true).unwrap(), 0, "there is nothing more to do");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_in_the_middle_loses_nothing_and_the_next_goes_on() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = past(&app, &admin).await;
    let before = report(&admin, &past).await;
    let kept = kept(Some(Duration::days(32)));
    let mut turns = 0;
    // Every step is followed by a stop.
    while keep(&app.store, kept, Utc::now(), &|| false).unwrap() > 0 || turns < 20 {
        turns += 1;
        assert_eq!(figures(&report(&admin, &past).await), figures(&before), "after {turns} steps");
        assert!(turns < 100);
    }
    assert_eq!(report(&admin, &past).await["by_utc_before"], "2025-03-15");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_worker_forgets_by_itself_what_the_settings_say() {
    let settings =
        Start::plain().with_worker().set("RETENTION__UPTIME_HOURS_DAYS", "32").set("RETENTION__EVENTS_DAYS", "4");
    let app = settings.run().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = past(&app, &admin).await;
    let before = report(&admin, &past).await;
    past.tell(EventKind::SiteUpdated, start(), serde_json::json!({}));
    // Readers need not go past what does not concern them: here they have.
    app.store
        .write(|conn| {
            let last = siteward_store::events::last_seq(conn)?;
            ["mail", "webhooks"].iter().try_for_each(|name| siteward_store::events::move_reader(conn, name, last))
        })
        .unwrap();
    // The first turn of the worker is over; the next is that of another that starts beside it.
    let beside = app.beside_with_worker().await.unwrap();
    wait_until("hours to be forgotten", || async { Ok(report(&admin, &past).await["by_utc_before"] == "2025-03-15") })
        .await
        .unwrap();
    assert_eq!(figures(&report(&admin, &past).await), figures(&before));
    let old = || app.store.read(|conn| siteward_store::events::after(conn, None, 0, 1000)).unwrap().into_iter();
    wait_until("old events to be forgotten", || async { Ok(old().all(|event| event.at > start())) }).await.unwrap();
    drop(beside);
}
