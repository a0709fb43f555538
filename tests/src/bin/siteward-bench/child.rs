//! Measured sides: this program again as a process of its own, on one core where there are several.
//!
//! A child says `begin` when its measured time begins, and one line of JSON when it is over.

use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::usage::{cpu_time, resident_bytes};
use crate::{bare, engine};

/// What a child is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Job {
    /// The bare client, with the devices of a simulator's ready file.
    Bare {
        /// The file.
        devices: PathBuf,
        /// Time that is measured.
        time: Times,
    },
    /// Our engine, with the devices of a data folder.
    Engine {
        /// The data folder.
        folder: PathBuf,
        /// Time between two looks.
        period_ms: u32,
        /// Connections kept; `None`: as many as by default.
        kept_connections: Option<usize>,
        /// Time that is measured.
        time: Times,
    },
}

/// When it is measured.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Times {
    /// Time before.
    pub(crate) warm_up: Duration,
    /// Time measured.
    pub(crate) measured: Duration,
}

/// What a child found.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Found {
    /// Polls answered in the measured time.
    pub(crate) polls: u64,
    /// The measured time, seconds.
    pub(crate) seconds: f64,
    /// Processor time used in it, seconds.
    pub(crate) cpu_seconds: f64,
    /// Resident memory at its end, bytes.
    pub(crate) resident_bytes: u64,
    /// Polls from `begin` until the child stopped polling; to compare with the simulator's counters.
    pub(crate) polls_until_stopped: u64,
    /// Devices polled at its end.
    pub(crate) devices: u64,
    /// Connections kept at its end.
    pub(crate) connections: u64,
    /// Looks that failed in it.
    pub(crate) failed: u64,
    /// Rows written to the database in it.
    pub(crate) rows: u64,
    /// Lateness of looks, 99th percentile, milliseconds.
    pub(crate) lateness_p99_ms: u64,
}

impl Found {
    /// Polls a second.
    pub(crate) fn rate(&self) -> f64 {
        self.polls as f64 / self.seconds
    }

    /// Polls a second of processor time.
    pub(crate) fn polls_per_cpu_second(&self) -> f64 {
        self.polls as f64 / self.cpu_seconds
    }

    /// Processor time of 1,000 polls, seconds.
    pub(crate) fn cpu_seconds_per_1000(&self) -> f64 {
        self.cpu_seconds * 1000.0 / self.polls as f64
    }
}

/// Marks the beginning of the measured time and later its end.
pub(crate) struct Stopwatch {
    begun: Instant,
    cpu: Duration,
}

impl Stopwatch {
    /// Begins, and says so.
    pub(crate) fn begin() -> Result<Self> {
        let mut output = std::io::stdout();
        output.write_all(b"begin\n")?;
        output.flush()?;
        Ok(Self { cpu: cpu_time(std::process::id())?, begun: Instant::now() })
    }

    /// Time and means used since.
    pub(crate) fn end(&self) -> Result<Found> {
        let cpu = cpu_time(std::process::id())?.saturating_sub(self.cpu);
        Ok(Found {
            seconds: self.begun.elapsed().as_secs_f64(),
            cpu_seconds: cpu.as_secs_f64(),
            resident_bytes: resident_bytes(std::process::id())?,
            ..Found::default()
        })
    }
}

/// What a child process does.
pub(crate) async fn run(job: Job) -> Result<()> {
    let found = match job {
        Job::Bare { devices, time } => {
            let ready: serde_json::Value = serde_json::from_slice(&std::fs::read(devices)?)?;
            bare::run(ready["devices"].as_array().context("no devices")?, time).await?
        }
        Job::Engine { folder, period_ms, kept_connections, time } => {
            engine::run(&folder, period_ms, kept_connections, time).await?
        }
    };
    let mut output = std::io::stdout();
    writeln!(output, "{}", serde_json::to_string(&found)?)?;
    // What else stands open ends with the process.
    std::process::exit(0)
}

/// Runs a child to its end; `begun` is called when its measured time begins.
pub(crate) async fn start(job: &Job, begun: impl AsyncFnOnce() -> Result<()>) -> Result<Found> {
    let mut command = if has_cores() {
        let mut command = Command::new("taskset");
        command.args(["-c", "0"]).arg(std::env::current_exe()?);
        command
    } else {
        Command::new(std::env::current_exe()?)
    };
    let mut child = command.arg("child").arg(serde_json::to_string(job)?).stdout(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().context("no output of a child")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    if line == "begin\n" {
        begun().await?;
        line.clear();
        output.read_line(&mut line)?;
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("a measured side broke: {status}");
    }
    serde_json::from_str(&line).with_context(|| format!("a measured side said {line:?}"))
}

/// Puts a process that is not measured on another core than the measured ones.
pub(crate) fn move_aside(process: u32) {
    if has_cores() {
        let moving = Command::new("taskset").args(["-a", "-p", "-c", "1", &process.to_string()]).output();
        drop(moving);
    }
}

/// Whether measured sides and devices can have a core each.
pub(crate) fn has_cores() -> bool {
    let several = std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    several && Command::new("taskset").arg("--version").output().is_ok_and(|output| output.status.success())
}
