//! What one device costs in a period, among 1,000, 10,000 and 50,000: it should cost the same among many as among few.
//!
//! A poll over a kept connection costs less than one that connects anew, and the worker keeps as many connections as
//! it is allowed to (`polling.kept_connections`). So there are two rows of figures: with the default, where the share
//! of kept connections falls as devices become more, and with none kept, where every device is polled in the same way.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::child::{self, Job, Times};
use crate::devices::Devices;
use crate::fixture;
use crate::report::{Goal, Report, headline, number, say};

const PART: &str = "devices";
const COUNTS: [usize; 3] = [1_000, 10_000, 50_000];
const PERIOD: Duration = Duration::from_secs(20);

/// Measures all numbers of devices in both ways.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("The cost of a device and period of 20 s: steady state, all topics in their turns, two periods measured");
    for (kept, way) in [(Some(0), "none kept"), (None, "default settings")] {
        let mut costs = Vec::new();
        for count in COUNTS {
            costs.push(measure_at(report, count, kept, way).await?);
        }
        let (least, most) =
            costs.iter().fold((f64::MAX, 0_f64), |(least, most), cost| (least.min(*cost), most.max(*cost)));
        report.add(PART, format!("dearest / cheapest, {way}"), most / least, "ratio", Goal::AtMost(1.2));
    }
    Ok(())
}

/// Processor time of one device in one period, which is one poll, microseconds.
async fn measure_at(report: &mut Report, count: usize, kept: Option<usize>, way: &str) -> Result<f64> {
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let devices = Devices::start(count, 0, folder.path())?;
    fixture::fill(folder.path(), devices.list()?)?;
    fixture::mark_fresh(folder.path())?;
    let time = Times { warm_up: PERIOD + Duration::from_secs(2), measured: PERIOD * 2 };
    let job = Job::Engine {
        folder: folder.path().to_owned(),
        period_ms: u32::try_from(PERIOD.as_millis())?,
        kept_connections: kept,
        time,
    };
    let found = child::start(&job, async || devices.reset().await).await?;
    ensure!(found.polls > 0, "nothing was polled");
    let counters = devices.counters().await?;
    let polls = found.polls_until_stopped as f64;
    let due = count as f64 * found.seconds / PERIOD.as_secs_f64();
    let done = found.polls as f64 / due;
    // By polls made: devices that were left waiting must not make the others look cheaper.
    let cost = found.cpu_seconds * 1e6 / found.polls as f64;
    say(format!(
        "{count} devices, {way}: {} polls in {:.1} s ({done:.3} of those due), {} connections kept, {:.2} requests and {:.2} connects a poll, {} failed, {} refused, late {} ms (p99), {} rows, {} MB",
        found.polls,
        found.seconds,
        found.connections,
        counters.requests as f64 / polls,
        counters.connections as f64 / polls,
        found.failed,
        counters.refused,
        found.lateness_p99_ms,
        found.rows,
        found.resident_bytes / 1_000_000,
    ));
    let name = |what: &str| format!("{} devices, {way}{what}", number(count as f64));
    report.add(PART, name(""), cost, "CPU-µs/dev., period", Goal::None);
    report.add(PART, name(", polls of those due"), done, "", Goal::None);
    report.add(PART, name(", late (p99)"), found.lateness_p99_ms as f64, "ms", Goal::None);
    report.add(PART, name(", connections kept"), found.connections as f64, "", Goal::None);
    Ok(cost)
}
