//! The story `health`: what breaks together is told once. A router, a recorder, the own network, and the one who looks.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::process::{ServerProcess, SimulatorProcess, WorkerProcess, free_port};
use siteward_tests::street::{add_all, count_health, incidents, make_site, wait_health, wait_until};

use crate::table;

const PERIOD_SECONDS: u64 = 2;
/// The places of the simulator's devices: a router with 40 cameras, a recorder with 16, and the own router.
const ROUTER: usize = 0;
const RECORDER: usize = 41;
const OWN_ROUTER: usize = 58;

/// Everything that takes part.
struct Stage {
    simulator: SimulatorProcess,
    admin: Client,
    mail: ForeignMail,
    harbour: String,
    bakery: String,
}

/// Tells the story; true when everything went as it should.
pub(crate) async fn tell(once: bool) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("siteward-demo-").tempdir()?;
    let simulator = SimulatorProcess::start(&["--site", "routed", "--first", "127.50.0.1"])?;
    let devices = simulator.ready["devices"].as_array().cloned().context("the simulator has devices")?;
    let port = free_port()?;
    let (period, reference) = (PERIOD_SECONDS.to_string(), reference(&devices)?);
    let environment = [
        ("SITEWARD__POLLING__PERIOD_SECONDS", period.as_str()),
        ("SITEWARD__POLLING__REFERENCE_ADDRESSES", reference.as_str()),
        ("SITEWARD__DEVICES__CONNECT_TIMEOUT_MS", "800"),
        ("SITEWARD__DEVICES__LOOK_TIMEOUT_SECONDS", "3"),
    ];
    let server = ServerProcess::start_with(&["serve", "--no-worker"], folder.path(), port, &environment)?;
    let worker = WorkerProcess::start(folder.path(), &environment)?;
    let code = server.setup_code.clone().context("the server printed no set-up link")?;
    let mut admin = Client::new(&server.base);
    admin.set_up(&code, "Demo Installers").await?;
    let mail = ForeignMail::start()?;
    mail.be_server_of(&admin).await?;
    let (harbour, bakery) = (make_site(&admin, "Harbour").await?, make_site(&admin, "Old bakery").await?);
    let stage = Stage { simulator, admin, mail, harbour, bakery };
    stage.lay_ways().await?;
    add_all(&stage.admin, &stage.harbour, devices.get(ROUTER..RECORDER).unwrap_or_default()).await?;
    add_all(&stage.admin, &stage.bakery, devices.get(RECORDER..OWN_ROUTER).unwrap_or_default()).await?;
    stage.wait_all("healthy").await?;
    println!("1. A router with 40 cameras, a recorder with 16; all healthy. Mails go to aiosmtpd");

    let mut right = stage.breaks_and_returns("2. The router", ROUTER, 41, &stage.harbour).await?;
    right &= stage.breaks_and_returns("3. The recorder", RECORDER, 17, &stage.bakery).await?;
    right &= stage.loses_own_network().await?;

    drop(worker);
    let killed = Instant::now();
    stage.wait_all("unknown").await?;
    let within = killed.elapsed();
    // Facts count for two periods; the rest is the way of this story to see it.
    let in_time = within <= Duration::from_secs(PERIOD_SECONDS * 2 + 1);
    println!("5. The worker was killed: everything unknown after {:.1} s", within.as_secs_f32());
    let _worker = WorkerProcess::start(folder.path(), &environment)?;
    stage.wait_all("healthy").await?;
    println!("   Another one came: everything healthy again, and {} mails in all", stage.mail.subjects().len());
    right &= in_time && stage.mail.subjects().len() == 4;

    stage.show().await?;
    println!("\n{}", if right { "Everything went as it should." } else { "Not everything went as it should." });
    if !once {
        println!("\nLook around at {}: admin@example.com, password Correct-horse7. Ctrl-C ends it.", server.base);
        tokio::signal::ctrl_c().await?;
    }
    Ok(right)
}

/// The own router, as a setting names it.
fn reference(devices: &[Value]) -> Result<String> {
    let own = devices.get(OWN_ROUTER).context("the own router")?;
    Ok(format!("[\"{}:{}\"]", own["address"].as_str().unwrap_or_default(), own["port"]))
}

impl Stage {
    /// What is behind what.
    async fn lay_ways(&self) -> Result<()> {
        let ways = [
            (ROUTER, json!({"behind": (ROUTER + 1..RECORDER).collect::<Vec<_>>()})),
            (RECORDER, json!({"behind": (RECORDER + 1..OWN_ROUTER).collect::<Vec<_>>()})),
            (RECORDER, json!({"shows": (RECORDER + 1..OWN_ROUTER).collect::<Vec<_>>()})),
            (OWN_ROUTER, json!({"behind": [ROUTER, RECORDER]})),
        ];
        for (place, change) in ways {
            control::change(self.simulator.control(), place, &change).await?;
        }
        Ok(())
    }

    async fn power(&self, place: usize, on: bool) -> Result<()> {
        control::change(self.simulator.control(), place, &json!({"power": on})).await.map(drop)
    }

    async fn wait_all(&self, health: &str) -> Result<()> {
        wait_health(&self.admin, &self.harbour, health, 41).await?;
        wait_health(&self.admin, &self.bakery, health, 17).await
    }

    /// Long enough for whatever else might be told.
    async fn a_while(&self) {
        tokio::time::sleep(Duration::from_secs(PERIOD_SECONDS * 5)).await;
    }

    /// Switches something off and on again: one mail for each, whatever is behind it.
    async fn breaks_and_returns(&self, what: &str, place: usize, devices: usize, site: &str) -> Result<bool> {
        let before = self.mail.subjects().len();
        self.power(place, false).await?;
        wait_health(&self.admin, site, "offline", devices).await?;
        wait_until("told", || async { Ok(self.mail.subjects().len() > before) }).await?;
        self.a_while().await;
        let (told, open) = (self.mail.subjects(), incidents(&self.admin, true).await?.len());
        let one = told.len() == before + 1 && open == 1;
        println!("\n{what} went off: {devices} devices offline, {open} incident, {} mail:", told.len() - before);
        told.iter().skip(before).for_each(|subject| println!("     {subject}"));
        self.power(place, true).await?;
        wait_health(&self.admin, site, "healthy", devices).await?;
        self.a_while().await;
        let after = self.mail.subjects();
        println!("   It is back: {} mail:", after.len() - told.len());
        after.iter().skip(told.len()).for_each(|subject| println!("     {subject}"));
        Ok(one && after.len() == told.len() + 1 && incidents(&self.admin, true).await?.is_empty())
    }

    /// The own network goes and comes: no mail, no incident, everything unknown in between.
    async fn loses_own_network(&self) -> Result<bool> {
        let before = self.mail.subjects().len();
        let seen = incidents(&self.admin, false).await?.len();
        self.power(OWN_ROUTER, false).await?;
        self.wait_all("unknown").await?;
        wait_until("told on the page", || async {
            Ok(!self.admin.get("/network").await?.ok()?["lost_since"].is_null())
        })
        .await?;
        self.a_while().await;
        let unknown = count_health(&self.admin, &self.harbour, "unknown").await?
            + count_health(&self.admin, &self.bakery, "unknown").await?;
        self.power(OWN_ROUTER, true).await?;
        self.wait_all("healthy").await?;
        self.a_while().await;
        let mails = self.mail.subjects().len() - before;
        println!("\n4. The own network went and came back: {unknown} devices unknown meanwhile, {mails} mails");
        Ok(mails == 0 && unknown == 58 && incidents(&self.admin, false).await?.len() == seen)
    }

    async fn show(&self) -> Result<()> {
        let mut rows = Vec::new();
        for incident in incidents(&self.admin, false).await? {
            let text = |field: &str| incident[field].as_str().unwrap_or("–").to_owned();
            let number = |field: &str| incident[field].to_string();
            rows.push(vec![
                text("site_name"),
                text("name"),
                text("kind"),
                number("affected"),
                number("duration_seconds"),
            ]);
        }
        println!();
        table::print(&["site", "cause", "what", "affected", "seconds"], &rows);
        Ok(())
    }
}
