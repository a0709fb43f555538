//! The handover pack on its way: put together before a site is accepted, kept within the transaction of the acceptance.

use chrono::{DateTime, Utc};
use siteward_domain::{CompanyId, DeviceId, EndUserId, SiteId};
use siteward_store::handover_packs::{KeptPack, keep_pack};
use siteward_store::mails::Attachment;
use siteward_store::{DbConn, StoreError, reports};

/// A pack with the files that go to the owner.
#[derive(Debug, Clone)]
pub struct Pack {
    /// The text and its hash.
    pub kept: KeptPack,
    /// The devices that it tells of.
    pub devices: Vec<DeviceId>,
    /// The same on paper and as data.
    pub files: Vec<Attachment>,
}

/// Keeps the pack of a site that is accepted in this transaction. [`StoreError::Stale`] where the site has other devices by
/// now than the pack tells of: then nothing is accepted, and the pack is made anew.
pub fn keep(
    conn: &mut DbConn,
    pack: &Pack,
    (company, site): (&CompanyId, &SiteId),
    owner: &EndUserId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut now_there: Vec<DeviceId> =
        reports::devices_of_site(conn, company, site)?.into_iter().map(|device| device.id).collect();
    let mut told = pack.devices.clone();
    now_there.sort();
    told.sort();
    if now_there != told {
        return Err(StoreError::Stale);
    }
    keep_pack(conn, &pack.kept, owner, now)
}
