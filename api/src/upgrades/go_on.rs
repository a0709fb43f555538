//! `POST /upgrades/{upgrade_id}/go_on`: goes on with an upgrade that stopped.

use actix_web::{post, web};
use siteward_domain::UpgradeId;
use siteward_store::{StoreError, upgrades};

use super::{OBJECT, Upgrade, check_all, read};
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Goes on with an upgrade that stopped: the errors so far do not count any more.
#[utoipa::path(tag = "firmware", params(("upgrade_id" = String, Path, format = "uuid", description = "The upgrade")), responses(
    (status = 200, description = "As it is now", body = Upgrade),
    (status = 409, description = "It did not stop", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/upgrades/{upgrade_id}/go_on")]
pub(crate) async fn go_on_with_upgrade(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<UpgradeId>,
) -> Result<web::Json<Upgrade>, ApiError> {
    let (reach, company, now) = (on.reach(), on.company_id(), platform.clock.now());
    let id = id.into_inner();
    note.object(OBJECT, &id, "");
    let changed = platform
        .write(move |conn| {
            check_all(conn, &reach, &id)?;
            match upgrades::go_on(conn, &company, &id, now) {
                Ok(()) => read(conn, &company, &reach, &id).map(Ok),
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::UPGRADE_NOT_STOPPED))),
                Err(error) => Err(error),
            }
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(changed))
}
