//! The panel of the story: what is really on it is asked of the simulator, not of the platform.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::control;
use siteward_tests::process::SimulatorProcess;

/// Longest that anything may take.
const LONGEST: Duration = Duration::from_secs(40);
/// Accounts that are none of ours: the one the platform logs in with, and the factory's.
const BUILT_IN: [&str; 2] = ["admin", "installer"];

/// A simulated AX Pro.
pub(crate) struct Panel {
    simulator: SimulatorProcess,
    device: Value,
}

impl Panel {
    pub(crate) fn start() -> Result<Self> {
        let simulator = SimulatorProcess::start(&["--devices", "1", "--profile", "panel"])?;
        let device = simulator.ready["devices"][0].clone();
        Ok(Self { simulator, device })
    }

    /// Adds it to a site by its address; gives its id.
    pub(crate) async fn add(&self, admin: &Client, site_id: &str) -> Result<String> {
        let body = json!({
            "host": self.device["address"], "port": self.device["port"], "user_name": self.device["user"],
            "password": self.device["password"], "name": "Alarm panel",
        });
        let added = admin.post(&format!("/sites/{site_id}/devices"), &body).await?.ok()?;
        Ok(added["id"].as_str().context("a device has an id")?.to_owned())
    }

    pub(crate) async fn power(&self, on: bool) -> Result<()> {
        control::change(self.simulator.control(), 0, &json!({ "power": on })).await.map(drop)
    }

    /// Somebody with a keypad makes an account.
    pub(crate) async fn put_ghost(&self, name: &str) -> Result<()> {
        let account = json!({"name": name, "role": "installerEmployee", "password": "Night-watch1"});
        control::change(self.simulator.control(), 0, &json!({"panel": {"add_accounts": [account]}})).await.map(drop)
    }

    /// Whether exactly these accounts of ours are on it, those with a password with just that one.
    pub(crate) async fn holds(&self, wanted: &[(&str, Option<&str>)]) -> Result<bool> {
        let listed = Client::bare(self.simulator.control()).get("/devices/0/accounts").await?.ok()?;
        let found: BTreeMap<String, String> = listed
            .as_array()
            .into_iter()
            .flatten()
            .map(|account| (text(&account["name"]), text(&account["password"])))
            .filter(|(name, _)| !BUILT_IN.contains(&name.as_str()))
            .collect();
        let same = |(name, password): &(&str, Option<&str>)| {
            found.get(*name).is_some_and(|found| password.is_none_or(|password| found == password))
        };
        Ok(found.len() == wanted.len() && wanted.iter().all(same))
    }

    /// Waits until it does; says so where it never does.
    pub(crate) async fn wait(&self, wanted: &[(&str, Option<&str>)]) -> bool {
        let started = Instant::now();
        while started.elapsed() < LONGEST {
            if matches!(self.holds(wanted).await, Ok(true)) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
        println!("   ✗ the panel does not have just the accounts {names:?}");
        false
    }

    /// Whether no account was made oftener than it was wanted anew: Ines twice, the Admin once.
    pub(crate) async fn never_made_twice(&self) -> Result<bool> {
        let state = control::state(self.simulator.control(), 0).await?;
        let made: BTreeMap<String, u64> = serde_json::from_value(state["panel"]["created"].clone())?;
        Ok(made.iter().all(|(name, times)| *times <= u64::from(name.starts_with("ines")) + 1))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
