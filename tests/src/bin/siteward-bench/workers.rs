//! 100,000 devices a minute over two workers on one PostgreSQL; and how long devices wait when one of two workers is killed with
//! SIGKILL, which is looked at with fewer devices, so that a machine is not at its limit before.
//!
//! Workers, devices and PostgreSQL share the machine, each as processes of their own. What was looked at is read from the
//! database with `psql`, and compared with what the devices counted.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use siteward_tests::app::TestDatabase;
use siteward_tests::process::WorkerProcess;

use crate::devices::Devices;
use crate::fixture;
use crate::report::{Goal, Report, headline, number, say};
use crate::usage::{cpu_time, resident_bytes};

const PART: &str = "workers";
const COUNT: usize = 100_000;
const COUNT_OF_TAKEN_OVER: usize = 20_000;
const PERIOD: Duration = Duration::from_secs(60);
/// Longest that a device of a dead worker may wait for its next look.
const TAKEN_OVER_WITHIN: f64 = 60.0;
/// How often the database is asked while the dead worker's devices are waited for.
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// The first look at each device after the last one that is written down there.
const NOTE_NEXT_LOOKS: &str = "UPDATE bench_looks l SET next = m.reachability FROM measured m
    WHERE m.place = l.place AND l.next IS NULL AND m.reachability > l.before";

/// Bytes that PostgreSQL has written to its write-ahead log.
const LOGGED: &str = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";

/// Measures both.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline(
        "Workers: 100,000 devices at a period of 60 s, two workers on one PostgreSQL; then 20,000, and one is killed",
    );
    let Some(fleet) = Fleet::start(COUNT).await? else {
        say("left out: SITEWARD_TEST_POSTGRES names no server; script/bench starts one where PostgreSQL is installed");
        return Ok(());
    };
    steady(report, &fleet).await?;
    drop(fleet);
    match Fleet::start(COUNT_OF_TAKEN_OVER).await? {
        Some(fleet) => taken_over(report, fleet).await,
        None => Ok(()),
    }
}

/// Devices, a database of their own, and two workers that share them.
struct Fleet {
    workers: [WorkerProcess; 2],
    devices: Devices,
    database: TestDatabase,
    _folder: tempfile::TempDir,
}

impl Fleet {
    /// Starts it and waits until both workers have joined and looked at everything; `None` without PostgreSQL.
    async fn start(count: usize) -> Result<Option<Self>> {
        let Some(database) = TestDatabase::make()? else { return Ok(None) };
        let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
        let devices = Devices::start(count, 0, folder.path())?;
        fixture::fill_at(folder.path(), Some(database.url()), devices.list()?)?;
        fixture::mark_fresh_at(folder.path(), Some(database.url()))?;
        psql(&database, "ANALYZE")?;
        let workers = [worker(folder.path(), &database)?, worker(folder.path(), &database)?];
        tokio::time::sleep(PERIOD * 2).await;
        Ok(Some(Self { workers, devices, database, _folder: folder }))
    }
}

/// What a period costs while both work.
async fn steady(report: &mut Report, fleet: &Fleet) -> Result<()> {
    let Fleet { workers: [first, second], devices, database, .. } = fleet;
    devices.reset().await?;
    let before = Usage::now(database, [first.id(), second.id()])?;
    let logged_before = count(database, LOGGED)?;
    let began = Instant::now();
    tokio::time::sleep(PERIOD * 2).await;
    let seconds = began.elapsed().as_secs_f64();
    let after = Usage::now(database, [first.id(), second.id()])?;
    let logged = (count(database, LOGGED)? - logged_before) / (COUNT as f64 * seconds / PERIOD.as_secs_f64());
    let stored = count(database, "SELECT pg_database_size(current_database())")? / COUNT as f64;
    let requests = devices.counters().await?.requests;
    let looked = count(
        database,
        "SELECT count(*) FROM measured WHERE reachability > (extract(epoch FROM now()) - 61) * 1000000",
    )?;
    let oldest = count(database, "SELECT extract(epoch FROM now()) - min(reachability) / 1000000.0 FROM measured")?;
    let periods = seconds / PERIOD.as_secs_f64();
    let polls = COUNT as f64 * periods;
    let cost = |seconds: f64| seconds * 1e6 / polls;
    let [one, other] = after.workers_since(&before);
    let base = after.database_since(&before);
    say(format!(
        "{looked} of {COUNT} looked at within a period, the oldest {oldest:.1} s ago; {:.2} requests a device and period; \
         workers {one:.1} and {other:.1} CPU-s, PostgreSQL {base:.1} CPU-s in {seconds:.0} s; workers {} and {} MB",
        requests as f64 / polls,
        resident_bytes(first.id())? / 1_000_000,
        resident_bytes(second.id())? / 1_000_000,
    ));
    let name = |what: &str| format!("{} devices a minute, two workers: {what}", number(COUNT as f64));
    report.add(PART, name("looked at within a period"), looked / COUNT as f64, "share", Goal::AtLeast(0.99));
    report.add(PART, name("both workers"), cost(one + other), "CPU-µs/dev., period", Goal::None);
    report.add(PART, name("PostgreSQL"), cost(base), "CPU-µs/dev., period", Goal::None);
    report.add(PART, name("write-ahead log"), logged, "bytes/dev., period", Goal::None);
    report.add(PART, name("database, no history"), stored, "bytes/device", Goal::None);
    let all = (one + other + base) / seconds;
    report.add(PART, name("processors used, without the devices"), all, "", Goal::AtMost(1.0));
    Ok(())
}

/// How long the devices of a worker wait that is killed.
async fn taken_over(report: &mut Report, fleet: Fleet) -> Result<()> {
    let Fleet { workers: [kept, killed], devices, database, _folder } = fleet;
    let database = &database;
    psql(
        database,
        "CREATE TABLE bench_looks AS SELECT place, reachability AS before, NULL::bigint AS next FROM measured",
    )?;
    let killed_at = epoch(database)?;
    let began = Instant::now();
    drop(killed);
    loop {
        tokio::time::sleep(ASKED_EVERY).await;
        psql(database, NOTE_NEXT_LOOKS)?;
        let waiting = count(database, "SELECT count(*) FROM bench_looks WHERE next IS NULL")?;
        if waiting == 0.0 {
            break;
        }
        ensure!(began.elapsed() < PERIOD * 5, "{waiting} devices were not looked at again");
    }
    let taken_over = count(database, &format!("SELECT (max(next) - {killed_at}) / 1000000.0 FROM bench_looks"))?;
    let gap = count(database, "SELECT max(next - before) / 1000000.0 FROM bench_looks")?;
    say(format!(
        "after kill -9 of one worker every device was looked at again within {taken_over:.1} s, the longest gap was {gap:.1} s"
    ));
    let of = number(COUNT_OF_TAKEN_OVER as f64);
    report.add(PART, format!("{of}, one killed: until every device is looked at again"), taken_over, "s", Goal::None);
    drop((kept, devices));
    let waited = (gap - PERIOD.as_secs_f64()).max(0.0);
    report.add(
        PART,
        format!("{of}, one killed: longest that a device waits beyond its period"),
        waited,
        "s",
        Goal::AtMost(TAKEN_OVER_WITHIN),
    );
    Ok(())
}

fn worker(data: &Path, database: &TestDatabase) -> Result<WorkerProcess> {
    WorkerProcess::start(data, &[("DATABASE_URL", database.url())])
}

/// Processor time used so far: of workers, and of every process of PostgreSQL that it tells of.
struct Usage {
    workers: [f64; 2],
    database: BTreeMap<u32, f64>,
}

impl Usage {
    fn now(database: &TestDatabase, workers: [u32; 2]) -> Result<Self> {
        let processes = psql(database, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")?;
        let ids = processes.lines().filter_map(|line| line.trim().parse().ok());
        let used = |id: u32| cpu_time(id).map(|time| time.as_secs_f64());
        let [one, other] = workers;
        Ok(Self {
            workers: [used(one)?, used(other)?],
            database: ids.filter_map(|id| Some((id, used(id).ok()?))).collect(),
        })
    }

    fn workers_since(&self, before: &Self) -> [f64; 2] {
        let ([one, other], [first, second]) = (self.workers, before.workers);
        [one - first, other - second]
    }

    fn database_since(&self, before: &Self) -> f64 {
        self.database.iter().map(|(id, used)| used - before.database.get(id).copied().unwrap_or_default()).sum()
    }
}

/// The database's own clock, microseconds.
fn epoch(database: &TestDatabase) -> Result<i64> {
    let text = psql(database, "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")?;
    text.trim().parse().with_context(|| format!("psql said {text:?}"))
}

fn count(database: &TestDatabase, sql: &str) -> Result<f64> {
    let text = psql(database, sql)?;
    text.trim().parse().with_context(|| format!("psql said {text:?}"))
}

fn psql(database: &TestDatabase, sql: &str) -> Result<String> {
    let output = Command::new("psql").args([database.url(), "-qXAt", "-c", sql]).output().context("running psql")?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
