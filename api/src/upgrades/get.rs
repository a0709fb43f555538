//! `GET /upgrades/{upgrade_id}`: one upgrade.

use actix_web::{get, web};
use siteward_domain::UpgradeId;

use super::{Upgrade, read};
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Gives an upgrade.
#[utoipa::path(tag = "firmware", params(("upgrade_id" = String, Path, format = "uuid", description = "The upgrade")), responses(
    (status = 200, description = "The upgrade", body = Upgrade),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/upgrades/{upgrade_id}")]
pub(crate) async fn get_upgrade(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    id: web::Path<UpgradeId>,
) -> Result<web::Json<Upgrade>, ApiError> {
    let (reach, company) = (on.reach(), on.company_id());
    Ok(web::Json(platform.read(move |conn| read(conn, &company, &reach, &id)).await?))
}
