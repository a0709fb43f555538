//! A company with a site, a simulator, and a worker whose clock the test moves.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;
use siteward_devices::{AddressPolicy, Limits};
use siteward_domain::company::Region;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::exception::ExceptionKind;
use siteward_domain::firmware::FirmwareKnowledge;
use siteward_domain::health::DeviceHealth;
use siteward_domain::{CompanyId, DeviceId, SiteId};
use siteward_simulator::{DeviceHandle, Profile, Simulator, SimulatorSettings};
use siteward_store::companies::{NewCompany, create_company};
use siteward_store::devices::{self, Device, NewDevice};
use siteward_store::exceptions::{self, Exception, ExceptionFilter};
use siteward_store::reach::Reach;
use siteward_store::remote_sessions::Lifetime;
use siteward_store::sites::{NewSite, create_site};
use siteward_store::{MasterKey, Store, StoreSettings};
use siteward_worker::alert_streams::AlertStreamSettings;
use siteward_worker::clock::{SharedClock, SteppedClock};
use siteward_worker::mail::{MailPace, Patience};
use siteward_worker::polling::EngineSettings;
use siteward_worker::upgrades::UpgradeSettings;
use siteward_worker::{LinkHub, ProcessAddress, Worker, WorkerHandle, WorkerSettings};

/// A company, its site and its database in a folder that goes with the last of its clones.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) store: Store,
    pub(crate) company: CompanyId,
    pub(crate) site: SiteId,
    pub(crate) clock: Arc<SteppedClock>,
    _folder: Arc<tempfile::TempDir>,
}

/// When the tests' clock starts.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// A simulated device to be added as if by hand.
pub(crate) fn new_device(
    store: &Store,
    company: &CompanyId,
    site: &SiteId,
    device: &DeviceHandle,
    password: &str,
) -> NewDevice {
    let id = DeviceId::generate(start());
    let place = devices::password_place(company, &id);
    NewDevice {
        company_id: company.clone(),
        site_id: site.clone(),
        name: device.name.clone(),
        kind: DeviceKind::Unknown,
        kind_is_manual: false,
        address: DeviceAddress { scheme: Scheme::Http, host: device.address.to_string(), port: device.port },
        given_port: None,
        user_name: device.user.clone(),
        sealed_password: store.vault().seal(place, &SecretString::from(password)).unwrap(),
        pin: None,
        identity: None,
        link_id: None,
        serial: None,
        sealed_code: None,
        mac: None,
        id,
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = MasterKey::parse(&"5a".repeat(32)).unwrap();
        let settings = StoreSettings { database_url: None, data_dir: folder.path().to_owned(), pool_size: 4 };
        let store = Store::open(&settings, key).unwrap();
        store.migrate().unwrap();
        let (company, site) = (CompanyId::generate(start()), SiteId::generate(start()));
        let new_company = NewCompany {
            id: company.clone(),
            name: "Lockwood".into(),
            region: Region::parse("PL").unwrap(),
            public_url: "http://localhost:8080".into(),
        };
        let new_site = NewSite {
            id: site.clone(),
            company_id: company.clone(),
            name: "Harbour".into(),
            address: String::new(),
            time_zone: "Europe/Warsaw".into(),
            sync_time: false,
        };
        store
            .write(|conn| {
                create_company(conn, &new_company, start())?;
                create_site(conn, &new_site, start())
            })
            .unwrap();
        Self { store, company, site, clock: Arc::new(SteppedClock::new(start())), _folder: Arc::new(folder) }
    }

    /// Adds a simulated device as if by hand, without a look at it.
    pub(crate) fn add(&self, device: &DeviceHandle, password: &str) -> DeviceId {
        let new = new_device(&self.store, &self.company, &self.site, device, password);
        self.store.write(|conn| devices::create_device(conn, &new, start())).unwrap();
        new.id
    }

    pub(crate) fn settings() -> WorkerSettings {
        WorkerSettings {
            polling: EngineSettings {
                period: Duration::seconds(60),
                most_at_once: 512,
                slow_at_once: 64,
                kept_connections: 4000,
                panel_pause: Duration::seconds(1),
                idle_connection: Duration::seconds(90),
                lease: Duration::seconds(30),
                policy: AddressPolicy { allow_loopback: true, allow_private: true },
                limits: Limits::default(),
                firmware: FirmwareKnowledge::shipped(),
                reference_addresses: Vec::new(),
            },
            // Tests of event streams switch them on.
            alert_streams: AlertStreamSettings::of_most(0),
            import_devices_at_once: 64,
            job_lease: Duration::seconds(10),
            remote_sessions: Lifetime { idle: Duration::minutes(10), longest: Duration::minutes(60) },
            mail_pace: MailPace::per_minute(0),
            gateway: None,
            panel_accounts: Duration::minutes(15),
            upgrades: UpgradeSettings {
                folder: std::env::temp_dir().join("siteward-no-firmware"),
                at_once: 16,
                watch: std::time::Duration::from_secs(1),
                offline: Duration::seconds(60),
                returns: Duration::seconds(600),
                settles: Duration::seconds(60),
                period: Duration::seconds(60),
            },
            mail: Patience::default(),
            kept: siteward_worker::retention::Kept {
                events: None,
                device_events: None,
                transitions: None,
                uptime_hours: None,
                daily: None,
            },
        }
    }

    pub(crate) fn worker(&self) -> WorkerHandle {
        let clock: SharedClock = Arc::<SteppedClock>::clone(&self.clock);
        Worker::start(self.store.clone(), &Self::settings(), clock, self.hub())
    }

    /// The links of a process that nobody else reaches.
    pub(crate) fn hub(&self) -> LinkHub {
        let clock: SharedClock = Arc::<SteppedClock>::clone(&self.clock);
        let own = ProcessAddress::unreachable(clock.now());
        LinkHub::new(self.store.clone(), clock, own)
    }

    /// Lets `seconds` pass and everything that falls due in them happen; hours pass a minute at a time.
    pub(crate) async fn pass(&self, worker: &WorkerHandle, seconds: i64) {
        let mut left = seconds;
        let step = if seconds > 3600 { 60 } else { 10 };
        while left > 0 {
            let step = left.min(step);
            self.clock.advance(Duration::seconds(step));
            worker.engine().settle().await;
            left -= step;
        }
    }

    pub(crate) fn device(&self, id: &DeviceId) -> Device {
        self.store.read(|conn| devices::get_device(conn, &self.company, id)).unwrap()
    }

    pub(crate) fn health(&self, id: &DeviceId) -> DeviceHealth {
        self.device(id).health
    }

    /// Exceptions of a device, oldest first: kind, part, and how long they lasted if they are over. Without those of its
    /// clock: simulated devices have that of the machine, which is not the one the test moves.
    pub(crate) fn exceptions(&self, id: &DeviceId) -> Vec<(ExceptionKind, String, Option<i64>)> {
        let mut all = self.all_exceptions(id);
        all.retain(|(kind, ..)| *kind != ExceptionKind::ClockDrift);
        all
    }

    /// The same with those of its clock.
    pub(crate) fn all_exceptions(&self, id: &DeviceId) -> Vec<(ExceptionKind, String, Option<i64>)> {
        let filter = ExceptionFilter { device_id: Some(id.clone()), ..ExceptionFilter::default() };
        let page = self
            .store
            .read(|conn| exceptions::list(conn, &Reach::of_company(&self.company), &filter, None, 100))
            .unwrap();
        let told = |one: Exception| {
            let seconds = one.closed_at.map(|closed| (closed - one.opened_at).num_seconds());
            (one.key.kind, one.key.part, seconds)
        };
        page.items.into_iter().rev().map(told).collect()
    }
}

/// Waits until something holds that is done whenever there is time for it.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if holds() {
            return;
        }
        tokio::time::sleep(StdDuration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// So many devices of one profile, on addresses that no other test uses at the same time.
pub(crate) async fn simulate(count: usize, profile: Profile) -> Simulator {
    simulate_as(SimulatorSettings::uniform(count, profile, seed())).await
}

/// The same with settings of their own.
pub(crate) async fn simulate_as(settings: SimulatorSettings) -> Simulator {
    Simulator::start(SimulatorSettings { first: street(), ..settings }).await.unwrap()
}

/// The first of a thousand addresses that no other test uses at the same time.
pub(crate) fn street() -> Ipv4Addr {
    static STREET: AtomicU8 = AtomicU8::new(0);
    let process = u8::try_from(std::process::id() % 100).unwrap();
    Ipv4Addr::new(127, 100 + process, STREET.fetch_add(1, Ordering::Relaxed) * 4, 1)
}

/// Another one for each network, so that no two devices share a serial.
pub(crate) fn seed() -> u64 {
    static SEED: AtomicU64 = AtomicU64::new(1);
    SEED.fetch_add(1, Ordering::Relaxed)
}
