//! `DELETE /links/{link_id}`: revokes a link.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::LinkId;
use siteward_store::links;

use super::actor;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Revokes a link: its session ends at once and its token opens nothing any more. Devices behind it become unknown. A lost
/// box can be shut out whatever the status of its site.
#[utoipa::path(tag = "links", params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 204, description = "Revoked"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/links/{link_id}")]
pub(crate) async fn delete_link(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
) -> Result<HttpResponse, ApiError> {
    let (company, now, by) = (on.company_id(), platform.clock.now(), actor(on.caller()));
    note.object("link", &*id, "");
    let link = platform
        .write(move |conn| {
            let link = links::get_link(conn, &company, &id)?;
            links::revoke_link(conn, &company, &id, &by, now)?;
            Ok(link)
        })
        .await?;
    // Where another process holds the session, that one notices by itself within a second.
    platform.hub.end(&link.id);
    note.object("link", &link.id, &link.name);
    Ok(HttpResponse::NoContent().finish())
}
