//! Sends one mail of the outbox.
//!
//! Killed before the server took the mail, the job begins anew; killed after, the mail goes once more under the same
//! Message-ID. While no mail server is set the job ends and the mail waits; [`enqueue_waiting`] takes it up again.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::{JobId, MailId};
use siteward_store::jobs::{self, NewJob};
use siteward_store::{DbConn, StoreError, mails, smtp};

use crate::job::{Job, JobContext, JobError};
use crate::mail::{Delivered, Delivering, MailPace};

/// With pauses of up to 15 minutes this is about a day.
const MOST_ATTEMPTS: u32 = 100;
const MAILS_AT_ONCE: usize = 4;
/// How long a mail that is under way may still take when the worker stops.
const LAST_CHANCE: std::time::Duration = std::time::Duration::from_secs(5);
/// Most mails taken up again at once.
const MOST_TAKEN_UP: u32 = 200;
/// How long a mail without a job rests before it is taken up: somebody may be sending it just now.
const REST: Duration = Duration::minutes(2);

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The mail.
    pub mail_id: MailId,
}

/// The job for a mail, to be enqueued in the transaction that writes the mail.
pub fn new_job(mail: &MailId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id: JobId::generate(now),
        kind: SendMail::KIND.to_owned(),
        payload: serde_json::json!({ "mail_id": mail }),
        run_at: now,
        dedup_key: Some(mail.to_string()),
        most_attempts: MOST_ATTEMPTS,
    }
}

/// Enqueues mails that wait without a job, where a mail server is set that takes our login: after the settings changed
/// (`at_once`), or what a dying process left behind. Text messages need none. Gives how many.
pub fn enqueue_waiting(conn: &mut DbConn, at_once: bool, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let by_mail = smtp::find_smtp(conn)?.is_some_and(|settings| !settings.login_refused);
    let before = if at_once { now } else { now - REST };
    let waiting = mails::find_without_job(conn, SendMail::KIND, by_mail, before, MOST_TAKEN_UP)?;
    for mail in &waiting {
        jobs::enqueue(conn, &new_job(mail, now), now)?;
    }
    Ok(waiting.len())
}

/// The kind.
pub(crate) struct SendMail {
    pub(crate) delivering: Delivering,
    pub(crate) pace: MailPace,
}

impl Job for SendMail {
    const KIND: &'static str = "send_mail";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        MAILS_AT_ONCE
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        tokio::select! {
            () = self.pace.turn() => {}
            () = context.stopping.cancelled() => return Err(JobError::BrokenOff),
        }
        let delivering = self.delivering.deliver(&payload.mail_id, false);
        tokio::pin!(delivering);
        let delivered = tokio::select! {
            delivered = &mut delivering => delivered?,
            // A mail that is nearly through is let through. One that is broken off stays `sending` and begins anew.
            () = context.stopping.cancelled() => match tokio::time::timeout(LAST_CHANCE, delivering).await {
                Ok(delivered) => delivered?,
                Err(_) => return Err(JobError::BrokenOff),
            },
        };
        match delivered {
            Delivered::Later(error) => Err(JobError::Later(error.code)),
            Delivered::Failed(error) => {
                tracing::warn!(mail.id = %payload.mail_id, code = error.code, "a mail was not taken and is given up");
                Ok(())
            }
            Delivered::Sent | Delivered::Gone | Delivered::Waits => Ok(()),
        }
    }

    async fn give_up(&self, _: JobContext, payload: Payload) -> Result<(), JobError> {
        Ok(self.delivering.give_up(&payload.mail_id).await?)
    }
}
