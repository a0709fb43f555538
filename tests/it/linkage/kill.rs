//! The server is killed with SIGKILL while a rule is at work: nothing is asked of a device a second time, and what nobody
//! can know is said.
//!
//! What a device was asked for just before the kill it may have done or not; it is counted by the device itself.

use std::time::Duration;

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::device_event::{DeviceSignal, EventState};
use siteward_store::device_events::{self, Heard};
use siteward_store::{MasterKey, Store, StoreSettings};
use siteward_tests::app::TestDatabase;
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::patience;
use siteward_tests::process::{ServerProcess, SimulatorProcess, free_port};

const MASTER_KEY: &str = "abababababababababababababababababababababababababababababababab";
const KILLS: u32 = 6;

async fn killed_in_the_middle(first_address: &str, database_url: Option<&str>) {
    let simulator = SimulatorProcess::start(&["--devices", "2", "--first", first_address]).unwrap();
    let data = tempfile::Builder::new().prefix("siteward-linkage-kill-").tempdir().unwrap();
    let port = free_port().unwrap();
    let mut environment = vec![
        ("SITEWARD_MASTER_KEY", MASTER_KEY),
        ("SITEWARD__JOBS__LEASE_SECONDS", "3"),
        ("SITEWARD__POLLING__PERIOD_SECONDS", "3600"),
    ];
    environment.extend(database_url.map(|url| ("DATABASE_URL", url)));
    let start = || ServerProcess::start(data.path(), port, &environment).unwrap();
    let mut server = start();
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    let site =
        patience::post(&admin, "/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let site = site["id"].as_str().unwrap();
    let mut devices = Vec::new();
    for device in simulator.ready["devices"].as_array().unwrap() {
        let body = json!({
            "host": device["address"], "port": device["port"], "user_name": device["user"], "password": device["password"],
        });
        let added = patience::post(&admin, &format!("/sites/{site}/devices"), &body).await.unwrap();
        devices.push(added["id"].as_str().unwrap().to_owned());
    }
    let yard = &devices[1];
    let actions =
        json!([{"kind": "output_on", "device_id": yard}, {"kind": "snapshot", "device_id": yard}, {"kind": "webhook"}]);
    let body =
        json!({"name": "Night watch", "source": {"device_id": devices[0], "kind": "motion"}, "actions": actions});
    patience::post(&admin, &format!("/sites/{site}/linkage_rules"), &body).await.unwrap();
    // So that a kill finds the device in the middle of its answer.
    control::change(simulator.control(), 1, &json!({"delay_ms": 1500})).await.unwrap();
    let settings =
        StoreSettings { database_url: database_url.map(str::to_owned), data_dir: data.path().to_owned(), pool_size: 2 };
    let store = Store::open(&settings, MasterKey::parse(MASTER_KEY).unwrap()).unwrap();

    let firings = async || {
        let page = patience::get(&admin, "/linkage_firings?limit=100").await.unwrap();
        page["items"].as_array().unwrap().clone()
    };
    for kill in 1..=KILLS {
        let signal = DeviceSignal::read("VMD", EventState::Active, Some(kill)).unwrap();
        let heard = Heard { device_id: devices[0].parse().unwrap(), signal, at: Utc::now() };
        store.write(|conn| device_events::append(conn, std::slice::from_ref(&heard)).map(drop)).unwrap();
        until("the switch under way", async || {
            firings()
                .await
                .first()
                .is_some_and(|newest| newest["source_channel"] == kill && newest["actions"][0]["state"] == "running")
        })
        .await;
        server.kill();
        server = start();
        until("the actions over", async || {
            firings()
                .await
                .iter()
                .all(|one| one["actions"].as_array().unwrap().iter().all(|action| !action["ended_at"].is_null()))
        })
        .await;
    }
    let all = firings().await;
    assert_eq!(all.len(), KILLS as usize, "one firing an event");
    let outcome = |firing: &Value, position: usize| firing["actions"][position]["state"].as_str().unwrap().to_owned();
    for firing in &all {
        assert_eq!(outcome(firing, 0), "unknown", "{firing}");
        assert_eq!(firing["actions"][0]["error_code"], "linkage_interrupted");
        assert_eq!((outcome(firing, 1), &firing["actions"][1]["has_picture"]), ("done".to_owned(), &json!(true)));
        assert_eq!(outcome(firing, 2), "done");
    }
    let switched = control::state(simulator.control(), 1).await.unwrap()["linked"]["times"].as_u64().unwrap();
    assert!(switched <= u64::from(KILLS), "the device was had switch {switched} times for {KILLS} events");
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let started = std::time::Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(60), "not {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_has_nothing_done_twice_and_says_what_it_does_not_know() {
    killed_in_the_middle("127.62.0.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        eprintln!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    killed_in_the_middle("127.63.0.1", Some(database.url())).await;
}
