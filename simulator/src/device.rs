//! One simulated device: who it is, how it is, who is connected to it.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::change::{Change, Counters, DeviceView, Disk, Hostile, Network};
use crate::identity::Identity;
use crate::login::Door;
use crate::network::Swallowing;
use crate::panel::Panel;
use crate::setup::Setup;
use crate::storage::Stored;
use crate::telling::Telling;
use crate::tls::Certificate;
use crate::upgrade::Upgrade;

/// Both clocks, read once a request.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    pub(crate) instant: Instant,
    pub(crate) utc: DateTime<Utc>,
}

impl Now {
    pub(crate) fn read() -> Self {
        Self { instant: Instant::now(), utc: Utc::now() }
    }
}

/// Limits that all devices of a simulator share.
pub(crate) struct Limits {
    pub(crate) idle_timeout: Duration,
    pub(crate) connections: usize,
    pub(crate) heartbeat: Duration,
    pub(crate) registration: Duration,
    pub(crate) reboot: Duration,
    /// Whether each device has a listener of its own.
    pub(crate) own_listeners: bool,
}

/// How a device is at the moment.
#[derive(Clone)]
pub(crate) struct Condition {
    pub(crate) power: bool,
    pub(crate) rebooting: bool,
    /// Whether something that it is behind is off.
    pub(crate) cut_off: bool,
    pub(crate) network: Network,
    pub(crate) disk: Disk,
    pub(crate) video_loss: BTreeSet<u32>,
    pub(crate) channel_offline: BTreeSet<u32>,
    pub(crate) stored: Stored,
    pub(crate) clock_offset_seconds: i64,
    pub(crate) hostile: Option<Hostile>,
    pub(crate) delay_ms: u64,
}

/// A simulated device.
pub(crate) struct Device {
    pub(crate) index: usize,
    pub(crate) identity: Identity,
    /// Its address as a number; see [`Device::address`].
    pub(crate) place: AtomicU32,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) door: Mutex<Door>,
    pub(crate) condition: Mutex<Condition>,
    pub(crate) setup: Mutex<Setup>,
    pub(crate) upgrade: Mutex<Upgrade>,
    /// What it has besides as an alarm panel.
    pub(crate) panel: Option<Box<Mutex<Panel>>>,
    pub(crate) certificate: Option<Mutex<Certificate>>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) started: Instant,
    pub(crate) tallies: Tallies,
    /// What it tells by itself.
    pub(crate) telling: Telling,
    /// deviceInfo, empty when it must be written anew.
    pub(crate) info_document: Mutex<Bytes>,
    /// The status of one second.
    pub(crate) status_document: Mutex<(i64, Bytes)>,
    pub(crate) connections: Mutex<JoinSet<()>>,
    pub(crate) open: AtomicUsize,
    /// The places of what is reached through it.
    pub(crate) behind: Mutex<BTreeSet<usize>>,
    /// Holds its port so that connections are neither taken nor refused.
    pub(crate) swallowing: Mutex<Option<Swallowing>>,
    /// Takes connections while the device has a listener of its own and is on.
    pub(crate) accepting: Mutex<Option<JoinHandle<()>>>,
    /// Keeps its port while it is off.
    pub(crate) keeping: Mutex<Option<tokio::net::TcpSocket>>,
    /// Brings it back from a reboot.
    pub(crate) rebooting: Mutex<Option<JoinHandle<()>>>,
}

/// Counters while they count.
#[derive(Default)]
pub(crate) struct Tallies {
    pub(crate) requests: AtomicU64,
    pub(crate) challenges: AtomicU64,
    pub(crate) logins_ok: AtomicU64,
    pub(crate) logins_refused: AtomicU64,
    pub(crate) connections: AtomicU64,
    pub(crate) connections_refused: AtomicU64,
    pub(crate) writes: AtomicU64,
    pub(crate) writes_refused: AtomicU64,
    pub(crate) inquiries: AtomicU64,
    pub(crate) commands: AtomicU64,
    pub(crate) commands_refused: AtomicU64,
    pub(crate) reboots: AtomicU64,
    pub(crate) session_logins: AtomicU64,
    pub(crate) sessions_refused: AtomicU64,
    pub(crate) accounts_created: AtomicU64,
    pub(crate) accounts_deleted: AtomicU64,
    pub(crate) account_passwords_set: AtomicU64,
}

impl Tallies {
    fn all(&self) -> [&AtomicU64; 17] {
        [
            &self.requests,
            &self.challenges,
            &self.logins_ok,
            &self.logins_refused,
            &self.connections,
            &self.connections_refused,
            &self.writes,
            &self.writes_refused,
            &self.inquiries,
            &self.commands,
            &self.commands_refused,
            &self.reboots,
            &self.session_logins,
            &self.sessions_refused,
            &self.accounts_created,
            &self.accounts_deleted,
            &self.account_passwords_set,
        ]
    }

    pub(crate) fn reset(&self) {
        for tally in self.all() {
            tally.store(0, Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> Counters {
        let read = |tally: &AtomicU64| tally.load(Ordering::Relaxed);
        Counters {
            requests: read(&self.requests),
            challenges: read(&self.challenges),
            logins_ok: read(&self.logins_ok),
            logins_refused: read(&self.logins_refused),
            connections: read(&self.connections),
            connections_refused: read(&self.connections_refused),
            writes: read(&self.writes),
            writes_refused: read(&self.writes_refused),
            inquiries: read(&self.inquiries),
            commands: read(&self.commands),
            commands_refused: read(&self.commands_refused),
            reboots: read(&self.reboots),
            session_logins: read(&self.session_logins),
            sessions_refused: read(&self.sessions_refused),
            accounts_created: read(&self.accounts_created),
            accounts_deleted: read(&self.accounts_deleted),
            account_passwords_set: read(&self.account_passwords_set),
        }
    }
}

/// Adds one.
pub(crate) fn count(tally: &AtomicU64) {
    tally.fetch_add(1, Ordering::Relaxed);
}

/// Locks; a panic elsewhere does not make simulated state unusable.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Condition {
    /// Whether it answers at all.
    pub(crate) fn is_up(&self) -> bool {
        self.power && !self.rebooting && !self.cut_off
    }
}

impl Device {
    /// Where it is now.
    pub(crate) fn address(&self) -> Ipv4Addr {
        Ipv4Addr::from(self.place.load(Ordering::Relaxed))
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        held(&self.setup).name.clone()
    }

    /// Version and build.
    pub(crate) fn firmware(&self) -> (String, String) {
        held(&self.setup).firmware(&self.identity)
    }

    /// Whether it attacks, and how long an answer waits.
    pub(crate) fn manners(&self) -> (Option<Hostile>, Duration) {
        let condition = held(&self.condition);
        let slow = if condition.network == Network::Slow { 2_000 } else { 0 };
        (condition.hostile, Duration::from_millis(condition.delay_ms + slow))
    }

    /// A copy of how it is.
    pub(crate) fn condition(&self) -> Condition {
        held(&self.condition).clone()
    }

    /// Seconds since it was (as it says) switched on.
    pub(crate) fn uptime(&self, now: Instant) -> u64 {
        match held(&self.setup).rebooted {
            Some(rebooted) => now.saturating_duration_since(rebooted).as_secs(),
            None => self.identity.uptime_at_start + now.saturating_duration_since(self.started).as_secs(),
        }
    }

    /// What it tells of itself has changed: kept documents are written anew.
    pub(crate) fn forget_documents(&self) {
        held(&self.status_document).0 = i64::MIN;
        *held(&self.info_document) = Bytes::new();
    }

    /// Takes over a change, all but power and the listener; true if open connections must end for it.
    pub(crate) fn change(&self, change: &Change, now: Instant) -> bool {
        let mut condition = held(&self.condition);
        let before = (condition.power, condition.network, condition.hostile);
        if let Some(power) = change.power {
            condition.power = power;
        }
        if let Some(network) = change.network {
            condition.network = network;
        }
        if let Some(hostile) = change.hostile {
            condition.hostile = hostile;
        }
        if let Some(disk) = change.disk {
            condition.disk = disk;
        }
        if let Some(channels) = &change.video_loss {
            condition.video_loss.clone_from(channels);
        }
        if let Some(channels) = &change.channel_offline {
            condition.channel_offline.clone_from(channels);
        }
        if let Some(stored) = &change.storage {
            condition.stored.change(stored);
        }
        if let Some(seconds) = change.clock_offset_seconds {
            condition.clock_offset_seconds = seconds;
        }
        if let Some(milliseconds) = change.delay_ms {
            condition.delay_ms = milliseconds;
        }
        if let Some(behaviour) = change.event_stream {
            self.telling.behave(behaviour);
        }
        if let Some(target) = &change.push_to {
            self.telling.push_to(target.clone());
        }
        let other_manners = before != (condition.power, condition.network, condition.hostile);
        drop(condition);
        held(&self.setup).change(change);
        if let Some(seconds) = change.uptime_seconds {
            held(&self.setup).rebooted = now.checked_sub(Duration::from_secs(seconds)).or(Some(now));
        }
        {
            let mut upgrade = held(&self.upgrade);
            if change.power == Some(false) {
                upgrade.power_lost();
            }
            if let Some(change) = &change.upgrade {
                upgrade.change(change);
            }
        }
        if let Some(panel) = &self.panel {
            let mut panel = held(panel);
            if change.power == Some(false) {
                panel.sessions.close_all();
            }
            if let Some(change) = &change.panel {
                panel.change(change, self);
            }
        }
        self.forget_documents();
        let mut door = held(&self.door);
        if let Some(password) = &change.password {
            door.set_password(password);
        }
        if let Some(locked) = change.locked {
            door.set_locked(locked, now);
        }
        if let Some(seconds) = change.nonce_lifetime_seconds {
            door.set_nonce_lifetime(Duration::from_secs(seconds));
        }
        other_manners
    }

    /// What a test may know.
    pub(crate) fn view(&self, now: Instant) -> DeviceView {
        let condition = self.condition();
        let panel = self.panel.as_ref().map(|panel| held(panel).view(now));
        let setup = held(&self.setup);
        let (version, build) = setup.firmware(&self.identity);
        let mut door = held(&self.door);
        let locked_for = door.locked_for(now);
        DeviceView {
            index: self.index,
            name: setup.name.clone(),
            profile: self.identity.profile,
            address: self.address(),
            power: condition.power,
            rebooting: condition.rebooting,
            cut_off: condition.cut_off,
            network: condition.network,
            password: if setup.activated { door.password().to_owned() } else { String::new() },
            activated: setup.activated,
            service_enabled: setup.service.enabled,
            service_registered: setup.service.is_registered(now, self.limits.registration),
            service_host: setup.service.host,
            verification_code: setup.service.code.clone(),
            bound: setup.bound,
            dhcp: setup.dhcp,
            firmware: format!("{version} {build}"),
            time_mode: if setup.clock.by_hand { "manual" } else { "NTP" },
            time_zone: setup.clock.zone(),
            disk: condition.disk,
            video_loss: condition.video_loss,
            channel_offline: condition.channel_offline,
            locked: locked_for.is_some(),
            locked_for_seconds: locked_for.map(|left| left.as_secs()),
            tries_left: door.tries_left(),
            clock_offset_seconds: condition.clock_offset_seconds,
            hostile: condition.hostile,
            delay_ms: condition.delay_ms,
            certificate_sha256: self.certificate.as_ref().map(|certificate| held(certificate).sha256.clone()),
            open_connections: self.open.load(Ordering::Relaxed),
            counters: self.tallies.read(),
            telling: self.telling.view(),
            upgrade: held(&self.upgrade).view(),
            linked: setup.linked.clone(),
            panel,
        }
    }
}
