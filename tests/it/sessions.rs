//! Where one is signed in: seen, ended one by one or all at once, streams included (R-S7, T15).

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use siteward_tests::app::{ADMIN, App, PASSWORD};
use siteward_tests::client::Client;

async fn signed_in(app: &App, browser: &str) -> Client {
    let mut client = app.stranger();
    client.call_itself(browser);
    assert_eq!(client.sign_in(ADMIN, PASSWORD).await.unwrap().status.as_u16(), 200);
    client
}

async fn listed(client: &Client) -> Vec<Value> {
    client.get("/sessions").await.unwrap().ok().unwrap()["items"].as_array().unwrap().clone()
}

/// The path of the session of a browser.
fn of(sessions: &[Value], browser: &str) -> String {
    let found = sessions.iter().find(|session| session["user_agent"] == browser).unwrap();
    format!("/sessions/{}", found["id"].as_str().unwrap())
}

/// Listens to what happens, and gives how long after `end` it is over.
async fn ends_with(listener: &Client, end: impl Future<Output = ()>) -> Duration {
    let stream = listener.stream("/live").await.unwrap();
    assert_eq!(stream.status().as_u16(), 200);
    let over = tokio::spawn(stream.into_body().collect());
    // The stream has begun: a heartbeat comes at once.
    tokio::time::sleep(Duration::from_millis(50)).await;
    end.await;
    let started = Instant::now();
    let _ = tokio::time::timeout(Duration::from_secs(10), over).await.unwrap().unwrap();
    started.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_where_they_are_signed_in_and_nobody_else() {
    let app = App::start().await.unwrap();
    app.admin().await.unwrap();
    let phone = signed_in(&app, "Phone").await;
    let long = signed_in(&app, &format!("Laptop {}", "ж".repeat(500))).await;
    app.installer().await.unwrap();
    let sessions = listed(&phone).await;
    assert_eq!(sessions.len(), 3);
    let current: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!((current.len(), &current[0]["user_agent"]), (1, &json!("Phone")));
    assert_eq!(current[0]["from_address"], "127.0.0.1");
    assert!(current[0]["expires_at"].as_str() > current[0]["created_at"].as_str());
    let longest = sessions.iter().map(|session| session["user_agent"].as_str().unwrap().chars().count()).max();
    assert_eq!(longest, Some(256));
    assert_eq!(listed(&long).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_session_or_all_others_are_ended_from_another() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let (phone, laptop) = (signed_in(&app, "Phone").await, signed_in(&app, "Laptop").await);
    let installer = app.installer().await.unwrap();
    let path = of(&listed(&admin).await, "Phone");
    assert_eq!(installer.delete(&path).await.unwrap().code(), "not_found", "somebody else's");
    assert_eq!(phone.get("/session").await.unwrap().status.as_u16(), 200);
    assert_eq!(admin.delete(&path).await.unwrap().status.as_u16(), 204);
    assert_eq!(phone.get("/session").await.unwrap().code(), "not_signed_in");
    assert_eq!(admin.delete(&path).await.unwrap().code(), "not_found");
    assert_eq!(laptop.delete("/sessions").await.unwrap().status.as_u16(), 204);
    assert_eq!(admin.get("/session").await.unwrap().code(), "not_signed_in");
    for client in [&laptop, &installer] {
        assert_eq!(client.get("/session").await.unwrap().status.as_u16(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_within_a_second_of_its_session_in_every_process() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let beside = app.beside().await.unwrap();
    for base in [&app.base, &beside.base] {
        let phone = signed_in(&app, "Phone").await.at(base);
        let path = of(&listed(&admin).await, "Phone");
        let took = ends_with(&phone, async {
            assert_eq!(admin.delete(&path).await.unwrap().status.as_u16(), 204);
        });
        let took = took.await;
        assert!(took <= Duration::from_secs(1), "{took:?}");
        let phone = signed_in(&app, "Phone").await.at(base);
        let took = ends_with(&phone, async {
            assert_eq!(admin.delete("/sessions").await.unwrap().status.as_u16(), 204);
        });
        let took = took.await;
        assert!(took <= Duration::from_secs(1), "{took:?}");
    }
}
