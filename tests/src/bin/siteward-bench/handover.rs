//! 1,000 sites handed over in one bulk run: one call invites all owners, each of whom then accepts by the link of their own, with an account
//! made on the page. Mails go to a mailbox on loopback at the pace that is set.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};
use siteward_store::companies::list_companies;
use siteward_tests::client::Client;
use siteward_tests::mailbox::Mailbox;
use siteward_tests::process::{ServerProcess, free_port};

use crate::fixture;
use crate::report::{Goal, Report, headline, say};

const PART: &str = "handover";
const SITES: usize = 1000;
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
    let sites = fill(folder.path())?;
    let pace = MAILS_A_MINUTE.to_string();
    let server = ServerProcess::start(folder.path(), port, &[("SITEWARD__MAIL__PER_MINUTE", pace.as_str())])?;
    let mut admin = Client::new(&server.base);
    admin.sign_in("admin@example.com", "Correct-horse7").await?.ok()?;
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

    let rate = SITES as f64 / mailed * 60.0;
    say(format!("invitations: {invited:.1} s; acceptances: {accepting:.1} s; {rate:.0} mails a minute"));
    report.add(PART, "1,000 invitations in one call", invited, "s", Goal::None);
    report.add(PART, "1,000 acceptances, each with a new account and a pack", accepting, "s", Goal::None);
    report.add(PART, "the platform's part of both", invited + accepting, "s", Goal::AtMost(GOAL_SECONDS));
    // A second's worth goes at once.
    let most = MAILS_A_MINUTE as f64 * (1.0 + 1.0 / mailed.max(1.0));
    report.add(PART, format!("mails a minute, set to {MAILS_A_MINUTE}"), rate, "", Goal::AtMost(most));
    Ok(())
}

fn fill(folder: &std::path::Path) -> Result<Vec<String>> {
    let store = fixture::open(folder)?;
    let company = store.read(list_companies)?.into_iter().next().context("no company")?.id;
    let make = |number| fixture::make_site(&store, &company, &format!("Villa {number:04}"), "Pier 4", Utc::now());
    (0..SITES).map(|number| Ok(make(number)?.to_string())).collect()
}

fn row(number: usize, site: &str) -> Value {
    json!({
        "site_id": site, "email": format!("owner{number}@example.com"), "name": format!("Owner {number}"),
        "language": if number.is_multiple_of(2) { "en" } else { "ru" }, "asks": {"site": true, "devices": []},
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
    let fields =
        [("allow.site", "on"), ("name", "Olga Meyer"), ("region", "DE"), ("password", PASSWORD), ("answer", "accept")];
    Ok(Client::bare(base).post_form(&path, &fields).await?.status == 200)
}
