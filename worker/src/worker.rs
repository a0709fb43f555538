//! A whole worker: the job runner, the reconcilers and the polling engine, started and stopped together.

use std::sync::Arc;

use chrono::Duration;
use siteward_devices::{AddressPolicy, Limits};
use siteward_domain::JobId;
use siteward_domain::firmware::FirmwareKnowledge;
use siteward_domain::incident::Settling;
use siteward_store::Store;
use siteward_store::remote_sessions::Lifetime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::adding::Adding;
use crate::alert_streams::{AlertStreamSettings, AlertStreams, StreamsStatus, StreamsWatch};
use crate::clock::SharedClock;
use crate::incidents::Incidents;
use crate::jobs::advance_addition::AdvanceAddition;
use crate::jobs::change_password::ChangePassword;
use crate::jobs::deliver_webhook::DeliverWebhook;
use crate::jobs::import_devices::ImportDevices;
use crate::jobs::linkage_action::LinkageAction;
use crate::jobs::send_mail::SendMail;
use crate::jobs::sync_time::SyncTime;
use crate::links::LinkHub;
use crate::mail::{Delivering, MailPace, Patience};
use crate::panels::{self, PanelReconciler};
use crate::polling::{Engine, EngineSettings, EngineStatus};
use crate::reaching::Reaching;
use crate::reconcile::{ReconcilerStatus, Reconcilers, SharedStatus};
use crate::retention::{Kept, Retention};
use crate::runner::{Kinds, Runner, RunnerCounters, RunnerStatus};
use crate::settings::{Devices, Settings};
use crate::text_messages::Gateway;
use crate::upgrades::{UpgradeDevice, UpgradeSettings, Upgrades};

/// Imports under way at once; each tries several devices.
const IMPORTS_AT_ONCE: usize = 16;

/// How long a receiver of a webhook may take.
const WEBHOOK_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// How a worker works.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// How devices are polled.
    pub polling: EngineSettings,
    /// How event streams of devices are kept.
    pub alert_streams: AlertStreamSettings,
    /// Devices of imports tried at once.
    pub import_devices_at_once: usize,
    /// How long a claim on a job holds without being renewed.
    pub job_lease: Duration,
    /// How long sessions of remote configuration last.
    pub remote_sessions: Lifetime,
    /// Time between two comparisons of an alarm panel's accounts.
    pub panel_accounts: Duration,
    /// How devices are upgraded.
    pub upgrades: UpgradeSettings,
    /// How long one mail may take to be handed over.
    pub mail: Patience,
    /// How fast mails go.
    pub mail_pace: MailPace,
    /// Where text messages go; `None`: none is sent.
    pub gateway: Option<Gateway>,
    /// How long things are kept.
    pub kept: Kept,
}

impl From<&Settings> for WorkerSettings {
    fn from(settings: &Settings) -> Self {
        let (polling, jobs) = (&settings.polling, &settings.jobs);
        Self {
            polling: EngineSettings {
                period: Duration::seconds(i64::from(polling.period_seconds)),
                panel_pause: Duration::seconds(i64::from(polling.panel_seconds)),
                most_at_once: polling.most_at_once,
                slow_at_once: polling.slow_at_once,
                kept_connections: polling.kept_connections,
                idle_connection: Duration::seconds(i64::from(polling.idle_connection_seconds)),
                lease: Duration::seconds(i64::from(polling.lease_seconds)),
                policy: AddressPolicy::from(&settings.devices),
                limits: Limits::from(&settings.devices),
                firmware: FirmwareKnowledge::shipped(),
                reference_addresses: polling.reference_addresses.clone(),
            },
            alert_streams: AlertStreamSettings::of_most(polling.alert_streams),
            import_devices_at_once: jobs.import_devices_at_once,
            job_lease: Duration::seconds(i64::from(jobs.lease_seconds)),
            remote_sessions: Lifetime {
                idle: Duration::minutes(i64::from(settings.remote.idle_minutes)),
                longest: Duration::minutes(i64::from(settings.remote.longest_minutes)),
            },
            panel_accounts: Duration::seconds(i64::from(settings.panels.reconcile_seconds)),
            upgrades: UpgradeSettings {
                folder: settings.firmware_dir(),
                at_once: settings.upgrades.at_once,
                watch: std::time::Duration::from_secs(u64::from(settings.upgrades.watch_seconds)),
                offline: Duration::seconds(i64::from(settings.upgrades.offline_seconds)),
                returns: Duration::seconds(i64::from(settings.upgrades.return_seconds)),
                settles: Duration::seconds(i64::from(settings.upgrades.settle_seconds)),
                period: Duration::seconds(i64::from(polling.period_seconds)),
            },
            mail: Patience::default(),
            mail_pace: MailPace::per_minute(settings.mail.per_minute),
            gateway: Gateway::of(&settings.sms),
            kept: Kept::from(&settings.retention),
        }
    }
}

impl WorkerSettings {
    /// Judges firmwares by `firmware` instead of what ships with the platform.
    #[must_use]
    pub fn with_firmware(mut self, firmware: Arc<FirmwareKnowledge>) -> Self {
        self.polling.firmware = firmware;
        self
    }
}

impl From<&Devices> for AddressPolicy {
    fn from(devices: &Devices) -> Self {
        Self { allow_loopback: devices.allow_loopback, allow_private: devices.allow_private }
    }
}

impl From<&Devices> for Limits {
    fn from(devices: &Devices) -> Self {
        Self {
            connect: std::time::Duration::from_millis(devices.connect_timeout_ms),
            call: std::time::Duration::from_millis(devices.answer_timeout_ms),
            check: std::time::Duration::from_secs(devices.look_timeout_seconds),
            ..Self::default()
        }
    }
}

/// Starts workers.
#[derive(Debug)]
pub struct Worker;

/// What a worker does just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerStatus {
    /// Its name among the workers.
    pub owner: String,
    /// Polling.
    pub polling: EngineStatus,
    /// Event streams of devices.
    pub streams: StreamsStatus,
    /// Jobs.
    pub jobs: RunnerStatus,
    /// Reconcilers.
    pub reconcilers: Vec<ReconcilerStatus>,
}

/// A running worker. Dropping it leaves it running; [`WorkerHandle::stop`] ends it.
pub struct WorkerHandle {
    owner: String,
    engine: Engine,
    wake: Arc<Notify>,
    stopping: CancellationToken,
    runner: Arc<RunnerCounters>,
    reconcilers: Reconcilers,
    panels_wake: Arc<Notify>,
    panels: SharedStatus,
    incidents: Incidents,
    retention: Retention,
    streams: StreamsWatch,
    upgrades: Upgrades,
    tasks: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for WorkerHandle {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("WorkerHandle").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl Worker {
    /// Starts a worker on the current runtime. The store's schema must be up to date.
    pub fn start(store: Store, settings: &WorkerSettings, clock: SharedClock, hub: LinkHub) -> WorkerHandle {
        let owner = JobId::generate(clock.now()).to_string();
        let (wake, stopping) = (Arc::new(Notify::new()), CancellationToken::new());
        let polling = settings.polling.clone();
        let adding = Adding::new(store.clone(), Arc::clone(&clock), hub.clone(), polling.limits);
        let reaching = Reaching { hub: hub.clone(), policy: polling.policy, limits: polling.limits };
        let (reaching_panels, reaching_streams) = (reaching.clone(), reaching.clone());
        let runner = Runner {
            store: store.clone(),
            clock: Arc::clone(&clock),
            owner: owner.clone(),
            kinds: Kinds::default()
                .with(ImportDevices::new(
                    IMPORTS_AT_ONCE,
                    settings.import_devices_at_once,
                    polling.policy,
                    polling.limits,
                    hub.clone(),
                ))
                .with(AdvanceAddition(adding))
                .with(ChangePassword::new(reaching.clone()))
                .with(LinkageAction::new(reaching.clone()))
                .with(UpgradeDevice::new(reaching.clone(), settings.upgrades.clone()))
                .with(SyncTime::new(reaching))
                .with(DeliverWebhook { policy: polling.policy, patience: WEBHOOK_PATIENCE })
                .with(SendMail {
                    delivering: Delivering {
                        store: store.clone(),
                        clock: Arc::clone(&clock),
                        patience: settings.mail,
                        gateway: settings.gateway.clone(),
                    },
                    pace: settings.mail_pace.clone(),
                }),
            lease: settings.job_lease,
            wake: Arc::clone(&wake),
            stopping: stopping.clone(),
            counters: Arc::new(RunnerCounters::default()),
        };
        let counters = Arc::clone(&runner.counters);
        let reconcilers = Reconcilers::default();
        let panels = PanelReconciler {
            store: store.clone(),
            clock: Arc::clone(&clock),
            owner: owner.clone(),
            reaching: reaching_panels,
            period: settings.panel_accounts,
            lease: settings.job_lease,
            wake: Arc::new(Notify::new()),
            stopping: stopping.clone(),
            status: SharedStatus::new(panels::NAME),
        };
        let (panels_wake, panels_status) = (Arc::clone(&panels.wake), panels.status.clone());
        let look = Duration::from_std(polling.limits.check).unwrap_or_default();
        let retention = Retention::new(store.clone(), Arc::clone(&clock), settings.kept);
        let incidents = Incidents::new(store.clone(), Arc::clone(&clock), Settling::of(polling.period, look));
        let upgrades =
            Upgrades::new(store.clone(), Arc::clone(&clock), settings.upgrades.folder.clone(), Arc::clone(&wake));
        let mut tasks = vec![
            tokio::spawn(upgrades.clone().run(stopping.clone())),
            tokio::spawn(incidents.clone().run(stopping.clone())),
            tokio::spawn(retention.clone().run(stopping.clone())),
            tokio::spawn(runner.run()),
            tokio::spawn(panels.run()),
            tokio::spawn(reconcilers.clone().run(
                store.clone(),
                Arc::clone(&clock),
                settings.remote_sessions,
                stopping.clone(),
            )),
        ];
        let engine = Engine::start(store.clone(), polling, Arc::clone(&clock), hub, owner.clone());
        let streams = StreamsWatch::new(settings.alert_streams.most);
        let alert_streams = AlertStreams {
            store,
            clock,
            owner: owner.clone(),
            reaching: reaching_streams,
            settings: settings.alert_streams.clone(),
            engine: engine.clone(),
            status: streams.clone(),
        };
        tasks.push(tokio::spawn(alert_streams.run(stopping.clone())));
        tracing::info!(owner, "worker started");
        WorkerHandle {
            owner,
            engine,
            wake,
            stopping,
            runner: counters,
            reconcilers,
            panels_wake,
            panels: panels_status,
            incidents,
            retention,
            streams,
            upgrades,
            tasks,
        }
    }
}

impl WorkerHandle {
    /// Has it look at once for new jobs and for devices that were added, edited, deleted or asked for.
    pub fn wake(&self) {
        self.wake.notify_one();
        self.panels_wake.notify_one();
        self.engine.wake();
    }

    /// What it does just now.
    pub fn status(&self) -> WorkerStatus {
        WorkerStatus {
            owner: self.owner.clone(),
            polling: self.engine.status(),
            streams: self.streams.streams(),
            jobs: self.runner.status(),
            reconcilers: self
                .reconcilers
                .status()
                .into_iter()
                .chain([
                    self.panels.get(),
                    self.incidents.status(),
                    self.retention.status(),
                    self.upgrades.status(),
                    self.streams.turns(),
                ])
                .collect(),
        }
    }

    /// Its polling engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Ends it: running jobs break off and are given back, running looks end and are written down, buckets are given back.
    pub async fn stop(self) {
        self.stopping.cancel();
        self.engine.stop().await;
        for task in self.tasks {
            let _ = task.await;
        }
        tracing::info!(owner = self.owner, "worker stopped");
    }
}
