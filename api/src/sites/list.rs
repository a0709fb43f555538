//! `GET /sites`: the sites that the caller may work on, by name (R-T6).

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_store::sites::{self, SiteFilter};
use utoipa::{IntoParams, ToSchema};

use super::DeviceCounts;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::{DeviceHealth, SiteStatus};

/// Which sites, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SiteQuery {
    /// Words that are in the name or the address, in any case.
    #[param(max_length = 128)]
    search: Option<String>,
    /// Only sites of this status.
    status: Option<SiteStatus>,
    /// Only sites that have a device shown in this state.
    health: Option<DeviceHealth>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Sites wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A site in the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteSummary {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// Its address; may be empty.
    address: String,
    /// IANA time zone.
    time_zone: String,
    /// Where it stands between installer and owner.
    status: SiteStatus,
    /// The name of its owner; null while it has none.
    #[schema(required = true)]
    owner: Option<String>,
    /// Its devices, counted by the state they are shown in.
    devices: DeviceCounts,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// A page of sites.
#[derive(Serialize, ToSchema)]
pub(crate) struct SitePage {
    /// The sites, by name.
    #[schema(max_items = 100)]
    items: Vec<SiteSummary>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists the sites that the caller may work on, by name.
#[utoipa::path(tag = "sites", params(SiteQuery), responses(
    (status = 200, description = "A page of sites", body = SitePage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sites")]
pub(crate) async fn list_sites(
    on: OnSites,
    platform: web::Data<Platform>,
    query: web::Query<SiteQuery>,
) -> Result<web::Json<SitePage>, ApiError> {
    let (now, period, reach) = (platform.clock.now(), platform.period(), on.reach());
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = SiteFilter {
        search: page::search(query.search)?,
        status: query.status.map(|status| status.0),
        health: query.health.map(|health| health.0),
    };
    let found = platform
        .read(move |conn| sites::list_sites(conn, &reach, &filter, now, period, query.cursor.as_deref(), limit))
        .await?;
    let items = found.items.into_iter().map(|summary| SiteSummary {
        id: summary.site.id.to_string(),
        name: summary.site.name,
        address: summary.site.address,
        time_zone: summary.site.time_zone,
        status: SiteStatus(summary.site.status),
        owner: None,
        devices: summary.devices.into(),
        created_at: summary.site.created_at,
    });
    Ok(web::Json(SitePage { items: items.collect(), next_cursor: found.next_cursor }))
}
