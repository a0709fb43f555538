//! `DELETE /grants/{grant_id}`: gives back what the owner let the company do.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::GrantId;
use siteward_domain::grant::GrantEnd;
use siteward_store::access_log::Actor;
use siteward_store::{StoreError, grants};
use siteward_worker::grants::tell_ended;

use crate::access::{OnSites, rights};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Gives a permission back before its end; the authorization of a site with all that the company may do there.
#[utoipa::path(tag = "permissions", params(("grant_id" = String, Path, format = "uuid", description = "The permission")), responses(
    (status = 204, description = "Given back"),
    (status = 409, description = "It is over already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/grants/{grant_id}")]
pub(crate) async fn give_back_grant(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<GrantId>,
) -> Result<HttpResponse, ApiError> {
    let (now, actor, id) = (platform.clock.now(), Actor::Staff(on.caller().staff_id()), id.into_inner());
    note.object("grant", &id, "");
    platform
        .write(move |conn| {
            let site = grants::site_of(conn, &id)?;
            let ended = match grants::end(conn, &site, &id, GrantEnd::GivenBack, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::GRANT_OVER))),
                ended => ended?,
            };
            tell_ended(conn, &ended, &actor, now).map(Ok)
        })
        .await??;
    Ok(HttpResponse::NoContent().finish())
}
