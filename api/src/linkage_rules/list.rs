//! `GET /sites/{site_id}/linkage_rules`: the linkage rules of a site.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::{SiteId, StaffId};
use siteward_store::{linkage, notifications};
use utoipa::ToSchema;

use super::LinkageRule;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// The linkage rules of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageRuleList {
    /// The rules, oldest first.
    #[schema(max_items = 100)]
    items: Vec<LinkageRule>,
    /// Who can be told by a rule of this site.
    #[schema(max_items = 10_000)]
    receivers: Vec<LinkageReceiver>,
}

/// Somebody who can be told.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageReceiver {
    /// Who.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
}

/// Lists the linkage rules of a site, whether each can work now, and who can be told by one.
#[utoipa::path(tag = "linkage", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The rules", body = LinkageRuleList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites/{site_id}/linkage_rules")]
pub(crate) async fn list_linkage_rules(
    on: OnSites,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
) -> Result<web::Json<LinkageRuleList>, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    let list = platform
        .read(move |conn| {
            let rules = linkage::list_rules(conn, &company, &site)?;
            let contents: Vec<_> = rules.iter().map(|rule| &rule.content).collect();
            let known = linkage::known(conn, &company, &site, &contents, now)?;
            let ids: Vec<_> = rules.iter().map(|rule| &rule.id).collect();
            let mut fired = linkage::last_fired(conn, &ids)?;
            let able: Vec<StaffId> =
                notifications::receivers(conn, &company, &site, now)?.into_iter().map(|one| one.id).collect();
            let names = linkage::names_of(conn, &company, &able)?;
            let items =
                rules.iter().map(|rule| LinkageRule::new(rule.clone(), &known, fired.remove(&rule.id))).collect();
            let receivers = names.into_iter().map(|(id, name)| LinkageReceiver { id: id.to_string(), name }).collect();
            Ok(LinkageRuleList { items, receivers })
        })
        .await?;
    Ok(web::Json(list))
}
