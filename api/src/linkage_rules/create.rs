//! `POST /sites/{site_id}/linkage_rules`: makes a linkage rule.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::text;
use siteward_domain::{LinkageRuleId, SiteId};
use siteward_store::linkage::{self, Rule};
use utoipa::ToSchema;

use super::body::{LinkageAction, LinkagePeriod, LinkageSource};
use super::checking::{content, may_say, not_taken};
use super::{LinkageRule, OBJECT};
use crate::access::OnSites;
use crate::body::{Body, object};
use crate::error::{ApiError, ErrorBody, bad_name};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Most characters of a rule's name.
const MOST_NAME: usize = 128;

/// A rule to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkageRuleCreate {
    /// Its name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// Whether it fires from now on; it does unless told otherwise.
    #[serde(default = "yes")]
    enabled: bool,
    /// What sets it off.
    #[serde(deserialize_with = "object")]
    source: LinkageSource,
    /// When, by the clock of the site; none: always.
    #[serde(default)]
    #[schema(max_items = 20)]
    schedule: Vec<LinkagePeriod>,
    /// What it does.
    #[schema(min_items = 1, max_items = 128)]
    actions: Vec<LinkageAction>,
}

fn yes() -> bool {
    true
}

/// A rule's name, as a person gave it.
pub(super) fn name(text: &str) -> Result<String, ApiError> {
    text::needed_line(text, MOST_NAME).map_err(|error| bad_name(&error, "name"))
}

/// Makes a linkage rule. A device whose health monitoring is off, or whose firmware is too old, takes part in no new one.
#[utoipa::path(tag = "linkage", request_body = LinkageRuleCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Made", body = LinkageRule),
    (status = 409, description = "There is one that says the same, or a device may not take part", body = ErrorBody),
    (status = 422, description = "It says what no rule may say; details.index tells which action", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/linkage_rules")]
pub(crate) async fn create_linkage_rule(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site: web::Path<SiteId>,
    body: Body<LinkageRuleCreate>,
) -> Result<HttpResponse, ApiError> {
    let (company, now, body) = (on.company_id(), platform.clock.now(), body.into_inner());
    let rule = Rule {
        id: LinkageRuleId::generate(now),
        company_id: company.clone(),
        site_id: site.into_inner(),
        name: name(&body.name)?,
        enabled: body.enabled,
        content: content(body.source, body.schedule, body.actions)?,
        created_at: now,
        updated_at: now,
    };
    note.object(OBJECT, &rule.id, rule.name.clone());
    let made = platform
        .write(move |conn| {
            if let Err(refusal) = may_say(conn, &company, &rule.site_id, &rule.content, now)? {
                return Ok(Err(refusal));
            }
            match linkage::create_rule(conn, &rule)? {
                Err(why) => Ok(Err(not_taken(why))),
                Ok(()) => LinkageRule::read(conn, rule.clone(), now).map(Ok),
            }
        })
        .await??;
    Ok(HttpResponse::Created().json(made))
}
