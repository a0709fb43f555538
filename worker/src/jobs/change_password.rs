//! Gives a device a new password (R-O9): one job a device.
//!
//! The new password stands sealed in the database before the device is asked, and the old one is kept until the device
//! let us in with the new. A job that was killed in between tries the new one first: at most one refused login with
//! each, and always an end that tells which of them the device has.

use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use siteward_devices::activation::{self, Patience};
use siteward_devices::operations::{self, PasswordError};
use siteward_devices::{CallError, Login};
use siteward_domain::grant::DevicePermission;
use siteward_domain::{DeviceId, JobId};
use siteward_store::devices::{self, Credential, Device};
use siteward_store::jobs::NewJob;
use siteward_store::password_changes::{self, ClaimedChange};
use siteward_store::{SealedText, StoreError, grants};

use crate::grants::refusal_code;
use crate::job::{Job, JobContext, JobError};
use crate::reaching::{Reaching, note_refusal};

/// Devices at once.
const AT_ONCE: usize = 32;
/// How often a device that does not answer is tried, over half an hour.
const MOST_ATTEMPTS: u32 = 8;
/// A device may need a moment before it knows its new password.
const PATIENCE: Patience = Patience { every: Duration::from_secs(2), most: Duration::from_secs(6) };

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The device.
    pub device_id: DeviceId,
}

/// The job of a change that was asked for, to be enqueued in the same transaction.
pub fn new_job(device: &DeviceId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id: JobId::generate(now),
        kind: ChangePassword::KIND.to_owned(),
        payload: serde_json::json!({ "device_id": device }),
        run_at: now,
        dedup_key: Some(device.to_string()),
        most_attempts: MOST_ATTEMPTS,
    }
}

/// The kind.
pub(crate) struct ChangePassword {
    reaching: Reaching,
}

/// A change with everything that it needs.
struct Change {
    device: Device,
    credential: Credential,
    new: SecretString,
    /// Somebody may have got as far as the device.
    tried_before: bool,
}

/// What a try came to.
enum Ended {
    /// The device has the new password.
    Done,
    /// It has not, or it cannot be told: then the new one is kept.
    Failed { code: &'static str, keep_new: bool, refused: Option<CallError> },
    /// It does not answer just now. `untouched`: it surely has the old password still.
    Later { code: &'static str, untouched: bool },
}

impl ChangePassword {
    pub(crate) fn new(reaching: Reaching) -> Self {
        Self { reaching }
    }
}

impl Job for ChangePassword {
    const KIND: &'static str = "change_password";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        AT_ONCE
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let Some(change) = begin(&context, payload.device_id).await? else { return Ok(()) };
        // Once the device may have heard of it, what it has must be found out; before that the owner's word counts.
        if !change.tried_before
            && let Some(code) = forbidden(&context, &change.device).await?
        {
            return fail(&context, change.device, code, false, None).await;
        }
        let ended = self.change(&context, &change).await;
        end(&context, change, ended).await
    }

    async fn give_up(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let Some(change) = begin(&context, payload.device_id).await? else { return Ok(()) };
        // Whether the device took it before it fell silent is not known.
        end(&context, change, Ended::Failed { code: "device_unreachable", keep_new: true, refused: None }).await
    }
}

impl ChangePassword {
    async fn change(&self, context: &JobContext, change: &Change) -> Ended {
        if change.tried_before {
            match self.try_new(change).await {
                Ok(()) => return Ended::Done,
                Err(CallError::LoginRefused { .. }) => {}
                Err(error) => return judge(error, true),
            }
        }
        let keep_new = change.tried_before;
        let now = context.clock.now();
        let mut client = match self.reaching.client(&context.store, &change.device, &change.credential, now) {
            Ok(client) => client,
            Err(resting) => return Ended::Failed { code: resting.code(), keep_new, refused: None },
        };
        match operations::change_password(&mut client, &change.credential.user_name, &change.new).await {
            Ok(_) => {}
            Err(PasswordError::Rule(_)) => {
                return Ended::Failed { code: "device_password_weak", keep_new: false, refused: None };
            }
            Err(PasswordError::NoSuchUser) => {
                return Ended::Failed { code: "device_refused", keep_new: false, refused: None };
            }
            Err(PasswordError::Call(error)) => {
                // Before this the device had the old one: never tried, or the new one was just refused.
                let untouched = surely_not_done(&error);
                return match judge(error, keep_new) {
                    Ended::Later { code, .. } => Ended::Later { code, untouched },
                    ended => ended,
                };
            }
        }
        match self.try_new(change).await {
            Ok(()) => Ended::Done,
            Err(error) => match judge(error, true) {
                // It is the new password that was refused; the stored one was not tried.
                Ended::Failed { code, keep_new, .. } => Ended::Failed { code, keep_new, refused: None },
                ended => ended,
            },
        }
    }

    /// Whether the device lets us in with the new password.
    async fn try_new(&self, change: &Change) -> Result<(), CallError> {
        let login = Login { user_name: change.credential.user_name.clone(), password: change.new.clone() };
        let mut client = self.reaching.client_with(&change.device, login);
        activation::wait_until_ready(&mut client, PATIENCE).await
    }
}

fn judge(error: CallError, keep_new: bool) -> Ended {
    match error {
        CallError::Unreachable { .. } | CallError::TooManySessions => {
            Ended::Later { code: error.code(), untouched: false }
        }
        CallError::LoginRefused { .. } | CallError::Locked { .. } => {
            Ended::Failed { code: error.code(), keep_new, refused: Some(error) }
        }
        error => Ended::Failed { code: error.code(), keep_new, refused: None },
    }
}

/// Whether a change that failed so was not made. Of an answer that was lost on the way nobody knows.
pub(crate) fn surely_not_done(error: &CallError) -> bool {
    match error {
        CallError::TooManySessions => true,
        CallError::Unreachable { reason } => {
            matches!(*reason, "refused" | "no_route" | "link_down" | "unknown_device" | "port_not_allowed")
        }
        _ => false,
    }
}

/// Claims the change. `None`: it has ended, or the device is gone.
async fn begin(context: &JobContext, device: DeviceId) -> Result<Option<Change>, JobError> {
    let now = context.clock.now();
    let claimed = context
        .with_store(move |store| {
            store.write(|conn| {
                let Some(claimed) = password_changes::claim(conn, &device, now)? else { return Ok(None) };
                let credential = devices::get_credential(conn, &claimed.company_id, &device)?;
                Ok(Some((devices::get_device(conn, &claimed.company_id, &device)?, credential, claimed)))
            })
        })
        .await?;
    let Some((device, credential, ClaimedChange { company_id, sealed_new, tried_before })) = claimed else {
        return Ok(None);
    };
    let place = password_changes::new_password_place(&company_id, &device.id);
    match context.store.vault().open(place, &sealed_new) {
        Ok(new) => Ok(Some(Change { device, credential, new, tried_before })),
        Err(error) => {
            tracing::error!(device.id = %device.id, %error, "a new password does not open");
            fail(context, device, "password_locked", true, None).await?;
            Ok(None)
        }
    }
}

/// Why the owner of the site does not allow it now, if so.
async fn forbidden(context: &JobContext, device: &Device) -> Result<Option<&'static str>, JobError> {
    let (now, company, id) = (context.clock.now(), device.company_id.clone(), device.id.clone());
    let allowed = context
        .with_store(move |store| {
            store.read(|conn| grants::to_note(conn, &company, &id, DevicePermission::Configuration, now))
        })
        .await?;
    Ok(allowed.err().map(refusal_code))
}

async fn end(context: &JobContext, change: Change, ended: Ended) -> Result<(), JobError> {
    let Change { device, new, .. } = change;
    match ended {
        Ended::Done => {
            let sealed = devices::seal_password(&context.store, &device.company_id, &device.id, &new);
            let sealed: SealedText = sealed.map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let now = context.clock.now();
            tracing::info!(device.id = %device.id, "a device has a new password");
            context
                .with_store(move |store| {
                    store.write(|conn| password_changes::finish(conn, &device.company_id, &device.id, &sealed, now))
                })
                .await?;
            Ok(())
        }
        Ended::Failed { code, keep_new, refused } => fail(context, device, code, keep_new, refused).await,
        Ended::Later { code, untouched } => {
            if untouched {
                context
                    .with_store(move |store| {
                        store.write(|conn| password_changes::note_untouched(conn, &device.company_id, &device.id))
                    })
                    .await?;
            }
            Err(JobError::Later(code))
        }
    }
}

async fn fail(
    context: &JobContext,
    device: Device,
    code: &'static str,
    keep_new: bool,
    refused: Option<CallError>,
) -> Result<(), JobError> {
    tracing::info!(device.id = %device.id, code, "a device did not get its new password");
    let now = context.clock.now();
    context
        .with_store(move |store| {
            store.write(|conn| {
                if let Some(refused) = &refused {
                    note_refusal(conn, &device, refused, now)?;
                }
                password_changes::fail(conn, &device.company_id, &device.id, code, keep_new, now)
            })
        })
        .await?;
    Ok(())
}
