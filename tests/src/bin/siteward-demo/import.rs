//! The story `import`: from the picture of one export QR to twelve watched devices.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::picture::export_picture;
use siteward_tests::process::{ServerProcess, SimulatorProcess, free_port};

use crate::table;

const QR_PASSWORD: &str = "Demo2026";
const POLL_PERIOD: &str = "2";
/// Ports that the platform looks for HTTP on; the story takes the first that is free on the devices' address.
const DEVICE_PORTS: [u16; 3] = [8080, 8443, 80];

/// What is broken on purpose after the import: which device, how, and what must be seen.
const FAULTS: [Fault; 4] = [
    Fault { profile: "nvr", change: r#"{"disk":"error"}"#, health: "faulty", exception: "disk_error" },
    Fault { profile: "dvr", change: r#"{"video_loss":[2]}"#, health: "faulty", exception: "video_loss" },
    Fault { profile: "dome", change: r#"{"power":false}"#, health: "offline", exception: "device_offline" },
    Fault {
        profile: "camera",
        change: r#"{"password":"Changed-9"}"#,
        health: "login_failed",
        exception: "login_failed",
    },
];

struct Fault {
    profile: &'static str,
    change: &'static str,
    health: &'static str,
    exception: &'static str,
}

/// Tells the story; true when everything went as it should.
pub(crate) async fn tell(once: bool) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("siteward-demo-").tempdir()?;
    let (simulator, devices) = start_devices()?;
    println!("1. Twelve simulated devices on loopback answer; their control API is {}", simulator.control());

    let port = free_port()?;
    let server = ServerProcess::start(folder.path(), port, &[("SITEWARD__POLLING__PERIOD_SECONDS", POLL_PERIOD)])?;
    let code = server.setup_code.clone().context("the server printed no set-up link")?;
    let mut admin = Client::new(&server.base);
    admin.set_up(&code, "Demo Installers").await?;
    println!("2. The server is set up at {}", server.base);

    let site = admin
        .post("/sites", &json!({"name": "Harbour warehouse", "address": "Pier 4", "time_zone": "Europe/Berlin"}))
        .await?
        .ok()?;
    let site_id = site["id"].as_str().context("a site has an id")?.to_owned();
    let picture = folder.path().join("export-qr.png");
    std::fs::write(&picture, export_picture(&devices, Some(QR_PASSWORD))?)?;
    println!("3. The site is made, and the export QR of its devices is drawn: {}", picture.display());

    let added = import(&admin, &site_id, &picture).await?;
    println!("4. {added} of {} devices were imported from the picture", devices.len());

    wait_for_health(&admin, &site_id, &devices, &BTreeMap::new()).await.context("first health")?;
    let broken = break_some(&simulator, &devices).await?;
    println!("5. All were healthy at first; then {} were broken on purpose", broken.len());

    let seen = wait_for_health(&admin, &site_id, &devices, &broken).await;
    let right = show(&admin, &site_id, &devices, &broken).await?;
    if let Err(error) = &seen {
        println!("\n{error:#}");
    }
    let all_right = added == devices.len() && right == devices.len() && seen.is_ok();
    println!("\n{added} of {0} imported, {right} of {0} as they should be.", devices.len());
    if !once {
        println!("\nLook around at {}: admin@example.com, password Correct-horse7. Ctrl-C ends it.", server.base);
        tokio::signal::ctrl_c().await?;
    }
    drop((server, simulator));
    Ok(all_right)
}

fn start_devices() -> Result<(SimulatorProcess, Vec<Value>)> {
    let free = |port: &&u16| std::net::TcpListener::bind(("127.20.0.1", **port)).is_ok();
    let port = DEVICE_PORTS.iter().find(free).context("ports 8080, 8443 and 80 are all taken on this machine")?;
    let simulator =
        SimulatorProcess::start(&["--site", "mixed12", "--first", "127.20.0.1", "--port", &port.to_string()])?;
    let devices = simulator.ready["devices"].as_array().cloned().unwrap_or_default();
    if devices.len() != 12 {
        bail!("the simulator has {} devices instead of 12", devices.len());
    }
    Ok((simulator, devices))
}

async fn import(admin: &Client, site_id: &str, picture: &Path) -> Result<usize> {
    let scan =
        admin.post_bytes(&format!("/sites/{site_id}/scans"), "image/png", std::fs::read(picture)?).await?.ok()?;
    let import_id = scan["import"]["id"].as_str().with_context(|| format!("no import: {scan}"))?.to_owned();
    let path = format!("/imports/{import_id}");
    let listed = admin.post(&format!("{path}/password"), &json!({"password": QR_PASSWORD})).await?.ok()?;
    let rows: Vec<u64> = listed["rows"]
        .as_array()
        .context("an import has rows")?
        .iter()
        .filter(|row| row["state"] == "new")
        .filter_map(|row| row["index"].as_u64())
        .collect();
    admin.post(&format!("{path}/confirm"), &json!({"rows": rows})).await?.ok()?;
    let started = Instant::now();
    loop {
        let now = admin.get(&path).await?.ok()?;
        if now["state"] == "done" {
            for row in now["rows"].as_array().into_iter().flatten().filter(|row| row["state"] == "failed") {
                println!("   failed: {} {}: {}", row["name"], row["host"], row["reason"]["message"]);
            }
            return Ok(usize::try_from(now["counts"]["added"].as_u64().unwrap_or(0))?);
        }
        if started.elapsed() > Duration::from_secs(60) {
            bail!("the import did not end within a minute: {}", now["counts"]);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Breaks the first device of each fault's profile; tells which address must show which fault.
async fn break_some(simulator: &SimulatorProcess, devices: &[Value]) -> Result<BTreeMap<String, &'static Fault>> {
    let mut broken = BTreeMap::new();
    for fault in &FAULTS {
        let (number, device) = devices
            .iter()
            .enumerate()
            .find(|(_, device)| device["profile"] == fault.profile)
            .with_context(|| format!("no device of profile {}", fault.profile))?;
        siteward_tests::control::change(simulator.control(), number, &serde_json::from_str(fault.change)?).await?;
        broken.insert(device["address"].as_str().unwrap_or_default().to_owned(), fault);
    }
    Ok(broken)
}

async fn listed(admin: &Client, site_id: &str) -> Result<Vec<Value>> {
    let page = admin.get(&format!("/devices?site_id={site_id}&limit=100")).await?.ok()?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}

fn is_as_it_should_be(device: &Value, broken: &BTreeMap<String, &'static Fault>) -> bool {
    match broken.get(device["host"].as_str().unwrap_or_default()) {
        None => device["health"] == "healthy",
        Some(fault) => {
            device["health"] == fault.health && exceptions_of(device).iter().any(|kind| kind == fault.exception)
        }
    }
}

fn exceptions_of(device: &Value) -> Vec<String> {
    let open = device["open_exceptions"].as_array();
    open.into_iter().flatten().filter_map(|exception| exception["kind"].as_str().map(str::to_owned)).collect()
}

/// Waits, at most a minute, until every device shows what it should.
async fn wait_for_health(
    admin: &Client,
    site_id: &str,
    devices: &[Value],
    broken: &BTreeMap<String, &'static Fault>,
) -> Result<()> {
    let started = Instant::now();
    loop {
        let listed = listed(admin, site_id).await?;
        let right = listed.iter().filter(|device| is_as_it_should_be(device, broken)).count();
        if right == devices.len() {
            return Ok(());
        }
        if started.elapsed() > Duration::from_secs(60) {
            bail!("after a minute only {right} of {} devices show what they should", devices.len());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn show(
    admin: &Client,
    site_id: &str,
    devices: &[Value],
    broken: &BTreeMap<String, &'static Fault>,
) -> Result<usize> {
    let listed = listed(admin, site_id).await?;
    let mut rows = Vec::new();
    let mut right = 0;
    for simulated in devices {
        let address = simulated["address"].as_str().unwrap_or_default();
        let Some(device) = listed.iter().find(|device| device["host"] == address) else {
            rows.push(vec!["✗".to_owned(), simulated["name"].to_string(), "not there".to_owned()]);
            continue;
        };
        let as_it_should = is_as_it_should_be(device, broken);
        right += usize::from(as_it_should);
        let text = |field: &str| device[field].as_str().unwrap_or("–").to_owned();
        rows.push(vec![
            if as_it_should { "✓" } else { "✗" }.to_owned(),
            text("name"),
            text("kind"),
            text("model"),
            text("firmware"),
            format!("{}:{}", text("host"), device["port"]),
            text("health"),
            exceptions_of(device).join(", "),
        ]);
    }
    println!();
    table::print(&["", "name", "kind", "model", "firmware", "address", "health", "exceptions"], &rows);
    Ok(right)
}
