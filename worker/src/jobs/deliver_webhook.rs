//! Tells one webhook what waits for it, in order, until nothing does or the receiver takes nothing.
//!
//! Killed between the receiver's answer and the note of it, an event is told once more under the same id.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_devices::AddressPolicy;
use siteward_domain::webhook::TRIED_SECONDS;
use siteward_domain::{JobId, WebhookId};
use siteward_store::jobs::{self, NewJob};
use siteward_store::webhooks::{self, Delivery, Outcome, Webhook};
use siteward_store::{DbConn, Store, StoreError};

use crate::job::{Job, JobContext, JobError};
use crate::webhooks::{Receiver, SendError, Told};

/// Its name in the database.
pub const KIND: &str = "deliver_webhook";
/// Pauses grow to 15 minutes; an event is given up by its age and never by this.
const MOST_ATTEMPTS: u32 = 1_000_000;
const WEBHOOKS_AT_ONCE: usize = 16;

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// Has what waits for a webhook told; does nothing where that is under way.
pub fn enqueue(conn: &mut DbConn, webhook: &WebhookId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let job = NewJob {
        id: JobId::generate(now),
        kind: KIND.to_owned(),
        payload: serde_json::json!({ "webhook_id": webhook }),
        run_at: now,
        dedup_key: Some(webhook.to_string()),
        most_attempts: MOST_ATTEMPTS,
    };
    jobs::enqueue(conn, &job, now)?;
    Ok(())
}

/// The same, at once: also where it rests after a failure. For when a person changed something or asks.
pub fn hurry(conn: &mut DbConn, webhook: &WebhookId, now: DateTime<Utc>) -> Result<(), StoreError> {
    jobs::make_due(conn, KIND, webhook.as_str(), now)?;
    enqueue(conn, webhook, now)
}

/// The kind.
pub(crate) struct DeliverWebhook {
    /// What may be dialled.
    pub(crate) policy: AddressPolicy,
    /// How long one telling may take.
    pub(crate) patience: Duration,
}

/// What is to be told now.
struct Turn {
    webhook: Webhook,
    delivery: Delivery,
    /// `None`: the log holds the event no more.
    told: Option<Told>,
}

impl Job for DeliverWebhook {
    const KIND: &'static str = KIND;
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        WEBHOOKS_AT_ONCE
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        loop {
            if context.stopping.is_cancelled() {
                return Err(JobError::BrokenOff);
            }
            let id = payload.webhook_id.clone();
            let Some(turn) = context.with_store(move |store| next(store, &id)).await? else { return Ok(()) };
            let telling = self.tell(&context.store, &turn, context.clock.now());
            let result = tokio::select! {
                result = telling => result,
                () = context.stopping.cancelled() => return Err(JobError::BrokenOff),
            };
            let now = context.clock.now();
            let too_old = (now - turn.delivery.waiting_since).num_seconds() >= TRIED_SECONDS;
            let outcome = match result {
                Ok(status) => Outcome::Delivered(status),
                Err(error) => {
                    let for_good = too_old || turn.told.is_none();
                    Outcome::Failed { code: error.code, status: error.status, for_good }
                }
            };
            let (delivery, noted) = (turn.delivery, outcome.clone());
            context
                .with_store(move |store| store.write(|conn| webhooks::note_outcome(conn, &delivery, &noted, now)))
                .await?;
            if let Outcome::Failed { code, for_good: false, .. } = outcome {
                return Err(JobError::Later(code));
            }
        }
    }
}

impl DeliverWebhook {
    async fn tell(&self, store: &Store, turn: &Turn, now: DateTime<Utc>) -> Result<u16, SendError> {
        let failed = |code| SendError { code, status: None };
        let told = turn.told.as_ref().ok_or(failed("webhook_event_gone"))?;
        let webhook = &turn.webhook;
        let place = webhooks::secret_place(&webhook.company_id, &webhook.id);
        let secret = store.vault().open(place, &webhook.sealed_secret).map_err(|_| failed("webhook_secret_locked"))?;
        let receiver = Receiver::parse(&webhook.url, self.policy).map_err(|_| failed("webhook_address_refused"))?;
        receiver.tell(told.bytes(), (told.id, now.timestamp()), &secret, self.policy, self.patience).await
    }
}

/// `None`: it is gone or off, or has nothing to tell.
fn next(store: &Store, id: &WebhookId) -> Result<Option<Turn>, StoreError> {
    store.read(|conn| {
        let Some(webhook) = webhooks::find_webhook(conn, id)?.filter(|webhook| webhook.enabled) else {
            return Ok(None);
        };
        let Some((delivery, event)) = webhooks::find_next(conn, id)? else { return Ok(None) };
        let told = event.as_ref().map(|event| Told::of(conn, event)).transpose()?;
        Ok(Some(Turn { webhook, delivery, told }))
    })
}
