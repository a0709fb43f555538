//! A site of simulated devices, a catalogue for them, and what upgrades do to them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use siteward_domain::firmware::upgrade_path::region_of;
use siteward_simulator::{
    Change, DeviceView, Profile, Simulator, SimulatorSettings, UpgradeChange, UpgradeFault, UpgradePackage,
};
use siteward_tests::app::{App, Start};
use siteward_tests::client::{Answer, Client};
use siteward_tests::lan::wait;

pub(super) const OLD: &str = "V5.3.4 build 151016";
pub(super) const STEP: &str = "V5.4.41 build 170312";
pub(super) const NEW: &str = "V5.4.5 build 170124";

/// How long an upgrade may take.
const LONGEST: Duration = Duration::from_secs(100);

pub(super) struct Scene {
    pub(super) app: App,
    pub(super) admin: Client,
    pub(super) simulator: Simulator,
    pub(super) site: String,
    pub(super) devices: Vec<String>,
}

/// A server with a worker that is quick about upgrades.
pub(super) fn quick() -> Start {
    Start::with_devices()
        .set("UPGRADES__WATCH_SECONDS", "1")
        .set("UPGRADES__OFFLINE_SECONDS", "1")
        .set("UPGRADES__RETURN_SECONDS", "10")
        .set("UPGRADES__SETTLE_SECONDS", "3")
}

impl Scene {
    pub(super) async fn start(count: usize) -> Self {
        let mut settings = SimulatorSettings::uniform(count, Profile::Camera, 91);
        settings.reboot = Duration::from_millis(300);
        let simulator = Simulator::start(settings).await.unwrap();
        let app = quick().run().await.unwrap();
        let admin = app.admin().await.unwrap();
        let body = json!({"name": "Harbour", "time_zone": "Europe/Berlin"});
        let site = admin.post("/sites", &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned();
        let mut scene = Self { app, admin, simulator, site, devices: Vec::new() };
        for place in 0..count {
            scene.change(place, Change { firmware: Some(OLD.into()), ..Change::default() }).await;
            let device = scene.add(place).await;
            scene.devices.push(device);
        }
        // Their regions stand in what the first look brings.
        let looked_at = || async {
            let page = scene.admin.get("/devices?limit=100").await?.ok()?;
            Ok(page["items"].as_array().is_some_and(|all| all.iter().all(|one| one["health"] == "healthy")))
        };
        wait(looked_at).await.unwrap();
        scene
    }

    async fn add(&self, place: usize) -> String {
        let handle = &self.simulator.devices()[place];
        let body = json!({
            "name": format!("Camera {place}"), "host": handle.address.to_string(), "port": handle.port,
            "user_name": handle.user, "password": handle.password,
        });
        let path = format!("/sites/{}/devices", self.site);
        self.admin.post(&path, &body).await.unwrap().ok().unwrap()["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn change(&self, place: usize, change: Change) {
        self.simulator.set(place, change).await.unwrap();
    }

    pub(super) async fn fault(&self, place: usize, fault: UpgradeFault) {
        let upgrade =
            UpgradeChange { fault: Some(siteward_simulator::UpgradeFaultOrNone::Some(fault)), ..Default::default() };
        self.change(place, Change { upgrade: Some(upgrade), ..Change::default() }).await;
    }

    pub(super) async fn power(&self, place: usize, on: bool) {
        self.change(place, Change { power: Some(on), ..Change::default() }).await;
    }

    pub(super) fn view(&self, place: usize) -> DeviceView {
        self.simulator.view(place).unwrap()
    }

    /// A file for all of the devices, in the catalogue.
    pub(super) async fn file(&self, version: &str, first: Option<&str>) -> String {
        let handles = self.simulator.devices();
        let mut models: Vec<String> = handles.iter().map(|handle| handle.model.to_owned()).collect();
        models.sort();
        models.dedup();
        let region = region_of(&handles[0].serial_number).unwrap();
        let package = UpgradePackage {
            models: models.clone(),
            language: region.to_owned(),
            version: version.to_owned(),
            from: (version == NEW).then(|| "V5.4.0".to_owned()),
        };
        let mut purpose = json!({"kind": "camera", "models": models, "region": region, "version": version});
        if let Some(first) = first {
            purpose["first_id"] = json!(first);
            purpose["first_below"] = json!("5.4.0");
        }
        self.upload(package.bytes(700_000), &purpose).await
    }

    pub(super) async fn upload(&self, bytes: Vec<u8>, purpose: &Value) -> String {
        let path = "/firmware_files?file_name=digicap.dav";
        let file = self.admin.post_bytes(path, "application/octet-stream", bytes).await.unwrap().ok().unwrap();
        let id = file["id"].as_str().unwrap().to_owned();
        let path = format!("/firmware_files/{id}");
        self.admin.send_json(http::Method::PUT, &path, purpose).await.unwrap().ok().unwrap();
        id
    }

    /// Both steps from [`OLD`] to [`NEW`].
    pub(super) async fn catalogue(&self) -> String {
        let step = self.file(STEP, None).await;
        self.file(NEW, Some(&step)).await
    }

    pub(super) async fn begin(&self, body: &Value) -> Answer {
        let mut whole = json!({"device_ids": self.devices});
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        self.admin.post("/upgrades", &whole).await.unwrap()
    }

    pub(super) async fn begun(&self, body: &Value) -> String {
        self.begin(body).await.ok().unwrap()["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn upgrade(&self, id: &str) -> Value {
        self.admin.get(&format!("/upgrades/{id}")).await.unwrap().ok().unwrap()
    }

    pub(super) async fn device(&self, upgrade: &str, place: usize) -> Value {
        let path = format!("/upgrades/{upgrade}/devices?limit=100");
        let page = self.admin.get(&path).await.unwrap().ok().unwrap();
        let of = |one: &&Value| one["device_id"] == self.devices[place].as_str();
        page["items"].as_array().unwrap().iter().find(of).unwrap().clone()
    }

    /// Waits until an upgrade stands so.
    pub(super) async fn stands(&self, id: &str, state: &str) {
        let started = Instant::now();
        while self.upgrade(id).await["state"] != state {
            let path = format!("/upgrades/{id}/devices?limit=100");
            let page =
                if started.elapsed() > LONGEST { self.admin.get(&path).await.unwrap().text } else { String::new() };
            assert!(page.is_empty(), "not {state}: {page}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until a device of an upgrade stands so.
    pub(super) async fn device_stands(&self, upgrade: &str, place: usize, state: &str) -> Value {
        let stood = wait(|| async { Ok(self.device(upgrade, place).await["state"] == state) }).await;
        let device = self.device(upgrade, place).await;
        assert!(stood.is_ok(), "not {state}: {device}");
        device
    }

    /// The kinds of a device's open exceptions.
    pub(super) async fn open(&self, place: usize) -> Vec<String> {
        let path = format!("/exceptions?open=true&device_id={}", self.devices[place]);
        let page = self.admin.get(&path).await.unwrap().ok().unwrap();
        page["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
    }
}
