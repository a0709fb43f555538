//! Simulated devices in a process of their own, and what they say they were asked.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::process::SimulatorProcess;

use crate::child;

/// Simulated cameras or alarm panels that answer at once.
pub(crate) struct Devices {
    simulator: SimulatorProcess,
    /// The file with their addresses and logins.
    pub(crate) ready_file: PathBuf,
}

/// What all devices together counted.
#[derive(Default)]
pub(crate) struct Counters {
    /// Requests.
    pub(crate) requests: u64,
    /// Logins refused.
    pub(crate) refused: u64,
    /// Connections taken.
    pub(crate) connections: u64,
    /// Sessions opened at alarm panels.
    pub(crate) sessions: u64,
    /// Accounts made on alarm panels.
    pub(crate) accounts: u64,
    /// Passwords of accounts set on alarm panels.
    pub(crate) passwords: u64,
}

impl Devices {
    /// Starts cameras, with a core of their own where there is one. `port` 0 is any free one.
    pub(crate) fn start(count: usize, port: u16, folder: &Path) -> Result<Self> {
        Self::start_with(count, port, folder, &[])
    }

    /// The same, and where they have a core of their own they never sleep: otherwise the slower a measured side is, the
    /// more often it must wake them, and pays for that as well.
    pub(crate) fn start_awake(count: usize, folder: &Path) -> Result<Self> {
        Self::start_with(count, 0, folder, if child::has_cores() { &["--busy"] } else { &[] })
    }

    /// Cameras that a link finds by SADP.
    pub(crate) fn start_found(count: usize, folder: &Path) -> Result<Self> {
        Self::start_with(count, 0, folder, &["--sadp", "127.0.0.1:0"])
    }

    /// Alarm panels with so many accounts of staff.
    pub(crate) fn start_panels(count: usize, accounts: usize, folder: &Path) -> Result<Self> {
        Self::start_kind("panel", count, 0, folder, &["--panel-accounts", &accounts.to_string()])
    }

    /// Where they answer SADP.
    pub(crate) fn sadp(&self) -> Result<&str> {
        self.simulator.ready["sadp"].as_str().context("the simulator does not answer SADP")
    }

    fn start_with(count: usize, port: u16, folder: &Path, more: &[&str]) -> Result<Self> {
        Self::start_kind("camera", count, port, folder, more)
    }

    fn start_kind(kind: &str, count: usize, port: u16, folder: &Path, more: &[&str]) -> Result<Self> {
        let ready_file = folder.join("devices.json");
        let (count, port) = (count.to_string(), port.to_string());
        let file = ready_file.to_string_lossy();
        let mut arguments = vec!["--devices", &count, "--profile", kind, "--shared-listener", "--port", &port];
        arguments.extend(["--ready-file", &file]);
        arguments.extend(more);
        let simulator = SimulatorProcess::start(&arguments)?;
        child::move_aside(simulator.id());
        Ok(Self { simulator, ready_file })
    }

    /// Their handles.
    pub(crate) fn list(&self) -> Result<&Vec<Value>> {
        self.simulator.ready["devices"].as_array().context("the simulator lists no devices")
    }

    /// Its process id.
    pub(crate) fn process(&self) -> u32 {
        self.simulator.id()
    }

    /// Counts from 0 again.
    pub(crate) async fn reset(&self) -> Result<()> {
        Client::bare(self.simulator.control()).post("/counters/reset", &json!({})).await?.ok().map(drop)
    }

    /// How many event streams are open, and how many devices were logged in to.
    pub(crate) async fn heard(&self) -> Result<(usize, usize)> {
        let all = Client::bare(self.simulator.control()).get("/devices").await?.ok()?;
        let all = all.as_array().cloned().unwrap_or_default();
        let open = all.iter().filter_map(|device| device["telling"]["open_streams"].as_u64()).sum::<u64>();
        let let_in = all.iter().filter(|device| device["counters"]["logins_ok"].as_u64().unwrap_or(0) > 0).count();
        Ok((usize::try_from(open)?, let_in))
    }

    /// The sums of what all devices counted.
    pub(crate) async fn counters(&self) -> Result<Counters> {
        let all = Client::bare(self.simulator.control()).get("/devices").await?.ok()?;
        let mut sums = Counters::default();
        for device in all.as_array().into_iter().flatten() {
            let count = |name: &str| device["counters"][name].as_u64().unwrap_or(0);
            sums.requests += count("requests");
            sums.refused += count("logins_refused");
            sums.connections += count("connections");
            sums.sessions += count("session_logins");
            sums.accounts += count("accounts_created");
            sums.passwords += count("account_passwords_set");
        }
        Ok(sums)
    }
}
