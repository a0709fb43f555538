//! `POST /my/sites/{site_id}/company_invitations`: invites a company to serve a site.

use std::collections::HashSet;

use actix_web::{HttpResponse, post, web};
use chrono::Duration;
use serde::Deserialize;
use siteward_domain::custody::COMPANY_INVITATION_DAYS;
use siteward_domain::handover::{Asks as Granted, MOST_AN_HOUR};
use siteward_domain::{CompanyInvitationId, SiteId};
use siteward_store::company_invitations::NewCompanyInvitation;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError, handovers};
use siteward_worker::custody;
use siteward_worker::mail::is_address;
use utoipa::ToSchema;

use super::CompanyInvitation;
use crate::access::{Owned, token};
use crate::asks::Asks;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::grant_requests::checking::remark;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::email;

/// Which company, and what it may do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompanyInvitationCreate {
    /// An e-mail address of the company.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// What there is to say besides.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
    /// What it may do from the beginning.
    #[serde(default)]
    asks: Asks,
}

/// Invites a company: a mail with a link that is good once and for two weeks. Any member of staff with the right to hand sites over may take it up for
/// their company, which serves the site from then on instead of the one that does now. At most 3 an hour to one address.
#[utoipa::path(tag = "my", request_body = CompanyInvitationCreate, params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 201, description = "Invited", body = CompanyInvitation),
    (status = 409, description = "A company is invited already, or the owner's use is paused", body = ErrorBody),
    (status = 429, description = "Too many invitations to this address; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/sites/{site_id}/company_invitations")]
pub(crate) async fn create_company_invitation(
    owned: Owned,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    body: Body<CompanyInvitationCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, store, body) = (platform.clock.now(), platform.store.clone(), body.into_inner());
    let address = email(&body.email).filter(|address| is_address(address));
    let secret = token::new_token();
    let new = NewCompanyInvitation {
        id: CompanyInvitationId::generate(now),
        site_id: site_id.into_inner(),
        end_user_id: owned.id(),
        email: address.ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))?,
        remark: remark(&body.remark)?,
        asks: body.asks.into(),
        token_hash: token::hash(&secret),
        expires_at: now + Duration::days(COMPANY_INVITATION_DAYS),
    };
    note.object("company_invitation", &new.id, "");
    let secret = secret.into();
    let made = platform
        .write(move |conn| {
            if siteward_store::custody::get(conn, &new.site_id)?.suspended_at.is_some() {
                return Ok(Err(ApiError::new(codes::SITE_SUSPENDED)));
            }
            if !are_on_site(conn, &new.site_id, &new.asks)? {
                return Ok(Err(ApiError::field(codes::FIELD_INVALID, "asks")));
            }
            let subject = token::hash(&format!("company:{}", new.email.to_lowercase()));
            let pace = Pace { purpose: "company_invitation", subject, most: MOST_AN_HOUR };
            if let Some(free_at) = mail_paces::take_turn(conn, &[pace], now)? {
                return Ok(Err(ApiError::too_many_until(free_at, now)));
            }
            custody::invite_company(conn, store.vault(), &new, &secret, now).map(Ok)
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(CompanyInvitation::from(made)))
}

fn are_on_site(conn: &mut DbConn, site: &SiteId, asks: &Granted) -> Result<bool, StoreError> {
    let devices: HashSet<_> = handovers::devices_of(conn, site)?.into_iter().map(|device| device.id).collect();
    let each: HashSet<_> = asks.devices.iter().map(|ask| (&ask.device_id, ask.permission)).collect();
    Ok(each.len() == asks.devices.len() && each.iter().all(|(id, _)| devices.contains(*id)))
}
