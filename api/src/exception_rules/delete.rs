//! `DELETE /sites/{site_id}/exception_rules/{exception_rule_id}`: a rule goes.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::event::EventKind;
use siteward_domain::{ExceptionRuleId, SiteId};
use siteward_store::{events, exception_rules, sites};

use super::OBJECT;
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Deletes a rule. Whoever was told of something by it is still told when that is over.
#[utoipa::path(tag = "exception rules", params(
    ("site_id" = String, Path, format = "uuid", description = "The site"),
    ("exception_rule_id" = String, Path, format = "uuid", description = "The rule"),
), responses(
    (status = 204, description = "Deleted"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sites/{site_id}/exception_rules/{exception_rule_id}")]
pub(crate) async fn delete_exception_rule(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(SiteId, ExceptionRuleId)>,
) -> Result<HttpResponse, ApiError> {
    let ((site, id), company, now) = (path.into_inner(), on.company_id(), platform.clock.now());
    let (of_id, caller) = (id.clone(), on.caller().clone());
    let name = platform
        .write(move |conn| {
            exception_rules::delete_rule(conn, &company, &site, &id)?;
            let mut event = site_event(EventKind::ExceptionRulesChanged, &caller, &site, now);
            event.data = serde_json::json!({ "rule_id": id });
            events::append(conn, &event)?;
            Ok(sites::get_site(conn, &company, &site)?.name)
        })
        .await?;
    note.object(OBJECT, &of_id, name);
    Ok(HttpResponse::NoContent().finish())
}
