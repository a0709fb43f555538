//! `POST /sites/{site_id}/grant_requests`: applies to the owner of a site.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::handover::Asks as Asked;
use siteward_domain::{GrantRequestId, SiteId};
use siteward_store::access_log::Actor;
use siteward_store::grant_requests::{self, NewGrantRequest};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::sites;
use siteward_worker::grants::tell_request;
use utoipa::ToSchema;

use super::{GrantRequest, checking};
use crate::access::{OnSites, rights};
use crate::asks::DeviceAsk;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Mails an hour that applications for one site cause.
const MOST_AN_HOUR: usize = 20;

/// What to apply for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantRequestCreate {
    /// The authorization of the site; only while it is not authorized.
    #[serde(default)]
    site: bool,
    /// Permissions for devices of the site, at most one of a kind for each.
    #[serde(default)]
    #[schema(max_items = 3000)]
    devices: Vec<DeviceAsk>,
    /// What there is to say to the owner.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
}

/// Applies for the authorization of a site, for permissions for its devices, or for both. The owner is told by mail.
#[utoipa::path(tag = "permissions", request_body = GrantRequestCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "The owner decides", body = GrantRequest),
    (status = 409, description = "The site's status forbids it, or enough waits already", body = ErrorBody),
    (status = 429, description = "Too many applications; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/sites/{site_id}/grant_requests")]
pub(crate) async fn create_grant_request(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<GrantRequestCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, caller, body) = (platform.clock.now(), on.caller().clone(), body.into_inner());
    let asks = Asked::from(crate::asks::Asks { site: body.site, devices: body.devices });
    let new = NewGrantRequest {
        id: GrantRequestId::generate(now),
        company_id: caller.company_id(),
        site_id: site_id.into_inner(),
        kind: checking::kind(&asks)?,
        remark: checking::remark(&body.remark)?,
        asks,
        asked_by: caller.staff_id(),
        asked_by_name: caller.record.staff_name.clone(),
    };
    note.object("grant_request", &new.id, new.kind.as_str());
    let made = platform
        .write(move |conn| {
            let site = sites::hold_site(conn, &new.company_id, &new.site_id)?;
            if let Err(refusal) = checking::may_apply(conn, &site, new.kind, &new.asks)? {
                return Ok(Err(refusal));
            }
            let pace = Pace { purpose: "grant_request", subject: new.site_id.to_string(), most: MOST_AN_HOUR };
            if let Some(free_at) = mail_paces::take_turn(conn, &[pace], now)? {
                return Ok(Err(ApiError::too_many_until(free_at, now)));
            }
            grant_requests::create_request(conn, &new, now)?;
            let made = grant_requests::get_request(conn, &new.site_id, &new.id)?;
            tell_request(conn, &made, &Actor::Staff(new.asked_by.clone()), now)?;
            GrantRequest::describe(conn, made).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(made))
}
