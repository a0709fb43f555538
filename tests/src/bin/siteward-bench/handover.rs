//! 1,000 sites handed over in one bulk run: one call invites all owners, each of whom then accepts by the link of their own, with an account
//! made on the page. Each site has four devices, one of them an alarm panel on every tenth site, on which the installer is. Mails go to a
//! mailbox on loopback at the pace that is set.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};
use siteward_domain::device::DeviceKind;
use siteward_store::companies::list_companies;
use siteward_store::devices::NewDevice;
use siteward_tests::client::Client;
use siteward_tests::mailbox::Mailbox;
use siteward_tests::process::{ServerProcess, free_port};

use crate::devices::Devices;
use crate::fixture;
use crate::report::{Goal, Report, headline, say};

const PART: &str = "handover";
const SITES: usize = 1000;
const DEVICES_A_SITE: usize = 4;
/// Every so many sites have an alarm panel among their devices.
const PANEL_EVERY: usize = 10;
/// Who set the server up, and is on every panel before.
const ADMIN: &str = "admin@example.com";
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// Owners who accept at once.
const AT_ONCE: usize = 8;
/// The goal for the platform's part, seconds.
const GOAL_SECONDS: f64 = 60.0;
/// The pace of mails that is measured.
const MAILS_A_MINUTE: usize = 3000;
const PASSWORD: &str = "Sunny-harbour8";

/// Hands the sites over and counts the mails.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("Handover: 1,000 sites in one bulk run, SQLite, over HTTP");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let port = free_port()?;
    let first = ServerProcess::start_with(&["serve", "--no-worker"], folder.path(), port, &[])?;
    Client::new(&first.base).set_up(first.setup_code.as_deref().context("no set-up link")?, "Bench Installers").await?;
    drop(first);
    let devices = Simulated::start(folder.path())?;
    let sites = fill(folder.path(), &devices)?;
    let pace = MAILS_A_MINUTE.to_string();
    // The devices are not looked at meanwhile: what that costs is measured elsewhere.
    let environment =
        [("SITEWARD__MAIL__PER_MINUTE", pace.as_str()), ("SITEWARD__POLLING__PERIOD_SECONDS", "31536000")];
    let server = ServerProcess::start(folder.path(), port, &environment)?;
    let mut admin = Client::new(&server.base);
    admin.sign_in(ADMIN, "Correct-horse7").await?.ok()?;
    devices.wait_on_panels(1).await?;
    let mailbox = Mailbox::open().await?;
    let settings = json!({
        "host": "127.0.0.1", "port": mailbox.port, "security": "none", "sender_name": "Bench",
        "sender_address": "bench@example.com", "language": "en",
    });
    admin.send_json(http::Method::PUT, "/mail_settings", &settings).await?.ok()?;

    let began = Instant::now();
    let rows: Vec<Value> = sites.iter().enumerate().map(|(number, site)| row(number, site)).collect();
    let answer = admin.post("/handovers", &json!({ "rows": rows })).await?.ok()?;
    let made = answer["items"].as_array().map(|items| items.iter().filter(|one| one["error"].is_null()).count());
    ensure!(made == Some(SITES), "{made:?} invitations");
    let invited = began.elapsed().as_secs_f64();
    let links = links(&mailbox, began).await?;
    let mailed = began.elapsed().as_secs_f64();

    let began = Instant::now();
    let accepted: Vec<Result<bool>> = stream::iter(links.into_values())
        .map(|path| accept(&server.base, path))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let accepting = began.elapsed().as_secs_f64();
    let good = accepted.iter().filter(|one| matches!(one, Ok(true))).count();
    ensure!(good == SITES, "{good} of {SITES} accepted");
    devices.wait_on_panels(2).await?;
    let on_panels = began.elapsed().as_secs_f64();

    let rate = SITES as f64 / mailed * 60.0;
    say(format!("invitations: {invited:.1} s; acceptances: {accepting:.1} s; {rate:.0} mails a minute"));
    report.add(PART, "1,000 invitations in one call", invited, "s", Goal::None);
    report.add(PART, "1,000 acceptances, each with a new account and a pack", accepting, "s", Goal::None);
    let panels = format!("until the owners are on {} alarm panels, since the first acceptance", SITES / PANEL_EVERY);
    report.add(PART, panels, on_panels, "s", Goal::None);
    report.add(PART, "the platform's part of both", invited + accepting, "s", Goal::AtMost(GOAL_SECONDS));
    // A second's worth goes at once.
    let most = MAILS_A_MINUTE as f64 * (1.0 + 1.0 / mailed.max(1.0));
    report.add(PART, format!("mails a minute, set to {MAILS_A_MINUTE}"), rate, "", Goal::AtMost(most));
    Ok(())
}

/// The devices of all sites: cameras, and the panels apart.
struct Simulated {
    cameras: Devices,
    panels: Devices,
}

impl Simulated {
    fn start(folder: &Path) -> Result<Self> {
        let panels = SITES / PANEL_EVERY;
        let (of_cameras, of_panels) = (folder.join("cameras"), folder.join("panels"));
        std::fs::create_dir_all(&of_cameras)?;
        std::fs::create_dir_all(&of_panels)?;
        let cameras = Devices::start(SITES * DEVICES_A_SITE - panels, 0, &of_cameras)?;
        Ok(Self { cameras, panels: Devices::start_panels(panels, 0, &of_panels)? })
    }

    /// Waits until so many people were put on every panel.
    async fn wait_on_panels(&self, people: u64) -> Result<()> {
        let (began, wanted) = (Instant::now(), people * (SITES / PANEL_EVERY) as u64);
        loop {
            let there = self.panels.counters().await?.accounts;
            if there == wanted {
                return Ok(());
            }
            ensure!(began.elapsed() < LONGEST_WAIT, "{there} people on the panels, not {wanted}");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
}

/// A site of the company that is handed over: its id, and a device of which live pictures are asked for.
struct Villa {
    id: String,
    camera: String,
}

fn fill(folder: &Path, devices: &Simulated) -> Result<Vec<Villa>> {
    let store = fixture::open(folder)?;
    let company = store.read(list_companies)?.into_iter().next().context("no company")?.id;
    let (mut cameras, mut panels) = (devices.cameras.list()?.iter(), devices.panels.list()?.iter());
    let (mut villas, mut new) = (Vec::with_capacity(SITES), Vec::with_capacity(SITES * DEVICES_A_SITE));
    for number in 0..SITES {
        let site = fixture::make_site(&store, &company, &format!("Villa {number:04}"), "Pier 4", Utc::now())?;
        let mut camera = None;
        for place in 0..DEVICES_A_SITE {
            let is_panel = place == 0 && number.is_multiple_of(PANEL_EVERY);
            let device = if is_panel { panels.next() } else { cameras.next() }.context("too few devices")?;
            let device = fixture::to_add(&store, &company, &site, device)?;
            new.push(if is_panel {
                NewDevice { kind: DeviceKind::AlarmPanel, identity: None, ..device }
            } else {
                camera = Some(device.id.to_string());
                device
            });
        }
        villas.push(Villa { id: site.to_string(), camera: camera.context("a site has a camera")? });
    }
    fixture::add(&store, &new, Utc::now())?;
    fixture::mark_fresh(folder)?;
    Ok(villas)
}

fn row(number: usize, villa: &Villa) -> Value {
    let seeing = json!({"device_id": villa.camera, "permission": "live_view", "validity": "permanent"});
    json!({
        "site_id": villa.id, "email": format!("owner{number}@example.com"), "name": format!("Owner {number}"),
        "language": if number.is_multiple_of(2) { "en" } else { "ru" }, "asks": {"site": true, "devices": [seeing]},
    })
}

/// The path of each owner's page, once all mails are there.
async fn links(mailbox: &Mailbox, began: Instant) -> Result<HashMap<String, String>> {
    loop {
        let letters = mailbox.letters();
        if letters.len() >= SITES {
            let path = |link: String| link.find("/handover/").and_then(|place| link.get(place..).map(str::to_owned));
            let links: HashMap<String, String> = letters
                .iter()
                .filter_map(|letter| Some((letter.to.first()?.clone(), letter.link().and_then(path)?)))
                .collect();
            ensure!(links.len() == SITES, "{} links", links.len());
            return Ok(links);
        }
        ensure!(began.elapsed() < Duration::from_secs(300), "{} mails after five minutes", letters.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn accept(base: &str, path: String) -> Result<bool> {
    let fields = [
        ("allow.site", "on"),
        ("allow.0", "on"),
        ("name", "Olga Meyer"),
        ("region", "DE"),
        ("password", PASSWORD),
        ("answer", "accept"),
    ];
    Ok(Client::bare(base).post_form(&path, &fields).await?.status == 200)
}
