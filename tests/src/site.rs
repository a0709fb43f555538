//! A customer's site with everything real: simulated devices and a link process that found them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use siteward_simulator::{Simulator, SimulatorSettings};

use crate::client::Client;
use crate::patience::{get, post};
use crate::process::LinkProcess;

/// How long anything here may take.
const LONGEST: Duration = Duration::from_secs(90);

/// A site of a company, its devices, and the link among them.
pub struct LinkedSite {
    /// The devices.
    pub simulator: Simulator,
    /// The site's id.
    pub id: String,
    /// The link's id.
    pub link_id: String,
    /// The link's config file.
    pub config: PathBuf,
    /// The one-time code that it enrolled with.
    pub code: String,
    link: Option<LinkProcess>,
}

impl LinkedSite {
    /// Makes the site, starts its devices, enrols a link at `base` and runs it until it has found them all.
    pub async fn open(
        admin: &Client,
        name: &str,
        base: &str,
        folder: &Path,
        settings: SimulatorSettings,
    ) -> Result<Self> {
        let mut made = Self::enrol(admin, name, base, folder, settings).await?;
        made.join(&["run"])?;
        made.wait_found(admin).await?;
        Ok(made)
    }

    /// The same without running the link.
    pub async fn enrol(
        admin: &Client,
        name: &str,
        base: &str,
        folder: &Path,
        mut settings: SimulatorSettings,
    ) -> Result<Self> {
        settings.sadp = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        settings.registration = Duration::from_millis(200);
        let simulator = Simulator::start(settings).await?;
        let sadp = simulator.sadp().context("the simulator answers SADP")?;
        let site = post(admin, "/sites", &json!({"name": name, "time_zone": "Europe/Berlin"})).await?;
        let id = text(&site["id"])?;
        let made = post(admin, &format!("/sites/{id}/links"), &json!({"name": format!("Box at {name}")})).await?;
        let (link_id, code) = (text(&made["link"]["id"])?, text(&made["code"])?);
        let config = folder.join(format!("{link_id}.toml"));
        let (at, file, base, typed) = (sadp.to_string(), config.clone(), base.to_owned(), code.clone());
        // It waits for the program, which may ask a server of this very process.
        tokio::task::spawn_blocking(move || LinkProcess::enrol(&base, &typed, &file, &at)).await??;
        Ok(Self { simulator, id, link_id, config, code, link: None })
    }

    /// Ends the link as a power cut would.
    pub fn cut(&mut self) {
        self.link = None;
    }

    /// Starts the link with the token it has.
    pub fn join(&mut self, arguments: &[&str]) -> Result<()> {
        // What the one before left behind.
        let _ = std::fs::remove_file(self.config.with_extension("json"));
        self.link = Some(LinkProcess::start_with(arguments, &self.config)?);
        Ok(())
    }

    /// Whether the link says that it is connected.
    pub fn is_connected(&self) -> bool {
        is_connected(&self.config)
    }

    /// Waits until the link is online and has found every device that is on.
    pub async fn wait_found(&self, admin: &Client) -> Result<()> {
        let is_on = |place: usize| self.simulator.view(place).is_ok_and(|view| view.power);
        let wanted = (0..self.simulator.devices().len()).filter(|place| is_on(*place)).count();
        let path = format!("/sites/{}/found", self.id);
        self.wait(&format!("{wanted} devices found"), || async {
            let found = get(admin, &path).await?;
            Ok(found["items"]
                .as_array()
                .is_some_and(|all| all.iter().filter(|one| one["online"] == true).count() >= wanted))
        })
        .await
    }

    /// Asks for every device to be added in one go, those that have none with `password`; gives what was answered.
    pub async fn add_all(&self, admin: &Client, password: &str) -> Result<Value> {
        let mut items = Vec::new();
        for (place, device) in self.simulator.devices().iter().enumerate() {
            let mut item = json!({"serial": device.serial, "name": device.name});
            if self.simulator.view(place)?.activated {
                item["password"] = json!(device.password);
            }
            items.push(item);
        }
        let body = json!({"items": items, "password": password});
        post(admin, &format!("/sites/{}/additions/batch", self.id), &body).await
    }

    /// The site's devices.
    pub async fn devices(&self, admin: &Client) -> Result<Vec<Value>> {
        let page = get(admin, &format!("/devices?site_id={}&limit=100", self.id)).await?;
        page["items"].as_array().cloned().context("a page has items")
    }

    /// Waits until so many devices of the site show a health, and all of them do.
    pub async fn wait_health(&self, admin: &Client, count: usize, health: &str) -> Result<()> {
        self.wait(&format!("{count} devices {health}"), || async {
            let devices = self.devices(admin).await?;
            Ok(devices.len() == count && devices.iter().all(|device| device["health"] == health))
        })
        .await
    }

    /// Waits until so many devices are there.
    pub async fn wait_added(&self, admin: &Client, count: usize) -> Result<()> {
        let what = format!("{count} devices added");
        let added = self.wait(&what, || async { Ok(self.devices(admin).await?.len() >= count) }).await;
        if let Err(error) = added {
            let open = get(admin, &format!("/sites/{}/additions", self.id)).await?;
            return Err(error.context(format!("open: {open}")));
        }
        Ok(())
    }

    async fn wait<F: Future<Output = Result<bool>>>(&self, what: &str, mut holds: impl FnMut() -> F) -> Result<()> {
        let started = Instant::now();
        while !holds().await? {
            if started.elapsed() > LONGEST {
                bail!("not {what} after {LONGEST:?}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

/// Whether the link with this config file says that it is connected.
pub fn is_connected(config: &Path) -> bool {
    siteward_link::Status::read(&config.with_extension("json"))
        .is_some_and(|status| status.standing == siteward_link::Standing::Connected)
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).context("a text")
}
