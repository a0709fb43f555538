//! `siteward-simulator`: simulated cameras, recorders and alarm panels on loopback, until it is ended.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use siteward_simulator::{Listeners, PanelAccount, PanelRole, Profile, Simulator, SimulatorSettings, Site};

/// Simulates cameras, recorders and alarm panels, each on its own loopback address, and prints one line of JSON once they answer.
///
/// The line holds the address of the control API, that of SADP, and a list of devices with passwords and label texts. GET /devices and
/// /devices/{n} (from 0) show state and counters, PATCH /devices/{n} changes a device, POST /counters/reset resets.
#[derive(Parser)]
#[command(version)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own on the command line")]
struct Arguments {
    /// So many devices, taking turns through all profiles of cameras and recorders.
    #[arg(long, value_name = "N", required_unless_present = "site", conflicts_with = "site")]
    devices: Option<usize>,
    /// All of one profile: camera, camera_old, dome, nvr, nvr_old, dvr, thermal, panel, panel_hybrid or router.
    #[arg(long, value_parser = parse_profile, conflicts_with = "site")]
    profile: Option<Profile>,
    /// A ready-made site instead of a number of devices.
    #[arg(long)]
    site: Option<SiteName>,
    /// Address of the first device; the others follow.
    #[arg(long, default_value = "127.20.0.1")]
    first: Ipv4Addr,
    /// Port of every device; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Address of the control API; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    control: SocketAddr,
    /// What serials and passwords follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Name of every device's account.
    #[arg(long, default_value = "admin")]
    user: String,
    /// One password for every device, instead of a different one for each.
    #[arg(long)]
    password: Option<String>,
    /// HTTPS with self-signed certificates instead of HTTP.
    #[arg(long)]
    tls: bool,
    /// One listener for all devices; needed for more than the limit of open files allows.
    #[arg(long)]
    shared_listener: bool,
    /// Seconds until an idle connection is closed.
    #[arg(long, default_value_t = 60)]
    idle_seconds: u64,
    /// Connections that a device serves at a time.
    #[arg(long, default_value_t = 20)]
    connections: usize,
    /// Milliseconds between heartbeats of an event stream.
    #[arg(long, default_value_t = 5_000)]
    heartbeat_ms: u64,
    /// Seconds that a digest nonce is good.
    #[arg(long, default_value_t = 300)]
    nonce_seconds: u64,
    /// Address where SADP inquiries and commands are heard; port 0 picks a free one. Without it nowhere.
    #[arg(long)]
    sadp: Option<SocketAddr>,
    /// Milliseconds until a device whose cloud service was enabled is registered.
    #[arg(long, default_value_t = 1_000)]
    registration_ms: u64,
    /// Milliseconds that a device is away when it reboots.
    #[arg(long, default_value_t = 2_000)]
    reboot_ms: u64,
    /// Alarm panels: so many accounts of staff besides their own, `staff1` and so on with the panel's own password.
    #[arg(long, value_name = "N", default_value_t = 0)]
    panel_accounts: usize,
    /// Alarm panels: accounts that one holds.
    #[arg(long, value_name = "N", default_value_t = 64)]
    user_limit: usize,
    /// Alarm panels: seconds that a session may be idle.
    #[arg(long, default_value_t = 300)]
    session_seconds: u64,
    /// Alarm panels: no digest, sessions only.
    #[arg(long)]
    no_digest: bool,
    /// Alarm panels: the older form of accounts instead of CloudUserManage.
    #[arg(long)]
    older_accounts: bool,
    /// Threads that answer.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Never sleeps while it waits: for benchmarks, where whoever asks would pay for waking it. Takes a whole core.
    #[arg(long)]
    busy: bool,
    /// Also writes the ready line to this file.
    #[arg(long)]
    ready_file: Option<PathBuf>,
    /// Leaves the devices out of the ready line.
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum SiteName {
    /// Twelve cameras and recorders of every profile.
    #[value(name = "mixed12")]
    Mixed12,
    /// One device in each state that adding a cloud device can meet.
    #[value(name = "cloud_states")]
    CloudStates,
    /// A router with 40 cameras, a recorder with 16, and the router of whoever watches them.
    #[value(name = "routed")]
    Routed,
}

fn parse_profile(text: &str) -> Result<Profile, String> {
    Profile::ALL.into_iter().find(|profile| profile.as_str() == text).ok_or_else(|| {
        let known: Vec<_> = Profile::ALL.iter().map(|profile| profile.as_str()).collect();
        format!("known profiles are {}", known.join(", "))
    })
}

impl Arguments {
    fn settings(&self) -> SimulatorSettings {
        let mut settings = match (self.site, self.profile) {
            (Some(SiteName::Mixed12), _) => SimulatorSettings::site(Site::Mixed12, self.seed),
            (Some(SiteName::CloudStates), _) => SimulatorSettings::site(Site::CloudStates, self.seed),
            (Some(SiteName::Routed), _) => SimulatorSettings::site(Site::Routed, self.seed),
            (None, Some(profile)) => SimulatorSettings::uniform(self.devices.unwrap_or(0), profile, self.seed),
            (None, None) => SimulatorSettings::numbered(self.devices.unwrap_or(0), self.seed),
        };
        settings.first = self.first;
        settings.port = self.port;
        settings.control = self.control;
        settings.listeners = if self.shared_listener { Listeners::Shared } else { Listeners::PerDevice };
        settings.idle_timeout = Duration::from_secs(self.idle_seconds);
        settings.connections_per_device = self.connections;
        settings.heartbeat = Duration::from_millis(self.heartbeat_ms.max(10));
        settings.sadp = self.sadp;
        settings.registration = Duration::from_millis(self.registration_ms);
        settings.reboot = Duration::from_millis(self.reboot_ms);
        settings.nonce_lifetime = Duration::from_secs(self.nonce_seconds);
        for device in &mut settings.devices {
            device.tls = self.tls;
            device.user.clone_from(&self.user);
            if let Some(password) = &self.password {
                device.password.clone_from(password);
            }
            let staff = |number| {
                PanelAccount::new(format!("staff{number}"), PanelRole::InstallerEmployee, device.password.clone())
            };
            device.panel.accounts = (1..=self.panel_accounts).map(staff).collect();
            device.panel.user_limit = self.user_limit;
            device.panel.session_idle = Duration::from_secs(self.session_seconds);
            device.panel.digest = !self.no_digest;
            device.panel.cloud_user_manage = !self.older_accounts;
        }
        settings
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = match arguments.threads {
        0 | 1 => tokio::runtime::Builder::new_current_thread().enable_all().build(),
        threads => tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    };
    runtime.context("starting the runtime")?.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let simulator = Simulator::start(arguments.settings()).await?;
    if arguments.busy {
        tokio::spawn(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
    }
    let (control, sadp) = (simulator.control(), simulator.sadp());
    let ready = if arguments.quiet {
        serde_json::json!({ "control": control, "sadp": sadp })
    } else {
        serde_json::json!({ "control": control, "sadp": sadp, "devices": simulator.devices() })
    };
    let line = format!("{ready}\n");
    if let Some(file) = &arguments.ready_file {
        // Renamed into place, so that who waits for the file never reads half of it.
        let unfinished = file.with_extension("unfinished");
        std::fs::write(&unfinished, &line).with_context(|| format!("writing {}", unfinished.display()))?;
        std::fs::rename(&unfinished, file).with_context(|| format!("writing {}", file.display()))?;
    }
    let mut output = std::io::stdout();
    output.write_all(line.as_bytes()).and_then(|()| output.flush()).context("printing the ready line")?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
