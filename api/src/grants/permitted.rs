//! Asking whether the owner lets the company do something now, where it is done.

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::DeviceId;
use siteward_domain::grant::{DevicePermission, Refusal};
use siteward_store::{DbConn, StoreError, Vault, grants};
use siteward_worker::grants::{Use, use_permission};

use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// Refuses unless the caller's company may use a permission on a device now. The first use of a grant is noted, and its owner told.
pub(crate) async fn permitted(
    platform: &Platform,
    caller: &Caller,
    device: &DeviceId,
    permission: DevicePermission,
) -> Result<(), ApiError> {
    let (now, company, id) = (platform.clock.now(), caller.company_id(), device.clone());
    let is_first = platform.read(move |conn| grants::to_note(conn, &company, &id, permission, now)).await?;
    if is_first.map_err(refusal)? {
        let (store, caller, id) = (platform.store.clone(), caller.clone(), device.clone());
        platform.write(move |conn| permit(conn, store.vault(), &caller, &id, permission, now)).await??;
        (platform.wake_worker)();
    }
    Ok(())
}

/// As [`permitted`], within a transaction that writes.
pub(crate) fn permit(
    conn: &mut DbConn,
    vault: &Vault,
    caller: &Caller,
    device: &DeviceId,
    permission: DevicePermission,
    now: DateTime<Utc>,
) -> Result<Result<(), ApiError>, StoreError> {
    let used = Use {
        company_id: caller.company_id(),
        device_id: device.clone(),
        permission,
        staff_id: Some(caller.staff_id()),
    };
    Ok(use_permission(conn, vault, &used, now)?.map_err(refusal))
}

/// What a refusal says.
pub(crate) fn refusal(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::NotAuthorized => ApiError::new(codes::SITE_NOT_AUTHORIZED),
        Refusal::Missing(permission) => {
            ApiError::new(codes::PERMISSION_MISSING).with_details(json!({ "permission": permission.as_str() }))
        }
    }
}
