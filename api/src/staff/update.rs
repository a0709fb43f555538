//! `PATCH /staff/{staff_id}`: a colleague's name and role.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::staff::MOST_NAME_CHARACTERS;
use siteward_domain::{RoleId, StaffId, text};
use siteward_store::staff::{self, StaffChange};
use siteward_store::{StoreError, events};
use utoipa::ToSchema;

use super::member::{StaffMember, may_change, may_give_role, staff_event};
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffUpdate {
    /// The name.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// The role; its rights may not exceed those of the caller.
    #[schema(value_type = Option<String>, format = "uuid")]
    role_id: Option<RoleId>,
}

/// Changes a colleague. Their accounts on alarm panels follow the role.
#[utoipa::path(tag = "staff", params(("staff_id" = String, Path, format = "uuid", description = "The member of staff")),
    request_body = StaffUpdate, responses(
    (status = 200, description = "The member of staff as they are now", body = StaffMember),
    (status = 403, description = "They have, or would get, rights that the caller lacks; details.rights", body = ErrorBody),
    (status = 409, description = "The Installer Admin has no role", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/staff/{staff_id}")]
pub(crate) async fn update_staff(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    staff_id: web::Path<StaffId>,
    body: Body<StaffUpdate>,
) -> Result<web::Json<StaffMember>, ApiError> {
    let StaffUpdate { name, role_id } = body.into_inner();
    let name = name.map(|name| text::needed_line(&name, MOST_NAME_CHARACTERS)).transpose();
    let change = StaffChange { name: name.map_err(|error| bad_name(&error, "name"))?, role_id };
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    let member = platform
        .write(move |conn| {
            let member = staff::get_member(conn, &company, &staff_id, now)?;
            if member.is_admin && change.role_id.is_some() {
                return Ok(Err(ApiError::new(codes::IS_ADMIN)));
            }
            if let Err(refusal) = may_change(&caller, &member) {
                return Ok(Err(refusal));
            }
            if let Some(role) = &change.role_id
                && let Err(refusal) = may_give_role(conn, &caller, role)?
            {
                return Ok(Err(refusal));
            }
            match staff::update_staff(conn, &company, &staff_id, &change, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::IS_ADMIN))),
                updated => updated?,
            }
            events::append(conn, &staff_event(&caller, &staff_id, now))?;
            Ok(Ok(staff::get_member(conn, &company, &staff_id, now)?))
        })
        .await??;
    note.object("staff", &member.id, &member.name);
    (platform.wake_worker)();
    Ok(web::Json(member.into()))
}
