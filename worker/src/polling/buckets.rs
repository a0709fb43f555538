//! This worker's share of the devices: buckets leased, renewed and rebalanced, their devices loaded, and changes followed.
//!
//! Everything here blocks; the engine runs it beside itself. Its lease and its reading of changes never run together:
//! a change of a device in a bucket that is just being taken over would fall between them.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use siteward_devices::Pin;
use siteward_domain::firmware::FirmwareKnowledge;
use siteward_domain::flapping::Flapping;
use siteward_domain::health::{Reachability, Topic};
use siteward_domain::panel::PanelStatus;
use siteward_store::polling::{self, BUCKETS, PolledDevice};
use siteward_store::{Store, StoreError, network_losses};

use super::breaker::Breaker;
use super::compare::Prints;
use super::device::{Behind, OpenException, Watched};

/// Buckets whose devices are loaded at once, for their facts pass through memory.
const LOADED_AT_ONCE: usize = 64;
/// The first wait for a free session, where a loaded device does not tell.
const SESSION_WAIT: Duration = Duration::minutes(1);

/// The share after a renewal.
#[derive(Debug)]
pub(crate) struct Share {
    /// Every bucket held, in order.
    pub(crate) held: Vec<u16>,
    /// The devices of those that are new.
    pub(crate) devices: Vec<Watched>,
    /// Where to follow changes from, if they are not followed yet.
    pub(crate) position: i64,
}

/// What changed.
#[derive(Debug)]
pub(crate) struct Changes {
    /// Where to go on from.
    pub(crate) position: i64,
    /// Devices added, edited or asked for.
    pub(crate) devices: Vec<Watched>,
    /// Devices deleted.
    pub(crate) gone: Vec<siteward_domain::DeviceId>,
}

/// Renews the leases, takes free buckets up to a fair share and gives back what is above it.
pub(crate) fn share(
    store: &Store,
    owner: &str,
    lease: Duration,
    now: DateTime<Utc>,
    firmware: &FirmwareKnowledge,
) -> Result<Share, StoreError> {
    let (mut held, taken) = store.write(|conn| {
        polling::note_worker(conn, owner, now)?;
        let workers = polling::active_workers(conn, now, lease)?.max(1);
        let fair = usize::try_from(u64::from(BUCKETS).div_ceil(workers)).unwrap_or(usize::from(BUCKETS));
        let mut held = polling::renew_buckets(conn, owner, now, lease)?;
        let surplus = held.split_off(held.len().min(fair));
        if !surplus.is_empty() {
            polling::release_buckets(conn, owner, Some(&surplus))?;
        }
        let taken = match fair - held.len() {
            0 => Vec::new(),
            missing => polling::lease_buckets(conn, owner, missing, now, lease)?,
        };
        Ok((held, taken))
    })?;
    let position = store.read(polling::change_position)?;
    let mut devices = Vec::new();
    for some in taken.chunks(LOADED_AT_ONCE) {
        let loaded = store.read(|conn| polling::load_bucket_devices(conn, some))?;
        devices.extend(loaded.into_iter().map(|stored| watched(stored, firmware)));
    }
    held.extend(taken);
    held.sort_unstable();
    Ok(Share { held, devices, position })
}

/// What changed in these buckets after `position`.
pub(crate) fn changes(
    store: &Store,
    held: &[u16],
    position: i64,
    firmware: &FirmwareKnowledge,
) -> Result<Changes, StoreError> {
    let changes = store.read(|conn| polling::changes_since(conn, held, position))?;
    Ok(Changes {
        position: changes.position,
        devices: changes.devices.into_iter().map(|stored| watched(stored, firmware)).collect(),
        gone: changes.gone,
    })
}

/// Gives everything back, so that others take it over at once.
pub(crate) fn release(store: &Store, owner: &str) -> Result<(), StoreError> {
    store.write(|conn| {
        polling::release_buckets(conn, owner, None)?;
        network_losses::forget(conn, owner)?;
        polling::forget_worker(conn, owner)
    })
}

fn watched(stored: PolledDevice, firmware: &FirmwareKnowledge) -> Watched {
    let breaker = stored.breaker.as_ref().filter(|breaker| breaker.credential_version == stored.credential_version);
    let breaker = breaker.map_or(Breaker::Closed, |breaker| match (&breaker.reason, breaker.until) {
        (Reachability::LoginRefused { tries_left }, _) => Breaker::Refused { tries_left: *tries_left },
        (Reachability::Locked { .. }, Some(until)) => Breaker::Locked { until },
        (Reachability::TooManySessions, Some(until)) => Breaker::Busy { until, wait: SESSION_WAIT },
        _ => Breaker::Closed,
    });
    let open: BTreeMap<_, _> = stored
        .open
        .into_iter()
        .map(|open| (open.key, OpenException { id: open.id, opened_at: open.opened_at }))
        .collect();
    let mut flapping = Flapping::default();
    for (key, opened_at) in &stored.over {
        flapping.note_opened(key, *opened_at);
    }
    for (key, open) in &open {
        flapping.note_opened(key, open.opened_at);
    }
    let mut device = Watched {
        flapping,
        bucket: stored.bucket,
        behind: stored.link.map(|(link, serial)| Box::new(Behind { link, serial })),
        user_name: stored.user_name,
        pin: stored.pin.as_deref().and_then(Pin::parse),
        // Judged anew by what is known now: what an Admin's newer file knows is told without waiting for the next time
        // that the firmware is read.
        vulnerable: firmware.is_vulnerable(&stored.model, &stored.firmware),
        credential_version: stored.credential_version,
        is_too_old: stored.is_too_old,
        check_requested_at: stored.check_requested_at,
        breaker,
        health: stored.health,
        open,
        ..Watched::new(
            stored.id,
            stored.company_id,
            stored.site_id,
            stored.address,
            stored.sealed_password,
            stored.kind,
        )
    };
    for topic in Topic::ALL {
        if let Some(at) = stored.measured.of(topic) {
            device.note_measured(topic, at);
        }
    }
    for fact in stored.facts {
        device.swap_prints(fact.topic, Prints::of_stored(fact.topic, &fact.value));
        match fact.topic {
            Topic::Smart => device.told.smart = serde_json::from_str(&fact.value).unwrap_or_default(),
            Topic::Recording => device.told.recording = serde_json::from_str(&fact.value).ok(),
            Topic::Panel => {
                let panel: Option<PanelStatus> = serde_json::from_str(&fact.value).ok();
                device.told.links = panel.and_then(|panel| panel.links).map(Box::new);
            }
            Topic::Status => {
                device.status = serde_json::from_str(&fact.value).ok().map(|status| (fact.changed_at, status));
            }
            Topic::Reachability => {
                let reached: Option<Reachability> = serde_json::from_str(&fact.value).ok();
                let at = device.measured_at(Topic::Reachability);
                device.last_look = at.zip(reached.map(|reached| reached.answered()));
                device.unanswered = u8::from(device.last_look.is_some_and(|(_, answered)| !answered));
            }
            _ => {}
        }
    }
    device
}
