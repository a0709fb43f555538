//! `DELETE /sites/{site_id}`: a site and everything on it (R-T4).

use actix_web::{HttpResponse, delete, web};
use siteward_domain::SiteId;
use siteward_domain::event::EventKind;
use siteward_domain::site::SiteAction;
use siteward_store::sites;

use super::allows;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::live::site_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Deletes a site with its devices, where its status allows it.
#[utoipa::path(tag = "sites", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 204, description = "Deleted"),
    (status = 409, description = "The status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/sites/{site_id}")]
pub(crate) async fn delete_site(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<SiteId>,
) -> Result<HttpResponse, ApiError> {
    let (now, company) = (platform.clock.now(), on.company_id());
    let event = site_event(EventKind::SiteDeleted, on.caller(), &id, now);
    let site = platform
        .write(move |conn| {
            // Nobody accepts it at the same instant.
            let site = sites::hold_site(conn, &company, &id)?;
            if let Err(refusal) = allows(&site, SiteAction::Delete) {
                return Ok(Err(refusal));
            }
            sites::delete_site(conn, &company, &id, now)?;
            siteward_store::events::append(conn, &event)?;
            Ok(Ok(site))
        })
        .await??;
    note.object("site", &site.id, &site.name);
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
