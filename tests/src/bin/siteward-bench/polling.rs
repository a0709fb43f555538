//! Polling as fast as it goes: our engine beside the bare client, in turns, so that what else the machine does meets both.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::child::{self, Found, Job, Times};
use crate::devices::Devices;
use crate::report::{Goal, Report, headline, number, say};
use crate::usage::median;
use crate::{fixture, report};

const PART: &str = "polling";
/// Runs of each side.
const TURNS: usize = 3;

/// Measures 64 and 8,000 devices.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Polling as fast as it goes: one digest GET of the status a poll, connection and nonce kept");
    if !child::has_cores() {
        say("one core, or no `taskset`: measured side and devices share cores, figures are lower than they could be");
    }
    for count in [64, 8_000] {
        measure_at(report, count).await?;
    }
    Ok(())
}

async fn measure_at(report: &mut Report, count: usize) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let devices = Devices::start_awake(count, folder.path())?;
    fixture::fill(folder.path(), devices.list()?)?;
    let warm_up = Duration::from_secs(if count > 1_000 { 5 } else { 2 });
    let time = Times { warm_up, measured: Duration::from_secs(6) };
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let job = Job::Bare { devices: devices.ready_file.clone(), time };
        bare.push(run(&devices, &job, "bare hyper client", count).await?);
        ours.push(run_ours(&devices, folder.path(), count, time).await?);
    }
    tell(report, count, &bare, &ours);
    Ok(())
}

async fn run_ours(devices: &Devices, folder: &Path, count: usize, time: Times) -> Result<(Found, f64)> {
    fixture::mark_fresh(folder)?;
    let job = Job::Engine { folder: folder.to_owned(), period_ms: 0, kept_connections: Some(count), time };
    run(devices, &job, "our engine", count).await
}

/// What it found, and requests a poll as the devices counted them.
async fn run(devices: &Devices, job: &Job, side: &str, count: usize) -> Result<(Found, f64)> {
    let found = child::start(job, async || devices.reset().await).await?;
    ensure!(found.polls > 0 && found.cpu_seconds > 0.0, "{side} polled nothing");
    let counters = devices.counters().await?;
    let requests = counters.requests as f64 / found.polls_until_stopped as f64;
    say(format!(
        "{count} devices, {side}: {} polls/s, {} CPU-s per 1,000, {requests:.3} requests a poll, {} connections, {} failed, {} rows written, {} MB",
        number(found.rate()),
        number(found.cpu_seconds_per_1000()),
        found.connections,
        found.failed,
        found.rows,
        found.resident_bytes / 1_000_000,
    ));
    Ok((found, requests))
}

fn tell(report: &mut Report, count: usize, bare: &[(Found, f64)], ours: &[(Found, f64)]) {
    let of = |runs: &[(Found, f64)], figure: fn(&Found) -> f64| {
        median(&runs.iter().map(|(found, _)| figure(found)).collect::<Vec<_>>())
    };
    let devices = report::number(count as f64);
    let mut add =
        |name: &str, value, unit, goal| report.add(PART, format!("{devices} devices, {name}"), value, unit, goal);
    add("bare client", of(bare, Found::rate), "polls/s", Goal::None);
    add("our worker", of(ours, Found::rate), "polls/s", Goal::None);
    let (theirs, own) = (of(bare, Found::polls_per_cpu_second), of(ours, Found::polls_per_cpu_second));
    add("bare client", theirs, "polls/CPU-s", Goal::None);
    add("our worker", own, "polls/CPU-s", Goal::None);
    add("bare client", of(bare, Found::cpu_seconds_per_1000), "CPU-s/1,000 polls", Goal::None);
    add("our worker", of(ours, Found::cpu_seconds_per_1000), "CPU-s/1,000 polls", Goal::None);
    let requests: Vec<f64> = ours.iter().map(|(_, requests)| *requests).collect();
    add("our worker", median(&requests), "requests/poll", Goal::None);
    add("ours / bare", own / theirs, "of polls/CPU-s", Goal::AtLeast(0.5));
}
