//! `DELETE /sites/{site_id}/rental`: the company ends the agreement on rental.

use actix_web::{delete, web};
use siteward_domain::SiteId;
use siteward_store::access_log::Actor;
use siteward_store::{StoreError, sites};
use siteward_worker::custody;

use super::Custody;
use crate::access::{OnSites, rights};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends the agreement on rental, at any time; a pause of the customer's use ends with it. The owner is told by mail.
#[utoipa::path(tag = "custody", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "As it is now", body = Custody),
    (status = 409, description = "The owner did not agree to rental", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sites/{site_id}/rental")]
pub(crate) async fn end_rental(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
) -> Result<web::Json<Custody>, ApiError> {
    let (now, company, by) = (platform.clock.now(), on.company_id(), Actor::Staff(on.caller().staff_id()));
    note.object("site", &*site_id, "");
    let custody = platform
        .write(move |conn| {
            // Whoever does not serve the site any more ends nothing.
            sites::hold_site(conn, &company, &site_id)?;
            match custody::end_rental(conn, &site_id, &by, now) {
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::RENTAL_NOT_AGREED))),
                ended => Custody::describe(conn, &ended?).map(Ok),
            }
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(custody))
}
