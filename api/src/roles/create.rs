//! `POST /roles`: makes a role.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::RoleId;
use siteward_domain::staff::MOST_ROLES;
use siteward_store::{events, roles};
use utoipa::ToSchema;

use super::{Role, name, role_event};
use crate::access::May;
use crate::access::rights::ManageRoles;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::staff::member::may_give;
use crate::words::Right;

/// A role to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleCreate {
    /// Its name, unique in the company.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// What it allows; not more than the caller may.
    #[schema(max_items = 9)]
    rights: Vec<Right>,
}

/// Makes a role.
#[utoipa::path(tag = "roles", request_body = RoleCreate, responses(
    (status = 201, description = "Made", body = Role),
    (status = 403, description = "It has rights that the caller lacks; details.rights", body = ErrorBody),
    (status = 409, description = "The name is taken, or there are 100 roles", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/roles")]
pub(crate) async fn create_role(
    may: May<ManageRoles>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<RoleCreate>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let (caller, company, now) = (may.caller().clone(), may.company_id(), platform.clock.now());
    let (id, name) = (RoleId::generate(now), name(&body.name)?);
    let rights = super::rights(body.rights)?;
    note.object("role", &id, &name);
    may_give(&caller, &rights)?;
    let role = platform
        .write(move |conn| {
            if roles::count_roles(conn, &company)? >= MOST_ROLES {
                return Ok(Err(ApiError::new(codes::ROLES_TOO_MANY)));
            }
            roles::create_role(conn, &company, &id, &name, &rights, now)?;
            events::append(conn, &role_event(&caller, &id, now))?;
            Ok(Ok(roles::get_role(conn, &company, &id)?))
        })
        .await??;
    Ok(HttpResponse::Created().json(Role::from(role)))
}
