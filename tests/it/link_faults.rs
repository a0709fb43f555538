//! Links, servers and workers that fail, as real processes: devices are unknown meanwhile and right again without a person,
//! and no event is lost or doubled.
//!
//! The moments of kills follow from a seed, which is printed; `SITEWARD_TEST_SEED` sets another one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use siteward_domain::CompanyId;
use siteward_domain::event::EventKind;
use siteward_simulator::{Change, Profile, SimulatorSettings};
use siteward_store::events::Event;
use siteward_store::history;
use siteward_tests::app::TestDatabase;
use siteward_tests::client::Client;
use siteward_tests::forwarder::Forwarder;
use siteward_tests::patience::get;
use siteward_tests::process::{ServerProcess, WorkerProcess, free_port};
use siteward_tests::site::{LinkedSite, is_connected};
use siteward_tests::stored::{Stored, check_links_alternate};

/// The cut.
const CUT: Duration = Duration::from_secs(30);
const PERIOD: (&str, &str) = ("SITEWARD__POLLING__PERIOD_SECONDS", "1");
const PASSWORD: &str = "Installed-2026";
/// Devices of a batch, every fourth of them fresh from its box.
const BATCH: usize = 40;
const FRESH_EVERY: usize = 4;

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("siteward-faults-").tempdir().unwrap()
}

async fn set_up(server: &ServerProcess) -> (Client, CompanyId) {
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
    let session = admin.get("/session").await.unwrap().body;
    (admin, session["company"]["id"].as_str().unwrap().parse().unwrap())
}

fn count(events: &[Event], kind: EventKind) -> usize {
    events.iter().filter(|event| event.kind == kind).count()
}

/// Seconds that devices were seen up and down.
fn seen(stored: &Stored, devices: &[Value]) -> (u32, u32) {
    let mut sum = (0, 0);
    for device in devices {
        let id = device["id"].as_str().unwrap().parse().unwrap();
        for hour in stored.store.read(|conn| history::hours(conn, &id, 0, i64::from(i32::MAX))).unwrap() {
            sum = (sum.0 + hour.up_seconds, sum.1 + hour.down_seconds);
        }
    }
    sum
}

/// Nothing was said against any device, and none was told a wrong password.
async fn check_nobody_accused(admin: &Client, site: &LinkedSite, events: &[Event]) {
    let accusing = |event: &&Event| match event.kind {
        EventKind::ExceptionOpened => true,
        EventKind::HealthChanged => !matches!(event.data["to"].as_str(), Some("healthy" | "unknown")),
        _ => false,
    };
    let accused: Vec<&Event> = events.iter().filter(accusing).collect();
    assert!(accused.is_empty(), "{accused:?}");
    let exceptions = get(admin, &format!("/exceptions?site_id={}", site.id)).await.unwrap();
    assert_eq!(exceptions["items"], json!([]));
    for place in 0..site.simulator.devices().len() {
        assert_eq!(site.simulator.view(place).unwrap().counters.logins_refused, 0, "device {place}");
    }
}

/// How the line goes down for a while.
enum Cut {
    /// The box loses its power: its connections end.
    Power,
    /// The router loses its line: nothing arrives, and nobody is told.
    Line,
}

#[expect(clippy::print_stdout, reason = "it measures, and what it measured is told")]
async fn cut_for_a_while(cut: Cut, first_address: &str) {
    let data = folder();
    let server = ServerProcess::start(data.path(), free_port().unwrap(), &[PERIOD]).unwrap();
    let (admin, _) = set_up(&server).await;
    let line = Forwarder::open(server.base.strip_prefix("http://").unwrap().parse().unwrap()).await.unwrap();
    let mut settings = SimulatorSettings::uniform(8, Profile::Camera, 61);
    settings.first = first_address.parse().unwrap();
    let mut site = LinkedSite::open(&admin, "Harbour", &line.base(), data.path(), settings).await.unwrap();
    site.add_all(&admin, PASSWORD).await.unwrap();
    site.wait_health(&admin, 8, "healthy").await.unwrap();
    let stored = Stored::open(data.path(), None).unwrap();
    let (devices, before) = (site.devices(&admin).await.unwrap(), stored.last_event().unwrap());

    let started = Instant::now();
    match cut {
        Cut::Power => site.cut(),
        Cut::Line => line.freeze(true),
    }
    site.wait_health(&admin, 8, "unknown").await.unwrap();
    let unknown_after = started.elapsed();
    // What ended with the cut is written within two periods of it.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (up, down) = seen(&stored, &devices);
    while started.elapsed() < CUT {
        let health: Vec<Value> = site.devices(&admin).await.unwrap().iter().map(|one| one["health"].clone()).collect();
        assert_eq!(health, vec![json!("unknown"); 8], "after {:?}", started.elapsed());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    check_nobody_accused(&admin, &site, &stored.events_after(before).unwrap()).await;
    assert_eq!((seen(&stored, &devices), down), ((up, down), 0), "nobody looked, so nothing is counted");

    match cut {
        Cut::Power => site.join(&["run"]).unwrap(),
        Cut::Line => line.freeze(false),
    }
    let back = Instant::now();
    site.wait_health(&admin, 8, "healthy").await.unwrap();
    let healthy_after = back.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let events = stored.events_after(before).unwrap();
    check_nobody_accused(&admin, &site, &events).await;
    check_links_alternate(&stored.events_after(0).unwrap()).unwrap();
    if matches!(cut, Cut::Power) {
        assert_eq!((count(&events, EventKind::LinkOffline), count(&events, EventKind::LinkOnline)), (1, 1));
    }
    let later = seen(&stored, &devices);
    assert!(later.0 > up && later.1 == 0, "it is looked again: {up} then {later:?}");
    println!(
        "cut for {CUT:?}: unknown after {unknown_after:?}, 0 accused, 0 s of downtime; healthy {healthy_after:?} after its end"
    );
    assert!(healthy_after < Duration::from_secs(20), "healthy only after {healthy_after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_without_power_makes_its_devices_unknown_and_accuses_none() {
    cut_for_a_while(Cut::Power, "127.40.1.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_a_line_on_which_nothing_arrives() {
    cut_for_a_while(Cut::Line, "127.40.2.1").await;
}

fn seed() -> u64 {
    std::env::var("SITEWARD_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_120)
}

/// Kills something again and again while `busy` is set and the link says that it is connected, and starts it anew.
struct Killer {
    busy: Arc<AtomicBool>,
    kills: Arc<AtomicU32>,
    link: Arc<std::sync::Mutex<PathBuf>>,
    thread: std::thread::JoinHandle<()>,
}

impl Killer {
    fn start<P: Send + 'static>(
        mut process: P,
        restart: impl Fn() -> P + Send + 'static,
        kill: impl Fn(P) + Send + 'static,
        most: u32,
    ) -> Self {
        let (busy, kills, link) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default(), Arc::default());
        let (is_busy, counted, config) = (Arc::clone(&busy), Arc::clone(&kills), Arc::clone(&link));
        let mut random = StdRng::seed_from_u64(seed());
        let thread = std::thread::spawn(move || {
            while counted.load(Ordering::Relaxed) < most {
                let may = |config: &std::sync::Mutex<PathBuf>| {
                    is_busy.load(Ordering::Relaxed) && is_connected(&config.lock().unwrap())
                };
                if !may(&config) {
                    std::thread::sleep(Duration::from_millis(20));
                    continue;
                }
                std::thread::sleep(Duration::from_millis(random.random_range(20..1_500)));
                if may(&config) {
                    kill(process);
                    counted.fetch_add(1, Ordering::Relaxed);
                    process = restart();
                }
            }
            // The last process lives until nobody needs it.
            while Arc::strong_count(&is_busy) > 1 {
                std::thread::sleep(Duration::from_millis(20));
            }
            drop(process);
        });
        Self { busy, kills, link, thread }
    }

    fn kills(&self) -> u32 {
        self.kills.load(Ordering::Relaxed)
    }

    async fn end(self) {
        drop(self.busy);
        tokio::task::spawn_blocking(|| self.thread.join().unwrap()).await.unwrap();
    }
}

fn batch(first_address: &str, seed: u64) -> SimulatorSettings {
    let mut settings = SimulatorSettings::uniform(BATCH, Profile::Camera, seed);
    settings.first = first_address.parse().unwrap();
    for device in settings.devices.iter_mut().step_by(FRESH_EVERY) {
        device.activated = false;
        device.service.enabled = false;
        device.service.code = None;
    }
    settings
}

/// Each device added once, each event once, and no device with a password that the platform does not have.
async fn check_added_once(admin: &Client, site: &LinkedSite, stored: &Stored, company: &CompanyId, before: i64) -> u64 {
    let devices = site.devices(admin).await.unwrap();
    assert_eq!(devices.len(), BATCH);
    let by_serial: BTreeMap<&str, &Value> =
        devices.iter().map(|device| (device["serial"].as_str().unwrap(), device)).collect();
    assert_eq!(by_serial.len(), BATCH, "added twice");
    let mut most_refused = 0;
    for (place, handle) in site.simulator.devices().iter().enumerate() {
        let view = site.simulator.view(place).unwrap();
        let device = by_serial[handle.serial.as_str()];
        let id = device["id"].as_str().unwrap().parse().unwrap();
        assert!(view.activated && stored.has_password(company, &id, &view.password).unwrap(), "device {place}");
        assert!(view.service_enabled, "device {place}");
        assert!(view.counters.logins_refused <= 1, "device {place} refused {} logins", view.counters.logins_refused);
        most_refused = most_refused.max(view.counters.logins_refused);
    }
    let events = stored.events_after(before).unwrap();
    let mut told: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for event in events.iter().filter(|event| event.site_id.as_ref().is_some_and(|id| id.as_str() == site.id)) {
        match event.kind {
            EventKind::DeviceAdded => {
                let id = event.device_id.as_ref().unwrap().to_string();
                let device = devices.iter().find(|device| device["id"] == id).unwrap();
                told.entry(device["serial"].as_str().unwrap().to_owned()).or_default().0 += 1;
            }
            EventKind::AdditionChanged if event.data["state"] == "added" => {
                told.entry(event.data["serial"].as_str().unwrap().to_owned()).or_default().1 += 1;
            }
            _ => {}
        }
    }
    assert_eq!(told.len(), BATCH, "lost events");
    assert!(told.values().all(|counts| *counts == (1, 1)), "lost or doubled events: {told:?}");
    check_links_alternate(&stored.events_after(0).unwrap()).unwrap();
    most_refused
}

/// Adds batches behind links until the killer has done its work; gives how many, and the most refused logins of a device.
async fn add_under_fire(
    admin: &Client,
    killer: &Killer,
    (kills, second): (u32, u8),
    stored: &Stored,
    company: &CompanyId,
    data: &Path,
) -> (u32, u64) {
    let (mut rounds, mut most_refused) = (0, 0);
    while killer.kills() < kills {
        let (name, before) = (format!("Site {rounds}"), stored.last_event().unwrap());
        let settings = batch(&format!("127.{second}.{rounds}.1"), 70 + u64::from(rounds));
        let site = LinkedSite::open(admin, &name, admin.base(), data, settings).await.unwrap();
        for place in 0..BATCH {
            // So that kills find many devices in the middle of something.
            let slower = Change { delay_ms: Some(40), ..Change::default() };
            site.simulator.set(place, slower).await.unwrap();
        }
        site.config.clone_into(&mut killer.link.lock().unwrap());
        killer.busy.store(true, Ordering::Relaxed);
        site.add_all(admin, PASSWORD).await.unwrap();
        site.wait_added(admin, BATCH).await.unwrap();
        killer.busy.store(false, Ordering::Relaxed);
        site.wait_health(admin, BATCH, "healthy").await.unwrap();
        most_refused = most_refused.max(check_added_once(admin, &site, stored, company, before).await);
        rounds += 1;
    }
    (rounds, most_refused)
}

#[expect(clippy::print_stdout, reason = "it measures, and what it measured is told")]
async fn kill_servers(kills: u32, second: u8, database_url: Option<&str>) {
    let data = folder();
    let port = free_port().unwrap();
    let (folder, url) = (data.path().to_owned(), database_url.map(str::to_owned));
    let start = move || {
        let mut environment = vec![PERIOD, ("SITEWARD__JOBS__LEASE_SECONDS", "3")];
        environment.push(("SITEWARD__POLLING__LEASE_SECONDS", "5"));
        environment.extend(url.as_deref().map(|url| ("DATABASE_URL", url)));
        ServerProcess::start(&folder, port, &environment).unwrap()
    };
    let server = start();
    let (admin, company) = set_up(&server).await;
    let stored = Stored::open(data.path(), database_url).unwrap();
    let started = Instant::now();
    let killer = Killer::start(server, start, |mut server| server.kill(), kills);
    let (rounds, refused) = add_under_fire(&admin, &killer, (kills, second), &stored, &company, data.path()).await;
    println!(
        "{kills} kills of the server (seed {}) during {rounds} batches of {BATCH} devices behind a link: all added once, each \
         event once, no password unknown, at most {refused} refused logins a device; {:?} in all",
        seed(),
        started.elapsed()
    );
    killer.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_of_the_server_while_devices_are_added_through_a_link_lose_and_double_nothing() {
    kill_servers(10, 41, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(database) = TestDatabase::make().unwrap() else {
        println!("SKIPPED: SITEWARD_TEST_POSTGRES names no server");
        return;
    };
    kill_servers(10, 42, Some(database.url())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_of_its_own_takes_over_what_a_killed_one_left() {
    const KILLS: u32 = 4;
    let data = folder();
    let server =
        ServerProcess::start_with(&["serve", "--no-worker"], data.path(), free_port().unwrap(), &[PERIOD]).unwrap();
    let (admin, company) = set_up(&server).await;
    let stored = Stored::open(data.path(), None).unwrap();
    let folder = data.path().to_owned();
    let start = move || {
        let leases = [("SITEWARD__JOBS__LEASE_SECONDS", "3"), ("SITEWARD__POLLING__LEASE_SECONDS", "5"), PERIOD];
        WorkerProcess::start(&folder, &leases).unwrap()
    };
    let (worker, started) = (start(), Instant::now());
    let killer = Killer::start(worker, start, drop, KILLS);
    let (rounds, refused) = add_under_fire(&admin, &killer, (KILLS, 43), &stored, &company, data.path()).await;
    println!(
        "{KILLS} kills of the worker (seed {}) during {rounds} batches of {BATCH} devices: all added once, each event once, at \
         most {refused} refused logins a device; {:?} in all",
        seed(),
        started.elapsed()
    );
    let events = stored.events_after(0).unwrap();
    assert_eq!(count(&events, EventKind::ExceptionOpened), 0);
    killer.end().await;
    drop(server);
}
