//! Resident memory of a process with the engine, without devices and with 10,000 idle ones.

use std::time::Duration;

use anyhow::Result;

use crate::child::{self, Found, Job, Times};
use crate::devices::Devices;
use crate::fixture;
use crate::report::{Goal, Report, headline, say};

const PART: &str = "memory";
const DEVICES: usize = 10_000;
const PERIOD_MS: u32 = 60_000;
/// A period and a half, so that every device was looked at.
const WAIT: Duration = Duration::from_secs(92);

/// Measures both and tells the difference.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Memory: 10,000 devices polled once a minute, default settings, after a period and a half");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let devices = Devices::start(DEVICES, 0, folder.path())?;
    let (empty, full) = (folder.path().join("empty"), folder.path().join("full"));
    fixture::fill(&empty, &[])?;
    fixture::fill(&full, devices.list()?)?;
    let without = run(empty, Duration::from_secs(3)).await?;
    fixture::mark_fresh(&full)?;
    let with = run(full, WAIT).await?;
    let megabytes = |found: &Found| found.resident_bytes as f64 / 1e6;
    say(format!("{} devices, {} connections kept, {} failed", with.devices, with.connections, with.failed));
    report.add(PART, "no devices", megabytes(&without), "MB", Goal::None);
    report.add(PART, "10,000 idle devices", megabytes(&with), "MB", Goal::None);
    report.add(
        PART,
        "10,000 idle devices, more than none",
        megabytes(&with) - megabytes(&without),
        "MB",
        Goal::AtMost(60.0),
    );
    Ok(())
}

async fn run(folder: std::path::PathBuf, warm_up: Duration) -> Result<Found> {
    let time = Times { warm_up, measured: Duration::from_secs(1) };
    let job = Job::Engine { folder, period_ms: PERIOD_MS, kept_connections: None, time };
    child::start(&job, async || Ok(())).await
}
