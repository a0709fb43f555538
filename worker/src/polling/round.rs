//! One look at one device: what to ask, asking it, and what follows.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_devices::{AddressPolicy, CallError, DeviceClient, Limits, Login, Look, Pin, Target};
use siteward_domain::ExceptionId;
use siteward_domain::device::DeviceKind;
use siteward_domain::exception::ExceptionKey;
use siteward_domain::health::{DeviceHealth, Reachability, Topic};
use siteward_domain::look::{self, Seen};
use siteward_domain::observation::{Measured, Observation, RunStatus};
use siteward_domain::uptime::{self, HourShare};
use siteward_store::devices;
use tokio::net::TcpStream;

use super::breaker::Breaker;
use super::compare::{self, Fact, Prints};
use super::device::{OpenException, Watched};
use super::lanes::Lane;
use super::schedule::Cadence;
use crate::clock::SharedClock;

/// What every look needs; shared by all of them.
pub(crate) struct Looker {
    pub(crate) store: siteward_store::Store,
    pub(crate) clock: SharedClock,
    pub(crate) cadence: Cadence,
    pub(crate) policy: AddressPolicy,
    pub(crate) limits: Limits,
}

/// A device after a look, and what is to be written down.
pub(crate) struct Looked {
    pub(crate) device: Box<Watched>,
    pub(crate) findings: Findings,
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
    pub(crate) uptime: Vec<HourShare>,
    pub(crate) breaker: Option<Breaker>,
    pub(crate) pin: Option<Pin>,
}

/// A fact that differs from what is written down.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) fact: Fact,
    /// Whether anybody should be told.
    pub(crate) is_news: bool,
}

impl Looker {
    /// Looks at a device. Never longer than the limits of a check, and never with a credential that was refused.
    pub(crate) async fn look(&self, mut device: Box<Watched>) -> Looked {
        let began = Instant::now();
        let now = self.clock.now();
        let (topics, outcome) = if device.breaker.allows(now) {
            let topics = device.topics_due(now, self.cadence);
            let outcome = self.ask(&mut device, &topics).await;
            (topics, outcome)
        } else {
            (Vec::new(), self.knock(&device).await)
        };
        device.lane = Lane::after(began.elapsed());
        let at = self.clock.now();
        let questions = topics.len();
        let answered = outcome.reachability.answered();
        let findings = conclude(&mut device, &topics, outcome, at, self.cadence);
        Looked { device, findings, questions, answered }
    }

    async fn ask(&self, device: &mut Watched, topics: &[Topic]) -> Outcome {
        let mut client = match device.client.take() {
            Some(client) => client,
            None => match self.open_password(device) {
                Some(password) => Box::new(self.new_client(device, password)),
                None => return Outcome::of(Reachability::Unreachable { reason: "password_locked".to_owned() }),
            },
        };
        // The client keeps to its limits by itself; this is for what neither of us thought of.
        let longest = self.limits.check + Duration::from_secs(1);
        let asked = siteward_devices::look(&mut client, topics, &device.known, || self.clock.now());
        let result = match tokio::time::timeout(longest, asked).await {
            Ok(result) => result,
            Err(_) => Err(CallError::Unreachable { reason: "timeout" }),
        };
        let pin = client.pin().filter(|_| device.pin.is_none()).cloned();
        if client.is_connected() && result.is_ok() {
            device.client = Some(client);
        }
        match result {
            Ok(look) => Outcome { reachability: Reachability::Ok, look: Some(look), pin },
            Err(error) => {
                tracing::debug!(device.id = %device.id, code = error.code(), "a look failed");
                let reason = || Reachability::Unreachable { reason: error.code().to_owned() };
                Outcome { reachability: error.reachability().unwrap_or_else(reason), look: None, pin }
            }
        }
    }

    /// Whether something still listens there: a connection, and not a byte on it. It costs no login.
    async fn knock(&self, device: &Watched) -> Outcome {
        let knocking = async {
            let address = self.policy.resolve(&device.address.host, device.address.port).await.ok()?;
            TcpStream::connect(address).await.ok()
        };
        let heard = tokio::time::timeout(self.limits.connect, knocking).await.ok().flatten().is_some();
        Outcome::of(if heard {
            device.breaker.standing()
        } else {
            Reachability::Unreachable { reason: "timeout".to_owned() }
        })
    }

    fn open_password(&self, device: &Watched) -> Option<SecretString> {
        let place = devices::password_place(&device.company_id, &device.id);
        let opened = self.store.vault().open(place, &device.sealed_password);
        opened.inspect_err(|error| tracing::error!(device.id = %device.id, %error, "a password does not open")).ok()
    }

    fn new_client(&self, device: &Watched, password: SecretString) -> DeviceClient {
        let login = Login { user_name: device.user_name.clone(), password };
        let target = Target { address: device.address.clone(), login, pin: device.pin.clone() };
        DeviceClient::new(target, self.limits, self.policy)
    }
}

/// Draws the conclusions of a look: takes it into the device and gives what is to be written.
pub(super) fn conclude(
    device: &mut Watched,
    topics: &[Topic],
    outcome: Outcome,
    at: DateTime<Utc>,
    cadence: Cadence,
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
    let mut findings = Findings {
        at,
        measured: vec![Topic::Reachability],
        facts: Vec::new(),
        transition: None,
        opened: Vec::new(),
        closed: Vec::new(),
        uptime: Vec::new(),
        breaker: (device.breaker != was).then_some(device.breaker),
        pin,
    };
    let status_is_due = device.is_turn_of(Topic::Status, at, cadence);
    device.note_measured(Topic::Reachability, at);
    if reachability == Reachability::Ok {
        let rare = topics.iter().filter(|topic| **topic != Topic::Status);
        rare.for_each(|topic| device.note_measured(*topic, at));
    }
    note_facts(device, &reachability, &seen, &mut findings);
    if let Some(status) = &seen.status {
        note_status(device, status, status_is_due, &mut findings);
    }
    note_judgement(device, &reachability, &seen, &mut findings);
    let period = cadence.period();
    let shares = device.last_look.map(|before| uptime::shares(before, (at, answered), period)).unwrap_or_default();
    let changed = device.last_look.is_none_or(|(_, before)| before != answered);
    findings.uptime = device.add_uptime(shares, changed);
    device.last_look = Some((at, answered));
    findings
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
    if !is_its_turn && !is_news {
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
    let judged = look::judge(
        &open,
        &Seen {
            reachability,
            unanswered: device.unanswered,
            channels: seen.channels.as_ref().map(|channels| channels.value.as_slice()),
            disks: seen.disks.as_ref().map(|disks| disks.value.as_slice()),
            kind: device.kind,
        },
    );
    for key in judged.opened {
        let opened = OpenException { id: ExceptionId::generate(findings.at), opened_at: findings.at };
        device.open.insert(key.clone(), opened.clone());
        findings.opened.push((key, opened));
    }
    for key in judged.closed {
        findings.closed.extend(device.open.remove(&key).map(|opened| (key, opened)));
    }
    if judged.health != device.health {
        findings.transition = Some((device.health, judged.health));
        device.health = judged.health;
    }
}
