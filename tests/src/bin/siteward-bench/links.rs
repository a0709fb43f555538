//! A thousand devices behind one link, beside the same devices reached directly: real server and link processes.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::process::{LinkProcess, ServerProcess, free_port};

use crate::devices::Devices;
use crate::report::{Goal, Report, headline, number, say};
use crate::usage::{cpu_time, resident_bytes};
use crate::{child, fixture};

const PART: &str = "links";
const DEVICES: usize = 1_000;
/// Additions in one request at most.
const BATCH: usize = 250;
const PERIOD: (&str, &str) = ("SITEWARD__POLLING__PERIOD_SECONDS", "1");
const WARM_UP: Duration = Duration::from_secs(8);
const MEASURED: Duration = Duration::from_secs(20);
const LONGEST_WAIT: Duration = Duration::from_secs(180);

/// What one side used while it polled.
struct Used {
    requests: u64,
    failed: u64,
    server: Duration,
    link: Duration,
}

impl Used {
    fn per_server_second(&self) -> f64 {
        self.requests as f64 / self.server.as_secs_f64()
    }

    fn per_second_of_both(&self) -> f64 {
        self.requests as f64 / (self.server + self.link).as_secs_f64()
    }
}

/// Finds, adds and polls the devices of one link, and polls the same number directly.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Links: 1,000 cameras polled every second, directly and through one link; server and link are processes");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let direct = directly(&folder.path().join("direct")).await?;
    tell("directly", &direct);
    let through = through_a_link(report, &folder.path().join("link")).await?;
    tell("through the link", &through);
    report.add(PART, "directly", direct.per_server_second(), "requests/CPU-s", Goal::None);
    report.add(PART, "through the link, the server", through.per_server_second(), "requests/CPU-s", Goal::None);
    report.add(PART, "through the link, server and link", through.per_second_of_both(), "requests/CPU-s", Goal::None);
    let ratio = through.per_server_second() / direct.per_server_second();
    report.add(PART, "through the link / directly, the server", ratio, "of requests/CPU-s", Goal::AtLeast(0.4));
    let of_both = through.per_second_of_both() / direct.per_server_second();
    report.add(PART, "through the link / directly, with the link", of_both, "of requests/CPU-s", Goal::None);
    Ok(())
}

fn tell(way: &str, used: &Used) {
    say(format!(
        "{way}: {} requests in {} s, {} failed looks; processor time {:.2} s of the server, {:.2} s of the link",
        number(used.requests as f64),
        MEASURED.as_secs(),
        used.failed,
        used.server.as_secs_f64(),
        used.link.as_secs_f64(),
    ));
}

async fn directly(folder: &Path) -> Result<Used> {
    std::fs::create_dir_all(folder)?;
    let devices = Devices::start(DEVICES, 0, folder)?;
    fixture::fill(folder, devices.list()?)?;
    fixture::mark_fresh(folder)?;
    let server = ServerProcess::start(folder, free_port()?, &[PERIOD])?;
    watch(&server, None, &devices).await
}

async fn through_a_link(report: &mut Report, folder: &Path) -> Result<Used> {
    std::fs::create_dir_all(folder)?;
    let devices = Devices::start_found(DEVICES, folder)?;
    let server = ServerProcess::start(folder, free_port()?, &[PERIOD])?;
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().context("no set-up link")?, "Bench Installers").await?;
    let site = admin.post("/sites", &json!({"name": "Bench", "time_zone": "Europe/Berlin"})).await?.ok()?;
    let site = site["id"].as_str().context("a site without id")?.to_owned();
    let made = admin.post(&format!("/sites/{site}/links"), &json!({"name": "Box"})).await?.ok()?;
    let config = folder.join("link.toml");
    let code = made["code"].as_str().context("a link without code")?;
    LinkProcess::enrol(&server.base, code, &config, devices.sadp()?)?;
    let began = Instant::now();
    let link = LinkProcess::start(&config)?;
    let found = async || count(&admin, &format!("/sites/{site}/found"), "items").await;
    until(found, DEVICES).await.context("discovery")?;
    report.add(PART, "1,000 devices found", began.elapsed().as_secs_f64(), "s", Goal::AtMost(5.0));

    let began = Instant::now();
    for some in devices.list()?.chunks(BATCH) {
        let items: Vec<Value> = some
            .iter()
            .map(|device| json!({"serial": device["serial"], "name": device["name"], "password": device["password"]}))
            .collect();
        let body = json!({"user_name": "admin", "items": items});
        admin.post(&format!("/sites/{site}/additions/batch"), &body).await?.ok()?;
    }
    let added = async || {
        let site = admin.get(&format!("/sites/{site}")).await?.ok()?;
        Ok(usize::try_from(site["devices"]["total"].as_u64().unwrap_or(0))?)
    };
    until(added, DEVICES).await.context("adding")?;
    report.add(PART, "1,000 devices added", DEVICES as f64 / began.elapsed().as_secs_f64(), "devices/s", Goal::None);
    let used = watch(&server, Some(&link), &devices).await?;
    let memory = resident_bytes(link.id())? as f64 / 1e6;
    report.add(PART, "memory of the link, 1,000 devices polled", memory, "MB", Goal::AtMost(40.0));
    drop(link);
    let idle = LinkProcess::start(&idle_config(folder, &config)?)?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    report.add(
        PART,
        "memory of a link that found nothing",
        resident_bytes(idle.id())? as f64 / 1e6,
        "MB",
        Goal::AtMost(15.0),
    );
    Ok(used)
}

/// The same link with nothing to find.
fn idle_config(folder: &Path, config: &Path) -> Result<PathBuf> {
    let idle = folder.join("idle.toml");
    let text = std::fs::read_to_string(config)?;
    let nobody = format!("127.0.0.1:{}", free_port()?);
    let lines = text.lines().map(|line| {
        if line.trim_start().starts_with("targets") { format!("targets = [\"{nobody}\"]") } else { line.to_owned() }
    });
    std::fs::write(&idle, lines.collect::<Vec<_>>().join("\n"))?;
    std::fs::set_permissions(&idle, std::fs::Permissions::from_mode(0o600))?;
    Ok(idle)
}

async fn count(admin: &Client, path: &str, list: &str) -> Result<usize> {
    let page = admin.get(path).await?.ok()?;
    Ok(page[list].as_array().map_or(0, Vec::len))
}

async fn until(seen: impl AsyncFn() -> Result<usize>, wanted: usize) -> Result<()> {
    let began = Instant::now();
    loop {
        let now = seen().await?;
        if now >= wanted {
            return Ok(());
        }
        ensure!(began.elapsed() < LONGEST_WAIT, "{now} of {wanted} after {} s", LONGEST_WAIT.as_secs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Lets it poll, and reads what that took.
async fn watch(server: &ServerProcess, link: Option<&LinkProcess>, devices: &Devices) -> Result<Used> {
    child::move_aside(devices.process());
    tokio::time::sleep(WARM_UP).await;
    let link_time = |link: Option<&LinkProcess>| link.map_or(Ok(Duration::ZERO), |link| cpu_time(link.id()));
    devices.reset().await?;
    let (server_before, link_before) = (cpu_time(server.id())?, link_time(link)?);
    tokio::time::sleep(MEASURED).await;
    let (server_after, link_after) = (cpu_time(server.id())?, link_time(link)?);
    let counters = devices.counters().await?;
    ensure!(counters.requests > 0, "nothing was polled");
    Ok(Used {
        requests: counters.requests,
        failed: counters.refused,
        server: server_after.saturating_sub(server_before),
        link: link_after.saturating_sub(link_before),
    })
}
