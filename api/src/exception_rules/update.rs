//! `PUT /sites/{site_id}/exception_rules/{exception_rule_id}`: another rule in the place of one.

use actix_web::{put, web};
use siteward_domain::event::EventKind;
use siteward_domain::{ExceptionRuleId, SiteId};
use siteward_store::{events, exception_rules, sites};

use super::{ExceptionRule, ExceptionRuleList, ExceptionRuleWrite, OBJECT, check};
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Changes a rule. What waits to be told is told as the rule now says; what it told already is not told again.
#[utoipa::path(tag = "exception rules", request_body = ExceptionRuleWrite, params(
    ("site_id" = String, Path, format = "uuid", description = "The site"),
    ("exception_rule_id" = String, Path, format = "uuid", description = "The rule"),
), responses(
    (status = 200, description = "The rule as it is now", body = ExceptionRule),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/sites/{site_id}/exception_rules/{exception_rule_id}")]
pub(crate) async fn update_exception_rule(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(SiteId, ExceptionRuleId)>,
    body: Body<ExceptionRuleWrite>,
) -> Result<web::Json<ExceptionRule>, ApiError> {
    let ((site, id), company, now) = (path.into_inner(), on.company_id(), platform.clock.now());
    let rule = body.into_inner().rule()?;
    let (of_id, caller) = (id.clone(), on.caller().clone());
    let (name, changed) = platform
        .write(move |conn| {
            if let Err(refused) = check(conn, &company, &rule)? {
                return Ok(Err(refused));
            }
            exception_rules::update_rule(conn, &company, &site, &id, &rule, now)?;
            let mut event = site_event(EventKind::ExceptionRulesChanged, &caller, &site, now);
            event.data = serde_json::json!({ "rule_id": id });
            events::append(conn, &event)?;
            let name = sites::get_site(conn, &company, &site)?.name;
            Ok(Ok((name, ExceptionRuleList::read(conn, &company, &site, now)?.take(id.as_str())?)))
        })
        .await??;
    note.object(OBJECT, &of_id, name);
    Ok(web::Json(changed))
}
