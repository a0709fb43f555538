//! `POST /links/{link_id}/code`: a new code, for a link that waits or moves to another box.

use actix_web::{post, web};
use siteward_domain::LinkId;

use super::LinkCreated;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Makes a new code; an older one is no longer good. The box that is enrolled now goes on until another takes the code.
#[utoipa::path(tag = "links", params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 200, description = "The link and its new code", body = LinkCreated),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = 410, description = "The link is revoked", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/links/{link_id}/code")]
pub(crate) async fn create_link_code(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
) -> Result<web::Json<LinkCreated>, ApiError> {
    let _ = (may, platform, note, id);
    Err(ApiError::new(codes::UNAVAILABLE))
}
