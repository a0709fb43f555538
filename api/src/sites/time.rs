//! `POST /sites/{site_id}/time`: sets the clocks of all devices of a site (R-T2).

use actix_web::{HttpResponse, post, web};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_domain::grant::{DevicePermission, Refusal};
use siteward_domain::site::SiteAction;
use siteward_store::{grants, jobs, sites};
use siteward_worker::jobs::sync_time;
use utoipa::ToSchema;

use super::allows;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::grants::refusal;
use crate::operation_log::Note;
use crate::platform::Platform;

/// What was begun.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteTime {
    /// How many devices are set: those whose configuration is allowed.
    devices: u64,
}

/// Sets clock and time zone of every device of a site, in the background. Happens by itself when `sync_time` is set or
/// the site's time zone changes.
#[utoipa::path(tag = "sites", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 202, description = "The worker sets them", body = SiteTime),
    (status = 409, description = "The status or the owner of the site forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/time")]
pub(crate) async fn set_site_time(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<SiteId>,
) -> Result<HttpResponse, ApiError> {
    let (now, period, company) = (platform.clock.now(), platform.period(), on.company_id());
    let (site, devices) = platform
        .write(move |conn| {
            let site = sites::hold_site(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            let counts = sites::count_devices(conn, &company, &[&id], now, period)?;
            let total = counts.get(&*id).map_or(0, |counts| counts.total);
            let allowed = grants::count_allowed(conn, &company, &id, DevicePermission::Configuration, now)?;
            let devices = allowed.unwrap_or(total);
            if devices == 0 && total > 0 {
                return Ok(Err(refusal(Refusal::Missing(DevicePermission::Configuration))));
            }
            jobs::enqueue_anew(conn, &sync_time::new_job(&company, &id, now), now)?;
            Ok(Ok((site, devices)))
        })
        .await??;
    note.object("site", &site.id, &site.name);
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(SiteTime { devices }))
}
