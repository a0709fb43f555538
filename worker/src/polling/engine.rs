//! The polling engine: one task that owns every device of its buckets, starts looks when they are due, and takes
//! what they found. Looks run beside it, each with its device in hand, so nothing is locked and nothing is shared.
//!
//! Work with the database (leases, changes, writing) runs on blocking threads, one of a kind at a time; the engine
//! never waits for it. While writing lags behind, looks wait: an overload makes looks late, it never piles them up.

mod table;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Duration, Utc};
use siteward_devices::{AddressPolicy, Limits};
use siteward_domain::DeviceId;
use siteward_domain::firmware::FirmwareKnowledge;
use siteward_domain::health::Topic;
use siteward_domain::look::OFFLINE_AFTER_LOOKS;
use siteward_store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::buckets::{self, Changes, Share};
use super::counters::{self, Counters, EngineStatus};
use super::device::Watched;
use super::lanes::{Lane, Lanes};
use super::own_network::Watch;
use super::round::{Looked, Looker};
use super::schedule::{Cadence, Schedule, Slot};
use super::writing::Pending;
use crate::clock::SharedClock;
use crate::links::LinkHub;
use table::{Back, Placed, Table};

/// How soon a device that did not answer is looked at again, to confirm it.
const CONFIRM_AFTER: Duration = Duration::seconds(5);
/// How often findings are written.
const WRITE_EVERY: Duration = Duration::seconds(1);
/// How often the store is asked which devices changed, when nobody wakes us.
const CHANGES_EVERY: Duration = Duration::seconds(1);
/// So many rows may wait to be written before looks wait for them.
const MOST_WAITING_ROWS: usize = 100_000;
/// So often a batch may be refused by a database that is there.
const MOST_REFUSALS: u32 = 3;
/// Most messages taken at once.
const MESSAGES_AT_ONCE: usize = 256;

/// How the engine polls.
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Time between two looks at a device; zero is "again at once", for measuring what the machine can do.
    pub period: Duration,
    /// Fewest time between two looks at an alarm panel; in between it is only knocked at.
    pub panel_pause: Duration,
    /// Most looks at once.
    pub most_at_once: usize,
    /// Most looks at slow devices at once.
    pub slow_at_once: usize,
    /// Most connections kept between looks.
    pub kept_connections: usize,
    /// How long devices keep an idle connection; with a longer period none is kept.
    pub idle_connection: Duration,
    /// How long a claim on buckets holds.
    pub lease: Duration,
    /// What may be dialled.
    pub policy: AddressPolicy,
    /// What one device may cost.
    pub limits: Limits,
    /// What is known of firmwares.
    pub firmware: Arc<FirmwareKnowledge>,
    /// Addresses that answer as long as the own network is there, `host:port`.
    pub reference_addresses: Vec<String>,
}

/// A handle on a running engine.
#[derive(Debug, Clone)]
pub struct Engine {
    messages: mpsc::UnboundedSender<Message>,
    counters: Arc<Counters>,
}

/// What reaches the engine's task.
enum Message {
    Looked { slot: Slot, version: u32, lane: Lane, looked: Box<Looked> },
    Shared(Result<Share, StoreError>),
    Changed(Result<Changes, StoreError>),
    Written(Box<Pending>, Result<usize, StoreError>),
    Wake,
    LookSoon(Vec<DeviceId>),
    Settle(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

impl Engine {
    /// Starts an engine on the current runtime. `owner` names it among the workers.
    pub fn start(store: Store, settings: EngineSettings, clock: SharedClock, hub: LinkHub, owner: String) -> Self {
        let (messages, inbox) = mpsc::unbounded_channel();
        let counters = Arc::new(Counters::default());
        let engine = Self { messages: messages.clone(), counters: Arc::clone(&counters) };
        tokio::spawn(Task::new(store, settings, clock, hub, owner, messages, counters).run(inbox));
        engine
    }

    /// Has it ask at once which devices changed.
    pub fn wake(&self) {
        let _ = self.messages.send(Message::Wake);
    }

    /// Has it look at devices at once, at everything that may be wrong with them. A login that was refused is not tried for it.
    pub(crate) fn look_soon(&self, devices: Vec<DeviceId>) {
        let _ = self.messages.send(Message::LookSoon(devices));
    }

    /// What it did so far.
    pub fn status(&self) -> EngineStatus {
        self.counters.status()
    }

    /// Ends when everything that is due at the clock's present time is done and written, changes included.
    pub async fn settle(&self) {
        let (done, settled) = oneshot::channel();
        if self.messages.send(Message::Settle(done)).is_ok() {
            let _ = settled.await;
        }
    }

    /// Lets running looks end, writes what they found, gives the buckets back.
    pub async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.messages.send(Message::Stop(done)).is_ok() {
            let _ = stopped.await;
        }
    }
}

/// Work with the database of one kind: at most one at a time, again at `next`.
#[derive(Debug)]
struct Errand {
    begun: u64,
    ended: u64,
    next: DateTime<Utc>,
    /// Asked for since it last began, so that the end of the running one does not put it off.
    asked_for: bool,
}

impl Errand {
    fn is_running(&self) -> bool {
        self.begun > self.ended
    }

    /// Begins it when it is due.
    fn begin(&mut self, now: DateTime<Utc>) -> bool {
        let due = !self.is_running() && self.next <= now;
        self.begun += u64::from(due);
        self.asked_for &= !due;
        due
    }

    /// Has it begin as soon as the running one is over.
    fn ask_for(&mut self, now: DateTime<Utc>) {
        self.asked_for = true;
        self.next = now;
    }

    fn end(&mut self, next: DateTime<Utc>) {
        self.ended += 1;
        if !self.asked_for {
            self.next = next;
        }
    }
}

/// Somebody waits for quiet. What others wrote before they came must be seen, so both readings must have begun since.
struct Settler {
    done: oneshot::Sender<()>,
    sharing: u64,
    asking: u64,
}

struct Task {
    store: Store,
    settings: EngineSettings,
    clock: SharedClock,
    owner: String,
    messages: mpsc::UnboundedSender<Message>,
    counters: Arc<Counters>,
    looker: Arc<Looker>,
    table: Table,
    schedule: Schedule,
    lanes: Lanes,
    /// What was found and not handed over for writing.
    pending: Pending,
    /// What the database did not take; it goes first.
    refused: Option<Box<Pending>>,
    writing: Errand,
    sharing: Errand,
    asking: Errand,
    /// How far the feed of changes was read.
    position: Option<i64>,
    held: Vec<u16>,
    /// Devices that are to be looked at once more when they are back from the look that is under way.
    look_again: HashSet<DeviceId>,
    settlers: Vec<Settler>,
    stopping: Option<oneshot::Sender<()>>,
}

impl Task {
    fn new(
        store: Store,
        settings: EngineSettings,
        clock: SharedClock,
        hub: LinkHub,
        owner: String,
        messages: mpsc::UnboundedSender<Message>,
        counters: Arc<Counters>,
    ) -> Self {
        let looker = Arc::new(Looker {
            store: store.clone(),
            clock: Arc::clone(&clock),
            hub,
            cadence: Cadence::new(settings.period),
            panel_pause: settings.panel_pause,
            policy: settings.policy,
            limits: settings.limits,
            firmware: Arc::clone(&settings.firmware),
            own_network: Watch::new(settings.reference_addresses.clone(), settings.limits.connect),
            owner: owner.clone(),
        });
        let now = clock.now();
        let errand = || Errand { begun: 0, ended: 0, next: now, asked_for: false };
        Self {
            store,
            lanes: Lanes::new(settings.most_at_once, settings.slow_at_once),
            settings,
            clock,
            owner,
            messages,
            counters,
            looker,
            table: Table::default(),
            schedule: Schedule::default(),
            pending: Pending::default(),
            refused: None,
            writing: errand(),
            sharing: errand(),
            asking: errand(),
            position: None,
            held: Vec::new(),
            look_again: HashSet::new(),
            settlers: Vec::new(),
            stopping: None,
        }
    }

    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Message>) {
        let mut messages = Vec::with_capacity(MESSAGES_AT_ONCE);
        loop {
            let now = self.clock.now();
            self.start_looks(now);
            self.start_errands(now);
            if self.stopping.is_some() && self.is_quiet() {
                break;
            }
            self.tell_settlers(now);
            let wake_at = self.next_wake(now);
            tokio::select! {
                _ = inbox.recv_many(&mut messages, MESSAGES_AT_ONCE) => {}
                () = self.clock.wait_until(wake_at) => {}
            }
            let now = self.clock.now();
            for message in messages.drain(..) {
                self.take(message, now);
            }
        }
        let (store, owner) = (self.store, self.owner);
        let released = tokio::task::spawn_blocking(move || buckets::release(&store, &owner)).await;
        if let Ok(Err(error)) = released {
            tracing::warn!(%error, "buckets were not given back, others take them when the lease ends");
        }
        if let Some(done) = self.stopping {
            let _ = done.send(());
        }
    }

    fn take(&mut self, message: Message, now: DateTime<Utc>) {
        match message {
            Message::Looked { slot, version, lane, looked } => self.take_looked(slot, version, lane, *looked, now),
            Message::Shared(share) => self.take_share(share, now),
            Message::Changed(changes) => self.take_changes(changes, now),
            Message::Written(batch, result) => self.take_written(batch, result, now),
            Message::Wake => self.asking.ask_for(now),
            Message::LookSoon(devices) => self.look_soon(devices, now),
            Message::Settle(done) => {
                self.asking.ask_for(now);
                self.sharing.ask_for(now);
                let (sharing, asking) = (self.sharing.begun + 1, self.asking.begun + 1);
                self.settlers.push(Settler { done, sharing, asking });
            }
            Message::Stop(done) => self.stop(done, now),
        }
    }

    /// Starts what is due and has a place. While too much waits to be written, nothing new is found out.
    fn start_looks(&mut self, now: DateTime<Utc>) {
        if self.is_held_up() {
            return;
        }
        while let Some((slot, due)) = self.schedule.take_due(now) {
            if let Some(device) = self.table.at_home(slot) {
                self.lanes.wait(device.lane, slot);
                self.table.set_due(slot, due);
            }
        }
        while let Some((lane, slot)) = self.lanes.start() {
            let Some((version, device)) = self.table.lend(slot) else {
                self.lanes.end(lane);
                continue;
            };
            let late = self.table.due(slot).map_or(0, |due| (now - due).num_milliseconds());
            self.counters.began_late(u64::try_from(late).unwrap_or(0));
            let (looker, messages) = (Arc::clone(&self.looker), self.messages.clone());
            tokio::spawn(async move {
                let looked = Box::new(looker.look(device).await);
                let _ = messages.send(Message::Looked { slot, version, lane, looked });
            });
        }
    }

    fn is_held_up(&self) -> bool {
        let waiting = self.pending.rows() + self.refused.as_ref().map_or(0, |batch| batch.rows());
        self.stopping.is_some() || waiting > MOST_WAITING_ROWS
    }

    fn take_looked(&mut self, slot: Slot, version: u32, lane: Lane, looked: Looked, now: DateTime<Utc>) {
        self.lanes.end(lane);
        let Looked { mut device, findings, questions, answered } = looked;
        let was_looked_at = findings.is_some();
        if was_looked_at {
            counters::add(&self.counters.looks, 1);
            counters::add(&self.counters.questions, questions);
            counters::add(&self.counters.knocks, usize::from(questions == 0));
            counters::add(&self.counters.failed, usize::from(!answered));
        }
        if self.settings.period > self.settings.idle_connection {
            match &mut device.client {
                // The session of a panel costs no socket, and is kept for as long as the panel does.
                Some(client) if client.has_session() => client.drop_connection(),
                _ => device.client = None,
            }
        }
        let breaker_moved = findings.as_ref().is_some_and(|findings| findings.breaker.is_some());
        let unconfirmed = was_looked_at && (1..OFFLINE_AFTER_LOOKS).contains(&device.unanswered);
        let (number, is_too_old) = (device.number, device.is_too_old);
        let Some(back) = self.table.give_back(slot, version, device, self.settings.kept_connections) else { return };
        self.counters.connections.store(self.table.connected() as u64, Ordering::Relaxed);
        if back != Back::Superseded
            && let Some(findings) = findings
            && let Some(device) = self.table.at_home(slot)
        {
            self.pending.add(slot, version, device, findings);
            if breaker_moved {
                // A refused login must not be forgotten by a crash within the next second.
                self.writing.ask_for(now);
            }
        }
        let rarely = self.settings.period * i32::try_from(Topic::Identity.periods()).unwrap_or(1);
        let regular = if is_too_old { now + rarely } else { self.looker.cadence.next(number, now) };
        let next = match back {
            Back::Home if self.asks_again(slot) => now,
            Back::Home if unconfirmed => regular.min(now + CONFIRM_AFTER),
            Back::Home => regular,
            Back::LookAgain | Back::Superseded => now,
        };
        self.schedule.put(slot, next);
    }

    /// Whether something asked for another look while this one was under way.
    fn asks_again(&mut self, slot: Slot) -> bool {
        let Some(device) = self.table.at_home(slot) else { return false };
        let asks = self.look_again.remove(&device.id);
        if asks {
            device.ask_for_faults_anew();
        }
        asks
    }

    fn look_soon(&mut self, devices: Vec<DeviceId>, now: DateTime<Utc>) {
        for id in devices {
            let Some(slot) = self.table.slot_of(&id) else { continue };
            if let Some(device) = self.table.at_home(slot) {
                device.ask_for_faults_anew();
                self.schedule.put(slot, now);
            } else {
                self.look_again.insert(id);
            }
        }
    }

    fn start_errands(&mut self, now: DateTime<Utc>) {
        if !self.settlers.is_empty() || self.stopping.is_some() {
            self.writing.next = now;
        }
        if (self.refused.is_some() || !self.pending.is_empty()) && self.writing.begin(now) {
            let mut batch = self.refused.take().unwrap_or_else(|| Box::new(std::mem::take(&mut self.pending)));
            self.errand(move |store, _| {
                let result = batch.write(store);
                Message::Written(batch, result)
            });
        }
        if self.stopping.is_some() {
            return;
        }
        // Never both: see `buckets`.
        if !self.asking.is_running() && self.sharing.begin(now) {
            let (lease, firmware) = (self.settings.lease, Arc::clone(&self.settings.firmware));
            self.errand(move |store, owner| Message::Shared(buckets::share(store, owner, lease, now, &firmware)));
        }
        if let Some(position) = self.position
            && !self.sharing.is_running()
            && self.asking.begin(now)
        {
            let (held, firmware) = (self.held.clone(), Arc::clone(&self.settings.firmware));
            self.errand(move |store, _| Message::Changed(buckets::changes(store, &held, position, &firmware)));
        }
    }

    fn errand(&self, work: impl FnOnce(&Store, &str) -> Message + Send + 'static) {
        let (store, owner, messages) = (self.store.clone(), self.owner.clone(), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let _ = messages.send(work(&store, &owner));
        });
    }

    fn take_share(&mut self, share: Result<Share, StoreError>, now: DateTime<Utc>) {
        self.sharing.end(now + self.settings.lease / 3);
        let share = match share {
            Ok(share) => share,
            Err(error) => {
                tracing::warn!(%error, "the share of buckets could not be renewed");
                self.sharing.next = now + WRITE_EVERY;
                return;
            }
        };
        if share.held != self.held {
            tracing::info!(buckets = share.held.len(), "holding another share of buckets");
        }
        self.held = share.held;
        self.position.get_or_insert(share.position);
        for id in self.table.outside(&self.held) {
            self.forget(&id);
        }
        for device in share.devices {
            let measured_at = device.measured_at(Topic::Reachability);
            let first = self.looker.cadence.first(device.number, measured_at, now);
            self.place(Box::new(device), first, now);
        }
        self.counters.buckets.store(self.held.len() as u64, Ordering::Relaxed);
    }

    fn take_changes(&mut self, changes: Result<Changes, StoreError>, now: DateTime<Utc>) {
        self.asking.end(now + CHANGES_EVERY);
        match changes {
            Ok(changes) => {
                self.position = Some(changes.position);
                for id in &changes.gone {
                    self.forget(id);
                }
                for device in changes.devices {
                    // Somebody waits to see a device that was just added.
                    let measured_at = device.measured_at(Topic::Reachability);
                    let in_turn = |at| self.looker.cadence.first(device.number, Some(at), now);
                    let first = measured_at.map_or(now, in_turn);
                    self.place(Box::new(device), first, now);
                }
            }
            Err(error) => tracing::warn!(%error, "changed devices could not be read"),
        }
    }

    /// Puts in a device, to be looked at `first` if it is new here.
    fn place(&mut self, device: Box<Watched>, first: DateTime<Utc>, now: DateTime<Utc>) {
        if self.held.binary_search(&device.bucket).is_err() {
            return;
        }
        match self.table.place(device) {
            Placed::New(slot) => self.schedule.put(slot, first),
            Placed::Replaced { slot, look_now: true } => self.schedule.put(slot, now),
            Placed::Replaced { .. } | Placed::Later => {}
        }
        self.counters.devices.store(self.table.len() as u64, Ordering::Relaxed);
    }

    fn forget(&mut self, id: &DeviceId) {
        self.look_again.remove(id);
        if let Some((slot, device)) = self.table.remove(id) {
            self.schedule.remove(slot);
            if let Some(device) = device {
                self.pending.add_rest(&device);
            }
        }
        self.counters.devices.store(self.table.len() as u64, Ordering::Relaxed);
        self.counters.connections.store(self.table.connected() as u64, Ordering::Relaxed);
    }

    fn take_written(&mut self, batch: Box<Pending>, result: Result<usize, StoreError>, now: DateTime<Utc>) {
        self.writing.end(now + WRITE_EVERY);
        match result {
            Ok(rows) => {
                counters::add(&self.counters.rows, rows);
                counters::add(&self.counters.rounds, 1);
            }
            Err(error) => {
                counters::add(&self.counters.failed_rounds, 1);
                self.refuse(batch, &error);
            }
        }
    }

    /// Keeps a batch that was not written. One that the database keeps refusing although it is there is given up:
    /// it would stand in the way for ever, and what is measured comes again.
    fn refuse(&mut self, mut batch: Box<Pending>, error: &StoreError) {
        let is_absent = matches!(error, StoreError::Unavailable(_));
        batch.refusals += u32::from(!is_absent);
        if self.stopping.is_some() || batch.refusals >= MOST_REFUSALS {
            tracing::error!(%error, rows = batch.rows(), "what was found could not be written and is given up");
        } else {
            tracing::warn!(%error, rows = batch.rows(), "what was found could not be written, it is tried again");
            self.refused = Some(batch);
        }
    }

    fn stop(&mut self, done: oneshot::Sender<()>, now: DateTime<Utc>) {
        for (_, device) in self.table.all_at_home() {
            self.pending.add_rest(device);
        }
        self.writing.next = now;
        self.stopping = Some(done);
    }

    /// Nothing is under way and nothing waits to be written.
    fn is_quiet(&self) -> bool {
        self.lanes.under_way() == 0
            && self.pending.is_empty()
            && self.refused.is_none()
            && ![&self.writing, &self.sharing, &self.asking].into_iter().any(Errand::is_running)
    }

    fn tell_settlers(&mut self, now: DateTime<Utc>) {
        if self.settlers.is_empty() || !self.is_quiet() || !self.lanes.is_empty() {
            return;
        }
        if self.schedule.next_at().is_some_and(|next| next <= now) {
            return;
        }
        let (sharing, asking) = (self.sharing.ended, self.asking.ended);
        for settler in std::mem::take(&mut self.settlers) {
            if settler.sharing <= sharing && settler.asking <= asking {
                let _ = settler.done.send(());
            } else {
                self.settlers.push(settler);
            }
        }
    }

    /// When there is something to do next, if no message comes before.
    fn next_wake(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut wake = now + Duration::seconds(60);
        let has_findings = self.refused.is_some() || !self.pending.is_empty();
        let stopping = self.stopping.is_some();
        let errands = [
            (&self.writing, has_findings),
            (&self.sharing, !stopping && !self.asking.is_running()),
            (&self.asking, !stopping && !self.sharing.is_running() && self.position.is_some()),
        ];
        for (errand, is_wanted) in errands {
            if is_wanted && !errand.is_running() {
                wake = wake.min(errand.next);
            }
        }
        if !self.is_held_up() {
            wake = self.schedule.next_at().map_or(wake, |next| wake.min(next));
        }
        wake
    }
}
