//! Webhooks whose receiver is away for an hour, or for days: nobody does anything, and only time passes.

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};
use siteward_tests::app::{ADMIN, App, PASSWORD, Start, some_time};
use siteward_tests::client::Client;
use siteward_tests::hook::Hook;
use siteward_tests::lan::wait;
use siteward_worker::clock::SteppedClock;

struct Stage {
    app: App,
    admin: Client,
    clock: Arc<SteppedClock>,
}

async fn stage() -> Stage {
    let clock = Arc::new(SteppedClock::new(some_time()));
    let start = Start::plain().with_worker().set("DEVICES__ALLOW_LOOPBACK", "true");
    let app = start.clock(Arc::clone(&clock)).run().await.unwrap();
    let admin = app.admin().await.unwrap();
    Stage { app, admin, clock }
}

impl Stage {
    async fn webhook(&self, url: &str) -> String {
        let made = self.admin.post("/webhooks", &json!({"name": "Desk", "url": url})).await.unwrap().ok().unwrap();
        made["webhook"]["id"].as_str().unwrap().to_owned()
    }

    async fn site(&self, name: &str) {
        let site = json!({"name": name, "time_zone": "Europe/Berlin"});
        self.admin.post("/sites", &site).await.unwrap().ok().unwrap();
    }

    /// Time passes; the Admin signs in again where the session is over.
    async fn pass(&mut self, time: Duration) {
        self.clock.advance(time);
        if self.admin.get("/session").await.unwrap().status.as_u16() != 200 {
            self.admin.sign_in(ADMIN, PASSWORD).await.unwrap().ok().unwrap();
        }
    }

    async fn deliveries(&self, webhook: &str) -> Vec<Value> {
        let listed = self.admin.get(&format!("/webhooks/{webhook}/deliveries")).await.unwrap().ok().unwrap();
        listed["items"].as_array().unwrap().clone()
    }

    /// How often anything was tried, in all.
    async fn tries(&self, webhook: &str) -> i64 {
        self.deliveries(webhook).await.iter().filter_map(|one| one["attempts"].as_i64()).sum()
    }

    /// Time passes in steps. In each the worker may try what is due; not in each is something due.
    async fn pass_in_steps(&mut self, webhook: &str, steps: u32, step: Duration) {
        for _ in 0..steps {
            let before = self.tries(webhook).await;
            self.pass(step).await;
            for _ in 0..20 {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                if self.tries(webhook).await > before {
                    break;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_for_an_hour_gets_everything_once_and_in_order_by_itself() {
    let mut stage = stage().await;
    let mut first = Hook::start(0).await.unwrap();
    let (port, url) = (first.port, first.url.clone());
    let webhook = stage.webhook(&url).await;
    stage.site("Before").await;
    wait(|| async { Ok(first.taken().len() == 1) }).await.unwrap();
    first.goes_away().await;

    let names: Vec<String> = (0..10).map(|number| format!("While it was down {number}")).collect();
    for name in &names {
        stage.site(name).await;
    }
    stage.pass_in_steps(&webhook, 12, Duration::minutes(5)).await;
    let deliveries = stage.deliveries(&webhook).await;
    let tries: Vec<i64> = deliveries.iter().rev().skip(1).filter_map(|one| one["attempts"].as_i64()).collect();
    assert!(tries[0] >= 4, "{tries:?}: it is tried again and again");
    assert!(tries[1..].iter().all(|tries| *tries == 0), "{tries:?}: what comes after waits, or it would overtake");

    let again = Hook::start(port).await.unwrap();
    stage.pass_in_steps(&webhook, 13, Duration::minutes(5)).await;
    wait(|| async { Ok(again.taken().len() >= names.len()) }).await.unwrap();
    let told: Vec<Value> = again.taken().iter().map(|one| one.json()["site"]["name"].clone()).collect();
    assert_eq!(told, names.iter().map(|name| json!(name)).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_three_days_is_given_up_and_arrives_when_a_person_sends_it_again() {
    let mut stage = stage().await;
    let receiver = Hook::start(0).await.unwrap();
    receiver.answers(500);
    let webhook = stage.webhook(&receiver.url).await;
    stage.site("Harbour").await;
    wait(|| async { Ok(receiver.refused() > 0) }).await.unwrap();

    stage.pass_in_steps(&webhook, 35, Duration::hours(2)).await;
    let told = stage.deliveries(&webhook).await.remove(0);
    assert_eq!(
        (&told["state"], &told["http_status"]),
        (&json!("waiting"), &json!(500)),
        "not before three days are over"
    );
    stage.pass_in_steps(&webhook, 8, Duration::hours(1)).await;
    let dead = async || Ok(stage.deliveries(&webhook).await[0]["state"] == "dead");
    wait(dead).await.unwrap();
    let tries = receiver.refused();
    stage.pass(Duration::days(1)).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(receiver.refused(), tries, "it is not tried any more");

    receiver.answers(200);
    let id = stage.deliveries(&webhook).await[0]["id"].to_string();
    let path = format!("/webhooks/{webhook}/deliveries/{}/send", id.trim_matches('"'));
    stage.admin.post(&path, &json!({})).await.unwrap().ok().unwrap();
    wait(|| async { Ok(receiver.taken().len() == 1) }).await.unwrap();
    assert_eq!(receiver.taken()[0].json()["site"]["name"], "Harbour");
    let again = stage.admin.post(&path, &json!({})).await.unwrap();
    assert_eq!(again.status.as_u16(), 409, "what arrived is not sent again: {}", again.body);
    drop(stage.app);
}
