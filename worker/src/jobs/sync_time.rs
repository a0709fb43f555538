//! Sets clock and time zone of every device of a site (R-T2): one job a site, several devices at once.
//!
//! Setting a clock twice does no harm, so a killed job begins anew. A device that does not play along is passed over.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use siteward_devices::operations;
use siteward_domain::event::EventKind;
use siteward_domain::grant::DevicePermission;
use siteward_domain::{CompanyId, JobId, SiteId};
use siteward_store::devices::{self, Credential, Device, DeviceFilter};
use siteward_store::events::{self, NewEvent};
use siteward_store::jobs::NewJob;
use siteward_store::reach::Reach;
use siteward_store::{grants, sites};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::grants::{Use, use_permission};
use crate::job::{Job, JobContext, JobError};
use crate::reaching::{Reaching, note_refusal};

const MOST_ATTEMPTS: u32 = 5;
const SITES_AT_ONCE: usize = 4;
/// Devices set at once, over all sites.
const DEVICES_AT_ONCE: usize = 16;
/// Devices read at once.
const PAGE: u32 = 100;

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
}

/// The job for a site, to be enqueued in the transaction that makes it necessary.
pub fn new_job(company: &CompanyId, site: &SiteId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id: JobId::generate(now),
        kind: SyncTime::KIND.to_owned(),
        payload: serde_json::json!({ "company_id": company, "site_id": site }),
        run_at: now,
        dedup_key: Some(site.to_string()),
        most_attempts: MOST_ATTEMPTS,
    }
}

/// The kind.
pub(crate) struct SyncTime {
    reaching: Reaching,
    devices: Arc<Semaphore>,
}

impl SyncTime {
    pub(crate) fn new(reaching: Reaching) -> Self {
        Self { reaching, devices: Arc::new(Semaphore::new(DEVICES_AT_ONCE)) }
    }
}

/// Devices that may be set; `true` where that is the first use of what their owner granted.
type Found = Vec<(Device, Credential, bool)>;

impl Job for SyncTime {
    const KIND: &'static str = "sync_time";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        SITES_AT_ONCE
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let mut cursor = None;
        loop {
            let Some((zone, found, next)) = page(&context, &payload, cursor).await? else { return Ok(()) };
            let mut under_way = JoinSet::new();
            for (device, credential, is_first) in found {
                let (reaching, devices, context) = (self.reaching.clone(), Arc::clone(&self.devices), context.clone());
                under_way.spawn(async move {
                    // The semaphore is never closed.
                    let Ok(_place) = devices.acquire_owned().await else { return Ok(()) };
                    if context.stopping.is_cancelled() || (is_first && !note_use(&context, &device).await?) {
                        Ok(())
                    } else {
                        set(&context, &reaching, device, &credential, zone).await
                    }
                });
            }
            while let Some(ended) = under_way.join_next().await {
                ended.map_err(|_| JobError::Panicked)??;
            }
            if context.stopping.is_cancelled() {
                return Err(JobError::BrokenOff);
            }
            cursor = next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}

/// A page of the site's devices, and the zone. `None`: the site is gone.
async fn page(
    context: &JobContext,
    payload: &Payload,
    cursor: Option<String>,
) -> Result<Option<(Tz, Found, Option<String>)>, JobError> {
    let (company, site, now) = (payload.company_id.clone(), payload.site_id.clone(), context.clock.now());
    let read = move |conn: &mut siteward_store::DbConn| {
        let zone = sites::get_site(conn, &company, &site)?.time_zone;
        let filter = DeviceFilter { site_id: Some(site.clone()), ..DeviceFilter::default() };
        let period = chrono::Duration::minutes(1);
        let listed =
            devices::list_devices(conn, &Reach::of_company(&company), &filter, now, period, cursor.as_deref(), PAGE)?;
        let mut found = Vec::new();
        for item in listed.items {
            let permission = DevicePermission::Configuration;
            let Ok(is_first) = grants::to_note(conn, &company, &item.device.id, permission, now)? else { continue };
            let credential = devices::get_credential(conn, &company, &item.device.id)?;
            found.push((item.device, credential, is_first));
        }
        Ok((zone, found, listed.next_cursor))
    };
    match context.with_store(move |store| store.read(read)).await {
        Ok((zone, found, next)) => Ok(zone.parse().ok().map(|zone| (zone, found, next))),
        Err(siteward_store::StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Notes the first use of the owner's permission; `false`: it is over meanwhile.
async fn note_use(context: &JobContext, device: &Device) -> Result<bool, JobError> {
    let now = context.clock.now();
    let used = Use {
        company_id: device.company_id.clone(),
        device_id: device.id.clone(),
        permission: DevicePermission::Configuration,
        staff_id: None,
    };
    let allowed =
        context.with_store(move |store| store.write(|conn| use_permission(conn, store.vault(), &used, now))).await?;
    Ok(allowed.is_ok())
}

async fn set(
    context: &JobContext,
    reaching: &Reaching,
    device: Device,
    credential: &Credential,
    zone: Tz,
) -> Result<(), JobError> {
    let now = context.clock.now();
    let mut client = match reaching.client(&context.store, &device, credential, now) {
        Ok(client) => client,
        Err(resting) => {
            tracing::info!(device.id = %device.id, code = resting.code(), "clock not set: the login rests");
            return Ok(());
        }
    };
    let set = operations::set_time(&mut client, now, zone).await;
    context
        .with_store(move |store| {
            store.write(|conn| match &set {
                Ok(_) => {
                    // The exception of a wrong clock ends as soon as the clock was read again.
                    devices::request_check(conn, &device.company_id, &device.id, now)?;
                    events::append(conn, &event(&device, now))
                }
                Err(error) => {
                    tracing::info!(device.id = %device.id, code = error.code(), "clock not set");
                    note_refusal(conn, &device, error, now)
                }
            })
        })
        .await?;
    Ok(())
}

fn event(device: &Device, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: device.company_id.clone(),
        site_id: Some(device.site_id.clone()),
        device_id: Some(device.id.clone()),
        kind: EventKind::DeviceTimeSet,
        actor: "worker".to_owned(),
        at: now,
        data: serde_json::json!({}),
    }
}
