//! A device as the engine keeps it in memory: small, for there are tens of thousands.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use siteward_devices::{DeviceClient, Known, Pin};
use siteward_domain::device::{DeviceAddress, DeviceKind};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::flapping::Flapping;
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::observation::{DiskSmart, Recording, RunStatus};
use siteward_domain::panel::PanelLinks;
use siteward_domain::uptime::HourShare;
use siteward_domain::{CompanyId, DeviceId, ExceptionId, LinkId, SerialNumber, SiteId};
use siteward_store::SealedText;
use siteward_store::polling::number_of;

use super::breaker::Breaker;
use super::compare::Prints;
use super::lanes::Lane;
use super::schedule::Cadence;

/// Uptime is written down at once in a new hour, then when so much has come together, and at every change.
const UPTIME_AT_ONCE: i64 = 300;

/// One device that is looked after.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) id: DeviceId,
    pub(crate) company_id: CompanyId,
    pub(crate) site_id: SiteId,
    pub(crate) bucket: u16,
    /// A number of its own, spread over all 64 bits: its place in the period.
    pub(crate) number: u64,
    pub(crate) address: DeviceAddress,
    /// The link it is behind; `None` where it is dialled directly.
    pub(crate) behind: Option<Box<Behind>>,
    pub(crate) user_name: String,
    pub(crate) sealed_password: SealedText,
    pub(crate) pin: Option<Pin>,
    pub(crate) kind: DeviceKind,
    /// Whether its firmware is known to be vulnerable; `None`: not read yet, or not to be told.
    pub(crate) vulnerable: Option<bool>,
    pub(crate) known: Known,
    pub(crate) credential_version: i32,
    /// Whether its firmware is too old to be watched: now and then it is asked for its firmware, and nothing else (R-O2).
    pub(crate) is_too_old: bool,
    /// When a person last asked for a look.
    pub(crate) check_requested_at: Option<DateTime<Utc>>,
    pub(crate) breaker: Breaker,
    pub(crate) health: DeviceHealth,
    pub(crate) open: BTreeMap<ExceptionKey, OpenException>,
    /// What opened again and again lately.
    pub(crate) flapping: Flapping,
    /// Exceptions closed here that others opened beside the looks: a reading from before that must not bring them back.
    pub(crate) ended: Vec<ExceptionId>,
    /// What was told rarely and is judged by at every look.
    pub(crate) told: Told,
    /// Looks in a row without an answer.
    pub(crate) unanswered: u8,
    pub(crate) lane: Lane,
    /// The last look and whether it was answered.
    pub(crate) last_look: Option<(DateTime<Utc>, bool)>,
    /// When each topic was last measured, seconds since 1970; 0: never, or not known.
    pub(crate) measured: [u32; Topic::ALL.len()],
    pub(crate) prints: [Prints; Topic::ALL.len()],
    /// The status last written down, and when.
    pub(crate) status: Option<(DateTime<Utc>, RunStatus)>,
    /// Seconds of the running hour that are not written down yet.
    pub(crate) uptime: Option<HourShare>,
    /// The hour of which something has been written down.
    pub(crate) uptime_hour: Option<i64>,
    /// Kept only while it holds a connection.
    pub(crate) client: Option<Box<DeviceClient>>,
}

/// What a device told last of what it is asked rarely, or what its next answer is compared with. Small where there is nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// What the disks' own checks said.
    pub(crate) smart: Vec<DiskSmart>,
    /// What it is set to record.
    pub(crate) recording: Option<Box<Recording>>,
    /// A panel's ways to the outside.
    pub(crate) links: Option<Box<PanelLinks>>,
}

/// How a device is reached that has no address of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) link: LinkId,
    pub(crate) serial: SerialNumber,
}

/// An exception that stands open.
#[derive(Debug, Clone)]
pub(crate) struct OpenException {
    pub(crate) id: ExceptionId,
    pub(crate) opened_at: DateTime<Utc>,
}

/// Kinds of exceptions that others open beside the looks: a newer reading of a device may bring them.
const OPENED_BESIDE: [ExceptionKind; 2] = [ExceptionKind::AddressChanged, ExceptionKind::OfflineAfterUpgrade];

impl Watched {
    /// Takes out an exception that is over.
    pub(crate) fn close(&mut self, key: &ExceptionKey) -> Option<OpenException> {
        let closed = self.open.remove(key)?;
        if OPENED_BESIDE.contains(&key.kind) {
            self.ended.push(closed.id.clone());
            let surplus = self.ended.len().saturating_sub(OPENED_BESIDE.len());
            self.ended.drain(..surplus);
        }
        Some(closed)
    }

    /// What is open after a newer reading of the device: what this one knows, and what others opened meanwhile.
    pub(crate) fn open_with(&self, newer: &Self) -> BTreeMap<ExceptionKey, OpenException> {
        let mut open = self.open.clone();
        let beside = newer
            .open
            .iter()
            .filter(|(key, opened)| OPENED_BESIDE.contains(&key.kind) && !self.ended.contains(&opened.id));
        for (key, opened) in beside {
            open.entry(key.clone()).or_insert_with(|| opened.clone());
        }
        open
    }

    /// A device that was never looked at.
    pub(crate) fn new(
        id: DeviceId,
        company_id: CompanyId,
        site_id: SiteId,
        address: DeviceAddress,
        sealed_password: SealedText,
        kind: DeviceKind,
    ) -> Self {
        Self {
            number: number_of(&id),
            id,
            company_id,
            site_id,
            bucket: 0,
            address,
            behind: None,
            user_name: String::new(),
            sealed_password,
            pin: None,
            kind,
            vulnerable: None,
            known: Known::of_kind(kind),
            credential_version: 1,
            is_too_old: false,
            check_requested_at: None,
            breaker: Breaker::Closed,
            health: DeviceHealth::Unknown,
            open: BTreeMap::new(),
            flapping: Flapping::default(),
            ended: Vec::new(),
            told: Told::default(),
            unanswered: 0,
            lane: Lane::Quick,
            last_look: None,
            measured: [0; Topic::ALL.len()],
            prints: [Prints::default(); Topic::ALL.len()],
            status: None,
            uptime: None,
            uptime_hour: None,
            client: None,
        }
    }

    /// When a topic was last measured.
    pub(crate) fn measured_at(&self, topic: Topic) -> Option<DateTime<Utc>> {
        let seconds = self.measured.get(topic as usize).copied().filter(|seconds| *seconds > 0)?;
        DateTime::from_timestamp(i64::from(seconds), 0)
    }

    /// Notes that a topic was asked for now, whether or not the device had an answer to it.
    pub(crate) fn note_measured(&mut self, topic: Topic, at: DateTime<Utc>) {
        if let Some(seconds) = self.measured.get_mut(topic as usize) {
            *seconds = u32::try_from(at.timestamp()).unwrap_or(0);
        }
    }

    /// Has the next look ask for everything that may be wrong, whenever it was asked last.
    pub(crate) fn ask_for_faults_anew(&mut self) {
        for topic in [Topic::Channels, Topic::Disks, Topic::Panel] {
            if let Some(seconds) = self.measured.get_mut(topic as usize) {
                *seconds = 0;
            }
        }
    }

    /// Takes a new fingerprint and tells the one before.
    pub(crate) fn swap_prints(&mut self, topic: Topic, prints: Prints) -> Prints {
        self.prints.get_mut(topic as usize).map(|old| std::mem::replace(old, prints)).unwrap_or_default()
    }

    /// Whether it is an alarm panel that was asked less than `pause` ago: it is left alone but for a knock.
    pub(crate) fn rests(&self, now: DateTime<Utc>, pause: Duration) -> bool {
        // Times of measurement are whole seconds.
        let until = |asked_at: DateTime<Utc>| asked_at + pause - Duration::seconds(1);
        self.kind == DeviceKind::AlarmPanel && self.measured_at(Topic::Panel).is_some_and(|at| now < until(at))
    }

    /// What to ask for in a look at `now`. The status always: it is the cheapest question.
    pub(crate) fn topics_due(&self, now: DateTime<Utc>, cadence: Cadence) -> Vec<Topic> {
        let asks = |topic: &Topic| match topic {
            topic if self.is_too_old => *topic == Topic::Identity,
            Topic::Reachability => false,
            Topic::Status => true,
            Topic::Panel if self.kind != DeviceKind::AlarmPanel => false,
            topic => self.is_turn_of(*topic, now, cadence) || self.is_asked_for(*topic),
        };
        Topic::ALL.into_iter().filter(asks).collect()
    }

    /// Whether a person asked for a look since it was measured what people mend and then want to see mended.
    fn is_asked_for(&self, topic: Topic) -> bool {
        let is_mended =
            matches!(topic, Topic::Identity | Topic::Clock | Topic::Disks | Topic::Smart | Topic::Recording);
        is_mended && self.check_requested_at.is_some_and(|asked| self.measured_at(topic).is_none_or(|at| at < asked))
    }

    /// Whether the look at `now` is the turn of a topic, or its turn was missed. With a period of zero, which is
    /// for measuring, a topic has one turn.
    pub(crate) fn is_turn_of(&self, topic: Topic, now: DateTime<Utc>, cadence: Cadence) -> bool {
        let Some(measured_at) = self.measured_at(topic) else { return true };
        if cadence.period() <= Duration::zero() {
            return false;
        }
        let periods = i32::try_from(topic.periods()).unwrap_or(1);
        let round = cadence.round(self.number, now) + self.turn_of(topic);
        let missed = (now - measured_at) * 2 > cadence.period() * (3 * periods);
        missed || round.rem_euclid(i64::from(periods)) == 0
    }

    /// Rare topics of devices that came together must not all fall due together.
    fn turn_of(&self, topic: Topic) -> i64 {
        i64::from(u16::try_from(self.number >> 48).unwrap_or(0)) + 7 * (topic as i64)
    }

    /// Adds seconds seen up or down; gives what should be written down now.
    pub(crate) fn add_uptime(&mut self, shares: Vec<HourShare>, changed: bool) -> Vec<HourShare> {
        let mut ready = Vec::new();
        for share in shares {
            match &mut self.uptime {
                Some(running) if running.hour == share.hour => {
                    running.up_seconds += share.up_seconds;
                    running.down_seconds += share.down_seconds;
                }
                running => ready.extend(running.replace(share)),
            }
        }
        let is_news = |running: HourShare| {
            let enough = running.up_seconds + running.down_seconds >= UPTIME_AT_ONCE;
            changed || enough || self.uptime_hour != Some(running.hour)
        };
        if self.uptime.is_some_and(is_news) {
            ready.extend(self.uptime.take());
        }
        if let Some(last) = ready.last() {
            self.uptime_hour = Some(last.hour);
        }
        ready
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use siteward_domain::device::Scheme;

    use crate::polling::schedule::mix;

    pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    pub(crate) fn device(number: u64) -> Watched {
        let (id, company, site) = (DeviceId::generate(at(0)), CompanyId::generate(at(0)), SiteId::generate(at(0)));
        let address = DeviceAddress { scheme: Scheme::Http, host: "10.0.0.1".into(), port: 80 };
        let sealed = SealedText::from_stored(String::new());
        let fresh = Watched::new(id, company, site, address, sealed, DeviceKind::Nvr);
        Watched { number: mix(number), user_name: "admin".into(), known: Known::default(), ..fresh }
    }

    fn note_all(device: &mut Watched) {
        for topic in Topic::ALL {
            device.note_measured(topic, at(0));
        }
    }

    #[test]
    fn each_topic_is_asked_in_its_own_turn_and_rare_ones_are_spread() {
        let cadence = Cadence::new(Duration::seconds(60));
        let mut most_together = 0;
        for number in 0..20 {
            let mut device = device(number);
            note_all(&mut device);
            let mut asked = [0_u32; Topic::ALL.len()];
            for minute in 1..=120 {
                let now = at(minute * 60);
                let due = device.topics_due(now, cadence);
                most_together = most_together.max(due.len());
                for topic in due {
                    asked[topic as usize] += 1;
                    device.note_measured(topic, now);
                }
            }
            assert_eq!(asked[Topic::Status as usize], 120);
            assert_eq!(asked[Topic::Channels as usize], 120);
            assert_eq!(asked[Topic::Disks as usize], 24);
            assert_eq!(asked[Topic::Identity as usize], 2);
        }
        assert!(most_together <= 5, "{most_together}");
    }

    #[test]
    fn a_topic_that_missed_its_turn_is_asked_at_the_next_look() {
        let cadence = Cadence::new(Duration::seconds(60));
        let mut device = device(1);
        // Without reachability, which is no question, and what panels are asked.
        assert_eq!(device.topics_due(at(0), cadence).len(), Topic::ALL.len() - 2);
        device.kind = DeviceKind::AlarmPanel;
        assert_eq!(device.topics_due(at(0), cadence).len(), Topic::ALL.len() - 1);
        device.kind = DeviceKind::Nvr;
        note_all(&mut device);
        assert!(device.topics_due(at(60 * 8), cadence).contains(&Topic::Disks));
    }

    #[test]
    fn a_person_who_asks_sees_firmware_disks_and_clock_anew_and_no_more_than_that() {
        let cadence = Cadence::new(Duration::seconds(60));
        let mut device = device(1);
        note_all(&mut device);
        let before = device.topics_due(at(60), cadence);
        device.check_requested_at = Some(at(30));
        let asked = device.topics_due(at(60), cadence);
        for topic in [Topic::Identity, Topic::Clock, Topic::Disks, Topic::Smart, Topic::Recording] {
            assert!(asked.contains(&topic), "{topic:?}");
            device.note_measured(topic, at(60));
        }
        assert!(asked.iter().all(|topic| before.contains(topic) || device.measured_at(*topic) == Some(at(60))));
        let again = device.topics_due(at(61), cadence);
        assert!(again.len() <= before.len(), "{again:?}");
    }

    #[test]
    fn panels_are_left_alone_between_two_looks_and_other_devices_are_not() {
        let mut device = device(1);
        note_all(&mut device);
        let pause = Duration::seconds(30);
        assert!(!device.rests(at(1), pause));
        device.kind = DeviceKind::AlarmPanel;
        assert!(device.rests(at(1), pause) && device.rests(at(28), pause));
        assert!(!device.rests(at(29), pause) && !device.rests(at(1), Duration::seconds(1)));
    }

    #[test]
    fn uptime_is_written_at_once_in_a_new_hour_at_changes_and_every_five_minutes() {
        let mut device = device(1);
        let share = |hour, up_seconds| HourShare { hour, up_seconds, down_seconds: 0 };
        assert_eq!(device.add_uptime(vec![share(1, 2)], false), vec![share(1, 2)]);
        assert_eq!(device.add_uptime(vec![share(1, 60)], true), vec![share(1, 60)]);
        assert_eq!(device.add_uptime(vec![share(1, 100)], false), vec![]);
        assert_eq!(device.add_uptime(vec![share(1, 20), share(2, 40)], false), vec![share(1, 120), share(2, 40)]);
        assert_eq!(device.add_uptime(vec![share(2, 260)], false), vec![]);
        assert_eq!(device.add_uptime(vec![share(2, 40)], false), vec![share(2, 300)]);
    }
}
