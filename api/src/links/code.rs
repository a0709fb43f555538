//! `POST /links/{link_id}/code`: a new code, for a link that waits or moves to another box.

use actix_web::{post, web};
use chrono::{DateTime, Duration, Utc};
use siteward_domain::link::ENROL_SECONDS;
use siteward_domain::{CompanyId, LinkId};
use siteward_store::{DbConn, StoreError, companies, links};

use super::{LinkCreated, held_changeable};
use crate::access::{OnSites, one_time_code, token};
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;

/// Makes a new code; an older one is no longer good. The box that is enrolled now goes on until another takes the code.
#[utoipa::path(tag = "links", params(("link_id" = String, Path, format = "uuid", description = "The link")), responses(
    (status = 200, description = "The link and its new code", body = LinkCreated),
    (status = 409, description = "The site's status forbids it", body = ErrorBody),
    (status = 410, description = "The link is revoked", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/links/{link_id}/code")]
pub(crate) async fn create_link_code(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<LinkId>,
) -> Result<web::Json<LinkCreated>, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    note.object("link", &*id, "");
    let code = NewCode::generate(now);
    let (hash, expires_at) = (code.hash(), code.expires_at);
    let (link, url) = platform
        .write(move |conn| {
            if let Err(refusal) = held_changeable(conn, &company, &id)? {
                return Ok(Err(refusal));
            }
            match links::set_code(conn, &company, &id, &hash, expires_at) {
                Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::LINK_REVOKED))),
                Err(error) => Err(error),
                Ok(link) => Ok(Ok((link, public_url(conn, &company)?))),
            }
        })
        .await??;
    note.object("link", &link.id, &link.name);
    Ok(web::Json(LinkCreated::new(link, code, &url)))
}

/// A code for a box. Its text is told once, and only its hash is kept.
pub(super) struct NewCode {
    pub(super) text: String,
    pub(super) expires_at: DateTime<Utc>,
}

impl NewCode {
    pub(super) fn generate(now: DateTime<Utc>) -> Self {
        Self { text: one_time_code::generate(), expires_at: now + Duration::seconds(ENROL_SECONDS) }
    }

    pub(super) fn hash(&self) -> String {
        hash(&self.text)
    }
}

/// What is kept of a code, in whatever form it is written.
pub(crate) fn hash(code: &str) -> String {
    token::hash(&format!("link:{}", one_time_code::normal(code)))
}

/// How boxes reach this server.
pub(super) fn public_url(conn: &mut DbConn, company: &CompanyId) -> Result<String, StoreError> {
    Ok(companies::find_company(conn, company)?.ok_or(StoreError::NotFound)?.public_url)
}
