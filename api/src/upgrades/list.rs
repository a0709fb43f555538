//! `GET /upgrades`: upgrades of firmware.

use actix_web::{get, web};
use serde::Serialize;
use siteward_store::upgrades;
use utoipa::ToSchema;

use super::Upgrade;
use crate::access::OnSites;
use crate::access::rights::UpgradeFirmware;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of upgrades.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpgradePage {
    /// The upgrades, newest first.
    #[schema(max_items = 100)]
    items: Vec<Upgrade>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the upgrades that have a device on a site that the caller may work on, newest first.
#[utoipa::path(tag = "firmware", params(PageQuery), responses(
    (status = 200, description = "A page of upgrades", body = UpgradePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/upgrades")]
pub(crate) async fn list_upgrades(
    on: OnSites<UpgradeFirmware>,
    platform: web::Data<Platform>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<UpgradePage>, ApiError> {
    let (reach, query) = (on.reach(), query.into_inner());
    let limit = query.limit()?;
    let page = platform.read(move |conn| {
        let found = upgrades::list(conn, &reach, query.cursor.as_deref(), limit)?;
        let ids: Vec<_> = found.items.iter().map(|(upgrade, _)| upgrade.id.as_str()).collect();
        let contents = upgrades::contents(conn, &reach, &ids)?;
        let items = found.items.into_iter().zip(contents);
        let items = items.map(|((upgrade, tally), contents)| Upgrade::new(upgrade, tally, contents)).collect();
        Ok(UpgradePage { items, next_cursor: found.next_cursor })
    });
    Ok(web::Json(page.await?))
}
