//! `DELETE /my/grants/{grant_id}`: takes back what one lets a company do.

use actix_web::{HttpResponse, delete, web};
use siteward_domain::GrantId;
use siteward_domain::grant::GrantEnd;
use siteward_store::access_log::Actor;
use siteward_store::{StoreError, grants};
use siteward_worker::grants::tell_ended;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;

/// Takes a permission back: it ends at once. The authorization of a site ends with all that the company may do there.
#[utoipa::path(tag = "my permissions", params(("grant_id" = String, Path, format = "uuid", description = "The permission")), responses(
    (status = 204, description = "Taken back"),
    (status = 409, description = "It is over already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/grants/{grant_id}")]
pub(crate) async fn revoke_grant(
    owned: Owned,
    platform: web::Data<Platform>,
    id: web::Path<GrantId>,
) -> Result<HttpResponse, ApiError> {
    let (now, actor, id) = (platform.clock.now(), Actor::EndUser(owned.id()), id.into_inner());
    platform
        .write(move |conn| {
            let site = grants::site_of(conn, &id)?;
            let ended = match grants::end(conn, &site, &id, GrantEnd::Revoked, now) {
                Err(StoreError::Stale) => return Ok(Err(ApiError::new(codes::GRANT_OVER))),
                ended => ended?,
            };
            tell_ended(conn, &ended, &actor, now).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::NoContent().finish())
}
