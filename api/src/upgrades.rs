//! Upgrades of firmware: planned, begun, followed, and decided about.

pub(crate) mod cancel;
pub(crate) mod configuration;
pub(crate) mod create;
pub(crate) mod devices;
pub(crate) mod get;
pub(crate) mod go_on;
pub(crate) mod list;
pub(crate) mod of_device;
pub(crate) mod plan;
mod planning;
pub(crate) mod retry;
mod view;

use chrono::{DateTime, Utc};
use siteward_domain::{CompanyId, UpgradeId};
use siteward_store::reach::Reach;
use siteward_store::upgrades as stored;
use siteward_store::{DbConn, StoreError};

use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::ApiError;
use crate::error::codes::Code;
use crate::operation_log::Note;
use crate::platform::Platform;

pub(crate) use view::{Upgrade, UpgradeDevice};

/// The kind of object in the operation log.
const OBJECT: &str = "upgrade";

/// What is decided about an upgrade is decided about all of its devices: whoever does not reach all of them sees no such
/// upgrade.
fn check_all(conn: &mut DbConn, reach: &Reach, id: &UpgradeId) -> Result<(), StoreError> {
    let all = stored::devices_of(conn, reach.company_id(), id)?;
    reach.check_devices(conn, &all)
}

/// Decides about an upgrade and gives it as it is then. `stale` is the refusal where its standing does not allow that.
async fn decide(
    on: &OnSites<UpgradeFirmware>,
    platform: &Platform,
    note: &Note,
    id: UpgradeId,
    stale: &'static Code,
    decision: impl Fn(&mut DbConn, &CompanyId, &UpgradeId, DateTime<Utc>) -> Result<(), StoreError> + Send + 'static,
) -> Result<Upgrade, ApiError> {
    let (reach, company, now) = (on.reach(), on.company_id(), platform.clock.now());
    note.object(OBJECT, &id, "");
    let changed = platform
        .write(move |conn| {
            check_all(conn, &reach, &id)?;
            match decision(conn, &company, &id, now) {
                Ok(()) => read(conn, &company, &reach, &id).map(Ok),
                Err(StoreError::Stale) => Ok(Err(ApiError::new(stale))),
                Err(error) => Err(error),
            }
        })
        .await??;
    (platform.wake_worker)();
    Ok(changed)
}

/// An upgrade as the caller sees it.
fn read(conn: &mut DbConn, company: &CompanyId, reach: &Reach, id: &UpgradeId) -> Result<Upgrade, StoreError> {
    let upgrade = stored::get(conn, company, id)?;
    let contents = stored::contents(conn, reach, &[id.as_str()])?.pop().unwrap_or_default();
    Ok(Upgrade::new(upgrade, stored::tally(conn, reach, id)?, contents))
}
