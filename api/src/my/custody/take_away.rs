//! `DELETE /my/sites/{site_id}/company`: takes a site away from the company that serves it.

use actix_web::{delete, web};
use siteward_domain::SiteId;
use siteward_store::StoreError;
use siteward_worker::custody;

use super::MyCustody;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes a site away from the company that serves it. Its people see nothing of it any more, what they were let do ends, and their accounts come off
/// its panels; the devices go on being watched for the owner. The company is told by mail.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "No company serves it any more", body = MyCustody),
    (status = 409, description = "No company serves it, or the company paused the owner's use", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/sites/{site_id}/company")]
pub(crate) async fn take_site_away(
    owned: Owned,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<MyCustody>, ApiError> {
    let (now, owner, store) = (platform.clock.now(), owned.id(), platform.store.clone());
    note.object("site", &*site_id, "");
    let custody = platform
        .write(move |conn| {
            let before = siteward_store::custody::get(conn, &site_id)?;
            match custody::take_away(conn, store.vault(), &site_id, &owner, now) {
                Err(StoreError::Stale) if before.suspended_at.is_some() => {
                    return Ok(Err(ApiError::new(codes::SITE_SUSPENDED)));
                }
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::SITE_NOT_SERVED))),
                taken => taken?,
            }
            let custody = siteward_store::custody::get(conn, &site_id)?;
            MyCustody::describe(conn, &custody).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(custody))
}
