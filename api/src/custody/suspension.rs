//! `PUT /sites/{site_id}/suspension`: pauses the customer's use of a site, or ends the pause.

use actix_web::{put, web};
use serde::Deserialize;
use siteward_domain::SiteId;
use siteward_store::StoreError;
use siteward_worker::custody;
use utoipa::ToSchema;

use super::Custody;
use crate::access::{OnSites, rights};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Whether the use is paused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suspension {
    /// Paused from now on, or not any more.
    on: bool,
}

/// Pauses the customer's use of a site or ends the pause, once the owner agreed to rental. The owner is told by mail.
#[utoipa::path(tag = "custody", request_body = Suspension, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "As it is now", body = Custody),
    (status = 409, description = "The owner did not agree to rental", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/sites/{site_id}/suspension")]
pub(crate) async fn set_suspension(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<Suspension>,
) -> Result<web::Json<Custody>, ApiError> {
    let (now, who, paused) = (platform.clock.now(), on.caller().clone(), body.into_inner().on);
    let (company, staff) = (who.company_id(), who.staff_id());
    note.object("site", &*site_id, "");
    let custody = platform
        .write(move |conn| match custody::set_suspended(conn, (&company, &staff), &site_id, paused, now) {
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::RENTAL_NOT_AGREED))),
            custody => Custody::describe(conn, &custody?).map(Ok),
        })
        .await??;
    (platform.wake_worker)();
    Ok(web::Json(custody))
}
