//! `PUT /sites/{site_id}/monitoring`: switches health monitoring of many devices of a site at once.

use actix_web::{put, web};
use serde::{Deserialize, Serialize};
use siteward_domain::site::SiteAction;
use siteward_domain::{DeviceId, SiteId};
use siteward_store::{monitoring, sites};
use utoipa::ToSchema;

use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Most devices that are named in one call.
const MOST_NAMED: usize = 1000;

/// Which devices are to be watched or not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteMonitoringSet {
    /// On or off.
    on: bool,
    /// Devices of the site; absent: all of them.
    #[schema(value_type = Option<Vec<String>>, max_items = 1000)]
    device_ids: Option<Vec<DeviceId>>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteMonitoring {
    /// Devices for which that changed anything.
    changed: usize,
    /// Devices that were so already.
    unchanged: usize,
}

/// Switches health monitoring of all devices of a site, or of some, on or off.
#[utoipa::path(tag = "sites", request_body = SiteMonitoringSet, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "How many were switched", body = SiteMonitoring),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/sites/{site_id}/monitoring")]
pub(crate) async fn set_site_monitoring(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<SiteId>,
    body: Body<SiteMonitoringSet>,
) -> Result<web::Json<SiteMonitoring>, ApiError> {
    let (id, now, body) = (id.into_inner(), platform.clock.now(), body.into_inner());
    if body.device_ids.as_ref().is_some_and(|ids| ids.len() > MOST_NAMED) {
        return Err(ApiError::field(codes::FIELD_INVALID, "device_ids"));
    }
    let switch = on.caller().switch(body.on);
    let (site, told) = platform
        .write(move |conn| {
            let site = sites::hold_site(conn, &switch.company_id, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            let of_site = monitoring::devices_of_site(conn, &switch.company_id, &id)?;
            let wanted = match &body.device_ids {
                None => of_site,
                Some(named) if named.iter().all(|id| of_site.contains(id)) => named.clone(),
                Some(_) => return Ok(Err(ApiError::field(codes::NOT_FOUND, "device_ids"))),
            };
            let changed = monitoring::switch(conn, &switch, &wanted, now)?.len();
            Ok(Ok((site, SiteMonitoring { changed, unchanged: wanted.len().saturating_sub(changed) })))
        })
        .await??;
    note.object("site", &site.id, &site.name);
    (platform.wake_worker)();
    Ok(web::Json(told))
}
