//! T5: the server is killed with SIGKILL at random moments while devices are upgraded. Each of them ends with its firmware,
//! and no device was sent a file that it had.

use std::time::{Duration, Instant};

use serde_json::json;
use siteward_domain::firmware::upgrade_path::region_of;
use siteward_simulator::UpgradePackage;
use siteward_tests::app::TestDatabase;
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::killer::{Killer, seed};
use siteward_tests::patience::{get, post};
use siteward_tests::process::{ServerProcess, SimulatorProcess, free_port};

const DEVICES: usize = 6;
const KILLS: u32 = 8;
const VERSION: &str = "V9.1.0 build 270101";
const ENDS_WITHIN: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_it_goes_on_and_no_file_is_sent_twice_to_a_device_that_has_it() {
    println!("seed {}", seed());
    let folder = tempfile::tempdir().unwrap();
    let (data, port) = (folder.path().to_owned(), free_port().unwrap());
    let database = TestDatabase::make().unwrap();
    let url = database.as_ref().map(|database| database.url().to_owned());
    let restart = move || {
        let mut environment = vec![
            ("SITEWARD__POLLING__PERIOD_SECONDS", "1"),
            ("SITEWARD__JOBS__LEASE_SECONDS", "3"),
            ("SITEWARD__UPGRADES__WATCH_SECONDS", "1"),
            ("SITEWARD__UPGRADES__RETURN_SECONDS", "40"),
            ("SITEWARD__UPGRADES__SETTLE_SECONDS", "5"),
        ];
        environment.extend(url.as_deref().map(|url| ("DATABASE_URL", url)));
        ServerProcess::start(&data, port, &environment).unwrap()
    };
    let simulator = SimulatorProcess::start(&[
        "--profile",
        "camera",
        "--devices",
        &DEVICES.to_string(),
        "--seed",
        "57",
        "--reboot-ms",
        "700",
    ])
    .unwrap();
    let server = restart();
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    let site = post(&admin, "/sites", &json!({"name": "Harbour", "time_zone": "Europe/Berlin"})).await.unwrap();
    let handles = simulator.ready["devices"].as_array().unwrap().clone();
    let mut ids = Vec::new();
    for (place, handle) in handles.iter().enumerate() {
        let body = json!({
            "host": handle["address"], "port": handle["port"], "user_name": handle["user"], "password": handle["password"],
        });
        let path = format!("/sites/{}/devices", site["id"].as_str().unwrap());
        ids.push(post(&admin, &path, &body).await.unwrap()["id"].clone());
        let slow = json!({"upgrade": {"writes_ms": 1500}});
        control::change(simulator.control(), place, &slow).await.unwrap();
    }
    loop {
        // Their regions stand in what the first look brings.
        let page = get(&admin, "/devices").await.unwrap();
        if page["items"].as_array().unwrap().iter().all(|one| one["health"] == "healthy") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let models: Vec<String> = handles.iter().map(|handle| text(&handle["model"])).collect();
    let serial = text(&handles[0]["serial_number"]);
    let region = region_of(&serial).unwrap().to_owned();
    let package =
        UpgradePackage { models: models.clone(), language: region.clone(), version: VERSION.into(), from: None };
    let path = "/firmware_files?file_name=digicap.dav";
    let file =
        admin.post_bytes(path, "application/octet-stream", package.bytes(6_000_000)).await.unwrap().ok().unwrap();
    let purpose = json!({"kind": "camera", "models": models, "region": region, "version": VERSION});
    let path = format!("/firmware_files/{}", text(&file["id"]));
    admin.send_json(http::Method::PUT, &path, &purpose).await.unwrap().ok().unwrap();

    let body = json!({
        "device_ids": ids, "firmware_file_id": file["id"], "stages": {"canaries": 3, "then": 3, "error_threshold": 6},
    });
    let upgrade = text(&post(&admin, "/upgrades", &body).await.unwrap()["id"]);
    let killer = Killer::start(server, restart, KILLS);
    killer.allow(true);
    let (_server, _) = tokio::task::spawn_blocking(move || killer.end()).await.unwrap().unwrap();
    let started = Instant::now();
    let path = format!("/upgrades/{upgrade}");
    while get(&admin, &path).await.unwrap()["state"] != "ended" {
        let devices = get(&admin, &format!("{path}/devices")).await.unwrap();
        assert!(started.elapsed() < ENDS_WITHIN, "it did not end: {devices}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let devices = get(&admin, &format!("{path}/devices")).await.unwrap();
    assert_eq!(get(&admin, &path).await.unwrap()["devices"]["done"], DEVICES, "{devices}");
    for place in 0..DEVICES {
        let state = control::state(simulator.control(), place).await.unwrap();
        assert_eq!(state["firmware"], VERSION, "device {place}");
        let counts = (&state["upgrade"]["received"], &state["upgrade"]["taken"], &state["upgrade"]["installed"]);
        assert_eq!(counts, (&json!(1), &json!(1), &json!(1)), "device {place}: whole files, taken, installed");
    }
}
