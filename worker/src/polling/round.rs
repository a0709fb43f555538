//! One look at one device: what to ask, asking it, and what follows.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits, Login, Look, Pin, Target, Transport};
use siteward_domain::ExceptionId;
use siteward_domain::device::{DeviceAddress, DeviceKind};
use siteward_domain::exception::{ADDRESS_CHANGE_TOLD, ExceptionKey, ExceptionKind};
use siteward_domain::firmware::FirmwareKnowledge;
use siteward_domain::health::{DeviceHealth, Reachability, Topic};
use siteward_domain::look::{self, Seen};
use siteward_domain::observation::{DiskSmart, Measured, Observation, RunStatus};
use siteward_domain::own_network::{NetworkNews, Silence};
use siteward_domain::uptime::{self, HourShare};
use siteward_store::{devices, network_losses};

use super::breaker::Breaker;
use super::compare::{self, Fact, Prints};
use super::device::{Behind, OpenException, Watched};
use super::lanes::Lane;
use super::own_network::Watch;
use super::schedule::Cadence;
use crate::clock::SharedClock;
use crate::links::{self, LinkHub};
use crate::reaching;

/// A device that did not answer may have another address: its link is asked to look around, so many looks long.
const LOOK_AROUND_LOOKS: u8 = 3;

/// The reason told of a device that is not dialled, because its password does not open.
const LOCKED: &str = "password_locked";

/// What every look needs; shared by all of them.
pub(crate) struct Looker {
    pub(crate) store: siteward_store::Store,
    pub(crate) clock: SharedClock,
    pub(crate) hub: LinkHub,
    pub(crate) cadence: Cadence,
    /// Fewest time between two looks at an alarm panel.
    pub(crate) panel_pause: chrono::Duration,
    pub(crate) policy: AddressPolicy,
    pub(crate) limits: Limits,
    pub(crate) firmware: Arc<FirmwareKnowledge>,
    /// Whether the own network is there.
    pub(crate) own_network: Watch,
    /// This worker's name.
    pub(crate) owner: String,
}

/// A device after a look, and what is to be written down.
pub(crate) struct Looked {
    pub(crate) device: Box<Watched>,
    /// `None`: the link in front of it, or the own network, is down, so nothing was found out and nothing follows (R-H5).
    pub(crate) findings: Option<Findings>,
    /// Topics asked for; 0 is a knock.
    pub(crate) questions: usize,
    pub(crate) answered: bool,
}

/// What one look brought that is to be written down.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) at: DateTime<Utc>,
    pub(crate) measured: Vec<Topic>,
    pub(crate) facts: Vec<Found>,
    pub(crate) transition: Option<(DeviceHealth, DeviceHealth)>,
    pub(crate) opened: Vec<(ExceptionKey, OpenException)>,
    pub(crate) closed: Vec<(ExceptionKey, OpenException)>,
    pub(crate) temperatures: Vec<(String, i32)>,
    pub(crate) uptime: Vec<HourShare>,
    pub(crate) breaker: Option<Breaker>,
    pub(crate) pin: Option<Pin>,
}

impl Findings {
    /// Of a look that found nothing.
    fn nothing(at: DateTime<Utc>) -> Self {
        Self {
            at,
            measured: Vec::new(),
            facts: Vec::new(),
            transition: None,
            opened: Vec::new(),
            closed: Vec::new(),
            temperatures: Vec::new(),
            uptime: Vec::new(),
            breaker: None,
            pin: None,
        }
    }
}

/// A fact that differs from what is written down.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) fact: Fact,
    /// Whether anybody should be told.
    pub(crate) is_news: bool,
}

/// What knocking at a device needs of it.
struct Knock {
    behind: Option<Box<Behind>>,
    address: DeviceAddress,
    /// What it says, as long as it is there.
    standing: Reachability,
    /// Looks in a row without an answer, so far.
    unanswered: u8,
    /// Whether a refused connection is an answer: of what only forwards, nothing need listen there.
    refusal_is_answer: bool,
}

impl Knock {
    fn of(device: &Watched) -> Self {
        Self {
            behind: device.behind.clone(),
            address: device.address.clone(),
            standing: device.breaker.standing(),
            unanswered: device.unanswered,
            refusal_is_answer: !device.kind.has_login(),
        }
    }
}

impl Looker {
    /// Looks at a device. Never longer than the limits of a check, and never with a credential that was refused.
    pub(crate) async fn look(&self, mut device: Box<Watched>) -> Looked {
        let began = Instant::now();
        let now = self.clock.now();
        let may_ask = device.kind.has_login() && device.breaker.allows(now) && !device.rests(now, self.panel_pause);
        let (topics, outcome) = if may_ask {
            let topics = device.topics_due(now, self.cadence);
            let outcome = self.ask(&mut device, &topics).await;
            (topics, outcome)
        } else if device.is_too_old {
            // Nobody watches it: whether it is there is nobody's matter.
            (Vec::new(), None)
        } else {
            (Vec::new(), self.knock(Knock::of(&device)).await)
        };
        device.lane = Lane::after(began.elapsed());
        let at = self.clock.now();
        let Some(outcome) = outcome else {
            return Looked { device, findings: None, questions: 0, answered: false };
        };
        if device.is_too_old {
            let findings = Some(conclude_too_old(&mut device, outcome, at, self.cadence));
            return Looked { device, findings, questions: topics.len(), answered: true };
        }
        let questions = topics.len();
        let answered = outcome.reachability.answered();
        // What was not dialled, or through a link, tells nothing of the own network.
        let never_dialled = matches!(&outcome.reachability, Reachability::Unreachable { reason } if reason == LOCKED);
        let direct = device.behind.is_none() && !never_dialled && self.own_network.counts(&device.address.host);
        if direct && !self.is_of_direct(device.number, answered, now, at).await {
            return Looked { device, findings: None, questions: 0, answered: false };
        }
        let findings = Some(conclude(&mut device, &topics, outcome, at, self.cadence, Some(&self.firmware)));
        Looked { device, findings, questions, answered }
    }

    /// Whether what a device reached directly answered tells of the device: silence does not while the own network may be gone.
    async fn is_of_direct(&self, device: u64, answered: bool, began: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let (silence, news) = if answered {
            (Silence::IsOfDevice, self.own_network.heard(began, now, self.cadence.period()))
        } else {
            self.own_network.unheard(device, began, now, self.cadence.period()).await
        };
        if let Some(news) = news {
            self.tell(news, now);
        }
        silence == Silence::IsOfDevice
    }

    /// Writes down that the own network is gone or back, beside the looks.
    fn tell(&self, news: NetworkNews, now: DateTime<Utc>) {
        match news {
            NetworkNews::Lost(since) => tracing::error!(%since, "the own network is gone: nothing is known of devices"),
            NetworkNews::Back(since) => tracing::warn!(%since, "the own network is back"),
        }
        let (store, owner) = (self.store.clone(), self.owner.clone());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = store.write(|conn| network_losses::note(conn, &owner, news, now)) {
                tracing::warn!(%error, "whether the own network is there could not be written down");
            }
        });
    }

    /// `None`: its link is down.
    async fn ask(&self, device: &mut Watched, topics: &[Topic]) -> Option<Outcome> {
        let mut client = match device.client.take() {
            Some(client) => client,
            None => match self.open_password(device) {
                Some(password) => Box::new(self.new_client(device, password)),
                None => {
                    return Some(Outcome::of(Reachability::Unreachable { reason: LOCKED.to_owned() }));
                }
            },
        };
        // The client keeps to its limits by itself; this is for what neither of us thought of.
        let began = Instant::now();
        let longest = self.limits.check + Duration::from_secs(1);
        let asked = siteward_devices::look(&mut client, topics, &device.known, || self.clock.now());
        let result = match tokio::time::timeout(longest, asked).await {
            Ok(result) => result,
            Err(_) => Err(CallError::Unreachable { reason: "timeout" }),
        };
        let pin = client.pin().filter(|_| device.pin.is_none()).cloned();
        // A session outlives its connection, and a silence; without the client, each look would be a login.
        let keeps_session = client.has_session() && matches!(result, Ok(_) | Err(CallError::Unreachable { .. }));
        if keeps_session || (client.is_connected() && result.is_ok()) {
            device.client = Some(client);
        }
        match result {
            Ok(look) => Some(Outcome { reachability: Reachability::Ok, look: Some(look), pin }),
            Err(error) => {
                if let Some(behind) = &device.behind
                    && !self.is_of_device(behind, &error, began, device.unanswered).await
                {
                    tracing::debug!(device.id = %device.id, link.id = %behind.link, "not looked at: its link is down");
                    return None;
                }
                tracing::debug!(device.id = %device.id, code = error.code(), "a look failed");
                let reason = || Reachability::Unreachable { reason: error.code().to_owned() };
                Some(Outcome { reachability: error.reachability().unwrap_or_else(reason), look: None, pin })
            }
        }
    }

    /// Whether an error met behind a link tells of the device. What breaks in the middle may as well be the link.
    async fn is_of_device(&self, behind: &Behind, error: &CallError, began: Instant, unanswered: u8) -> bool {
        let reason = match error {
            CallError::Unreachable { reason } => reason,
            CallError::BadAnswer { .. } => "bad_answer",
            _ => return true,
        };
        if reason == links::LINK_DOWN {
            return false;
        }
        let told_by_link = links::TOLD_BY_LINK.contains(&reason);
        if !told_by_link && !self.hub.answers_since(&behind.link, began).await {
            return false;
        }
        if unanswered < LOOK_AROUND_LOOKS {
            // It may only have another address now: the link finds that out before the look that confirms.
            self.hub.look_around(&behind.link);
        }
        true
    }

    /// Whether something still listens there: a connection, and not a byte on it. It costs no login. `None`: its link is
    /// down.
    async fn knock(&self, knock: Knock) -> Option<Outcome> {
        let Knock { behind, address, standing, unanswered, refusal_is_answer } = knock;
        let began = Instant::now();
        let knocking = async {
            match &behind {
                Some(behind) => self.hub.knock(&behind.link, &behind.serial, address.port).await,
                None => reaching::knock(&self.policy, &address, self.limits.connect, refusal_is_answer).await,
            }
        };
        let timeout = Err(CallError::Unreachable { reason: "timeout" });
        let heard = tokio::time::timeout(self.limits.connect, knocking).await.unwrap_or(timeout);
        if let (Some(behind), Err(error)) = (&behind, &heard)
            && !self.is_of_device(behind, error, began, unanswered).await
        {
            return None;
        }
        let gone = || Reachability::Unreachable { reason: "timeout".to_owned() };
        Some(Outcome::of(if heard.is_ok() { standing } else { gone() }))
    }

    fn open_password(&self, device: &Watched) -> Option<SecretString> {
        let place = devices::password_place(&device.company_id, &device.id);
        let opened = self.store.vault().open(place, &device.sealed_password);
        opened.inspect_err(|error| tracing::error!(device.id = %device.id, %error, "a password does not open")).ok()
    }

    fn new_client(&self, device: &Watched, password: SecretString) -> DeviceClient {
        let login = Login { user_name: device.user_name.clone(), password };
        let target = Target { address: device.address.clone(), login, pin: device.pin.clone() };
        let transport = match &device.behind {
            Some(behind) => self.hub.transport(&behind.link, &behind.serial),
            None => Transport::from(self.policy),
        };
        DeviceClient::new(target, self.limits, transport)
    }
}

/// Draws the conclusions of a look: takes it into the device and gives what is to be written. Without knowledge of
/// firmwares that is left to the next look.
pub(super) fn conclude(
    device: &mut Watched,
    topics: &[Topic],
    outcome: Outcome,
    at: DateTime<Utc>,
    cadence: Cadence,
    firmware: Option<&FirmwareKnowledge>,
) -> Findings {
    let Outcome { reachability, look, pin } = outcome;
    let answered = reachability.answered();
    device.unanswered = if answered { 0 } else { device.unanswered.saturating_add(1) };
    let was = device.breaker;
    device.breaker = if topics.is_empty() { was } else { was.after(&reachability, at, cadence.period()) };
    let mut seen = Observation::default();
    if let Some(look) = look {
        (seen, device.known) = (look.observation, look.known);
    }
    if let Some(pin) = &pin {
        device.pin = Some(pin.clone());
    }
    let recognised = seen.identity.as_ref().map(|identity| identity.value.kind);
    device.kind = recognised.filter(|kind| *kind != DeviceKind::Unknown).unwrap_or(device.kind);
    if let (Some(identity), Some(firmware)) = (&seen.identity, firmware) {
        let (model, version) = (&identity.value.model, identity.value.firmware_text());
        // Where it cannot be told any more, what was told stands.
        device.vulnerable = firmware.is_vulnerable(model, &version).or(device.vulnerable);
    }
    let mut findings = Findings {
        measured: vec![Topic::Reachability],
        breaker: (device.breaker != was).then_some(device.breaker),
        pin,
        ..Findings::nothing(at)
    };
    let status_is_due = device.is_turn_of(Topic::Status, at, cadence);
    device.note_measured(Topic::Reachability, at);
    if reachability == Reachability::Ok {
        let rare = topics.iter().filter(|topic| **topic != Topic::Status);
        rare.for_each(|topic| device.note_measured(*topic, at));
    }
    note_facts(device, &reachability, &seen, &mut findings);
    if let Some(status) = &mut seen.status {
        let before = device.status.as_ref().map(|(then, before)| (*then, before));
        status.value.restarts = status.value.restarts_after(before, at);
        note_status(device, status, status_is_due, &mut findings);
    }
    if let Some(smart) = &seen.smart {
        let told = |disk: &DiskSmart| Some((disk.id.clone(), disk.temperature_celsius?));
        findings.temperatures = smart.value.iter().filter_map(told).collect();
        device.told.smart.clone_from(&smart.value);
    }
    if let Some(recording) = &seen.recording {
        device.told.recording = Some(Box::new(recording.value.clone()));
    }
    note_judgement(device, &reachability, &seen, &mut findings);
    if let Some(panel) = seen.panel {
        device.told.links = panel.value.links.map(Box::new).or(device.told.links.take());
    }
    let period = cadence.period();
    let shares = device.last_look.map(|before| uptime::shares(before, (at, answered), period)).unwrap_or_default();
    let changed = device.last_look.is_none_or(|(_, before)| before != answered);
    findings.uptime = device.add_uptime(shares, changed);
    device.last_look = Some((at, answered));
    findings
}

/// Draws the conclusions of a look at a device whose firmware is too old to be watched: what it says that it is, and whether its
/// login still works. Nothing is judged.
fn conclude_too_old(device: &mut Watched, outcome: Outcome, at: DateTime<Utc>, cadence: Cadence) -> Findings {
    let Outcome { reachability, look, pin } = outcome;
    let was = device.breaker;
    device.breaker = was.after(&reachability, at, cadence.period());
    if let Some(pin) = &pin {
        device.pin = Some(pin.clone());
    }
    let mut findings = Findings::nothing(at);
    if let Some(look) = look {
        device.known = look.known;
        note_identity(device, &look.observation, &mut findings);
    }
    findings.breaker = (device.breaker != was).then_some(device.breaker);
    findings.pin = pin;
    findings
}

fn note_identity(device: &mut Watched, seen: &Observation, findings: &mut Findings) {
    let facts = compare::facts(seen);
    for fact in facts.into_iter().filter(|fact| fact.topic == Topic::Identity) {
        device.note_measured(Topic::Identity, findings.at);
        findings.measured.push(Topic::Identity);
        let before = device.swap_prints(fact.topic, fact.prints);
        if before.value != fact.prints.value {
            let is_news = before != Prints::default() && before.notable != fact.prints.notable;
            findings.facts.push(Found { fact, is_news });
        }
    }
}

/// What asking a device came to.
pub(super) struct Outcome {
    pub(super) reachability: Reachability,
    pub(super) look: Option<Look>,
    pub(super) pin: Option<Pin>,
}

impl Outcome {
    fn of(reachability: Reachability) -> Self {
        Self { reachability, look: None, pin: None }
    }
}

/// Facts that are to be written: those that differ, and the status when it is its time or tells something new.
fn note_facts(device: &mut Watched, reachability: &Reachability, seen: &Observation, findings: &mut Findings) {
    let reached = compare::fact_of(Topic::Reachability, reachability, "look");
    for fact in reached.into_iter().chain(compare::facts(seen)) {
        if fact.topic != Topic::Reachability {
            findings.measured.push(fact.topic);
        }
        let before = device.swap_prints(fact.topic, fact.prints);
        if before.value != fact.prints.value {
            let is_news = before != Prints::default() && before.notable != fact.prints.notable;
            findings.facts.push(Found { fact, is_news });
        }
    }
}

/// The status is written in its turn, or when it tells something new.
fn note_status(device: &mut Watched, status: &Measured<RunStatus>, is_its_turn: bool, findings: &mut Findings) {
    let at = findings.at;
    let is_news = device
        .status
        .as_ref()
        .is_none_or(|(then, before)| status.value.tells_news_after(before, (at - *then).num_seconds()));
    let restarted = status.value.restarts.last() == Some(&at);
    if !is_its_turn && !is_news && !restarted {
        return;
    }
    if let Some(fact) = compare::status_fact(status) {
        device.note_measured(Topic::Status, at);
        device.status = Some((at, status.value.clone()));
        findings.measured.push(Topic::Status);
        findings.facts.push(Found { fact, is_news: false });
    }
}

fn note_judgement(device: &mut Watched, reachability: &Reachability, seen: &Observation, findings: &mut Findings) {
    let open: BTreeSet<ExceptionKey> = device.open.keys().cloned().collect();
    let moved = device.open.get(&ExceptionKey::of_device(ExceptionKind::AddressChanged));
    let judged = look::judge(
        &open,
        &mut device.flapping,
        &Seen {
            at: findings.at,
            reachability,
            unanswered: device.unanswered,
            channels: seen.channels.as_ref().map(|channels| channels.value.as_slice()),
            disks: seen.disks.as_ref().map(|disks| disks.value.as_slice()),
            smart: &device.told.smart,
            recording: device.told.recording.as_deref(),
            clock_offset: seen.clock.as_ref().and_then(|clock| clock.value.offset_seconds),
            restarts: device.status.as_ref().map(|(_, status)| status.restarts_in_a_day(findings.at)),
            settled: moved.is_some_and(|moved| findings.at - moved.opened_at >= ADDRESS_CHANGE_TOLD),
            panel: seen.panel.as_ref().map(|panel| &panel.value),
            links_before: device.told.links.as_deref(),
            vulnerable: device.vulnerable,
            kind: device.kind,
        },
    );
    for key in judged.opened {
        let opened = OpenException { id: ExceptionId::generate(findings.at), opened_at: findings.at };
        device.open.insert(key.clone(), opened.clone());
        findings.opened.push((key, opened));
    }
    for key in judged.closed {
        findings.closed.extend(device.close(&key).map(|opened| (key, opened)));
    }
    if judged.health != device.health {
        findings.transition = Some((device.health, judged.health));
        device.health = judged.health;
    }
}
