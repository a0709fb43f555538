//! `POST /sites/{site_id}/exception_rules`: one more rule.

use actix_web::{HttpResponse, post, web};
use siteward_domain::event::EventKind;
use siteward_domain::{ExceptionRuleId, SiteId};
use siteward_store::{StoreError, events, exception_rules, sites};

use super::{ExceptionRule, ExceptionRuleList, ExceptionRuleWrite, OBJECT, check};
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Makes a rule. It tells what becomes an incident from now on.
#[utoipa::path(tag = "exception rules", request_body = ExceptionRuleWrite, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Made", body = ExceptionRule),
    (status = 409, description = "The site has as many as it may", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/exception_rules")]
pub(crate) async fn create_exception_rule(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    note: Note,
    site: web::Path<SiteId>,
    body: Body<ExceptionRuleWrite>,
) -> Result<HttpResponse, ApiError> {
    let (site, company, now) = (site.into_inner(), on.company_id(), platform.clock.now());
    let (rule, id) = (body.into_inner().rule()?, ExceptionRuleId::generate(now));
    let (of_id, caller) = (id.clone(), on.caller().clone());
    let (name, made) = platform
        .write(move |conn| {
            if let Err(refused) = check(conn, &company, &rule)? {
                return Ok(Err(refused));
            }
            match exception_rules::create_rule(conn, &company, &site, &id, &rule, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::EXCEPTION_RULES_TOO_MANY))),
                made => made?,
            }
            let mut event = site_event(EventKind::ExceptionRulesChanged, &caller, &site, now);
            event.data = serde_json::json!({ "rule_id": id });
            events::append(conn, &event)?;
            let name = sites::get_site(conn, &company, &site)?.name;
            let made = ExceptionRuleList::read(conn, &company, &site, now)?.take(id.as_str())?;
            Ok(Ok((name, made)))
        })
        .await??;
    note.object(OBJECT, &of_id, name);
    Ok(HttpResponse::Created().json(made))
}
