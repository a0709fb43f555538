//! Collects what looks found and writes it in batches, once a second: one statement a kind of row, however many devices.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::health::{Reachability, Topic};
use siteward_domain::uptime::HourShare;
use siteward_store::events::NewEvent;
use siteward_store::polling::{
    self, BreakerRow, ClosedRow, FactRow, MeasuredRow, OpenedRow, PinRow, RoundWrite, TemperatureRow, TransitionRow,
    UptimeRow,
};
use siteward_store::{DbConn, Store, StoreError};

use super::breaker::Breaker;
use super::device::Watched;
use super::round::Findings;
use super::schedule::Slot;

/// Who made the events, as the log tells it.
const ACTOR: &str = "poller";

/// What is to be written.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// The last time of each device and set of topics; a device that is looked at often is one row.
    measured: HashMap<(Slot, u32, u16), (DeviceId, DateTime<Utc>)>,
    /// Everything else.
    round: RoundWrite,
    /// Whether it must survive a loss of power: a breaker that opened.
    is_precious: bool,
    /// How often the database refused it.
    pub(crate) refusals: u32,
}

impl Pending {
    /// Adds what a look found. Slot and version tell the device apart from others that sat in the slot before.
    pub(crate) fn add(&mut self, slot: Slot, version: u32, device: &Watched, findings: Findings) {
        let at = findings.at;
        let topics = findings.measured.iter().fold(0, |topics, topic| topics | (1_u16 << *topic as u16));
        self.measured
            .entry((slot, version, topics))
            .and_modify(|(_, last)| *last = at)
            .or_insert_with(|| (device.id.clone(), at));
        for found in findings.facts {
            if found.is_news {
                self.tell(device, EventKind::FactsChanged, at, json!({ "topic": found.fact.topic.as_str() }));
            }
            let (topic, value, source) = (found.fact.topic, found.fact.value, found.fact.source);
            self.round.facts.push(FactRow { device_id: device.id.clone(), topic, value, source, at });
        }
        if let Some((from, to)) = findings.transition {
            self.round.transitions.push(TransitionRow { device_id: device.id.clone(), from, to, at });
            let data = json!({ "from": from.as_str(), "to": to.as_str() });
            self.tell(device, EventKind::HealthChanged, at, data);
        }
        for (key, exception) in findings.opened {
            let data = json!({ "exception_id": exception.id, "kind": key.kind.as_str(), "part": key.part });
            self.tell(device, EventKind::ExceptionOpened, at, data);
            self.round.opened.push(OpenedRow { id: exception.id, device_id: device.id.clone(), key, at });
        }
        for (key, exception) in findings.closed {
            let seconds = (at - exception.opened_at).num_seconds().max(0);
            let data = json!({ "exception_id": exception.id, "kind": key.kind.as_str(), "part": key.part,
                               "duration_seconds": seconds });
            self.tell(device, EventKind::ExceptionClosed, at, data);
            self.round.closed.push(ClosedRow { id: exception.id, at });
        }
        self.round.temperatures.extend(findings.temperatures.into_iter().map(|(disk, celsius)| TemperatureRow {
            device_id: device.id.clone(),
            disk,
            day: at.timestamp().div_euclid(86_400),
            celsius,
        }));
        self.add_uptime(device, findings.uptime);
        if let Some(breaker) = findings.breaker {
            self.is_precious = true;
            self.round.breakers.push(BreakerRow {
                device_id: device.id.clone(),
                credential_version: device.credential_version,
                breaker: stored_breaker(breaker),
            });
        }
        if let Some(pin) = findings.pin {
            self.round.pins.push(PinRow { device_id: device.id.clone(), fingerprint: pin.to_hex() });
        }
    }

    /// Adds what a device still holds back, when it is no longer looked after here.
    pub(crate) fn add_rest(&mut self, device: &Watched) {
        self.add_uptime(device, device.uptime.into_iter().collect());
    }

    fn add_uptime(&mut self, device: &Watched, shares: Vec<HourShare>) {
        let seconds = |seconds: i64| u32::try_from(seconds).unwrap_or(0);
        self.round.uptime.extend(shares.into_iter().map(|share| UptimeRow {
            device_id: device.id.clone(),
            hour: share.hour,
            up_seconds: seconds(share.up_seconds),
            down_seconds: seconds(share.down_seconds),
        }));
    }

    fn tell(&mut self, device: &Watched, kind: EventKind, at: DateTime<Utc>, data: serde_json::Value) {
        self.round.events.push(NewEvent {
            company_id: device.company_id.clone(),
            site_id: Some(device.site_id.clone()),
            device_id: Some(device.id.clone()),
            kind,
            actor: ACTOR.to_owned(),
            at,
            data,
        });
    }

    /// How many rows it has.
    pub(crate) fn rows(&self) -> usize {
        self.measured.len() + self.round.rows()
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows() == 0
    }

    /// Writes it in a transaction of its own; gives the number of rows.
    pub(crate) fn write(&mut self, store: &Store) -> Result<usize, StoreError> {
        let rows = self.rows();
        self.gather();
        let round = &self.round;
        if self.is_precious {
            store.write(|conn| polling::write_round(conn, round))?;
        } else {
            store.write_relaxed(|conn| polling::write_round(conn, round))?;
        }
        Ok(rows)
    }

    /// Moves the times of measurement to the other rows.
    pub(crate) fn gather(&mut self) {
        for ((_, _, mask), (device_id, at)) in self.measured.drain() {
            let topics = Topic::ALL.into_iter().filter(|topic| mask & (1 << *topic as u16) != 0).collect();
            self.round.measured.push(MeasuredRow { device_id, topics, at });
        }
    }

    /// Writes what was gathered in a transaction of somebody else's.
    pub(crate) fn write_within(&self, conn: &mut DbConn) -> Result<(), StoreError> {
        polling::write_round(conn, &self.round)
    }
}

fn stored_breaker(breaker: Breaker) -> Option<(Reachability, Option<DateTime<Utc>>)> {
    match breaker {
        Breaker::Closed => None,
        Breaker::Refused { .. } => Some((breaker.standing(), None)),
        Breaker::Locked { until } | Breaker::Busy { until, .. } => Some((breaker.standing(), Some(until))),
    }
}
