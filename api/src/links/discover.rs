//! `POST /links/{link_id}/discover`: the agent asks its LAN anew.

use actix_web::{HttpResponse, post, web};
use siteward_domain::LinkId;
use siteward_store::sightings;

use super::changeable;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::found::FoundList;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Asks the LAN of a link anew and gives what is there; it takes some seconds.
#[utoipa::path(tag = "links", params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 202, description = "What the site's links have found", body = FoundList),
    (status = 409, description = "The link is not connected now", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/links/{link_id}/discover")]
pub(crate) async fn discover_devices(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
) -> Result<HttpResponse, ApiError> {
    let (company, reach, of_id) = (on.company_id(), on.reach(), id.clone());
    note.object("link", &*id, "");
    let link = platform.read(move |conn| changeable(conn, &company, &of_id)).await??;
    note.object("link", &link.id, &link.name);
    let devices = platform.hub.discover(&link.id).await.map_err(|_| ApiError::new(codes::LINK_OFFLINE))?;
    let now = platform.clock.now();
    let found = platform
        .write(move |conn| {
            // The link's own report of the same may come a moment later.
            sightings::report_changes(conn, &link, &devices, &[], now)?;
            FoundList::read(conn, &reach, &link.site_id)
        })
        .await?;
    Ok(HttpResponse::Accepted().json(found))
}
