//! A customer's LAN: simulated devices, and a link process in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::process::{LinkProcess, SimulatorProcess};

use super::post;

/// One site with its devices and its link.
pub(super) struct Lan {
    pub(super) site_id: String,
    pub(super) devices: Vec<Value>,
    pub(super) simulator: SimulatorProcess,
    config: PathBuf,
    link: Option<LinkProcess>,
}

impl Lan {
    /// Makes the site, starts its devices, enrols a link and runs it.
    pub(super) async fn open(
        admin: &Client,
        folder: &Path,
        name: &str,
        (first, seed): (&str, &str),
        devices: &[&str],
    ) -> Result<Self> {
        let mut arguments = vec!["--first", first, "--seed", seed, "--port", "8080", "--sadp", "127.0.0.1:0"];
        arguments.extend(devices);
        let simulator = SimulatorProcess::start(&arguments)?;
        let devices = simulator.ready["devices"].as_array().cloned().unwrap_or_default();
        let sadp = simulator.ready["sadp"].as_str().context("the simulator says where SADP answers")?.to_owned();
        let site = post(admin, "/sites", json!({"name": name, "time_zone": "Europe/Berlin"})).await?;
        let site_id = site["id"].as_str().context("a site has an id")?.to_owned();
        let made = post(admin, &format!("/sites/{site_id}/links"), json!({"name": format!("Box at {name}")})).await?;
        let code = made["code"].as_str().context("a link has a code")?;
        let config = folder.join(format!("{first}.toml"));
        LinkProcess::enrol(admin.base(), code, &config, &sadp)?;
        let link = Some(LinkProcess::start(&config)?);
        Ok(Self { site_id, devices, simulator, config, link })
    }

    /// Waits until the link has found every device that is on.
    pub(super) async fn wait_found(&self, admin: &Client) -> Result<usize> {
        let mut wanted = 0;
        for number in 0..self.devices.len() {
            let now = siteward_tests::control::state(self.simulator.control(), number).await?;
            wanted += usize::from(now["power"] == true);
        }
        let started = Instant::now();
        loop {
            let list = admin.get(&format!("/sites/{}/found", self.site_id)).await?.ok()?;
            let found = list["items"].as_array().map_or(0, Vec::len);
            if found >= wanted {
                return Ok(found);
            }
            if started.elapsed() > Duration::from_secs(30) {
                bail!("after half a minute the link has found {found} of {wanted} devices");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Has the link see the device that was off from the start, and switches it off again: seen once, it is "offline".
    pub(super) async fn switch_one_off(&self, admin: &Client) -> Result<()> {
        let device = self.device_that_is_off().await?;
        self.change(device, &json!({"power": true})).await?;
        self.wait_found(admin).await?;
        self.change(device, &json!({"power": false})).await?;
        self.wait_offline(admin, &device["serial"]).await
    }

    /// The device that was off from the start.
    pub(super) async fn device_that_is_off(&self) -> Result<&Value> {
        for (number, device) in self.devices.iter().enumerate() {
            let now = siteward_tests::control::state(self.simulator.control(), number).await?;
            if now["power"] == false {
                return Ok(device);
            }
        }
        bail!("no device is off")
    }

    async fn wait_offline(&self, admin: &Client, serial: &Value) -> Result<()> {
        let started = Instant::now();
        loop {
            let list = admin.get(&format!("/sites/{}/found", self.site_id)).await?.ok()?;
            let mut seen = list["items"].as_array().into_iter().flatten();
            if seen.any(|device| device["serial"] == *serial && device["online"] == false) {
                return Ok(());
            }
            if started.elapsed() > Duration::from_secs(60) {
                bail!("after a minute the link still reports a device that is off");
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// Ticks every found device and adds all in one go, each with its password; tells how many are there at the end.
    pub(super) async fn add_all(&self, admin: &Client) -> Result<usize> {
        let items: Vec<Value> = self
            .devices
            .iter()
            .map(|device| json!({"serial": device["serial"], "name": device["name"], "password": device["password"]}))
            .collect();
        let path = format!("/sites/{}/additions/batch", self.site_id);
        post(admin, &path, json!({"user_name": "admin", "items": items})).await?;
        let started = Instant::now();
        loop {
            let page = admin.get(&format!("/devices?site_id={}&limit=100", self.site_id)).await?.ok()?;
            let added = page["items"].as_array().map_or(0, Vec::len);
            if added == items.len() || started.elapsed() > Duration::from_secs(60) {
                return Ok(added);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Changes a simulated device.
    pub(super) async fn change(&self, device: &Value, change: &Value) -> Result<()> {
        let number = usize::try_from(device["index"].as_u64().context("a device has an index")?)?;
        siteward_tests::control::change(self.simulator.control(), number, change).await.map(drop)
    }

    /// Ends the link process, as a power cut would.
    pub(super) fn cut(&mut self) {
        self.link = None;
    }

    /// Starts it again with the token it has.
    pub(super) fn join(&mut self) -> Result<()> {
        self.link = Some(LinkProcess::start(&self.config)?);
        Ok(())
    }
}
