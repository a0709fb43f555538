//! T4: the server is killed with SIGKILL at random moments of imports of 200 devices, and nothing is lost, doubled or half-added.
//!
//! The moments follow from a seed, which is printed; `SITEWARD_TEST_SEED` sets another one.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use http::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_qr::export::{DeviceToWrite, ExportToWrite, write};
use siteward_tests::app::TestDatabase;
use siteward_tests::client::{Answer, Client};
use siteward_tests::control;
use siteward_tests::killer::{Killer, seed};
use siteward_tests::process::{ServerProcess, SimulatorProcess, free_port};

const DEVICES: usize = 200;
const DEVICES_OF_A_QR: usize = 40;
/// Every so many-th device stands in the QR with a wrong password.
const WRONG_EVERY: usize = 20;
/// Ready again within (T4).
const READY_WITHIN: Duration = Duration::from_secs(5);
/// How long a device takes for an answer.
const ANSWERS_AFTER: Duration = Duration::from_millis(30);
/// A real device locks after so many refused logins.
const LOCKS_AT: u64 = 5;

/// Asks until there is an answer: the server may be dead just now.
async fn patiently<F: Future<Output = anyhow::Result<Answer>>>(ask: impl Fn() -> F) -> Answer {
    let started = Instant::now();
    loop {
        let failure = match ask().await {
            Ok(answer) if answer.status != StatusCode::SERVICE_UNAVAILABLE => return answer,
            Ok(answer) => format!("{}", answer.status),
            Err(error) => format!("{error:#}"),
        };
        assert!(started.elapsed() < Duration::from_secs(30), "no answer for 30 s: {failure}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn get(admin: &Client, path: &str) -> Value {
    patiently(|| admin.get(path)).await.ok().unwrap()
}

async fn post(admin: &Client, path: &str, body: &Value) -> Value {
    patiently(|| admin.post(path, body)).await.ok().unwrap()
}

fn has_wrong_password(place: usize) -> bool {
    place % WRONG_EVERY == WRONG_EVERY - 1
}

fn export_text(devices: &[Value], first: usize) -> String {
    let device = |(place, device): (usize, &Value)| DeviceToWrite {
        name: device["name"].as_str().unwrap().to_owned(),
        host: device["address"].as_str().unwrap().to_owned(),
        port: u16::try_from(device["port"].as_u64().unwrap()).unwrap(),
        user_name: device["user"].as_str().unwrap().to_owned(),
        password: if has_wrong_password(first + place) {
            SecretString::from("Not-it-17")
        } else {
            SecretString::from(device["password"].as_str().unwrap())
        },
    };
    let devices = devices.iter().enumerate().map(device).collect();
    write(&ExportToWrite { devices, qr_password: None, created_at: None }).unwrap()
}

/// Scans and confirms five QRs of 40 on a site of their own; gives the site and its imports, once each has been acknowledged.
async fn begin(admin: &Client, devices: &[Value], name: &str) -> (String, Vec<String>) {
    let site = patiently(|| async { admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await });
    let site = site.await;
    let site_id = match site.code() {
        // Made, and the server killed before it could say so.
        "site_name_taken" => {
            let page = get(admin, "/sites").await;
            page["items"].as_array().unwrap().iter().find(|site| site["name"] == name).unwrap()["id"].clone()
        }
        _ => site.ok().unwrap()["id"].clone(),
    };
    let site_id = site_id.as_str().unwrap().to_owned();
    let mut imports = Vec::new();
    for (number, some) in devices.chunks(DEVICES_OF_A_QR).enumerate() {
        let text = export_text(some, number * DEVICES_OF_A_QR);
        let scan = post(admin, &format!("/sites/{site_id}/scans"), &json!({"text": text})).await;
        let id = scan["import"]["id"].as_str().unwrap().to_owned();
        let rows: Vec<usize> = (0..some.len()).collect();
        post(admin, &format!("/imports/{id}/confirm"), &json!({"rows": rows})).await;
        imports.push(id);
    }
    (site_id, imports)
}

async fn wait_until_done(admin: &Client, imports: &[String]) {
    let started = Instant::now();
    for id in imports {
        loop {
            let import = get(admin, &format!("/imports/{id}")).await;
            if import["state"] == "done" {
                break;
            }
            assert_eq!(import["state"], "running", "an acknowledged import was lost");
            assert!(started.elapsed() < Duration::from_secs(120), "not done after 2 minutes: {}", import["counts"]);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn devices_of(admin: &Client, site: &str) -> Vec<Value> {
    let (mut devices, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(admin, &format!("/devices?site_id={site}&limit=100{cursor}")).await;
        devices.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return devices };
        cursor = format!("&cursor={next}");
    }
}

/// Lost 0, duplicates 0, half-added 0.
async fn check(admin: &Client, site: &str, imports: &[String], simulated: &[Value]) {
    let devices = devices_of(admin, site).await;
    let hosts: BTreeSet<&str> = devices.iter().map(|device| device["host"].as_str().unwrap()).collect();
    let expected = simulated.iter().enumerate().filter(|(place, _)| !has_wrong_password(*place));
    let expected: BTreeSet<&str> = expected.map(|(_, device)| device["address"].as_str().unwrap()).collect();
    assert_eq!(devices.len(), hosts.len(), "duplicates");
    assert_eq!(hosts, expected, "lost or too many");
    let mut of_rows = BTreeSet::new();
    for (number, id) in imports.iter().enumerate() {
        let import = get(admin, &format!("/imports/{id}")).await;
        for (place, row) in (number * DEVICES_OF_A_QR..).zip(import["rows"].as_array().unwrap()) {
            if has_wrong_password(place) {
                assert_eq!((&row["state"], &row["reason"]["code"]), (&json!("failed"), &json!("device_login_refused")));
            } else {
                assert_eq!(row["state"], "added", "{row}");
                of_rows.insert(row["device_id"].as_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(of_rows, devices.iter().map(|device| device["id"].as_str().unwrap().to_owned()).collect());
    for device in &devices {
        let whole = get(admin, &format!("/devices/{}", device["id"].as_str().unwrap())).await;
        let topics: Vec<&str> =
            whole["facts"].as_array().unwrap().iter().map(|fact| fact["topic"].as_str().unwrap()).collect();
        assert!(topics.contains(&"identity") && topics.contains(&"reachability"), "half-added: {whole}");
        assert!(whole["serial"].is_string() && whole["model"] != "" && whole["credential"]["state"] == "ok", "{whole}");
    }
}

/// No login refused that had the right password; the wrong ones never so often that the device locks.
async fn check_logins(simulator: &SimulatorProcess, kills: u32) -> u64 {
    let mut most = 0;
    for place in 0..DEVICES {
        let state = control::state(simulator.control(), place).await.unwrap();
        let refused = state["counters"]["logins_refused"].as_u64().unwrap();
        let allowed = if has_wrong_password(place) { (1 + u64::from(kills)).min(LOCKS_AT - 1) } else { 0 };
        assert!(
            refused <= allowed,
            "device {place} refused {refused} logins, {allowed} are allowed after {kills} kills"
        );
        assert!(!has_wrong_password(place) || refused >= 1, "device {place} was never asked");
        most = most.max(refused);
    }
    most
}

async fn forget_logins(simulator: &SimulatorProcess) {
    for place in (0..DEVICES).filter(|place| has_wrong_password(*place)) {
        control::change(simulator.control(), place, &json!({"locked": false})).await.unwrap();
    }
    Client::bare(simulator.control()).post("/counters/reset", &json!({})).await.unwrap().ok().unwrap();
}

#[expect(clippy::print_stdout, reason = "it measures, and what it measured is told")]
async fn kill_imports(kills: u32, first_address: &str, database_url: Option<&str>) {
    let simulator =
        SimulatorProcess::start(&["--devices", &DEVICES.to_string(), "--first", first_address, "--threads", "2"])
            .unwrap();
    let simulated = simulator.ready["devices"].as_array().unwrap().clone();
    for place in 0..DEVICES {
        // So that kills find many devices in the middle of a look.
        let slower = json!({"delay_ms": u64::try_from(ANSWERS_AFTER.as_millis()).unwrap()});
        control::change(simulator.control(), place, &slower).await.unwrap();
    }
    let data = tempfile::Builder::new().prefix("siteward-kill-").tempdir().unwrap();
    let port = free_port().unwrap();
    let mut environment = vec![
        ("SITEWARD__JOBS__LEASE_SECONDS", "3".to_owned()),
        ("SITEWARD__POLLING__PERIOD_SECONDS", "3600".to_owned()),
    ];
    environment.extend(database_url.map(|url| ("DATABASE_URL", url.to_owned())));
    let folder = data.path().to_owned();
    let start = move || {
        let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ServerProcess::start(&folder, port, &environment).unwrap()
    };
    let server = start();
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();

    let started = Instant::now();
    let killer = Killer::start(server, start, kills);
    let (mut rounds, mut most_refused) = (0, 0);
    while killer.kills() < kills {
        let before = killer.kills();
        killer.allow(true);
        let (site, imports) = begin(&admin, &simulated, &format!("Site {rounds}")).await;
        wait_until_done(&admin, &imports).await;
        killer.allow(false);
        check(&admin, &site, &imports, &simulated).await;
        most_refused = most_refused.max(check_logins(&simulator, killer.kills() - before).await);
        rounds += 1;
        let path = format!("/sites/{site}");
        patiently(|| admin.delete(&path)).await.ok().unwrap();
        forget_logins(&simulator).await;
    }
    let (server, slowest) = tokio::task::spawn_blocking(|| killer.end().unwrap()).await.unwrap();
    println!(
        "{kills} kills (seed {}) in {rounds} times 5 imports of 40 devices: lost 0, duplicates 0, half-added 0; ready again \
         after {slowest:?} at most; at most {most_refused} refused logins on a device; {:?} in all",
        seed(),
        started.elapsed()
    );
    assert!(slowest <= READY_WITHIN, "ready again only after {slowest:?}");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_during_imports_lose_double_and_halve_nothing() {
    kill_imports(50, "127.30.0.1", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    kill_imports(12, "127.31.0.1", Some(database.url())).await;
}
