//! What a look brought back as facts: which of them differ from what is written down, and which of those are news.
//!
//! Only fingerprints of the last values are kept in memory. The *value* decides whether a fact is written; the
//! *notable* part of it, without what drifts all the time, decides whether anybody is told.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;
use siteward_domain::health::Topic;
use siteward_domain::observation::{Clock, Disk, DiskSmart, Measured, Observation, Recording, RunStatus};
use siteward_domain::panel::PanelStatus;

/// A topic's fact as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    /// Which fact.
    pub(crate) topic: Topic,
    /// The value as JSON.
    pub(crate) value: String,
    /// The resource it was read from.
    pub(crate) source: String,
    /// Fingerprints of it.
    pub(crate) prints: Prints,
}

/// Fingerprints of a value; 0 stands for "not known".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Prints {
    /// Of all of it.
    pub(crate) value: u32,
    /// Of what is news when it changes.
    pub(crate) notable: u32,
}

impl Prints {
    /// Of a stored value.
    pub(crate) fn of_stored(topic: Topic, value: &str) -> Self {
        let notable = match topic {
            Topic::Disks => serde_json::from_str(value).map(|disks: Vec<Disk>| notable_disks(&disks)).ok(),
            Topic::Clock => serde_json::from_str(value).map(|clock: Clock| notable_clock(&clock)).ok(),
            Topic::Panel => serde_json::from_str(value).ok().and_then(|panel: PanelStatus| notable_panel(&panel)),
            Topic::Smart => serde_json::from_str(value).map(|disks: Vec<DiskSmart>| notable_checks(&disks)).ok(),
            Topic::Recording => serde_json::from_str(value).map(|set: Recording| notable_recording(&set)).ok(),
            Topic::Status => Some(String::new()),
            _ => None,
        };
        Self { value: print(value), notable: print(notable.as_deref().unwrap_or(value)) }
    }
}

/// The facts of an observation, the status aside: it has rules of its own.
pub(crate) fn facts(seen: &Observation) -> Vec<Fact> {
    let mut found = Vec::new();
    add(&mut found, Topic::Identity, seen.identity.as_ref(), |_| None);
    add(&mut found, Topic::Channels, seen.channels.as_ref(), |_| None);
    add(&mut found, Topic::Disks, seen.disks.as_ref(), |disks| Some(notable_disks(disks)));
    add(&mut found, Topic::Network, seen.network.as_ref(), |_| None);
    add(&mut found, Topic::Clock, seen.clock.as_ref(), |clock| Some(notable_clock(clock)));
    add(&mut found, Topic::UserCheck, seen.user_check.as_ref(), |_| None);
    add(&mut found, Topic::Capabilities, seen.capabilities.as_ref(), |_| None);
    add(&mut found, Topic::Panel, seen.panel.as_ref(), notable_panel);
    add(&mut found, Topic::Smart, seen.smart.as_ref(), |disks| Some(notable_checks(disks)));
    add(&mut found, Topic::Recording, seen.recording.as_ref(), |recording| Some(notable_recording(recording)));
    found
}

/// The status as a fact.
pub(crate) fn status_fact(status: &Measured<RunStatus>) -> Option<Fact> {
    let mut found = Vec::new();
    add(&mut found, Topic::Status, Some(status), |_| Some(String::new()));
    found.pop()
}

/// A value of a topic that is no part of an observation, e.g. reachability.
pub(crate) fn fact_of(topic: Topic, value: &impl Serialize, source: &str) -> Option<Fact> {
    let value = serde_json::to_string(value).ok()?;
    let print = print(&value);
    Some(Fact { topic, value, source: source.to_owned(), prints: Prints { value: print, notable: print } })
}

fn add<T: Serialize>(
    found: &mut Vec<Fact>,
    topic: Topic,
    part: Option<&Measured<T>>,
    notable: impl Fn(&T) -> Option<String>,
) {
    let Some(part) = part else { return };
    if let Some(mut fact) = fact_of(topic, &part.value, &part.source) {
        if let Some(notable) = notable(&part.value) {
            fact.prints.notable = print(&notable);
        }
        found.push(fact);
    }
}

/// Disks without their free space.
fn notable_disks(disks: &[Disk]) -> String {
    let parts: Vec<_> =
        disks.iter().map(|disk| format!("{} {} {:?}", disk.id, disk.raw_state, disk.capacity_mb)).collect();
    parts.join("\n")
}

/// What the disks' own checks come to, without temperatures and days.
fn notable_checks(disks: &[DiskSmart]) -> String {
    let parts: Vec<_> = disks.iter().map(|disk| format!("{} {}", disk.id, disk.raw_state)).collect();
    parts.join("\n")
}

/// What is to be recorded, without how far back it goes.
fn notable_recording(recording: &Recording) -> String {
    format!("{:?} {:?}", recording.overwrites, recording.tracks)
}

/// A clock without the passing time: its settings, and whether it is off by more than half a minute.
fn notable_clock(clock: &Clock) -> String {
    let off = clock.offset_seconds.map(|seconds| seconds.abs() > 30);
    format!("{:?} {:?} {off:?}", clock.mode, clock.time_zone)
}

/// A panel without strengths of radio and charges.
fn notable_panel(panel: &PanelStatus) -> Option<String> {
    serde_json::to_string(&panel.without_drift()).ok()
}

/// A fingerprint that is never 0.
fn print(text: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let hash = hasher.finish();
    u32::try_from((hash ^ (hash >> 32)) & 0xffff_ffff).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use siteward_domain::observation::DiskState;

    fn disks(raw_state: &str, free_mb: u64) -> Observation {
        let disk = Disk {
            id: "1".into(),
            name: "hdda".into(),
            kind: "hdd".into(),
            state: DiskState::read(raw_state),
            raw_state: raw_state.into(),
            capacity_mb: Some(1000),
            free_mb: Some(free_mb),
        };
        let disks = Measured { value: vec![disk], source: "/ISAPI/ContentMgmt/Storage".into() };
        Observation { disks: Some(disks), ..Observation::default() }
    }

    fn prints(seen: &Observation) -> Prints {
        facts(seen).pop().unwrap().prints
    }

    #[test]
    fn free_space_is_written_down_but_is_no_news() {
        let (before, after) = (prints(&disks("ok", 10)), prints(&disks("ok", 9)));
        assert_ne!(before.value, after.value);
        assert_eq!(before.notable, after.notable);
        assert_ne!(before.notable, prints(&disks("error", 10)).notable);
    }

    #[test]
    fn the_radio_of_a_panel_is_written_down_and_what_it_watches_is_news() {
        let panel = |signal, open| {
            let zone = serde_json::json!({ "id": 1, "name": "", "open": open, "signal": signal, "areas": [] });
            let value = serde_json::from_value(serde_json::json!({ "zones": [zone] })).unwrap();
            let panel = Some(Measured { value, source: "/ISAPI/SecurityCP/status".into() });
            Observation { panel, ..Observation::default() }
        };
        let (before, after) = (prints(&panel(120, false)), prints(&panel(90, false)));
        assert_ne!(before.value, after.value);
        assert_eq!(before.notable, after.notable);
        assert_ne!(before.notable, prints(&panel(120, true)).notable);
        let fact = facts(&panel(120, true)).pop().unwrap();
        assert_eq!(Prints::of_stored(fact.topic, &fact.value), fact.prints);
    }

    #[test]
    fn a_stored_value_has_the_fingerprints_of_the_fresh_one() {
        let fact = facts(&disks("ok", 10)).pop().unwrap();
        assert_eq!(Prints::of_stored(fact.topic, &fact.value), fact.prints);
    }
}
