//! `DELETE /staff/{staff_id}/two_factor`: takes the second factor of a colleague away who lost it.

use actix_web::{HttpRequest, HttpResponse, delete, web};
use siteward_domain::StaffId;
use siteward_store::{events, staff, two_factor};
use siteward_worker::mail::AccountChange;

use super::member::staff_event;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::{Note, address_of};
use crate::platform::Platform;
use crate::profile::telling::tell;

/// Takes a colleague's second factor away, with its recovery codes: they lost it. Their sessions end, and a mail tells them.
#[utoipa::path(tag = "staff", params(("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 204, description = "They sign in with the password alone, until they set up another"),
    (status = 409, description = "None is on, or it is the caller's own", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/staff/{staff_id}/two_factor")]
pub(crate) async fn reset_two_factor(
    admin: Admin,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    staff_id: web::Path<StaffId>,
) -> Result<HttpResponse, ApiError> {
    // One's own goes with the password and a code only: see the profile.
    if admin.0.record.staff_id == *staff_id {
        return Err(ApiError::new(codes::OWN_ACCOUNT));
    }
    let (caller, company, now) = (admin.0.clone(), admin.0.company_id(), platform.clock.now());
    let address = address_of(&request, &platform);
    let (member, ended) = platform
        .write(move |conn| {
            let member = staff::get_member(conn, &company, &staff_id, now)?;
            if !two_factor::take_away(conn, &*staff_id)? {
                return Ok(Err(ApiError::new(codes::TWO_FACTOR_OFF)));
            }
            let ended = staff::end_sessions(conn, &staff_id)?;
            tell(conn, &company, &staff_id, AccountChange::TwoFactorReset, &address, now)?;
            events::append(conn, &staff_event(&caller, &staff_id, now))?;
            Ok(Ok((member, ended)))
        })
        .await??;
    note.object("staff", &member.id, &member.name);
    platform.live.end_sessions(&ended);
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
