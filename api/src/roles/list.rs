//! `GET /roles`: the company's roles by name.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::roles;
use utoipa::ToSchema;

use super::Role;
use crate::access::May;
use crate::access::rights::ManageStaffOrRoles;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// All roles of the company.
#[derive(Serialize, ToSchema)]
pub(crate) struct RoleList {
    /// The roles, by name.
    #[schema(max_items = 100)]
    items: Vec<Role>,
}

/// Lists the company's roles by name, for whoever manages staff or roles.
#[utoipa::path(tag = "roles", responses(
    (status = 200, description = "The roles", body = RoleList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/roles")]
pub(crate) async fn list_roles(
    may: May<ManageStaffOrRoles>,
    platform: web::Data<Platform>,
) -> Result<web::Json<RoleList>, ApiError> {
    let company = may.company_id();
    let found = platform.read(move |conn| roles::list_roles(conn, &company)).await?;
    Ok(web::Json(RoleList { items: found.into_iter().map(Role::from).collect() }))
}
