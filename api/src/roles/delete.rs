//! `DELETE /roles/{role_id}`: deletes a role that nobody has.

use actix_web::{HttpResponse, delete, web};
use serde_json::json;
use siteward_domain::RoleId;
use siteward_store::{events, roles};

use super::role_event;
use crate::access::May;
use crate::access::rights::ManageRoles;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::staff::member::may_give;

/// Deletes a role that nobody has and nobody is invited to.
#[utoipa::path(tag = "roles", params(("role_id" = String, Path, format = "uuid", description = "The role")), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "It has rights that the caller lacks; details.rights", body = ErrorBody),
    (status = 409, description = "It is in use: details.members and details.invitations tell by how many", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/roles/{role_id}")]
pub(crate) async fn delete_role(
    may: May<ManageRoles>,
    platform: web::Data<Platform>,
    note: Note,
    role_id: web::Path<RoleId>,
) -> Result<HttpResponse, ApiError> {
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    note.object("role", &*role_id, "");
    let role = platform
        .write(move |conn| {
            let role = roles::get_role(conn, &company, &role_id)?;
            if let Err(refusal) = may_give(&caller, &role.rights) {
                return Ok(Err(refusal));
            }
            if let Err(used) = roles::delete_role(conn, &company, &role_id, now)? {
                let details = json!({ "members": used.members, "invitations": used.invitations });
                return Ok(Err(ApiError::new(codes::ROLE_IN_USE).with_details(details)));
            }
            events::append(conn, &role_event(&caller, &role_id, now))?;
            Ok(Ok(role))
        })
        .await??;
    note.object("role", &role.id, &role.name);
    Ok(HttpResponse::NoContent().finish())
}
