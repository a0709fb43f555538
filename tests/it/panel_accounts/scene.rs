//! A company with a simulated panel, and what is on that panel by its own account.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siteward_domain::SiteId;
use siteward_domain::site::SiteStatus;
use siteward_domain::staff::Right;
use siteward_simulator::{Change, DeviceHandle, PanelRole, Profile, Simulator, SimulatorSettings};
use siteward_store::site_managers::{self, Assignment};
use siteward_store::{companies, sites};
use siteward_tests::app::{ADMIN, App, Start};
use siteward_tests::client::Client;

/// Long enough for several periods of a second each on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Scene {
    pub(crate) app: App,
    pub(crate) admin: Client,
    pub(crate) simulator: Simulator,
    pub(crate) site: String,
}

/// A panel that has the older form of accounts, or not.
pub(crate) fn panels(count: usize, older: bool) -> SimulatorSettings {
    let mut settings = SimulatorSettings::uniform(count, Profile::Panel, 7);
    for device in &mut settings.devices {
        device.panel.cloud_user_manage = !older;
    }
    settings
}

impl Scene {
    pub(crate) async fn start(settings: SimulatorSettings) -> Self {
        let start = Start::with_devices().set("PANELS__RECONCILE_SECONDS", "1").set("POLLING__PANEL_SECONDS", "1");
        Self::start_with(settings, start).await
    }

    pub(crate) async fn start_with(settings: SimulatorSettings, start: Start) -> Self {
        let simulator = Simulator::start(settings).await.unwrap();
        let app = start.run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let site = make_site(&admin, "Harbour").await;
        Self { app, admin, simulator, site }
    }

    /// Adds a panel to a site by hand.
    pub(crate) async fn add(&self, place: usize, site: &str) -> String {
        let DeviceHandle { address, port, user, password, .. } = &self.simulator.devices()[place];
        let body = json!({"host": address.to_string(), "port": port, "user_name": user, "password": password});
        let device = self.admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
        assert_eq!(device["kind"], "alarm_panel", "{device}");
        device["id"].as_str().unwrap().to_owned()
    }

    /// What is on a panel besides the accounts that it always has: name, role and password.
    pub(crate) fn on_panel(&self, place: usize) -> BTreeMap<String, (PanelRole, String)> {
        let accounts = self.simulator.accounts(place).unwrap().into_iter();
        let others = accounts.filter(|one| !matches!(one.role, PanelRole::LocalAdmin | PanelRole::LocalInstaller));
        others.map(|one| (one.name, (one.role, one.password))).collect()
    }

    pub(crate) fn names(&self, place: usize) -> Vec<String> {
        self.on_panel(place).into_keys().collect()
    }

    /// Waits until exactly these are on the panel.
    pub(crate) async fn has(&self, place: usize, names: &[&str]) {
        let mut expected: Vec<&str> = names.to_vec();
        expected.sort_unstable();
        self.until(
            || (self.names(place) == expected).then_some(()),
            || format!("panel {place} has {:?} and not {expected:?}", self.names(place)),
        )
        .await;
    }

    /// Waits until a person's password on the panel is this one.
    pub(crate) async fn has_password(&self, place: usize, name: &str, password: &str) {
        let of = || self.on_panel(place).remove(name).map(|(_, password)| password);
        self.until(
            || (of().as_deref() == Some(password)).then_some(()),
            || format!("{name} has {:?} on panel {place} and not {password:?}", of()),
        )
        .await;
    }

    async fn until<T>(&self, mut look: impl FnMut() -> Option<T>, tell: impl Fn() -> String) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(started.elapsed() < PATIENCE, "{}", tell());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Waits until what the API tells the Admin is as wanted, and gives it.
    pub(crate) async fn told(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        self.asked(&self.admin, path, is_so).await
    }

    /// The same for somebody.
    pub(crate) async fn asked(&self, client: &Client, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        loop {
            let answer = client.get(path).await.unwrap().ok().unwrap();
            if is_so(&answer) {
                return answer;
            }
            assert!(started.elapsed() < PATIENCE, "{path}: {answer}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Waits until there is nothing any more.
    pub(crate) async fn until_none<T>(&self, look: impl Fn() -> Option<T>) {
        self.until(|| look().is_none().then_some(()), || "it is still there".to_owned()).await;
    }

    /// The account of this name as the API tells it, once it is in a state.
    pub(crate) async fn account(&self, device: &str, name: &str, state: &str) -> Value {
        let find =
            |list: &Value| list["items"].as_array().unwrap().iter().find(|one| one["user_name"] == name).cloned();
        let is_so = |list: &Value| find(list).is_some_and(|one| one["state"] == state);
        find(&self.told(&format!("/devices/{device}/panel_accounts"), is_so).await).unwrap()
    }

    /// So many comparisons from now on have passed.
    pub(crate) async fn periods(&self, device: &str, count: usize) {
        let path = format!("/devices/{device}/panel_accounts");
        for _ in 0..=count {
            let before = self.admin.get(&path).await.unwrap().ok().unwrap()["state"]["checked_at"].clone();
            self.told(&path, |list| list["state"]["checked_at"] != before).await;
        }
    }

    pub(crate) async fn set(&self, place: usize, change: Value) {
        let change: Change = serde_json::from_value(change).unwrap();
        self.simulator.set(place, change).await.unwrap();
    }

    pub(crate) fn counters(&self, place: usize) -> siteward_simulator::Counters {
        self.simulator.view(place).unwrap().counters
    }

    /// How often an account of a name was made on a panel over the network.
    pub(crate) fn created(&self, place: usize, name: &str) -> u64 {
        let panel = self.simulator.view(place).unwrap().panel.unwrap();
        panel.created.get(name).copied().unwrap_or_default()
    }

    /// Somebody whose role has one right.
    pub(crate) async fn member(&self, email: &str, right: Right) -> Client {
        self.app.member_with(email, &[right]).await.unwrap()
    }

    /// Who manages a site from now on, each until so many milliseconds from now.
    pub(crate) fn managers(&self, site: &str, managers: &[(&str, Option<i64>)]) {
        let now = chrono::Utc::now();
        let site: SiteId = site.parse().unwrap();
        let until = |ms: i64| now + chrono::Duration::milliseconds(ms);
        let assignments: Vec<Assignment> = managers
            .iter()
            .map(|(email, ms)| Assignment { staff_id: self.app.staff_id(email).unwrap(), expires_at: ms.map(until) })
            .collect();
        let by = self.app.staff_id(ADMIN).unwrap();
        let set = self.app.store.write(|conn| {
            let company = companies::list_companies(conn)?.remove(0).id;
            site_managers::set(conn, &company, std::slice::from_ref(&site), &assignments, &by, now)
        });
        set.unwrap();
    }

    pub(crate) fn status(&self, site: &str, status: SiteStatus) {
        let site: SiteId = site.parse().unwrap();
        let set = self.app.store.write(|conn| {
            let company = companies::list_companies(conn)?.remove(0).id;
            sites::set_status(conn, &company, &site, status, chrono::Utc::now())
        });
        set.unwrap();
    }

    /// How many events of a kind there are about a device.
    pub(crate) fn events(&self, device: &str, kind: &str) -> usize {
        let all = self.app.store.read(|conn| siteward_store::events::after(conn, None, 0, 1000)).unwrap();
        let of = |event: &&siteward_store::events::Event| {
            event.kind.as_str() == kind && event.device_id.as_ref().is_some_and(|id| id.as_str() == device)
        };
        all.iter().filter(of).count()
    }
}

pub(crate) async fn make_site(admin: &Client, name: &str) -> String {
    let body = json!({"name": name, "time_zone": "Europe/Berlin"});
    let site = admin.post("/sites", &body).await.unwrap().ok().unwrap();
    site["id"].as_str().unwrap().to_owned()
}
