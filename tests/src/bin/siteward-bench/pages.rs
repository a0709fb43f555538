//! The list pages over HTTP, with a session, while there are 100,000 devices on 1,000 sites: for the Admin, and for
//! installers to whom all or a few of the sites are assigned.

mod filling;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port};

use crate::report::{Goal, Report, headline, say};
use crate::usage::percentile;

const PART: &str = "pages";
const PASSWORD: &str = "Correct-horse7";
/// Who asks.
const CALLERS: [(&str, &str); 3] = [
    ("", "admin@example.com"),
    ("installer of every site: ", filling::OF_EVERY_SITE),
    ("installer of ten sites: ", filling::OF_TEN_SITES),
];
const REQUESTS: usize = 300;
const WARM_UP: usize = 20;
/// The goal for the 99th percentile, milliseconds.
const GOAL_MS: f64 = 25.0;
/// Facts of this fleet are fresh for two such periods: longer than the benchmark runs.
const PERIOD_SECONDS: &str = "3600";

/// Fills a server's database and times its pages.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    headline("List pages: 20 rows each, 100,000 devices on 1,000 sites, SQLite, with session, over HTTP");
    let folder = tempfile::Builder::new().prefix("siteward-bench-").tempdir()?;
    let mut admin = Client::new("");
    set_up(folder.path(), &mut admin).await?;
    let began = Instant::now();
    filling::fill(folder.path())?;
    let megabytes = std::fs::metadata(folder.path().join("siteward.db"))?.len() / 1_000_000;
    say(format!(
        "filled in {:.0} s by the store's functions; the database has {megabytes} MB",
        began.elapsed().as_secs_f64()
    ));

    let port = free_port()?;
    let server = start(folder.path(), port)?;
    let mut admin = Client::new(&server.base);
    admin.sign_in("admin@example.com", PASSWORD).await?.ok()?;
    let pages = pages(&admin).await?;
    for (who, email) in CALLERS {
        let mut client = Client::new(&server.base);
        client.sign_in(email, PASSWORD).await?.ok()?;
        for (name, path) in &pages {
            time(report, &client, &format!("{who}{name}"), path).await?;
        }
    }
    Ok(())
}

fn start(folder: &Path, port: u16) -> Result<ServerProcess> {
    let period = ("SITEWARD__POLLING__PERIOD_SECONDS", PERIOD_SECONDS);
    ServerProcess::start_with(&["serve", "--no-worker"], folder, port, &[period])
}

/// The first start: company and administrator.
async fn set_up(folder: &Path, admin: &mut Client) -> Result<()> {
    let server = start(folder, free_port()?)?;
    *admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().context("no set-up link")?, "Bench Installers").await.map(drop)
}

/// The pages that are timed.
async fn pages(admin: &Client) -> Result<Vec<(&'static str, String)>> {
    let site = admin.get("/sites?search=0500").await?.ok()?;
    let site = site["items"][0]["id"].as_str().context("no site 0500")?.to_owned();
    let sites = deep_cursor(admin, "/sites?limit=100", 5).await?;
    let devices = deep_cursor(admin, "/devices?limit=100", 500).await?;
    Ok(vec![
        ("sites, first page", "/sites".to_owned()),
        ("sites, search of two words", "/sites?search=harbour+042".to_owned()),
        ("sites, with offline devices", "/sites?health=offline".to_owned()),
        ("sites, page in the middle", format!("/sites?cursor={sites}")),
        ("devices, first page", "/devices".to_owned()),
        ("devices, search that meets many", "/devices?search=entrance".to_owned()),
        ("devices, search that meets one", "/devices?search=K00077777".to_owned()),
        ("devices, search that meets none", "/devices?search=nowhere".to_owned()),
        ("devices of one site", format!("/devices?site_id={site}")),
        ("devices, login failed", "/devices?health=login_failed".to_owned()),
        ("devices, healthy", "/devices?health=healthy".to_owned()),
        ("devices, page in the middle", format!("/devices?cursor={devices}")),
    ])
}

async fn deep_cursor(admin: &Client, path: &str, pages: usize) -> Result<String> {
    let mut cursor = String::new();
    for _ in 0..pages {
        let page = admin.get(&format!("{path}{cursor}")).await?.ok()?;
        cursor = format!("&cursor={}", page["next_cursor"].as_str().context("the list ended early")?);
    }
    Ok(cursor.trim_start_matches("&cursor=").to_owned())
}

async fn time(report: &mut Report, admin: &Client, name: &str, path: &str) -> Result<()> {
    let page = admin.get(path).await?.ok()?;
    let rows = page["items"].as_array().map_or(0, Vec::len);
    ask(admin, path, WARM_UP).await?;
    let alone = ask(admin, path, REQUESTS).await?;
    let (one, two, three, four) = tokio::join!(
        ask(admin, path, REQUESTS / 4),
        ask(admin, path, REQUESTS / 4),
        ask(admin, path, REQUESTS / 4),
        ask(admin, path, REQUESTS / 4)
    );
    let together: Vec<f64> = [one?, two?, three?, four?].concat();
    let shown = |times: &[f64]| format!("p50 {:.1} ms, p99 {:.1} ms", percentile(times, 0.5), percentile(times, 0.99));
    say(format!("{name} ({rows} rows): one at a time {}; four at once {}", shown(&alone), shown(&together)));
    report.add(PART, format!("{name}, p50"), percentile(&alone, 0.5), "ms", Goal::None);
    report.add(PART, format!("{name}, p99"), percentile(&alone, 0.99), "ms", Goal::AtMost(GOAL_MS));
    report.add(PART, format!("{name}, p99 of four at once"), percentile(&together, 0.99), "ms", Goal::AtMost(GOAL_MS));
    Ok(())
}

/// Milliseconds of each request, one after the other, until the answer is read.
async fn ask(admin: &Client, path: &str, times: usize) -> Result<Vec<f64>> {
    let mut taken = Vec::with_capacity(times);
    for _ in 0..times {
        let began = Instant::now();
        let answer = admin.get(path).await?;
        taken.push(began.elapsed().as_secs_f64() * 1000.0);
        answer.ok()?;
    }
    Ok(taken)
}
