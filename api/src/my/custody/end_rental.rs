//! `DELETE /my/sites/{site_id}/rental`: the owner ends the agreement on rental.

use actix_web::{delete, web};
use siteward_domain::SiteId;
use siteward_store::StoreError;
use siteward_store::access_log::Actor;
use siteward_worker::custody;

use super::MyCustody;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends the agreement on rental: the company cannot pause one's use any more. Not while it is paused. The company is told by mail.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "As it is now", body = MyCustody),
    (status = 409, description = "Nothing is agreed, or the company has paused the owner's use", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/sites/{site_id}/rental")]
pub(crate) async fn end_my_rental(
    owned: Owned,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<MyCustody>, ApiError> {
    let (now, by) = (platform.clock.now(), Actor::EndUser(owned.id()));
    note.object("site", &*site_id, "");
    let custody = platform
        .write(move |conn| match custody::end_rental(conn, &site_id, &by, now) {
            Err(StoreError::Stale) => {
                let paused = siteward_store::custody::get(conn, &site_id)?.suspended_at.is_some();
                let code = if paused { codes::SITE_SUSPENDED } else { codes::RENTAL_NOT_AGREED };
                Ok(Err(ApiError::new(code)))
            }
            ended => MyCustody::describe(conn, &ended?).map(Ok),
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(custody))
}
