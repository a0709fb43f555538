//! `GET /devices/{device_id}/permissions`: what the company may do with a device now.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::DeviceId;
use siteward_domain::grant::{DevicePermission as Permission, Permission as Granted};
use siteward_store::grants;
use utoipa::ToSchema;

use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::DevicePermission;

/// What the company may do with a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevicePermissions {
    /// Whether its site has an owner; if not, everything is allowed.
    owned: bool,
    /// Every permission there is.
    #[schema(max_items = 3)]
    items: Vec<DevicePermissionNow>,
}

/// A permission for a device, and whether it holds now.
#[derive(Serialize, ToSchema)]
pub(crate) struct DevicePermissionNow {
    /// To do what.
    permission: DevicePermission,
    /// Whether that is allowed now.
    allowed: bool,
    /// Until when; null: it has no end, or is not allowed.
    #[schema(required = true)]
    valid_until: Option<DateTime<Utc>>,
}

/// Tells what the company may do with a device now.
#[utoipa::path(tag = "permissions", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "Every permission", body = DevicePermissions),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/devices/{device_id}/permissions")]
pub(crate) async fn get_device_permissions(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<DevicePermissions>, ApiError> {
    let (now, company, id) = (platform.clock.now(), on.company_id(), id.into_inner());
    let of = id.clone();
    let standing = platform.read(move |conn| grants::standing(conn, &company, &of)).await?;
    let each = |permission: &Permission| {
        let allowed = standing.may(&id, *permission, now).is_ok();
        let held = standing.open.iter().find(|one| one.permission == Granted::from(*permission) && one.holds(now));
        DevicePermissionNow {
            permission: DevicePermission(*permission),
            allowed,
            valid_until: held.filter(|_| allowed).and_then(|one| one.valid_until),
        }
    };
    Ok(web::Json(DevicePermissions { owned: standing.owned, items: Permission::ALL.iter().map(each).collect() }))
}
