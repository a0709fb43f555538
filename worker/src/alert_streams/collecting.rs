//! What all streams of a worker told, written together: a busy street costs a transaction now and then, not one an event.

use std::time::Duration;

use chrono::{DateTime, Utc};
use siteward_domain::DeviceId;
use siteward_domain::device_event::StreamState;
use siteward_store::device_events::{self, Heard, StreamChange};
use siteward_store::{Store, StoreError};
use tokio::sync::mpsc;

use crate::clock::SharedClock;
use crate::job::on_blocking_thread;

/// Words gathered before they are written: short, for somebody may watch.
const GATHERED_FOR: Duration = Duration::from_millis(100);
/// Words written at once.
const MOST_AT_ONCE: usize = 1000;
/// How often a batch is tried that the database does not take, a second apart.
const TRIES: u32 = 10;

/// What a stream has to say.
#[derive(Debug, Clone)]
pub(super) enum Word {
    /// Its device told something.
    Heard(Heard),
    /// It fares otherwise.
    Fares(StreamChange),
    /// So many events came too fast.
    Dropped(DeviceId, u64),
}

impl Word {
    /// A stream fares so since then.
    pub(super) fn fares(device: &DeviceId, state: Option<StreamState>, at: DateTime<Utc>) -> Self {
        Self::Fares(StreamChange { device_id: device.clone(), state, at })
    }
}

/// Writes what streams have to say.
pub(super) struct Collector {
    pub(super) store: Store,
    pub(super) clock: SharedClock,
}

impl Collector {
    /// Runs until nobody has anything to say any more.
    pub(super) async fn run(self, mut words: mpsc::Receiver<Word>) {
        let mut batch = Vec::new();
        while words.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
            if !words.is_closed() {
                tokio::time::sleep(GATHERED_FOR).await;
            }
            while batch.len() < MOST_AT_ONCE
                && let Ok(word) = words.try_recv()
            {
                batch.push(word);
            }
            self.write(std::mem::take(&mut batch)).await;
        }
    }

    async fn write(&self, batch: Vec<Word>) {
        let batch = std::sync::Arc::new(batch);
        for attempt in 1..=TRIES {
            let (store, now, words) = (self.store.clone(), self.clock.now(), std::sync::Arc::clone(&batch));
            match on_blocking_thread(move || write(&store, &words, now)).await {
                Ok(()) => return,
                Err(StoreError::Unavailable(_)) if attempt < TRIES => tokio::time::sleep(Duration::from_secs(1)).await,
                Err(error) => {
                    tracing::error!(%error, words = batch.len(), "what devices told could not be written and is given up");
                    return;
                }
            }
        }
    }
}

fn write(store: &Store, words: &[Word], now: DateTime<Utc>) -> Result<(), StoreError> {
    store.write_relaxed(|conn| {
        let mut heard = Vec::new();
        let mut changes = Vec::new();
        for word in words {
            match word {
                Word::Heard(one) => heard.push(one.clone()),
                Word::Fares(change) => changes.push(change.clone()),
                Word::Dropped(device, count) => device_events::add_dropped(conn, device, *count, now)?,
            }
        }
        device_events::set_streams(conn, &changes)?;
        device_events::take(conn, &heard, now)?;
        Ok(())
    })
}
