//! `POST /upgrades/{upgrade_id}/cancel`: ends an upgrade.

use actix_web::{post, web};
use siteward_domain::UpgradeId;
use siteward_store::upgrades;

use super::{Upgrade, decide};
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends an upgrade. Devices that were not begun stay as they are; those under way come to their end, for a device must not be
/// left in the middle.
#[utoipa::path(tag = "firmware", params(("upgrade_id" = String, Path, format = "uuid", description = "The upgrade")), responses(
    (status = 200, description = "As it is now", body = Upgrade),
    (status = 409, description = "It has ended", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/upgrades/{upgrade_id}/cancel")]
pub(crate) async fn cancel_upgrade(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<UpgradeId>,
) -> Result<web::Json<Upgrade>, ApiError> {
    let decided = decide(&on, &platform, &note, id.into_inner(), codes::UPGRADE_ENDED, upgrades::cancel);
    Ok(web::Json(decided.await?))
}
