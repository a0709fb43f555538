//! `DELETE /staff/{staff_id}`: deletes a colleague.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::StaffId;
use siteward_store::{StoreError, events, staff};

use super::member::{may_keep_out, staff_event};
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Deletes a colleague: their sessions end at once, and their accounts on alarm panels go. What they did stays in the logs.
#[utoipa::path(tag = "staff", params(("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 204, description = "Deleted"),
    (status = 409, description = "It is the caller's own account, or the Installer Admin's", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/staff/{staff_id}")]
pub(crate) async fn delete_staff(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    staff_id: web::Path<StaffId>,
) -> Result<HttpResponse, ApiError> {
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    let (member, ended) = platform
        .write(move |conn| {
            let member = staff::get_member(conn, &company, &staff_id, now)?;
            if let Err(refusal) = may_keep_out(&caller, &member) {
                return Ok(Err(refusal));
            }
            let ended = match staff::delete_staff(conn, &company, &staff_id, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::IS_ADMIN))),
                ended => ended?,
            };
            events::append(conn, &staff_event(&caller, &staff_id, now))?;
            Ok(Ok((member, ended)))
        })
        .await??;
    note.object("staff", &member.id, &member.name);
    platform.live.end_sessions(&ended);
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
