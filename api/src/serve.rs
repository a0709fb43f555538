//! The server: built from settings, bound to its port, then run. Tests build the same on port 0.

mod tls;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use siteward_store::vault::MasterKeyError;
use siteward_store::{MasterKey, Store, StoreError, StoreSettings, compatibility_rules};
use siteward_worker::clock::{SharedClock, SystemClock};
use siteward_worker::firmware::FirmwareFileError;
use siteward_worker::settings::{Settings, SettingsError};
use siteward_worker::{LinkHub, ProcessAddress, Worker, WorkerHandle, WorkerSettings};

use crate::edge::{self, Headers};
use crate::live::Live;
use crate::openapi::Description;
use crate::platform::{Platform, off_thread};
use crate::{access, console, openapi, pages, remote, routes, setup};

pub use tls::TlsError;

/// The variable that holds the master key, where it is not in a file.
const MASTER_KEY_VARIABLE: &str = "SITEWARD_MASTER_KEY";
/// How long open requests may take to end at shutdown, in seconds.
const SHUTDOWN_SECONDS: u64 = 3;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings are not good.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The master key cannot be read or made.
    #[error("the master key: {0}")]
    MasterKey(#[from] MasterKeyError),
    /// The database does not open or migrate.
    #[error("the database: {0}")]
    Store(#[from] StoreError),
    /// A file of what is known of firmwares is no good.
    #[error(transparent)]
    Firmware(#[from] FirmwareFileError),
    /// Certificate or key are no good.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// Something else of the machine.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// How to start, beside the settings.
#[derive(Clone)]
pub struct StartOptions {
    /// Whether a worker runs in this process.
    pub worker: bool,
    /// The clock.
    pub clock: SharedClock,
}

impl Default for StartOptions {
    fn default() -> Self {
        Self { worker: true, clock: Arc::new(SystemClock) }
    }
}

/// A server that is bound and not yet running.
pub struct Application {
    server: Server,
    store: Store,
    live: Live,
    hub: LinkHub,
    address: SocketAddr,
    secure: bool,
    public_url: String,
    setup_code: Option<String>,
    worker: WorkerSlot,
}

/// The worker of this process, where it has one; requests wake it.
type WorkerSlot = Arc<Mutex<Option<WorkerHandle>>>;

/// Ends a server from elsewhere.
#[derive(Clone)]
pub struct StopHandle(ServerHandle);

impl StopHandle {
    /// Ends it without waiting for open requests.
    pub fn stop_now(&self) {
        // The order is given when the call returns; what it gives back only tells when it is done.
        drop(self.0.stop(false));
    }
}

/// Opens the store that settings name, and brings its schema up to date.
pub fn open_store(settings: &Settings) -> Result<Store, StartError> {
    let (store, ran) = open_unmigrated(settings).and_then(|store| {
        let ran = store.migrate()?;
        Ok((store, ran))
    })?;
    for name in ran {
        tracing::info!(migration = %name, "database migrated: {name}");
    }
    Ok(store)
}

/// Opens the store that settings name, as it is.
pub fn open_unmigrated(settings: &Settings) -> Result<Store, StartError> {
    let url = settings.database.url.as_ref().map(|url| url.expose().to_owned());
    // A database that will be refused anyway must not leave a master key and a data folder behind.
    let scheme = url.as_deref().and_then(|url| url.split_once("://")).map(|(scheme, _)| scheme);
    if url.is_some() && !matches!(scheme, Some("postgres" | "postgresql")) {
        let known = "the database URL begins with postgres://, or is left out for SQLite in the data folder";
        return Err(StoreError::BadDatabaseUrl(known.to_owned()).into());
    }
    let given = std::env::var(MASTER_KEY_VARIABLE).ok();
    let master_key = MasterKey::load(given.as_deref(), &settings.key_file())?;
    let store = StoreSettings {
        database_url: url,
        data_dir: settings.data.dir.clone(),
        pool_size: settings.database.pool_size,
    };
    Ok(Store::open(&store, master_key)?)
}

impl Application {
    /// Opens the database, binds the port, and makes a set-up code where there is no company yet.
    pub async fn build(settings: Settings, options: StartOptions) -> Result<Self, StartError> {
        let firmware = siteward_worker::firmware::load(&settings.firmware)?;
        let (for_store, rules, started_at) = (settings.clone(), Arc::clone(&firmware), options.clock.now());
        let (store, setup_code) = blocking(move || {
            access::password::warm_up();
            let store = open_store(&for_store)?;
            let code = store.write(setup::code::renew)?;
            store.write(|conn| compatibility_rules::set_platform(conn, &rules.compatibility, started_at))?;
            Ok::<_, StartError>((store, code))
        })
        .await?;
        let worker = WorkerSlot::default();
        let to_wake = Arc::clone(&worker);
        let wake = Arc::new(move || {
            if let Some(worker) = to_wake.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
                worker.wake();
            }
        });
        let live = Live::new();
        let tls = tls::config(&settings.server)?;
        let for_worker = options.worker.then(|| {
            (WorkerSettings::from(&settings).with_firmware(Arc::clone(&firmware)), Arc::clone(&options.clock))
        });
        let hub =
            LinkHub::new(store.clone(), Arc::clone(&options.clock), ProcessAddress::unreachable(options.clock.now()));
        let internal_url = settings.links.internal_url.clone();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let platform = Platform::new(store.clone(), settings, options.clock, live.clone(), hub.clone(), wake, firmware);
        let secure = platform.is_secure();
        let public_url = platform.settings.server.public_url.clone();
        let wanted = platform.settings.server.listen;
        let (server, address) = bind(platform, tls, wanted)?;
        hub.set_url(internal_url.unwrap_or_else(|| own_url(scheme, address)));
        if let Some((settings, clock)) = for_worker {
            let handle = Worker::start(store.clone(), &settings, clock, hub.clone());
            *worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(handle);
        }
        Ok(Self { server, store, live, hub, address, secure, public_url, setup_code, worker })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The one-time set-up code, while there is no company.
    pub fn setup_code(&self) -> Option<&str> {
        self.setup_code.as_deref()
    }

    /// The link to open for the set-up, while there is no company.
    pub fn setup_link(&self) -> Option<String> {
        let code = self.setup_code()?;
        let usual = self.public_url == "http://localhost:8080" && self.address.port() != 8080;
        let base = if usual {
            format!("{}://localhost:{}", if self.secure { "https" } else { "http" }, self.address.port())
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        };
        Some(format!("{base}/setup#code={code}"))
    }

    /// The store behind it.
    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Ends it from elsewhere.
    pub fn handle(&self) -> StopHandle {
        StopHandle(self.server.handle())
    }

    /// Serves until it is told to end (SIGINT, SIGTERM, or its handle).
    pub async fn run(self) -> Result<(), StartError> {
        let follower = tokio::spawn(self.live.follow(self.store));
        let ended = self.server.await;
        follower.abort();
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = worker {
            worker.stop().await;
        }
        self.hub.close().await;
        Ok(ended?)
    }
}

/// Where other processes on this machine reach one that listens at `address`.
fn own_url(scheme: &str, address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

fn bind(
    platform: Platform,
    tls: Option<rustls::ServerConfig>,
    wanted: SocketAddr,
) -> Result<(Server, SocketAddr), StartError> {
    let headers = web::Data::new(Headers::new(platform.is_secure()));
    let description = web::Data::new(Description::new());
    let platform = web::Data::new(platform);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(platform.clone())
            .app_data(headers.clone())
            .app_data(description.clone())
            .configure(routes::reading)
            .service(remote::scope())
            .service(routes::api())
            .route("/openapi.json", web::get().to(openapi::serve))
            .route("/healthz", web::get().to(routes::healthz))
            .configure(pages::routes)
            .service(web::scope("").wrap(Compress::default()).default_service(web::get().to(console::serve)))
            .wrap(from_fn(edge::guard))
    })
    .workers(std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8))
    .shutdown_timeout(SHUTDOWN_SECONDS);
    let listening = match tls {
        Some(config) => server.bind_rustls_0_23(wanted, config),
        None => server.bind(wanted),
    };
    let server = listening.map_err(|source| StartError::Listen { address: wanted, source })?;
    let address = server.addrs().first().copied().unwrap_or(wanted);
    Ok((server.run(), address))
}

async fn blocking<T: Send + 'static>(
    f: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    off_thread(f).await.map_err(|error| std::io::Error::other(error.cause().unwrap_or_default().to_owned()))?
}
