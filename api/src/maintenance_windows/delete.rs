//! `DELETE /sites/{site_id}/maintenance_windows/{maintenance_window_id}`: the work is done, or will not be.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::event::EventKind;
use siteward_domain::{MaintenanceWindowId, SiteId};
use siteward_store::{events, maintenance, sites};

use super::OBJECT;
use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Ends a maintenance window for good, whether it lasts or is yet to come. What of it was stays in reports.
#[utoipa::path(tag = "maintenance", params(
    ("site_id" = String, Path, format = "uuid", description = "The site"),
    ("maintenance_window_id" = String, Path, format = "uuid", description = "The window"),
), responses(
    (status = 204, description = "Ended"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sites/{site_id}/maintenance_windows/{maintenance_window_id}")]
pub(crate) async fn end_maintenance_window(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    note: Note,
    path: web::Path<(SiteId, MaintenanceWindowId)>,
) -> Result<HttpResponse, ApiError> {
    let ((site, id), company, now) = (path.into_inner(), on.company_id(), platform.clock.now());
    let (of_id, caller) = (id.clone(), on.caller().clone());
    let name = platform
        .write(move |conn| {
            maintenance::end_window(conn, &company, &site, &id, now)?;
            let mut event = site_event(EventKind::MaintenanceChanged, &caller, &site, now);
            event.data = serde_json::json!({ "window_id": id });
            events::append(conn, &event)?;
            Ok(sites::get_site(conn, &company, &site)?.name)
        })
        .await?;
    note.object(OBJECT, &of_id, name);
    Ok(HttpResponse::NoContent().finish())
}
