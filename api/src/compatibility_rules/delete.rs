//! `DELETE /compatibility_rules`: back to the platform's rules.

use actix_web::{delete, web};
use siteward_store::compatibility_rules;

use super::CompatibilityRules;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Has the company go by the platform's rules again.
#[utoipa::path(tag = "compatibility", responses(
    (status = 200, description = "The rules as they are now", body = CompatibilityRules),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/compatibility_rules")]
pub(crate) async fn delete_compatibility_rules(
    Admin(caller): Admin,
    platform: web::Data<Platform>,
    note: Note,
) -> Result<web::Json<CompatibilityRules>, ApiError> {
    let (now, company, by) = (platform.clock.now(), caller.company_id(), caller.staff_id());
    note.object("compatibility_rules", &company, "");
    let told = platform
        .write(move |conn| {
            compatibility_rules::delete_own(conn, &company, &by, now)?;
            CompatibilityRules::read(conn, &company)
        })
        .await?;
    (platform.wake_worker)();
    Ok(web::Json(told))
}
