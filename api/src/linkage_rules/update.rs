//! `PATCH /linkage_rules/{linkage_rule_id}`: changes a linkage rule, or switches it off and on.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::LinkageRuleId;
use siteward_domain::site::SiteAction;
use siteward_store::linkage::{self, RuleChange};
use siteward_store::sites;
use utoipa::ToSchema;

use super::body::{LinkageAction, LinkagePeriod, LinkageSource, periods};
use super::checking::{content, may_say, not_taken};
use super::create::name;
use super::{LinkageRule, OBJECT};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// What to change; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkageRuleUpdate {
    /// Its name.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// Whether it fires.
    enabled: Option<bool>,
    /// What sets it off.
    source: Option<LinkageSource>,
    /// When, by the clock of the site; an empty list: always.
    #[schema(max_items = 20)]
    schedule: Option<Vec<LinkagePeriod>>,
    /// What it does.
    #[schema(min_items = 1, max_items = 128)]
    actions: Option<Vec<LinkageAction>>,
}

/// Changes a linkage rule. Its name, and whether it fires, can be changed also while it cannot work.
#[utoipa::path(tag = "linkage", request_body = LinkageRuleUpdate, params(("linkage_rule_id" = String, Path, format = "uuid", description = "The rule")), responses(
    (status = 200, description = "The rule as it is now", body = LinkageRule),
    (status = 409, description = "There is one that says the same, or a device may not take part", body = ErrorBody),
    (status = 422, description = "It says what no rule may say; details.index tells which action", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/linkage_rules/{linkage_rule_id}")]
pub(crate) async fn update_linkage_rule(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkageRuleId>,
    body: Body<LinkageRuleUpdate>,
) -> Result<web::Json<LinkageRule>, ApiError> {
    let (company, now, id, body) = (on.company_id(), platform.clock.now(), id.into_inner(), body.into_inner());
    note.object(OBJECT, &id, "");
    let given_name = body.name.as_deref().map(name).transpose()?;
    let (enabled, source, schedule, actions) = (body.enabled, body.source, body.schedule, body.actions);
    let says_else = source.is_some() || schedule.is_some() || actions.is_some();
    let rule = platform
        .write(move |conn| {
            let before = linkage::get_rule(conn, &company, &id)?;
            let mut change = RuleChange { name: given_name.clone(), enabled, content: None };
            if says_else {
                let said = content(
                    source.clone().unwrap_or_else(|| (&before.content.source).into()),
                    schedule.clone().unwrap_or_else(|| periods(before.content.schedule.as_ref())),
                    actions.clone().unwrap_or_else(|| before.content.actions.iter().map(LinkageAction::from).collect()),
                );
                let said = match said {
                    Ok(said) => said,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                if let Err(refusal) = may_say(conn, &company, &before.site_id, &said, now)? {
                    return Ok(Err(refusal));
                }
                change.content = Some(said);
            } else if let Err(refusal) =
                allows(&sites::hold_site(conn, &company, &before.site_id)?, SiteAction::ManageDevices)
            {
                return Ok(Err(refusal));
            }
            match linkage::update_rule(conn, &company, &id, &change, now)? {
                Err(why) => Ok(Err(not_taken(why))),
                Ok(rule) => LinkageRule::read(conn, rule, now).map(Ok),
            }
        })
        .await??;
    note.object(OBJECT, &rule.id, &rule.name);
    Ok(web::Json(rule))
}
