//! `PATCH /links/{link_id}`: another name.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::LinkId;
use siteward_store::links;
use utoipa::ToSchema;

use super::{Link, held_changeable, name};
use crate::access::OnSites;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkUpdate {
    /// Its name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
}

/// Renames a link.
#[utoipa::path(tag = "links", request_body = LinkUpdate, params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 200, description = "The link as it is now", body = Link),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/links/{link_id}")]
pub(crate) async fn update_link(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
    body: Body<LinkUpdate>,
) -> Result<web::Json<Link>, ApiError> {
    let company = on.company_id();
    note.object("link", &*id, "");
    let wanted = body.into_inner().name;
    let link = platform
        .write(move |conn| match held_changeable(conn, &company, &id)?.and_then(|_| name(&wanted)) {
            Err(refusal) => Ok(Err(refusal)),
            Ok(name) => links::rename_link(conn, &company, &id, &name).map(Ok),
        })
        .await??;
    note.object("link", &link.id, &link.name);
    Ok(web::Json(link.into()))
}
