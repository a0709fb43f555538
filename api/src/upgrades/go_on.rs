//! `POST /upgrades/{upgrade_id}/go_on`: goes on with an upgrade that stopped.

use actix_web::{post, web};
use siteward_domain::UpgradeId;
use siteward_store::upgrades;

use super::{Upgrade, decide};
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
    let decided = decide(&on, &platform, &note, id.into_inner(), codes::UPGRADE_NOT_STOPPED, upgrades::go_on);
    Ok(web::Json(decided.await?))
}
