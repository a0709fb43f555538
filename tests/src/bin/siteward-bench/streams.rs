//! Memory and processor time of a server that holds a thousand event streams open, beside the same server without them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use siteward_tests::process::{ServerProcess, free_port};

use crate::devices::Devices;
use crate::fixture;
use crate::report::{Goal, Report, headline, say};
use crate::usage::{cpu_time, resident_bytes};

const PART: &str = "streams";
const DEVICES: usize = 1_000;
const LONGEST_WAIT: Duration = Duration::from_secs(180);
/// A period of polling, in which each device is looked at once.
const MEASURED: Duration = Duration::from_secs(60);

/// What one server used.
struct Used {
    resident: u64,
    time: Duration,
}

/// Measures both and tells the difference.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline(
        "Event streams: 1,000 cameras polled once a minute, without their event streams and with all of them open and idle",
    );
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let without = run(&folder.path().join("without"), 0).await?;
    let with = run(&folder.path().join("with"), DEVICES).await?;
    let megabytes = |used: &Used| used.resident as f64 / 1e6;
    report.add(PART, "1,000 devices without streams", megabytes(&without), "MB", Goal::None);
    report.add(PART, "1,000 devices with 1,000 streams", megabytes(&with), "MB", Goal::None);
    let more = megabytes(&with) - megabytes(&without);
    report.add(PART, "1,000 idle streams, more than none", more, "MB", Goal::None);
    let time = |used: &Used| used.time.as_secs_f64();
    report.add(PART, "processor time of a minute, without / with", time(&with) / time(&without), "times", Goal::None);
    say(format!("processor time of a minute: {:.2} s without, {:.2} s with", time(&without), time(&with)));
    Ok(())
}

async fn run(folder: &Path, streams: usize) -> Result<Used> {
    std::fs::create_dir_all(folder)?;
    let devices = Devices::start(DEVICES, 0, folder)?;
    fixture::fill(folder, devices.list()?)?;
    let streams_setting = streams.to_string();
    let settings =
        [("SITEWARD__POLLING__PERIOD_SECONDS", "60"), ("SITEWARD__POLLING__ALERT_STREAMS", streams_setting.as_str())];
    let server = ServerProcess::start(folder, free_port()?, &settings)?;
    let began = Instant::now();
    loop {
        let (open, looked_at) = devices.heard().await?;
        if open >= streams && looked_at >= DEVICES {
            break;
        }
        ensure!(began.elapsed() < LONGEST_WAIT, "{open} streams open, {looked_at} devices looked at");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    say(format!("{streams} streams open after {:.1} s", began.elapsed().as_secs_f64()));
    // What came with the start settles.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = cpu_time(server.id())?;
    tokio::time::sleep(MEASURED).await;
    Ok(Used { resident: resident_bytes(server.id())?, time: cpu_time(server.id())?.saturating_sub(before) })
}
