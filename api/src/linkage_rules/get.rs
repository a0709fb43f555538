//! `GET /linkage_rules/{linkage_rule_id}`: one linkage rule.

use actix_web::{get, web};
use siteward_domain::LinkageRuleId;
use siteward_store::linkage;

use super::LinkageRule;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Tells of one linkage rule, and whether it can work now.
#[utoipa::path(tag = "linkage", params(("linkage_rule_id" = String, Path, format = "uuid", description = "The rule")), responses(
    (status = 200, description = "The rule", body = LinkageRule),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/linkage_rules/{linkage_rule_id}")]
pub(crate) async fn get_linkage_rule(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<LinkageRuleId>,
) -> Result<web::Json<LinkageRule>, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    let rule = platform
        .read(move |conn| {
            let rule = linkage::get_rule(conn, &company, &id)?;
            LinkageRule::read(conn, rule, now)
        })
        .await?;
    Ok(web::Json(rule))
}
