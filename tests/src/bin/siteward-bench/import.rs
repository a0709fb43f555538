//! Import of 10,000 devices from export QRs of 40, through the API of a real server.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::picture::export_text;
use siteward_tests::process::{ServerProcess, free_port};

use crate::devices::Devices;
use crate::report::{Goal, Report, headline, number, say};
use crate::usage::cpu_time;

const PART: &str = "import";
const DEVICES: usize = 10_000;
const PER_QR: usize = 40;
/// Export QRs carry the SDK port, and plain HTTP is found on one of these; the first that is free is taken.
const DEVICE_PORTS: [u16; 3] = [8080, 80, 8000];

/// Scans all QRs, confirms all, waits until the last is done.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline(
        "Import: 250 export QRs of 40 devices each, posted as text, all devices ticked, server and worker in one process",
    );
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let free = |port: &&u16| std::net::TcpListener::bind(("0.0.0.0", **port)).is_ok();
    let port = DEVICE_PORTS.iter().find(free).context("ports 8080, 80 and 8000 are all taken on this machine")?;
    let devices = Devices::start(DEVICES, *port, folder.path())?;
    let server = ServerProcess::start(folder.path(), free_port()?, &[])?;
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().context("no set-up link")?, "Bench Installers").await?;

    let began = Instant::now();
    let mut imports = Vec::new();
    for (number, some) in devices.list()?.chunks(PER_QR).enumerate() {
        imports.push(scan(&admin, number, some).await?);
    }
    let scanned = began.elapsed();
    say(format!("{} QRs scanned in {:.1} s, each on a site of its own", imports.len(), scanned.as_secs_f64()));

    devices.reset().await?;
    let (cpu, cpu_devices) = (cpu_time(server.id())?, cpu_time(devices.process())?);
    let began = Instant::now();
    for import in &imports {
        admin.post(&format!("{}/confirm", import.path), &json!({"rows": import.rows})).await?.ok()?;
    }
    let confirmed = began.elapsed();
    let mut added = 0;
    for import in &imports {
        added += wait_until_done(&admin, &import.path, began).await?;
    }
    let taken = began.elapsed().as_secs_f64();
    let cpu = cpu_time(server.id())?.saturating_sub(cpu).as_secs_f64();
    let cpu_devices = cpu_time(devices.process())?.saturating_sub(cpu_devices).as_secs_f64();
    let counters = devices.counters().await?;
    say(format!(
        "{added} devices added in {taken:.1} s (confirming took {:.1} s of it); the server used {cpu:.1} s of processor time, the devices {cpu_devices:.1} s; {:.1} requests a device",
        confirmed.as_secs_f64(),
        counters.requests as f64 / DEVICES as f64,
    ));
    ensure!(added == DEVICES as u64, "only {added} of {DEVICES} devices were added");
    report.add(PART, "scanning", imports.len() as f64 / scanned.as_secs_f64(), "QRs/s", Goal::None);
    report.add(
        PART,
        format!("{} devices", number(DEVICES as f64)),
        added as f64 / taken,
        "devices/s",
        Goal::AtLeast(500.0),
    );
    report.add(PART, "the server", cpu * 1000.0 / added as f64, "CPU-s/1,000 dev.", Goal::None);
    Ok(())
}

struct Import {
    path: String,
    rows: Vec<u64>,
}

async fn scan(admin: &Client, number: usize, devices: &[Value]) -> Result<Import> {
    let site = json!({"name": format!("Site {number:03}"), "time_zone": "Europe/Berlin"});
    let site = admin.post("/sites", &site).await?.ok()?;
    let text = export_text(devices, None)?;
    let path = format!("/sites/{}/scans", site["id"].as_str().context("a site without id")?);
    let scan = admin.post(&path, &json!({"text": text})).await?.ok()?;
    let id = scan["import"]["id"].as_str().context("a scan without import")?;
    let rows = scan["import"]["rows"].as_array().context("an import without rows")?;
    let rows: Vec<u64> =
        rows.iter().filter(|row| row["state"] == "new").filter_map(|row| row["index"].as_u64()).collect();
    ensure!(rows.len() == devices.len(), "only {} of {} rows can be ticked", rows.len(), devices.len());
    Ok(Import { path: format!("/imports/{id}"), rows })
}

/// How many devices it added.
async fn wait_until_done(admin: &Client, path: &str, began: Instant) -> Result<u64> {
    loop {
        let import = admin.get(path).await?.ok()?;
        if import["state"] == "done" {
            let failed = import["rows"].as_array().into_iter().flatten().find(|row| row["state"] == "failed");
            if let Some(row) = failed {
                bail!("{} was not added: {}", row["host"], row["reason"]);
            }
            return import["counts"]["added"].as_u64().context("an import without counts");
        }
        if began.elapsed() > Duration::from_secs(300) {
            bail!("not done after five minutes: {}", import["counts"]);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
