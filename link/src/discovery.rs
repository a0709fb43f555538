//! Looking around: an inquiry to the whole network, and a look at the addresses configured by hand.

use std::net::SocketAddr;
use std::sync::Arc;

use siteward_devices::sadp::{Finder, PORT};
use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits, activation};
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::link::{BindState, FoundBy, Sighting};
use siteward_domain::serial::SerialNumber;
use tokio::sync::{Mutex, OnceCell};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::config::{ByHand, Discovery};
use crate::table::Table;

/// Addresses configured by hand that are looked at together.
const LOOKS_AT_ONCE: usize = 32;

/// Looks around, at every turn of the clock and when it is asked to.
pub(crate) struct Looking {
    config: Discovery,
    table: Arc<Table>,
    finder: OnceCell<Finder>,
    turn: Mutex<()>,
}

impl Looking {
    pub(crate) fn new(config: Discovery, table: Arc<Table>) -> Self {
        Self { config, table, finder: OnceCell::new(), turn: Mutex::new(()) }
    }

    /// Looks around until the link ends.
    pub(crate) async fn run(&self, stop: &CancellationToken) {
        let mut clock = tokio::time::interval(self.config.every());
        clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let rounds = async {
            loop {
                clock.tick().await;
                self.look().await;
            }
        };
        let _ = stop.run_until_cancelled(rounds).await;
    }

    /// One round. Several that are asked for at the same time are one after the other.
    pub(crate) async fn look(&self) {
        let _turn = self.turn.lock().await;
        let (inquired, by_hand) = tokio::join!(self.inquire(), self.look_by_hand());
        let mut sightings = inquired;
        for sighting in by_hand {
            // What the device tells of itself is more than its address tells.
            if !sightings.iter().any(|told| told.serial == sighting.serial) {
                sightings.push(sighting);
            }
        }
        self.table.take_round(sightings, Instant::now());
    }

    /// The socket that inquiries go out of; opened when it can be.
    pub(crate) async fn finder(&self) -> Option<&Finder> {
        let mut targets = self.config.targets.clone();
        targets.extend(self.config.devices.iter().map(|device| SocketAddr::new(device.ip, PORT)));
        let opening = || Finder::open(self.config.listen, targets, self.config.wait());
        match self.finder.get_or_try_init(opening).await {
            Ok(finder) => Some(finder),
            Err(error) => {
                tracing::warn!(listen = %self.config.listen, %error, "inquiries cannot be sent");
                None
            }
        }
    }

    async fn inquire(&self) -> Vec<Sighting> {
        if self.config.targets.is_empty() && self.config.devices.is_empty() {
            return Vec::new();
        }
        let Some(finder) = self.finder().await else { return Vec::new() };
        match finder.discover().await {
            Ok(answers) => answers.iter().filter_map(siteward_devices::sadp::SadpAnswer::sighting).collect(),
            Err(error) => {
                tracing::warn!(%error, "nothing could be asked of the network");
                Vec::new()
            }
        }
    }

    /// Devices that answer no inquiry, but are known by address and serial.
    async fn look_by_hand(&self) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        let mut looks = JoinSet::new();
        let policy = AddressPolicy { allow_loopback: self.config.allow_loopback, allow_private: true };
        for device in &self.config.devices {
            let Some(long_serial) = device.serial.clone() else { continue };
            if looks.len() >= LOOKS_AT_ONCE {
                sightings.extend(looks.join_next().await.and_then(Result::ok).flatten());
            }
            looks.spawn(look_at(device.clone(), long_serial, policy));
        }
        while let Some(look) = looks.join_next().await {
            sightings.extend(look.ok().flatten());
        }
        sightings
    }
}

/// Whether something that speaks ISAPI is there, and has a password; no login is tried.
async fn look_at(device: ByHand, long_serial: String, policy: AddressPolicy) -> Option<Sighting> {
    let serial = SerialNumber::parse(&long_serial).ok()?;
    let scheme = if matches!(device.port, 443 | 8443) { Scheme::Https } else { Scheme::Http };
    let address = DeviceAddress { scheme, host: device.ip.to_string(), port: device.port };
    let mut client = DeviceClient::without_login(address, Limits::default(), policy);
    let activated = match activation::is_activated(&mut client).await {
        Ok(activated) => Some(activated),
        Err(CallError::Unreachable { .. } | CallError::AddressRefused(_)) => return None,
        Err(_) => None,
    };
    Some(Sighting {
        serial,
        long_serial,
        mac: None,
        model: String::new(),
        firmware: String::new(),
        host: device.ip.to_string(),
        http_port: device.port,
        dhcp: None,
        activated,
        service_enabled: None,
        bind: BindState::Unknown,
        unbind_supported: None,
        found_by: FoundBy::Configured,
    })
}
