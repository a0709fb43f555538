//! `PATCH /sites/{site_id}`: name, address, time zone, time synchronisation.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::SiteId;
use siteward_domain::event::EventKind;
use siteward_domain::site::SiteAction;
use siteward_store::jobs;
use siteward_store::sites::{self, SiteChange};
use siteward_worker::jobs::sync_time;
use utoipa::ToSchema;

use super::{Site, address, allows, name, time_zone};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteUpdate {
    /// Its name, unique in the company.
    #[schema(min_length = 1, max_length = 128)]
    name: Option<String>,
    /// Its address.
    #[schema(max_length = 128)]
    address: Option<String>,
    /// IANA time zone.
    #[schema(min_length = 1, max_length = 64)]
    time_zone: Option<String>,
    /// Whether to write time and time zone to the devices.
    sync_time: Option<bool>,
}

/// Changes a site, where its status allows it.
#[utoipa::path(tag = "sites", request_body = SiteUpdate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The site as it is now", body = Site),
    (status = 409, description = "The name is taken, or the status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/sites/{site_id}")]
pub(crate) async fn update_site(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<SiteId>,
    body: Body<SiteUpdate>,
) -> Result<web::Json<Site>, ApiError> {
    let (now, period, company) = (platform.clock.now(), platform.period(), on.company_id());
    let change = SiteChange {
        name: body.0.name.as_deref().map(name).transpose()?,
        address: body.0.address.as_deref().map(address).transpose()?,
        time_zone: body.0.time_zone.as_deref().map(time_zone).transpose()?,
        sync_time: body.0.sync_time,
    };
    let event = site_event(EventKind::SiteUpdated, on.caller(), &id, now);
    let site = platform
        .write(move |conn| {
            let before = sites::hold_site(conn, &company, &id)?;
            if let Err(refusal) = allows(&before, SiteAction::Edit) {
                return Ok(Err(refusal));
            }
            let site = sites::update_site(conn, &company, &id, &change, now)?;
            let differs = !before.sync_time || before.time_zone != site.time_zone;
            if site.sync_time && differs && site.status.allows(SiteAction::ManageDevices) {
                jobs::enqueue_anew(conn, &sync_time::new_job(&company, &id, now), now)?;
            }
            siteward_store::events::append(conn, &event)?;
            Site::describe(conn, site, now, period).map(Ok)
        })
        .await??;
    note.object("site", &site.id, &site.name);
    (platform.wake_worker)();
    Ok(web::Json(site))
}
