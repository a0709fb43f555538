//! Finishes rows, many in one transaction: with a disk that takes milliseconds for a commit, one row a transaction
//! would be what an import waits for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use siteward_domain::ImportId;
use siteward_store::imports::{self, Finished};
use siteward_store::{DbConn, Store, StoreError};
use tokio::sync::oneshot;

use super::trying::Tried;
use crate::clock::SharedClock;
use crate::job::{JobContext, on_blocking_thread};

/// Most rows of a transaction.
const ROWS_AT_ONCE: usize = 64;
/// How often, a second apart, writing is tried while the database is not there. What a device said must not get lost:
/// asking again costs another login.
const TRIES: u32 = 8;

/// Collects rows that have ended; whoever finds nobody writing writes for all that have come together meanwhile.
#[derive(Clone, Default)]
pub(super) struct Finisher(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    waiting: Vec<Ended>,
    somebody_writes: bool,
}

struct Ended {
    import: ImportId,
    index: u32,
    tried: Tried,
    done: oneshot::Sender<Result<Finished, StoreError>>,
}

impl Finisher {
    /// Writes down what became of a row; ends when that is committed.
    pub(super) async fn finish(
        &self,
        context: &JobContext,
        import: ImportId,
        index: u32,
        tried: Tried,
    ) -> Result<Finished, StoreError> {
        let (done, finished) = oneshot::channel();
        let must_write = {
            let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            queue.waiting.push(Ended { import, index, tried, done });
            !std::mem::replace(&mut queue.somebody_writes, true)
        };
        if must_write {
            let (this, store, clock) = (self.clone(), context.store.clone(), Arc::clone(&context.clock));
            // Not awaited: it writes for others too, and must go on when this job is broken off.
            tokio::spawn(on_blocking_thread(move || {
                this.write_all(&store, &clock);
                Ok(())
            }));
        }
        finished.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the writing was broken off".to_owned())))
    }

    fn write_all(&self, store: &Store, clock: &SharedClock) {
        loop {
            let batch = {
                let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if queue.waiting.is_empty() {
                    queue.somebody_writes = false;
                    return;
                }
                let most = queue.waiting.len().min(ROWS_AT_ONCE);
                queue.waiting.drain(..most).collect::<Vec<_>>()
            };
            write(store, clock, batch);
        }
    }
}

/// All in one transaction; where one of them spoils it, each in its own.
fn write(store: &Store, clock: &SharedClock, batch: Vec<Ended>) {
    let now = clock.now();
    let one = |conn: &mut DbConn, ended: &Ended| {
        let finished = imports::finish_row(conn, &ended.import, ended.index, &ended.tried.result, now)?;
        if let (Finished::Added(_), Some(look)) = (&finished, &ended.tried.first_look) {
            look.write(conn)?;
        }
        Ok(finished)
    };
    let imports_of: Vec<_> = batch.iter().map(|ended| &ended.import).collect();
    let together = patiently(store, |conn| {
        imports::hold_sites_of(conn, &imports_of)?;
        batch.iter().map(|ended| one(conn, ended)).collect::<Result<Vec<_>, _>>()
    });
    match together {
        Ok(finished) => {
            for (ended, finished) in batch.into_iter().zip(finished) {
                let _ = ended.done.send(Ok(finished));
            }
        }
        Err(error) => {
            tracing::debug!(%error, rows = batch.len(), "rows are finished one by one");
            for ended in batch {
                let mut finished = patiently(store, |conn| one(conn, &ended));
                if matches!(finished, Err(StoreError::Duplicate { .. })) {
                    // Somebody added the same device at the same instant: now the row can say so.
                    finished = patiently(store, |conn| one(conn, &ended));
                }
                let _ = ended.done.send(finished);
            }
        }
    }
}

fn patiently<T>(store: &Store, mut work: impl FnMut(&mut DbConn) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        match store.write(&mut work) {
            Err(StoreError::Unavailable(_)) if tries < TRIES => std::thread::sleep(Duration::from_secs(1)),
            result => return result,
        }
    }
}
