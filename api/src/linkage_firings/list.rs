//! `GET /linkage_firings`: what linkage rules did, newest first.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_domain::{LinkageRuleId, SiteId};
use siteward_store::linkage::{self, FiringFilter};
use utoipa::{IntoParams, ToSchema};

use super::LinkageFiring;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;

/// Which firings, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LinkageFiringQuery {
    /// Only on this site.
    #[param(value_type = Option<String>, format = "uuid")]
    site_id: Option<SiteId>,
    /// Only of this rule.
    #[param(value_type = Option<String>, format = "uuid")]
    rule_id: Option<LinkageRuleId>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Firings wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of firings.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkageFiringPage {
    /// The firings, newest first.
    #[schema(max_items = 100)]
    items: Vec<LinkageFiring>,
    /// Give it back for the page that follows; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what linkage rules did on sites that the caller may work on, newest first.
#[utoipa::path(tag = "linkage", params(LinkageFiringQuery), responses(
    (status = 200, description = "A page of firings", body = LinkageFiringPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/linkage_firings")]
pub(crate) async fn list_linkage_firings(
    on: OnSites,
    platform: web::Data<Platform>,
    query: web::Query<LinkageFiringQuery>,
) -> Result<web::Json<LinkageFiringPage>, ApiError> {
    let (reach, query) = (on.reach(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let filter = FiringFilter { site_id: query.site_id, rule_id: query.rule_id };
    let found =
        platform.read(move |conn| linkage::list_firings(conn, &reach, &filter, query.cursor.as_deref(), limit)).await?;
    let items = found.items.into_iter().map(LinkageFiring::from).collect();
    Ok(web::Json(LinkageFiringPage { items, next_cursor: found.next_cursor }))
}
