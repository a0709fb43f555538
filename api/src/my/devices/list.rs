//! `GET /my/sites/{site_id}/devices`: the devices on one of the end user's sites, by name.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::devices::{self, DeviceFilter};
use siteward_store::owned_sites;
use siteward_store::reach::Reach;
use utoipa::ToSchema;

use super::MyDeviceSummary;
use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::page::PageQuery;
use crate::platform::Platform;

/// A page of devices of one's own.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyDevicePage {
    /// The devices, by name.
    #[schema(max_items = 100)]
    items: Vec<MyDeviceSummary>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the devices on one of the end user's sites, by name; none while the company has suspended the site.
#[utoipa::path(tag = "my", params(
    ("site_id" = String, Path, format = "uuid", description = "The site"), PageQuery,
), responses(
    (status = 200, description = "A page of devices", body = MyDevicePage),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/devices")]
pub(crate) async fn list_my_devices(
    owned: Owned,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<MyDevicePage>, ApiError> {
    let (now, yardstick, owner) = (platform.clock.now(), platform.yardstick(), owned.id());
    let (period, limit, site) = (yardstick.period, query.limit()?, site.into_inner());
    let found = platform
        .read(move |conn| {
            let site = owned_sites::get(conn, &owner, &site, now, period)?;
            if site.suspended_at.is_some() {
                return Ok(None);
            }
            let filter = DeviceFilter { site_id: Some(site.id), ..DeviceFilter::default() };
            let reach = Reach::of_company(&site.kept_by);
            devices::list_devices(conn, &reach, &filter, now, period, query.cursor.as_deref(), limit).map(Some)
        })
        .await?;
    let Some(found) = found else { return Ok(web::Json(MyDevicePage { items: Vec::new(), next_cursor: None })) };
    let items = found.items.into_iter().map(|summary| MyDeviceSummary::new(summary, now, &yardstick));
    Ok(web::Json(MyDevicePage { items: items.collect(), next_cursor: found.next_cursor }))
}
