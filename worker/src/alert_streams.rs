//! Event streams of devices: kept open for the devices whose buckets this worker holds, where a device allows it, and as many as
//! the settings say. Whatever has none, or one too many, is polled as ever; polling goes on beside a stream too.
//!
//! A stream is opened only of a device that the last look was let into, and a refused login opens the breaker, so that nobody
//! repeats it (R-H3). Between two openings waits grow. What a device tells is heard at a pace; what comes faster is counted
//! and dropped. It never opens an exception: what sounds like a fault has the device looked at at once.

mod collecting;
mod holding;
mod pace;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_domain::DeviceId;
use siteward_domain::device_event::StreamState;
use siteward_store::device_events::{self, WantedStream};
use siteward_store::{Store, StoreError};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{AbortHandle, Id, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::polling::Engine;
use crate::reaching::Reaching;
use crate::reconcile::{ReconcilerStatus, SharedStatus};
use collecting::{Collector, Word};
use holding::{Ended, Holder};

pub use pace::{Pace, Verdict};

/// Time between two turns.
const TURN: Duration = Duration::from_secs(1);
/// Every how many turns the streams that should be open are read: while there is room for more, and while there is none.
const WANTED_EVERY: [u64; 2] = [2, 10];
/// Every how many turns streams are forgotten that a worker left that died.
const FORGET_EVERY: u64 = 30;
/// Streams that are being opened at once.
const OPENING_AT_ONCE: usize = 32;
/// Words of streams that wait to be written; a stream that finds no room waits.
const MOST_WORDS: usize = 10_000;
/// The name of this reconciler.
const NAME: &str = "alert_streams";

/// How event streams are kept.
#[derive(Debug, Clone)]
pub struct AlertStreamSettings {
    /// Most streams open at once in one worker; 0: none.
    pub most: usize,
    /// Time between two turns: what is open and should not be, and what asks for a look.
    pub turn: Duration,
    /// A stream that told nothing readable for so long is opened anew.
    pub silence: Duration,
    /// The first wait after a stream broke; it doubles with each that follows at once.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
}

impl AlertStreamSettings {
    /// At most so many streams, and the rest as is good for real devices.
    pub fn of_most(most: usize) -> Self {
        Self {
            most,
            turn: TURN,
            silence: Duration::from_secs(90),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(300),
        }
    }
}

/// What event streams do just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StreamsStatus {
    /// Streams open.
    pub open: u64,
    /// Most that may be open.
    pub most: u64,
    /// Events heard since the start, each as often as it was told.
    pub heard: u64,
    /// Events that came too fast, and were dropped.
    pub dropped: u64,
    /// Parts that could not be read.
    pub unreadable: u64,
}

/// Counts of all streams of a worker.
#[derive(Debug, Default)]
struct Counts {
    open: AtomicU64,
    heard: AtomicU64,
    dropped: AtomicU64,
    unreadable: AtomicU64,
}

/// Keeps event streams open.
pub(crate) struct AlertStreams {
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
    pub(crate) owner: String,
    pub(crate) reaching: Reaching,
    pub(crate) settings: AlertStreamSettings,
    pub(crate) engine: Engine,
    pub(crate) status: StreamsWatch,
}

/// How event streams fare, for whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct StreamsWatch {
    counts: Arc<Counts>,
    turns: SharedStatus,
    most: u64,
}

impl StreamsWatch {
    pub(crate) fn new(most: usize) -> Self {
        Self { counts: Arc::default(), turns: SharedStatus::new(NAME), most: most as u64 }
    }

    pub(crate) fn streams(&self) -> StreamsStatus {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        StreamsStatus {
            open: read(&self.counts.open),
            most: self.most,
            heard: read(&self.counts.heard),
            dropped: read(&self.counts.dropped),
            unreadable: read(&self.counts.unreadable),
        }
    }

    pub(crate) fn turns(&self) -> ReconcilerStatus {
        self.turns.get()
    }
}

/// A stream that is kept open.
struct Held {
    wanted: WantedStream,
    task: AbortHandle,
}

/// The streams of this worker.
struct Streams {
    holder: Arc<Holder>,
    words: mpsc::Sender<Word>,
    tasks: JoinSet<Ended>,
    held: HashMap<DeviceId, Held>,
    of_task: HashMap<Id, DeviceId>,
}

impl AlertStreams {
    /// Runs until told to stop; then every stream ends at once.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let (words, heard) = mpsc::channel(MOST_WORDS);
        let collector = Collector { store: self.store.clone(), clock: Arc::clone(&self.clock) };
        let collecting = tokio::spawn(collector.run(heard));
        let holder = Holder {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            reaching: self.reaching.clone(),
            engine: self.engine.clone(),
            settings: self.settings.clone(),
            opening: Semaphore::new(OPENING_AT_ONCE),
            words: words.clone(),
            counts: Arc::clone(&self.status.counts),
        };
        let mut streams = Streams {
            holder: Arc::new(holder),
            words,
            tasks: JoinSet::new(),
            held: HashMap::new(),
            of_task: HashMap::new(),
        };
        for turn in 0_u64.. {
            let now = self.clock.now();
            let result = self.turn(&mut streams, turn, now).await;
            self.status.turns.note(now, &result);
            tokio::select! {
                () = stopping.cancelled() => break,
                () = tokio::time::sleep(self.settings.turn) => {}
            }
        }
        streams.close(self.clock.now()).await;
        drop(streams);
        let _ = collecting.await;
    }

    async fn turn(&self, streams: &mut Streams, turn: u64, now: DateTime<Utc>) -> Result<usize, StoreError> {
        streams.reap(now).await;
        let (store, owner) = (self.store.clone(), self.owner.clone());
        let looks = on_blocking_thread(move || tidy(&store, &owner, now)).await?;
        let looked = looks.len();
        if !looks.is_empty() {
            self.engine.look_soon(looks);
        }
        let [every, every_when_full] = WANTED_EVERY;
        let every = if streams.held.len() < self.settings.most { every } else { every_when_full };
        if self.settings.most > 0 && turn.is_multiple_of(every) {
            let (store, owner) = (self.store.clone(), self.owner.clone());
            let most = u32::try_from(self.settings.most).unwrap_or(u32::MAX);
            let wanted =
                on_blocking_thread(move || store.read(|conn| device_events::wanted_streams(conn, &owner, now, most)));
            streams.follow(wanted.await?, now).await;
        }
        if turn % FORGET_EVERY == FORGET_EVERY - 1 {
            let (store, owner) = (self.store.clone(), self.owner.clone());
            let held: Vec<DeviceId> = streams.held.keys().cloned().collect();
            on_blocking_thread(move || {
                let held: Vec<&DeviceId> = held.iter().collect();
                store.write_relaxed(|conn| device_events::forget_streams_but(conn, &owner, &held))
            })
            .await?;
        }
        Ok(looked)
    }
}

/// Ends events that are told no more, tells the event log what it heard nothing of yet, and gives the devices that are to be
/// looked at.
fn tidy(store: &Store, owner: &str, now: DateTime<Utc>) -> Result<Vec<DeviceId>, StoreError> {
    let (late, looks) =
        store.read(|conn| Ok((device_events::is_untidy(conn, now)?, device_events::wants_looks(conn, owner)?)))?;
    if late {
        store.write_relaxed(|conn| {
            device_events::end_silent(conn, now)?;
            device_events::tell_late(conn, now)
        })?;
    }
    if looks { store.write_relaxed(|conn| device_events::take_wanted_looks(conn, owner)) } else { Ok(Vec::new()) }
}

impl Streams {
    /// Opens what should be open and is not, and ends what should not be.
    async fn follow(&mut self, wanted: Vec<WantedStream>, now: DateTime<Utc>) {
        let wanted: HashMap<DeviceId, WantedStream> =
            wanted.into_iter().map(|stream| (stream.device_id.clone(), stream)).collect();
        let over: Vec<DeviceId> = self
            .held
            .iter()
            .filter(|(id, held)| wanted.get(*id) != Some(&held.wanted))
            .map(|(id, _)| id.clone())
            .collect();
        for id in over {
            self.end(&id, (!wanted.contains_key(&id)).then_some(now)).await;
        }
        for (id, stream) in wanted {
            if self.held.contains_key(&id) {
                continue;
            }
            let task = self.tasks.spawn(Arc::clone(&self.holder).hold(stream.clone()));
            self.of_task.insert(task.id(), id.clone());
            self.held.insert(id, Held { wanted: stream, task });
        }
    }

    /// Ends a stream; `told`: nobody keeps it open any more since then.
    async fn end(&mut self, id: &DeviceId, told: Option<DateTime<Utc>>) {
        let Some(held) = self.held.remove(id) else { return };
        self.of_task.remove(&held.task.id());
        held.task.abort();
        if let Some(at) = told {
            let _ = self.words.send(Word::fares(id, None, at)).await;
        }
    }

    /// Takes up what ended by itself.
    async fn reap(&mut self, now: DateTime<Utc>) {
        while let Some(ended) = self.tasks.try_join_next_with_id() {
            let (task, state) = match ended {
                Ok((task, Ended::NotSupported)) => (task, Some(StreamState::NotSupported)),
                Ok((task, Ended::Gone)) => (task, None),
                Err(error) => (error.id(), None),
            };
            if let Some(id) = self.of_task.remove(&task) {
                self.held.remove(&id);
                let _ = self.words.send(Word::fares(&id, state, now)).await;
            }
        }
    }

    /// Ends all of them.
    async fn close(&mut self, now: DateTime<Utc>) {
        self.tasks.abort_all();
        while self.tasks.join_next().await.is_some() {}
        for id in self.held.drain().map(|(id, _)| id).collect::<Vec<_>>() {
            let _ = self.words.send(Word::fares(&id, None, now)).await;
        }
    }
}
