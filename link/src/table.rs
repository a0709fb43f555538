//! Who is there: the devices found, and by that what may be dialled.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use siteward_devices::AddressPolicy;
use siteward_domain::link::Sighting;
use siteward_domain::serial::SerialNumber;
use tokio::sync::watch;
use tokio::time::Instant;

/// Devices that are kept, at most.
const MOST_DEVICES: usize = 8192;
/// Inquiries without an answer after which a device is lost.
const MOST_MISSED: u32 = 3;
/// Silence after which it is lost however few inquiries there were.
const MOST_SILENCE: Duration = Duration::from_secs(120);
/// Ports that may be dialled besides the one a device names.
const PORTS: [u16; 4] = [80, 443, 8080, 8443];

/// Why a device is not dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDialled {
    /// No device of that serial has been found.
    UnknownDevice,
    /// Not a port of its web server.
    PortNotAllowed,
}

impl NotDialled {
    /// The stable code that the platform is told.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::UnknownDevice => "unknown_device",
            Self::PortNotAllowed => "port_not_allowed",
        }
    }
}

struct Found {
    sighting: Arc<Sighting>,
    missed: u32,
    heard: Instant,
}

/// The devices found. Shared by discovery, which fills it, and sessions, which read it.
pub(crate) struct Table {
    policy: AddressPolicy,
    found: Mutex<HashMap<SerialNumber, Found>>,
    /// How many rounds of looking have been taken in.
    rounds: watch::Sender<u64>,
}

impl Table {
    pub(crate) fn new(allow_loopback: bool) -> Self {
        let policy = AddressPolicy { allow_loopback, allow_private: true };
        Self { policy, found: Mutex::default(), rounds: watch::Sender::new(0) }
    }

    /// Tells of each round taken in; none yet is 0.
    pub(crate) fn rounds(&self) -> watch::Receiver<u64> {
        self.rounds.subscribe()
    }

    /// Takes in what one round of looking found. Answers at addresses that must not be dialled are left out.
    pub(crate) fn take_round(&self, sightings: Vec<Sighting>, now: Instant) {
        let mut answers: HashMap<SerialNumber, Vec<Sighting>> = HashMap::new();
        for sighting in sightings {
            if address_of(&sighting).is_some_and(|ip| self.may_dial(ip)) {
                answers.entry(sighting.serial.clone()).or_default().push(sighting);
            }
        }
        let mut found = self.lock();
        for (serial, old) in found.iter_mut() {
            match answers.remove(serial).and_then(|told| choose(told, &old.sighting)) {
                Some(told) => {
                    if *old.sighting != told {
                        old.sighting = Arc::new(told);
                    }
                    (old.missed, old.heard) = (0, now);
                }
                None => old.missed = old.missed.saturating_add(1),
            }
        }
        found.retain(|_, old| old.missed < MOST_MISSED && now.duration_since(old.heard) < MOST_SILENCE);
        for (serial, told) in answers {
            if found.len() >= MOST_DEVICES {
                break;
            }
            if let Some(sighting) = told.into_iter().next() {
                found.insert(serial, Found { sighting: Arc::new(sighting), missed: 0, heard: now });
            }
        }
        drop(found);
        self.rounds.send_modify(|rounds| *rounds += 1);
    }

    /// Which addresses may be dialled at all.
    pub(crate) fn policy(&self) -> AddressPolicy {
        self.policy
    }

    /// All that is there, by serial.
    pub(crate) fn all(&self) -> Vec<Arc<Sighting>> {
        let mut all: Vec<_> = self.lock().values().map(|found| Arc::clone(&found.sighting)).collect();
        all.sort_by(|a, b| a.serial.cmp(&b.serial));
        all
    }

    /// How many devices are there.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// One device.
    pub(crate) fn find(&self, serial: &SerialNumber) -> Option<Arc<Sighting>> {
        self.lock().get(serial).map(|found| Arc::clone(&found.sighting))
    }

    /// Where a port of a device is; nothing but what this gives is ever dialled for the platform.
    pub(crate) fn address(&self, serial: &SerialNumber, port: u16) -> Result<SocketAddr, NotDialled> {
        let sighting = self.find(serial).ok_or(NotDialled::UnknownDevice)?;
        if port != sighting.http_port && !PORTS.contains(&port) {
            return Err(NotDialled::PortNotAllowed);
        }
        let ip = address_of(&sighting).filter(|ip| self.may_dial(*ip)).ok_or(NotDialled::UnknownDevice)?;
        Ok(SocketAddr::new(ip, port))
    }

    /// Whether a device may be at an address: a single one, not link-local, and not this very box.
    pub(crate) fn may_dial(&self, ip: IpAddr) -> bool {
        self.policy.check_ip(ip).is_ok() && (ip.is_loopback() || !is_own(ip))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SerialNumber, Found>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of several answers for one serial the one at the address known already: another may be somebody's forgery.
fn choose(told: Vec<Sighting>, known: &Sighting) -> Option<Sighting> {
    let stays = told.iter().position(|told| told.host == known.host && told.http_port == known.http_port);
    told.into_iter().nth(stays.unwrap_or(0))
}

fn address_of(sighting: &Sighting) -> Option<IpAddr> {
    sighting.host.parse().ok()
}

/// Whether an address is this machine's: it would then be spoken to from that same address. Nothing is sent.
fn is_own(ip: IpAddr) -> bool {
    let any: SocketAddr = if ip.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let spoken_from = UdpSocket::bind(any).and_then(|socket| {
        socket.connect((ip, 9))?;
        socket.local_addr()
    });
    spoken_from.is_ok_and(|from| from.ip() == ip)
}

#[cfg(test)]
mod tests;
