//! `DELETE /linkage_rules/{linkage_rule_id}`: deletes a linkage rule.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::LinkageRuleId;
use siteward_domain::site::SiteAction;
use siteward_store::{linkage, sites};

use super::OBJECT;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Deletes a linkage rule. What it did is still told.
#[utoipa::path(tag = "linkage", params(("linkage_rule_id" = String, Path, format = "uuid", description = "The rule")), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/linkage_rules/{linkage_rule_id}")]
pub(crate) async fn delete_linkage_rule(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkageRuleId>,
) -> Result<HttpResponse, ApiError> {
    let (company, id) = (on.company_id(), id.into_inner());
    note.object(OBJECT, &id, "");
    let rule = platform
        .write(move |conn| {
            let rule = linkage::get_rule(conn, &company, &id)?;
            if let Err(refusal) = allows(&sites::hold_site(conn, &company, &rule.site_id)?, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            linkage::delete_rule(conn, &company, &id)?;
            Ok(Ok(rule))
        })
        .await??;
    note.object(OBJECT, &rule.id, &rule.name);
    Ok(HttpResponse::NoContent().finish())
}
