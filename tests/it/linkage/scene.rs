//! A site with two cameras and an alarm panel, and a way to have them tell of something.

use chrono::Utc;
use serde_json::{Value, json};
use siteward_domain::DeviceId;
use siteward_domain::device_event::{DeviceSignal, EventState, StreamState};
use siteward_simulator::{Change, Profile, Simulator, SimulatorSettings};
use siteward_store::device_events::{self, Heard};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::street::{make_site, wait_health, wait_until};

/// The places of the devices.
pub(super) const GATE: usize = 0;
pub(super) const YARD: usize = 1;
pub(super) const PANEL: usize = 2;

pub(super) struct Scene {
    pub(super) app: App,
    pub(super) admin: Client,
    pub(super) simulator: Simulator,
    pub(super) site: String,
    /// By their places.
    pub(super) devices: [String; 3],
}

pub(super) fn settings(seed: u64) -> SimulatorSettings {
    let mut settings = SimulatorSettings::uniform(3, Profile::Camera, seed);
    settings.devices[PANEL].profile = Profile::Panel;
    for (device, name) in settings.devices.iter_mut().zip(["Gate", "Yard", "Panel"]) {
        device.name = String::from(name);
    }
    settings
}

/// Adds the devices; gives their ids by their places.
pub(super) async fn add(admin: &Client, site: &str, listed: &Value) -> [String; 3] {
    let mut ids = [const { String::new() }; 3];
    for (id, device) in ids.iter_mut().zip(listed.as_array().unwrap()) {
        let body = json!({
            "name": device["name"], "host": device["address"], "port": device["port"], "user_name": device["user"],
            "password": device["password"],
        });
        let added = admin.post(&format!("/sites/{site}/devices"), &body).await.unwrap().ok().unwrap();
        *id = String::from(added["id"].as_str().unwrap());
    }
    ids
}

/// Where a rule is.
pub(super) fn path(rule: &Value) -> String {
    format!("/linkage_rules/{}", rule["id"].as_str().unwrap())
}

impl Scene {
    pub(super) async fn start() -> Self {
        let scene = Self::start_with(Start::with_devices()).await;
        scene.hear(GATE);
        scene
    }

    /// The same with event streams, over which the gate is heard.
    pub(super) async fn start_listening() -> Self {
        let scene = Self::start_with(Start::with_event_streams()).await;
        let id: DeviceId = scene.devices[GATE].parse().unwrap();
        let source = || scene.app.store.read(|conn| device_events::find_source(conn, &id)).unwrap();
        let is_open = || matches!(source().stream, Some((StreamState::Open, _)));
        wait_until("an open event stream", || async { Ok(is_open()) }).await.unwrap();
        scene
    }

    async fn start_with(start: Start) -> Self {
        let simulator = Simulator::start(settings(91)).await.unwrap();
        let app = start.set("POLLING__PANEL_SECONDS", "1").run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let site = make_site(&admin, "Harbour").await.unwrap();
        let listed = serde_json::to_value(simulator.devices()).unwrap();
        let devices = add(&admin, &site, &listed).await;
        wait_health(&admin, &site, "healthy", 3).await.unwrap();
        Self { app, admin, simulator, site, devices }
    }

    /// Has a device be one that pushes its events.
    pub(super) fn hear(&self, place: usize) {
        let id: DeviceId = self.devices[place].parse().unwrap();
        let hash = format!("{place:064}");
        self.app.store.write(|conn| device_events::set_token(conn, &id, &hash, Utc::now())).unwrap();
    }

    /// A device tells something in its own words, as if it had been heard just now.
    pub(super) fn tell(&self, place: usize, word: &str, channel: Option<u32>) {
        let signal = DeviceSignal::read(word, EventState::Active, channel).unwrap();
        let heard = Heard { device_id: self.devices[place].parse().unwrap(), signal, at: Utc::now() };
        self.app.store.write(|conn| device_events::append(conn, std::slice::from_ref(&heard)).map(drop)).unwrap();
    }

    /// Asks for a rule whose source is the gate.
    pub(super) async fn ask(&self, name: &str, kind: &str, actions: Value) -> Answer {
        let body = json!({
            "name": name, "source": {"device_id": self.devices[GATE], "kind": kind}, "actions": actions,
        });
        self.admin.post(&format!("/sites/{}/linkage_rules", self.site), &body).await.unwrap()
    }

    /// Makes it.
    pub(super) async fn rule(&self, name: &str, kind: &str, actions: Value) -> Value {
        self.ask(name, kind, actions).await.ok().unwrap()
    }

    pub(super) async fn read(&self, rule: &Value) -> Value {
        self.admin.get(&path(rule)).await.unwrap().ok().unwrap()
    }

    pub(super) async fn firings_of(&self, rule: &Value) -> Vec<Value> {
        let path = format!("/linkage_firings?limit=100&rule_id={}", rule["id"].as_str().unwrap());
        self.admin.get(&path).await.unwrap().ok().unwrap()["items"].as_array().unwrap().clone()
    }

    /// The firings of the site, once there are so many and nothing of them is under way any more.
    pub(super) async fn ended(&self, count: usize) -> Vec<Value> {
        let path = format!("/linkage_firings?site_id={}", self.site);
        let list = async || self.admin.get(&path).await.unwrap().ok().unwrap()["items"].as_array().unwrap().clone();
        wait_until("the actions over", || async {
            let firings = list().await;
            let over = |one: &Value| !one["ended_at"].is_null();
            Ok(firings.len() >= count
                && firings.iter().all(|firing| firing["actions"].as_array().unwrap().iter().all(over)))
        })
        .await
        .unwrap();
        list().await
    }

    /// Whatever was told before has been read: a rule of its own fired for something told now.
    pub(super) async fn witness(&self) {
        let witness = self.rule("Witness", "tamper", json!([{"kind": "webhook"}])).await;
        self.tell(GATE, "shelteralarm", None);
        wait_until("the witness", || async { Ok(!self.firings_of(&witness).await.is_empty()) }).await.unwrap();
    }

    pub(super) async fn monitor(&self, device: &str, on: bool) {
        let path = format!("/devices/{device}/monitoring");
        self.admin.send_json(http::Method::PUT, &path, &json!({"on": on})).await.unwrap().ok().unwrap();
    }

    pub(super) async fn set(&self, place: usize, change: Value) {
        let change: Change = serde_json::from_value(change).unwrap();
        self.simulator.set(place, change).await.unwrap();
    }
}
