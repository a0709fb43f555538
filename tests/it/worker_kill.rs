//! T5: two workers share the devices, and one after the other is killed with SIGKILL while devices go off and come back.
//! Every device is looked at again, and each exception opens once and closes once.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use siteward_domain::event::EventKind;
use siteward_store::polling;
use siteward_tests::app::TestDatabase;
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::process::{ServerProcess, SimulatorProcess, WorkerProcess, free_port};
use siteward_tests::stored::Stored;
use siteward_tests::street::{add_all, devices, make_site, wait_health, wait_until};

const COUNT: usize = 60;
const SETTINGS: [(&str, &str); 3] = [
    ("SITEWARD__POLLING__PERIOD_SECONDS", "2"),
    ("SITEWARD__POLLING__LEASE_SECONDS", "6"),
    ("SITEWARD__DEVICES__CONNECT_TIMEOUT_MS", "500"),
];

/// A server that leaves the work to workers, a site of cameras, and what workers are started with.
struct Scene {
    data: tempfile::TempDir,
    database: Option<TestDatabase>,
    simulator: SimulatorProcess,
    _server: ServerProcess,
    admin: Client,
    site: String,
}

impl Scene {
    async fn start() -> Self {
        let data = tempfile::Builder::new().prefix("siteward-workers-").tempdir().unwrap();
        let database = TestDatabase::make().unwrap();
        let count = COUNT.to_string();
        let simulator =
            SimulatorProcess::start(&["--devices", &count, "--profile", "camera", "--first", "127.46.1.1"]).unwrap();
        let port = free_port().unwrap();
        let environment = environment(database.as_ref());
        let server = ServerProcess::start_with(&["serve", "--no-worker"], data.path(), port, &environment).unwrap();
        let mut admin = Client::new(&server.base);
        admin.set_up(server.setup_code.as_deref().unwrap(), "Lockwood Alarms").await.unwrap();
        let site = make_site(&admin, "Harbour").await.unwrap();
        add_all(&admin, &site, simulator.ready["devices"].as_array().unwrap()).await.unwrap();
        Self { data, database, simulator, _server: server, admin, site }
    }

    fn worker(&self) -> WorkerProcess {
        WorkerProcess::start(self.data.path(), &environment(self.database.as_ref())).unwrap()
    }

    fn stored(&self) -> Stored {
        Stored::open(self.data.path(), self.database.as_ref().map(TestDatabase::url)).unwrap()
    }

    async fn power(&self, places: std::ops::Range<usize>, on: bool) {
        for place in places {
            control::change(self.simulator.control(), place, &json!({ "power": on })).await.unwrap();
        }
    }

    async fn wait_open_exceptions(&self, wanted: usize) {
        wait_until("so many exceptions open", || async {
            let open = self.admin.get("/exceptions?open=true&limit=100").await?.ok()?;
            Ok(open["items"].as_array().is_some_and(|items| items.len() == wanted))
        })
        .await
        .unwrap();
    }

    /// Waits until every device was looked at after an instant.
    async fn wait_looked_at_after(&self, instant: DateTime<Utc>) {
        wait_until("every device looked at again", || async {
            let all = devices(&self.admin, &self.site).await?;
            Ok(all.len() == COUNT && all.iter().all(|device| measured_at(device).is_some_and(|at| at > instant)))
        })
        .await
        .unwrap();
    }
}

fn environment(database: Option<&TestDatabase>) -> Vec<(&str, &str)> {
    let mut environment = SETTINGS.to_vec();
    environment.extend(database.map(|database| ("DATABASE_URL", database.url())));
    environment
}

fn measured_at(device: &Value) -> Option<DateTime<Utc>> {
    device["measured_at"].as_str().and_then(|text| text.parse().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_worker_leaves_no_device_unwatched_and_no_exception_doubled_or_lost() {
    let story = async {
        let scene = Scene::start().await;
        let stored = scene.stored();
        let (first, second) = (scene.worker(), scene.worker());
        wait_health(&scene.admin, &scene.site, "healthy", COUNT).await.unwrap();
        wait_until("two workers", || async {
            Ok(stored.store.read(|conn| polling::active_workers(conn, Utc::now(), Duration::seconds(6)))? == 2)
        })
        .await
        .unwrap();
        let from = stored.last_event().unwrap();

        // The second dies while a third of the devices goes off; another third goes while nobody has taken over.
        scene.power(0..20, false).await;
        drop(second);
        let killed = Utc::now();
        scene.power(20..40, false).await;
        wait_health(&scene.admin, &scene.site, "offline", 40).await.unwrap();
        scene.wait_open_exceptions(40).await;
        scene.wait_looked_at_after(killed).await;

        // A third worker joins, the first dies while they come back.
        let third = scene.worker();
        scene.power(0..40, true).await;
        drop(first);
        let killed = Utc::now();
        wait_health(&scene.admin, &scene.site, "healthy", COUNT).await.unwrap();
        scene.wait_looked_at_after(killed).await;
        scene.wait_open_exceptions(0).await;
        drop(third);

        let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
        for event in stored.events_after(from).unwrap() {
            if matches!(event.kind, EventKind::ExceptionOpened | EventKind::ExceptionClosed) {
                assert_eq!(event.data["kind"], "device_offline", "{:?}", event.data);
                *counts.entry((event.device_id.unwrap().to_string(), event.kind.as_str())).or_default() += 1;
            }
        }
        assert_eq!(counts.len(), 80, "forty opened and closed: {counts:?}");
        assert!(counts.values().all(|count| *count == 1), "each once: {counts:?}");
    };
    tokio::time::timeout(std::time::Duration::from_secs(300), story).await.unwrap();
}
