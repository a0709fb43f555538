//! `POST /service_requests`: asks the owner of a site to let the company serve it.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::grant::RequestKind;
use siteward_domain::handover::Asks;
use siteward_domain::{CompanyId, GrantRequestId, SiteId};
use siteward_store::access_log::Actor;
use siteward_store::grant_requests::{self, NewGrantRequest};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError, custody};
use siteward_worker::grants::tell_request;
use utoipa::ToSchema;

use crate::access::{May, rights};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grant_requests::GrantRequest;
use crate::grant_requests::checking::remark;
use crate::operation_log::Note;
use crate::platform::Platform;

/// Applications an hour of one company.
const MOST_AN_HOUR: usize = 20;

/// Which site.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceRequestCreate {
    /// Its number, which the owner sees on the page of the site.
    #[schema(format = "uuid")]
    site_id: String,
    /// Whether to ask for the authorization of the site at once.
    #[serde(default)]
    site: bool,
    /// What there is to say to the owner.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
}

/// Asks the owner of a site that no company serves to let this company serve it. The owner is told by mail and decides. A number that names
/// no such site is not found, whatever else it may name.
#[utoipa::path(tag = "custody", request_body = ServiceRequestCreate, responses(
    (status = 201, description = "The owner decides", body = GrantRequest),
    (status = 409, description = "A request of the company waits already", body = ErrorBody),
    (status = 429, description = "Too many applications; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/service_requests")]
pub(crate) async fn create_service_request(
    may: May<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<ServiceRequestCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, caller, body) = (platform.clock.now(), may.caller().clone(), body.into_inner());
    let new = NewGrantRequest {
        id: GrantRequestId::generate(now),
        company_id: caller.company_id(),
        site_id: body.site_id.trim().parse().map_err(|_| ApiError::new(codes::NOT_FOUND))?,
        kind: RequestKind::Serve,
        remark: remark(&body.remark)?,
        asks: Asks { site: body.site, devices: Vec::new() },
        asked_by: caller.staff_id(),
        asked_by_name: caller.record.staff_name.clone(),
    };
    note.object("grant_request", &new.id, new.kind.as_str());
    let made = platform
        .write(move |conn| {
            // Before the look, so that numbers cannot be tried at will.
            let pace = Pace { purpose: "service_request", subject: new.company_id.to_string(), most: MOST_AN_HOUR };
            if let Some(free_at) = mail_paces::take_turn(conn, &[pace], now)? {
                return Ok(Err(ApiError::too_many_until(free_at, now)));
            }
            if !may_be_served(conn, &new.site_id)? {
                return Ok(Err(ApiError::new(codes::NOT_FOUND)));
            }
            if waits(conn, &new.company_id, &new.site_id)? {
                return Ok(Err(ApiError::new(codes::REQUEST_OPEN)));
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

fn may_be_served(conn: &mut DbConn, site: &SiteId) -> Result<bool, StoreError> {
    match custody::get(conn, site) {
        Ok(custody) => Ok(custody.owner.is_some() && custody.company.is_none()),
        Err(StoreError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn waits(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<bool, StoreError> {
    Ok(!grant_requests::waiting_kinds(conn, company, site)?.is_empty())
}
