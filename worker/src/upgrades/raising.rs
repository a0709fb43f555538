//! The exception of a device that an upgrade took and that did not come back.

use chrono::{DateTime, Utc};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_store::devices::Device;
use siteward_store::{DbConn, StoreError, exceptions};

/// Opens `offline_after_upgrade`, where it is not open; the next look that is let in closes it.
pub(super) fn raise(conn: &mut DbConn, device: &Device, now: DateTime<Utc>) -> Result<(), StoreError> {
    let key = ExceptionKey::of_device(ExceptionKind::OfflineAfterUpgrade);
    exceptions::open_beside(conn, std::slice::from_ref(&device.id), &key, now)
}
