//! `PUT /compatibility_rules`: rules of the company's own.

use actix_web::{put, web};
use siteward_store::compatibility_rules;

use super::{CompatibilityRules, CompatibilityRulesUpdate};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Gives the company rules of its own in place of the platform's. All its devices are judged by them at once.
#[utoipa::path(tag = "compatibility", request_body = CompatibilityRulesUpdate, responses(
    (status = 200, description = "The rules as they are now", body = CompatibilityRules),
    (status = 422, description = "A rule cannot be read: details tell its place and the field", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/compatibility_rules")]
pub(crate) async fn update_compatibility_rules(
    Admin(caller): Admin,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<CompatibilityRulesUpdate>,
) -> Result<web::Json<CompatibilityRules>, ApiError> {
    let (now, company, by) = (platform.clock.now(), caller.company_id(), caller.staff_id());
    let rules = body.0.read(now)?;
    note.object("compatibility_rules", &company, "");
    let told = platform
        .write(move |conn| {
            compatibility_rules::set_own(conn, &company, &rules, &by, now)?;
            CompatibilityRules::read(conn, &company)
        })
        .await?;
    (platform.wake_worker)();
    Ok(web::Json(told))
}
