//! `POST /upgrades/{upgrade_id}/retry`: tries what failed once more.

use actix_web::{post, web};
use chrono::Duration;
use siteward_domain::UpgradeId;
use siteward_domain::upgrade::WAITS_HOURS;
use siteward_store::{StoreError, upgrades};

use super::{OBJECT, Upgrade, check_all, read};
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Tries the devices that failed once more, and no others.
#[utoipa::path(tag = "firmware", params(("upgrade_id" = String, Path, format = "uuid", description = "The upgrade")), responses(
    (status = 200, description = "As it is now", body = Upgrade),
    (status = 409, description = "No device failed, or one is being upgraded by now", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/upgrades/{upgrade_id}/retry")]
pub(crate) async fn retry_upgrade(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<UpgradeId>,
) -> Result<web::Json<Upgrade>, ApiError> {
    let (reach, company, now) = (on.reach(), on.company_id(), platform.clock.now());
    let id = id.into_inner();
    note.object(OBJECT, &id, "");
    let waits_until = now + Duration::hours(i64::from(WAITS_HOURS));
    let changed = platform
        .write(move |conn| {
            check_all(conn, &reach, &id)?;
            match upgrades::retry(conn, &company, &id, waits_until, now) {
                Ok(()) => read(conn, &company, &reach, &id).map(Ok),
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::UPGRADE_NOTHING_FAILED))),
                Err(error) => Err(error),
            }
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(changed))
}
