//! `POST /links/{link_id}/discover`: the agent asks its LAN anew.

use actix_web::{HttpResponse, post, web};
use siteward_domain::LinkId;

use crate::access::May;
use crate::access::rights::ManageAllSites;
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
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
) -> Result<HttpResponse, ApiError> {
    let _ = (may, platform, note, id);
    Err(ApiError::new(codes::UNAVAILABLE))
}
