//! The job that upgrades one device: from where it stands until it ends, or until nothing can be done just now.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use siteward_domain::{DeviceId, UpgradeId};
use siteward_store::StoreError;
use siteward_store::upgrades::{self, Finished};

use super::UpgradeSettings;
use super::files::Whole;
use super::working::{Ended, Working};
use crate::job::{Job, JobContext, JobError};
use crate::reaching::Reaching;

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    upgrade_id: UpgradeId,
    device_id: DeviceId,
}

/// The kind.
pub(crate) struct UpgradeDevice {
    reaching: Reaching,
    settings: UpgradeSettings,
    whole: Arc<Whole>,
}

impl UpgradeDevice {
    pub(crate) fn new(reaching: Reaching, settings: UpgradeSettings) -> Self {
        Self { reaching, settings, whole: Arc::default() }
    }
}

impl Job for UpgradeDevice {
    const KIND: &'static str = "upgrade_device";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        self.settings.at_once
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let working = Working {
            context: &context,
            reaching: &self.reaching,
            settings: &self.settings,
            whole: &self.whole,
            upgrade: &payload.upgrade_id,
            device: &payload.device_id,
        };
        match working.run().await {
            // Or somebody else ended it, or the device is gone.
            Ok(Ended::ForNow) | Err(StoreError::Stale | StoreError::NotFound) => Ok(()),
            Ok(Ended::BrokenOff) => Err(JobError::BrokenOff),
            Err(error) => Err(error.into()),
        }
    }

    async fn give_up(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let now = context.clock.now();
        let ended = context
            .with_store(move |store| {
                let key = (&payload.upgrade_id, &payload.device_id);
                store.write(|conn| upgrades::finish(conn, key, &Finished::failed("upgrade_given_up"), now))
            })
            .await;
        match ended {
            Ok(()) | Err(StoreError::Stale | StoreError::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
