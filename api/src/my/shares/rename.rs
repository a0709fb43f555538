//! `PATCH /my/shares/{share_id}`: the end user's own name for a share.

use actix_web::{HttpResponse, patch, web};
use serde::Deserialize;
use siteward_domain::ShareId;
use siteward_domain::text;
use siteward_store::shares;
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Most characters of a name.
const MOST_CHARACTERS: usize = 128;

/// The name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareRename {
    /// The end user's own name for it; an empty one takes it away.
    #[schema(max_length = 128)]
    name: String,
}

/// Names a share for oneself; nobody else sees the name.
#[utoipa::path(tag = "my", request_body = ShareRename, params(("share_id" = String, Path, format = "uuid", description = "The share")), responses(
    (status = 204, description = "Named"),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/my/shares/{share_id}")]
pub(crate) async fn rename_my_share(
    caller: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ShareId>,
    body: Body<ShareRename>,
) -> Result<HttpResponse, ApiError> {
    let name =
        text::optional_line(&body.into_inner().name, MOST_CHARACTERS).map_err(|error| bad_name(&error, "name"))?;
    let receiver = caller.0.id();
    note.object("share", &*id, name.clone());
    platform.write(move |conn| shares::rename(conn, &id, &receiver, &name)).await?;
    Ok(HttpResponse::NoContent().finish())
}
