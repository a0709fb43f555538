//! `POST /revoke/{token}`: takes a permission back.

use actix_web::{HttpRequest, HttpResponse, web};
use siteward_domain::grant::GrantEnd;
use siteward_store::access_log::Actor;
use siteward_store::{StoreError, grants};
use siteward_worker::grants::tell_ended;

use super::{Link, gone, page, refused};
use crate::platform::Platform;

/// Takes the permission back; it ends at once.
pub(crate) async fn submit_revoke(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    let link = match Link::find(&platform, &token).await {
        Ok(Some(link)) => link,
        Ok(None) => return gone(&request),
        Err(error) => return refused(&request, &error),
    };
    let (now, grant, actor) = (platform.clock.now(), link.grant.clone(), Actor::EndUser(link.owner.id.clone()));
    let ended =
        platform.write(move |conn| match grants::end(conn, &grant.site_id, &grant.id, GrantEnd::Revoked, now) {
            Ok(ended) => tell_ended(conn, &ended, &actor, now).map(|()| true),
            Err(StoreError::Stale) => Ok(false),
            Err(error) => Err(error),
        });
    match ended.await {
        Ok(true) => page::done(&request, &link),
        Ok(false) => gone(&request),
        Err(error) => refused(&request, &error),
    }
}
