//! `DELETE /staff/{staff_id}/sessions`: signs a colleague out everywhere.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::StaffId;
use siteward_store::staff;

use super::member::may_change;
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends every session of a colleague at once.
#[utoipa::path(tag = "staff", params(("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/staff/{staff_id}/sessions")]
pub(crate) async fn end_staff_sessions(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    staff_id: web::Path<StaffId>,
) -> Result<HttpResponse, ApiError> {
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    let (member, ended) = platform
        .write(move |conn| {
            let member = staff::get_member(conn, &company, &staff_id, now)?;
            if let Err(refusal) = may_change(&caller, &member) {
                return Ok(Err(refusal));
            }
            Ok(Ok((member, staff::end_sessions(conn, &staff_id)?)))
        })
        .await??;
    note.object("staff", &member.id, &member.name);
    platform.live.end_sessions(&ended);
    Ok(HttpResponse::NoContent().finish())
}
