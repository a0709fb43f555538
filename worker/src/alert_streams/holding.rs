//! One stream: opened, read, opened anew after a wait that grows.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use siteward_devices::events::{AlertStream, Told};
use siteward_devices::{CallError, DeviceClient};
use siteward_domain::DeviceId;
use siteward_domain::device_event::StreamState;
use siteward_store::Store;
use siteward_store::device_events::{Heard, WantedStream};
use siteward_store::devices::{self, Device};
use tokio::sync::{Semaphore, mpsc};

use super::collecting::Word;
use super::pace::{Pace, Verdict};
use super::{AlertStreamSettings, Counts};
use crate::clock::SharedClock;
use crate::job::on_blocking_thread;
use crate::polling::Engine;
use crate::reaching::{self, Reaching};

/// Bytes a second of one stream in the long run; whoever sends more is read no faster.
const BYTES_A_SECOND: usize = 256 * 1024;
/// Bytes that may come at once: an event with its pictures.
const BYTES_AT_ONCE: usize = 4 * 1024 * 1024;
/// A device that tells so much too fast in one stream is polled only, for the longest wait.
const MOST_DROPPED: u64 = 5_000;
/// A stream that was open for so long was a good one: the next wait is the first again.
const STEADY: Duration = Duration::from_secs(60);

/// Why a stream is not kept open any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The device has none.
    NotSupported,
    /// The device is gone, refused the login, or may not be asked now.
    Gone,
}

/// How reading a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Broke {
    /// The device or the network ended it, or nothing came.
    Off,
    /// It told far too much.
    Flooded,
}

/// What every stream of a worker needs.
pub(super) struct Holder {
    pub(super) store: Store,
    pub(super) clock: SharedClock,
    pub(super) reaching: Reaching,
    pub(super) engine: Engine,
    pub(super) settings: AlertStreamSettings,
    pub(super) opening: Semaphore,
    pub(super) words: mpsc::Sender<Word>,
    pub(super) counts: Arc<Counts>,
}

/// One more stream is open, as long as this lives.
struct Open<'a>(&'a Counts);

impl<'a> Open<'a> {
    fn one_more(counts: &'a Counts) -> Self {
        counts.open.fetch_add(1, Ordering::Relaxed);
        Self(counts)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Holder {
    /// Keeps the stream of a device open until it cannot be, or the task is ended.
    pub(super) async fn hold(self: Arc<Self>, wanted: WantedStream) -> Ended {
        let mut wait = self.settings.first_wait;
        let mut told = None;
        loop {
            match self.open(&wanted).await {
                Ok(stream) => {
                    let began = Instant::now();
                    self.fares(&wanted.device_id, StreamState::Open, &mut told).await;
                    let broke = self.read(&wanted.device_id, stream).await;
                    if began.elapsed() >= STEADY {
                        wait = self.settings.first_wait;
                    }
                    if broke == Broke::Flooded {
                        tracing::warn!(device.id = %wanted.device_id, "a device tells far too many events, it is polled only for a while");
                        wait = self.settings.longest_wait;
                    }
                }
                Err(Failed::Ended(ended)) => return ended,
                Err(Failed::Now(error)) => {
                    tracing::debug!(device.id = %wanted.device_id, %error, "an event stream could not be opened");
                }
                Err(Failed::Busy) => wait = self.settings.longest_wait,
            }
            self.fares(&wanted.device_id, StreamState::Connecting, &mut told).await;
            // Streams that broke together do not come back together.
            tokio::time::sleep(wait.mul_f64(0.75 + rand::random::<f64>() / 2.0)).await;
            wait = (wait * 2).min(self.settings.longest_wait);
        }
    }

    /// Notes how the stream fares, where that is new.
    async fn fares(&self, device: &DeviceId, state: StreamState, told: &mut Option<StreamState>) {
        if told.replace(state) != Some(state) {
            let _ = self.words.send(Word::fares(device, Some(state), self.clock.now())).await;
        }
    }

    async fn open(&self, wanted: &WantedStream) -> Result<AlertStream, Failed> {
        let Ok(_turn) = self.opening.acquire().await else { return Err(Failed::Ended(Ended::Gone)) };
        let (device, client) = self.client(wanted).await?;
        match AlertStream::open(client).await {
            Ok(stream) => Ok(stream),
            Err(CallError::NotSupported | CallError::LowPrivilege) => Err(Failed::Ended(Ended::NotSupported)),
            Err(CallError::TooManySessions) => Err(Failed::Busy),
            Err(error @ (CallError::LoginRefused { .. } | CallError::Locked { .. })) => {
                let (store, now) = (self.store.clone(), self.clock.now());
                // Told before it is noted: a device whose login is refused is wanted no more, and its task is ended.
                let _ = self.words.send(Word::fares(&device.id, Some(StreamState::LoginRefused), now)).await;
                let noted =
                    on_blocking_thread(move || store.write(|conn| reaching::note_refusal(conn, &device, &error, now)));
                match noted.await {
                    // Whoever polls the device knows of it at once, and does not try the login too.
                    Ok(()) => self.engine.wake(),
                    Err(error) => {
                        tracing::error!(device.id = %wanted.device_id, %error, "a refused login could not be written down");
                    }
                }
                Err(Failed::Ended(Ended::Gone))
            }
            Err(error) => Err(Failed::Now(error)),
        }
    }

    /// The device as it is now, and a client for it, if nothing stands against it.
    async fn client(&self, wanted: &WantedStream) -> Result<(Device, DeviceClient), Failed> {
        let (store, reaching, now) = (self.store.clone(), self.reaching.clone(), self.clock.now());
        let (company, id) = (wanted.company_id.clone(), wanted.device_id.clone());
        let found = on_blocking_thread(move || {
            let (device, credential) = store.read(|conn| {
                Ok((devices::get_device(conn, &company, &id)?, devices::get_credential(conn, &company, &id)?))
            })?;
            let client = reaching.client(&store, &device, &credential, now);
            Ok((device, client))
        });
        match found.await {
            Ok((device, Ok(client))) => Ok((device, client)),
            Ok((_, Err(_))) | Err(_) => Err(Failed::Ended(Ended::Gone)),
        }
    }

    /// Reads a stream until it breaks.
    async fn read(&self, device: &DeviceId, mut stream: AlertStream) -> Broke {
        let _open = Open::one_more(&self.counts);
        let mut pace = Pace::new(Instant::now());
        let mut bytes = Bytes { left: BYTES_AT_ONCE, counted: Instant::now() };
        let (mut dropped, mut dropped_in_all) = (0, 0);
        let mut readable = tokio::time::Instant::now();
        loop {
            // What comes without end is ready at once, each time, and may yet be silence.
            let silent_at = readable + self.settings.silence;
            let came = tokio::time::timeout_at(silent_at, stream.next()).await;
            let (Ok(Ok(Some(came))), true) = (came, tokio::time::Instant::now() < silent_at) else {
                self.tell_dropped(device, &mut dropped).await;
                return Broke::Off;
            };
            for told in came.told {
                let signal = match told {
                    Told::Unreadable => {
                        self.counts.unreadable.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    Told::Heartbeat => {
                        readable = tokio::time::Instant::now();
                        continue;
                    }
                    Told::Event(signal) => signal,
                };
                readable = tokio::time::Instant::now();
                self.counts.heard.fetch_add(1, Ordering::Relaxed);
                match pace.judge(&signal, Instant::now()) {
                    Verdict::Repeat => {}
                    Verdict::Drop => {
                        dropped += 1;
                        dropped_in_all += 1;
                        self.counts.dropped.fetch_add(1, Ordering::Relaxed);
                    }
                    Verdict::PassOn => {
                        let heard = Heard { device_id: device.clone(), signal, at: self.clock.now() };
                        let _ = self.words.send(Word::Heard(heard)).await;
                        self.tell_dropped(device, &mut dropped).await;
                    }
                }
            }
            if dropped_in_all > MOST_DROPPED {
                self.tell_dropped(device, &mut dropped).await;
                return Broke::Flooded;
            }
            bytes.take(came.bytes).await;
        }
    }

    async fn tell_dropped(&self, device: &DeviceId, dropped: &mut u64) {
        let count = std::mem::take(dropped);
        if count > 0 {
            let _ = self.words.send(Word::Dropped(device.clone(), count)).await;
        }
    }
}

/// Why a stream was not opened.
enum Failed {
    /// And will not be.
    Ended(Ended),
    /// This time.
    Now(CallError),
    /// The device has too many sessions.
    Busy,
}

/// The pace at which a stream is read.
struct Bytes {
    left: usize,
    counted: Instant,
}

impl Bytes {
    /// Waits until so many bytes were allowed to come.
    async fn take(&mut self, bytes: usize) {
        let back = usize::try_from(self.counted.elapsed().as_millis()).unwrap_or(usize::MAX);
        if back > 0 {
            let back = back.saturating_mul(BYTES_A_SECOND / 1000);
            self.left = self.left.saturating_add(back).min(BYTES_AT_ONCE);
            self.counted = Instant::now();
        }
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return;
        }
        let missing = bytes - std::mem::take(&mut self.left);
        let wait = Duration::from_millis(u64::try_from(missing / (BYTES_A_SECOND / 1000)).unwrap_or(1000));
        tokio::time::sleep(wait).await;
        self.counted = Instant::now();
    }
}
