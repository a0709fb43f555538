//! `POST /upgrades/{upgrade_id}/retry`: tries what failed once more.

use actix_web::{post, web};
use chrono::Duration;
use siteward_domain::UpgradeId;
use siteward_domain::upgrade::WAITS_HOURS;
use siteward_store::upgrades;

use super::{Upgrade, decide};
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
    let decided =
        decide(&on, &platform, &note, id.into_inner(), codes::UPGRADE_NOTHING_FAILED, |conn, company, id, now| {
            upgrades::retry(conn, company, id, now + Duration::hours(i64::from(WAITS_HOURS)), now)
        });
    Ok(web::Json(decided.await?))
}
