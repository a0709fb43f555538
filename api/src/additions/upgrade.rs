//! `POST /additions/{addition_id}/upgrade`: adds a device whose firmware is too old, and upgrades it then (R-O2).

use actix_web::{post, web};
use siteward_domain::AdditionId;

use super::{Addition, changeable, show};
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Adds the device although its firmware is too old; its upgrade begins with it.
#[utoipa::path(tag = "additions", params(("addition_id" = String, Path, format = "uuid", description = "The addition")), responses(
    (status = 200, description = "Where it stands now", body = Addition),
    (status = 409, description = "It does not wait for that now", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/additions/{addition_id}/upgrade")]
pub(crate) async fn upgrade_addition(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<AdditionId>,
) -> Result<web::Json<Addition>, ApiError> {
    let (company, id) = (on.company_id(), id.into_inner());
    changeable(&platform, &note, &company, &id).await?;
    platform.adding.add_and_upgrade(&company, &id).await?;
    Ok(web::Json(show(&platform, on.reach(), id).await?))
}
