//! `DELETE /links/{link_id}`: revokes a link.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::LinkId;

use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Revokes a link: its session ends at once and its token opens nothing any more. Devices behind it become unknown.
#[utoipa::path(tag = "links", params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 204, description = "Revoked"),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/links/{link_id}")]
pub(crate) async fn delete_link(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
) -> Result<HttpResponse, ApiError> {
    let _ = (may, platform, note, id);
    Err(ApiError::new(codes::UNAVAILABLE))
}
