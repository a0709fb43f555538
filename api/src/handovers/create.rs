//! `POST /sites/{site_id}/handovers`: invites somebody to own a site, or to see some of it.

use actix_web::{HttpResponse, post, web};
use siteward_domain::SiteId;
use siteward_worker::handovers;

use super::checking::{HandoverCreate, may_invite, read};
use super::{Handover, end_of, mailing};
use crate::access::OnSites;
use crate::access::rights;
use crate::access::token;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Invites somebody: a mail with a link that is good once and for some days. At most 3 an hour to one address.
#[utoipa::path(tag = "handovers", request_body = HandoverCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Invited", body = Handover),
    (status = 409, description = "The site's status forbids it, somebody is invited already, or they have what is offered", body = ErrorBody),
    (status = 429, description = "Too many invitations to this address; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/handovers")]
pub(crate) async fn create_handover(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<HandoverCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, store, secret) = (platform.clock.now(), platform.store.clone(), token::new_token());
    let times = (now, end_of(&platform, now));
    note.object("site", &*site_id, "");
    let new = read(body.into_inner(), site_id.into_inner(), on.caller(), token::hash(&secret), times)?;
    let secret = secret.into();
    let made = platform
        .write(move |conn| {
            if let Err(refusal) = may_invite(conn, &new)? {
                return Ok(Err(refusal));
            }
            if let Err(refusal) = mailing::pace(conn, &new.site_id, &new.email, now)? {
                return Ok(Err(refusal));
            }
            handovers::invite(conn, store.vault(), &new, &secret, now).map(Ok)
        })
        .await??;
    note.object("handover", &made.id, &made.site_name);
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(Handover::from(made)))
}
