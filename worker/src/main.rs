//! `siteward-worker`: a worker on its own, beside other workers and beside servers on the same database.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use siteward_store::{MasterKey, Store, StoreSettings, compatibility_rules};
use siteward_worker::clock::{SharedClock, SystemClock};
use siteward_worker::settings::{Log, LogFormat, Settings};
use siteward_worker::{LinkHub, ProcessAddress, Worker, WorkerSettings};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Runs background work: adds imported devices and watches the health of all of them.
///
/// Several may run on one database and share the work; `siteward serve` runs one inside unless told not to.
/// Settings come from the commented defaults, a file and the environment (SITEWARD__SECTION__KEY), as for the server.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Settings file; else `siteward.toml` where it is.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Shows the settings as they stand, without secrets, and ends.
    #[arg(long)]
    print_config: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let settings = Settings::load(arguments.config.as_deref())?;
    if arguments.print_config {
        use std::io::Write as _;
        std::io::stdout().write_all(settings.shown().as_bytes())?;
        return Ok(());
    }
    start_logging(&settings.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&settings))
}

async fn run(settings: &Settings) -> anyhow::Result<()> {
    let firmware = siteward_worker::firmware::load(&settings.firmware)?;
    let store = open_store(settings)?;
    let applied = store.migrate().context("the database could not be brought up to date")?;
    tracing::info!(applied = applied.len(), "the schema is up to date");
    let clock: SharedClock = Arc::new(SystemClock);
    store
        .write(|conn| compatibility_rules::set_platform(conn, &firmware.compatibility, clock.now()))
        .context("the rules of compatibility could not be taken over")?;
    // Nobody reaches this process, so it holds no link; it reaches those that others hold.
    let hub = LinkHub::new(store.clone(), Arc::clone(&clock), ProcessAddress::unreachable(clock.now()));
    let settings = WorkerSettings::from(settings).with_firmware(firmware);
    let worker = Worker::start(store, &settings, clock, hub);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: running work is finished or given back");
    worker.stop().await;
    Ok(())
}

fn open_store(settings: &Settings) -> anyhow::Result<Store> {
    let from_environment = std::env::var("SITEWARD_MASTER_KEY").ok();
    let master_key = MasterKey::load(from_environment.as_deref(), &settings.key_file()).context("no master key")?;
    let store_settings = StoreSettings {
        database_url: settings.database.url.as_ref().map(|url| url.expose().to_owned()),
        data_dir: settings.data.dir.clone(),
        pool_size: settings.database.pool_size,
    };
    Store::open(&store_settings, master_key).context("the database could not be opened")
}

fn start_logging(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter).context("log.filter")?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logging could not be started: {error}"))
}
