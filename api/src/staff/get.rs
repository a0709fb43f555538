//! `GET /staff/{staff_id}`: one member of staff.

use actix_web::{get, web};
use siteward_domain::StaffId;
use siteward_store::staff;

use super::member::StaffMember;
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells of one member of staff.
#[utoipa::path(tag = "staff", params(("staff_id" = String, Path, format = "uuid", description = "The member of staff")), responses(
    (status = 200, description = "The member of staff", body = StaffMember),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/staff/{staff_id}")]
pub(crate) async fn get_staff(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    staff_id: web::Path<StaffId>,
) -> Result<web::Json<StaffMember>, ApiError> {
    let (company, now) = (may.company_id(), platform.clock.now());
    let member = platform.read(move |conn| staff::get_member(conn, &company, &staff_id, now)).await?;
    Ok(web::Json(member.into()))
}
