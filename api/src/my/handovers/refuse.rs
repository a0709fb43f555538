//! `POST /my/handovers/{handover_id}/refuse`: refuses an invitation that went to one's own address.

use actix_web::{HttpResponse, post, web};
use siteward_domain::HandoverId;
use siteward_store::StoreError;
use siteward_store::handovers as stored;
use siteward_worker::handovers;

use crate::access::end_user::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Refuses: nothing changes, and the company is told.
#[utoipa::path(tag = "my", params(("handover_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 204, description = "Refused"),
    (status = 404, description = "There is none that could be refused, or it went to somebody else", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/handovers/{handover_id}/refuse")]
pub(crate) async fn refuse_my_handover(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    handover_id: web::Path<HandoverId>,
) -> Result<HttpResponse, ApiError> {
    let (now, id) = (platform.clock.now(), handover_id.into_inner());
    note.object("handover", &id, "");
    let site = platform
        .write(move |conn| {
            let open = stored::find_by_id(conn, &id, caller.email(), now)?.ok_or(StoreError::NotFound)?;
            handovers::refuse(conn, (&open.company_id, &id), None, Some(&caller.id()), now)?;
            Ok((open.id, open.site))
        })
        .await?;
    note.object("handover", &site.0, site.1);
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
