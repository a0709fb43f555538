//! Devices reached directly: added to a site by their addresses, and watched.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::client::Client;

/// How long anything here may take.
const LONGEST: Duration = Duration::from_secs(90);

/// Makes a site; gives its id.
pub async fn make_site(admin: &Client, name: &str) -> Result<String> {
    let made = admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await?.ok()?;
    made["id"].as_str().map(str::to_owned).context("a site has an id")
}

/// Adds simulated devices, as the simulator lists them, each by its address; a router without a login.
pub async fn add_all(admin: &Client, site: &str, devices: &[Value]) -> Result<()> {
    for device in devices {
        let mut body = json!({"name": device["name"], "host": device["address"], "port": device["port"]});
        let is_router = device["profile"] == "router";
        if !is_router {
            (body["user_name"], body["password"]) = (device["user"].clone(), device["password"].clone());
        }
        let path = format!("/sites/{site}/{}", if is_router { "routers" } else { "devices" });
        admin.post(&path, &body).await?.ok().with_context(|| format!("adding {}", device["name"]))?;
    }
    Ok(())
}

/// The devices of a site.
pub async fn devices(admin: &Client, site: &str) -> Result<Vec<Value>> {
    let page = admin.get(&format!("/devices?site_id={site}&limit=100")).await?.ok()?;
    page["items"].as_array().cloned().context("a page has items")
}

/// How many devices of a site show a health.
pub async fn count_health(admin: &Client, site: &str, health: &str) -> Result<usize> {
    Ok(devices(admin, site).await?.iter().filter(|device| device["health"] == health).count())
}

/// Waits until so many devices of a site show a health.
pub async fn wait_health(admin: &Client, site: &str, health: &str, wanted: usize) -> Result<()> {
    let started = Instant::now();
    loop {
        let seen = count_health(admin, site, health).await?;
        if seen == wanted {
            return Ok(());
        }
        if started.elapsed() > LONGEST {
            bail!("after {LONGEST:?} {seen} of {wanted} devices are {health}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The incidents of a company, newest first, open or over.
pub async fn incidents(admin: &Client, open: bool) -> Result<Vec<Value>> {
    admin.items(&format!("/incidents?open={open}&limit=100")).await
}

/// Waits until something holds.
pub async fn wait_until<F: Future<Output = Result<bool>>>(what: &str, mut holds: impl FnMut() -> F) -> Result<()> {
    let started = Instant::now();
    while !holds().await? {
        if started.elapsed() > LONGEST {
            bail!("not {what} after {LONGEST:?}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}
