//! `POST /staff/{staff_id}/enable`: lets a colleague in again.

use actix_web::{HttpResponse, post, web};
use siteward_domain::StaffId;
use siteward_store::{events, staff};

use super::member::{may_change, staff_event};
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Lets a colleague in again who was kept out; their accounts on alarm panels come back.
#[utoipa::path(tag = "staff", params(("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 204, description = "They may sign in"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/staff/{staff_id}/enable")]
pub(crate) async fn enable_staff(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    staff_id: web::Path<StaffId>,
) -> Result<HttpResponse, ApiError> {
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    let member = platform
        .write(move |conn| {
            let member = staff::get_member(conn, &company, &staff_id, now)?;
            if let Err(refusal) = may_change(&caller, &member) {
                return Ok(Err(refusal));
            }
            staff::enable_staff(conn, &company, &staff_id, now)?;
            events::append(conn, &staff_event(&caller, &staff_id, now))?;
            Ok(Ok(member))
        })
        .await??;
    note.object("staff", &member.id, &member.name);
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
