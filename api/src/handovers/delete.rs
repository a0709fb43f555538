//! `DELETE /handovers/{handover_id}`: takes an invitation back.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::HandoverId;
use siteward_store::{StoreError, handovers};

use crate::access::OnSites;
use crate::access::rights;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Takes an invitation back: its link is dead from now on, and the site is *not invited* again.
#[utoipa::path(tag = "handovers", params(("handover_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 204, description = "Taken back"),
    (status = 409, description = "It ended before", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/handovers/{handover_id}")]
pub(crate) async fn cancel_handover(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    handover_id: web::Path<HandoverId>,
) -> Result<HttpResponse, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    let actor = format!("staff:{}", on.caller().staff_id());
    note.object("handover", &*handover_id, "");
    let cancelled = platform
        .write(move |conn| match handovers::cancel_handover(conn, &company, &handover_id, actor.clone(), now) {
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::HANDOVER_ENDED))),
            cancelled => cancelled.map(Ok),
        })
        .await??;
    note.object("handover", &cancelled.id, &cancelled.site_name);
    Ok(HttpResponse::NoContent().finish())
}
