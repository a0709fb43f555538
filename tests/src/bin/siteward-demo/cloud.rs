//! The story `cloud`: two customers behind their routers, one device in each state, and each led to its end.

mod leading;
mod sites;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port};

use crate::table;
use sites::Lan;

const POLL_PERIOD: &str = "2";

/// Tells the story; true when everything went as it should.
pub(crate) async fn tell(once: bool) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("siteward-demo-").tempdir()?;
    let port = free_port()?;
    let server = ServerProcess::start(folder.path(), port, &[("SITEWARD__POLLING__PERIOD_SECONDS", POLL_PERIOD)])?;
    let code = server.setup_code.clone().context("the server printed no set-up link")?;
    let mut admin = Client::new(&server.base);
    admin.set_up(&code, "Demo Installers").await?;
    println!("1. The server is set up at {}", server.base);

    let harbour =
        Lan::open(&admin, folder.path(), "Harbour warehouse", ("127.30.0.1", "30"), &["--site", "cloud_states"])
            .await?;
    let mut bakery =
        Lan::open(&admin, folder.path(), "Old bakery", ("127.31.0.1", "31"), &["--site", "mixed12"]).await?;
    println!("2. Two sites, each with a link in its LAN: `siteward-link enroll`, then `siteward-link run`");

    let found = (harbour.wait_found(&admin).await?, bakery.wait_found(&admin).await?);
    println!("3. The links found {} devices in the one LAN and {} in the other", found.0, found.1);

    let unknown = leading::scan_unseen(&admin, &harbour).await?;
    println!("   A label of a device that no link has seen: {unknown}");
    harbour.switch_one_off(&admin).await?;
    println!("\n4. Each label of the first LAN is scanned; the state of each, and where it leads:\n");
    let led = leading::lead_all(&admin, &harbour).await?;
    println!("\n5. Each was led on until it was added, or its end was said:\n");
    let ended = leading::show_ends(&led);
    let again = leading::scan_again(&admin, &harbour, &bakery).await?;
    println!("\n   The first label again, on its site: {}; on the other site: {}", again.0, again.1);
    let told = unknown == "unknown" && again == ("on_this_site".to_owned(), "on_other_site".to_owned());

    let added = bakery.add_all(&admin).await?;
    println!("\n6. In the second LAN {added} devices were ticked in the list and added in one go");

    let healthy = wait_for(&admin, &bakery.site_id, "healthy", added).await;
    println!("7. Polled through the link: {} of {added} healthy", count(&admin, &bakery.site_id, "healthy").await?);

    bakery.cut();
    let unknown = wait_for(&admin, &bakery.site_id, "unknown", added).await;
    println!("8. The link was cut: {} unknown, none accused", count(&admin, &bakery.site_id, "unknown").await?);
    bakery.join()?;
    let back = wait_for(&admin, &bakery.site_id, "healthy", added).await;
    println!(
        "9. The link is back: {} healthy again, without a person",
        count(&admin, &bakery.site_id, "healthy").await?
    );

    show(&admin, &[&harbour, &bakery]).await?;
    for error in [&healthy, &unknown, &back].into_iter().filter_map(|result| result.as_ref().err()) {
        println!("\n{error:#}");
    }
    let all_right =
        ended && told && added == bakery.devices.len() && healthy.is_ok() && unknown.is_ok() && back.is_ok();
    println!("\n{}", if all_right { "Everything went as it should." } else { "Not everything went as it should." });
    if !once {
        println!("\nLook around at {}: admin@example.com, password Correct-horse7. Ctrl-C ends it.", server.base);
        tokio::signal::ctrl_c().await?;
    }
    drop((server, harbour, bakery));
    Ok(all_right)
}

async fn count(admin: &Client, site_id: &str, health: &str) -> Result<usize> {
    let page = admin.get(&format!("/devices?site_id={site_id}&health={health}&limit=100")).await?.ok()?;
    Ok(page["items"].as_array().map_or(0, Vec::len))
}

/// Waits, at most a minute, until so many devices of a site show a health.
async fn wait_for(admin: &Client, site_id: &str, health: &str, wanted: usize) -> Result<()> {
    let started = Instant::now();
    loop {
        let seen = count(admin, site_id, health).await?;
        if seen == wanted {
            return Ok(());
        }
        if started.elapsed() > Duration::from_secs(60) {
            bail!("after a minute {seen} of {wanted} devices are {health}");
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

async fn show(admin: &Client, lans: &[&Lan]) -> Result<()> {
    let mut rows = Vec::new();
    for lan in lans {
        let page = admin.get(&format!("/devices?site_id={}&limit=100", lan.site_id)).await?.ok()?;
        for device in page["items"].as_array().into_iter().flatten() {
            let text = |field: &str| device[field].as_str().unwrap_or("–").to_owned();
            let link = device["link"]["name"].as_str().unwrap_or("–").to_owned();
            rows.push(vec![text("site_name"), text("name"), text("serial"), text("model"), link, text("health")]);
        }
    }
    println!();
    table::print(&["site", "name", "serial", "model", "link", "health"], &rows);
    Ok(())
}

/// A POST that must go well.
async fn post(admin: &Client, path: &str, body: Value) -> Result<Value> {
    admin.post(path, &body).await?.ok().with_context(|| format!("POST {path}"))
}

/// A POST without a body.
async fn order(admin: &Client, path: &str) -> Result<Value> {
    post(admin, path, json!({})).await
}
