//! `PATCH /roles/{role_id}`: a role's name and rights.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::RoleId;
use siteward_store::events;
use siteward_store::roles::{self, RoleChange};
use utoipa::ToSchema;

use super::{Role, name, role_event};
use crate::access::May;
use crate::access::rights::ManageRoles;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::staff::member::may_give;
use crate::words::Right;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleUpdate {
    /// Its name, unique in the company.
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    /// What it allows, all of it; not more than the caller may.
    #[schema(max_items = 9)]
    rights: Option<Vec<Right>>,
}

/// Changes a role, for all who have it, from now on: their accounts on alarm panels follow. A role with rights that the
/// caller lacks is for others to change.
#[utoipa::path(tag = "roles", params(("role_id" = String, Path, format = "uuid", description = "The role")), request_body = RoleUpdate, responses(
    (status = 200, description = "The role as it is now", body = Role),
    (status = 403, description = "It has, or would get, rights that the caller lacks; details.rights", body = ErrorBody),
    (status = 409, description = "The name is taken", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/roles/{role_id}")]
pub(crate) async fn update_role(
    may: May<ManageRoles>,
    platform: web::Data<Platform>,
    note: Note,
    role_id: web::Path<RoleId>,
    body: Body<RoleUpdate>,
) -> Result<web::Json<Role>, ApiError> {
    let body = body.into_inner();
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    let name = body.name.map(|text| name(&text)).transpose()?;
    let rights = body.rights.map(super::rights).transpose()?;
    note.object("role", &*role_id, "");
    let change = RoleChange { name, rights };
    let role = platform
        .write(move |conn| {
            let before = roles::get_role(conn, &company, &role_id)?;
            let given = change.rights.as_deref().unwrap_or_default();
            if let Err(refusal) = may_give(&caller, &[&before.rights, given].concat()) {
                return Ok(Err(refusal));
            }
            let role = roles::update_role(conn, &company, &role_id, &change, now)?;
            events::append(conn, &role_event(&caller, &role_id, now))?;
            Ok(Ok(role))
        })
        .await??;
    note.object("role", &role.id, &role.name);
    (platform.wake_worker)();
    Ok(web::Json(role.into()))
}
