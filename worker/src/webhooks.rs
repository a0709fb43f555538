//! Webhooks: tells the receivers of a company what happens, signed, one event after the other.
//!
//! The event log is fanned out to deliveries (`store::webhooks`); the job `deliver_webhook` tells those of one webhook in
//! their order. What a receiver does not take is tried again, later and later, for three days, and holds what comes after
//! it back: a receiver that was down gets everything once and in order. Where the answer to a telling is lost it is told
//! again under the same id, by which the receiver knows it.

mod body;
mod sending;
mod signature;

use chrono::{DateTime, Duration, Utc};
use siteward_store::{Store, StoreError, webhooks};

use crate::jobs::deliver_webhook;

pub use body::{Told, test_body};
pub use sending::{Receiver, SendError};
pub use signature::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, new_secret, sign};

/// How long deliveries that ended can still be looked at.
const ENDED_KEPT: Duration = Duration::days(30);

/// Makes deliveries of what happened, and has them told; gives how many were made.
pub(crate) fn fan_out(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let waiting = store.read(webhooks::has_news)?;
    let made = if waiting { store.write(|conn| webhooks::fan_out(conn, now))? } else { 0 };
    let undelivered = store.read(|conn| webhooks::find_unattended(conn, deliver_webhook::KIND))?;
    if !undelivered.is_empty() {
        store.write(|conn| undelivered.iter().try_for_each(|id| deliver_webhook::enqueue(conn, id, now)))?;
    }
    Ok(made)
}

/// Forgets deliveries that ended long ago.
pub(crate) fn prune(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    store.write_relaxed(|conn| webhooks::prune_ended(conn, now - ENDED_KEPT))
}
