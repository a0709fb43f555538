//! What may be applied for, and when.

use std::collections::HashSet;

use siteward_domain::grant::RequestKind;
use siteward_domain::handover::{Asks, MOST_REMARK_CHARACTERS};
use siteward_domain::site::{SiteAction, SiteStatus};
use siteward_domain::text;
use siteward_store::grant_requests::{self, MOST_WAITING};
use siteward_store::sites::Site;
use siteward_store::{DbConn, StoreError, grants};

use crate::error::{ApiError, codes};
use crate::sites::allows;

/// Most permissions that one application asks for.
const MOST_ASKS: usize = 3000;

/// One line: line ends become blanks.
pub(crate) fn remark(typed: &str) -> Result<String, ApiError> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    text::optional_line(&line, MOST_REMARK_CHARACTERS).map_err(|_| ApiError::field(codes::FIELD_INVALID, "remark"))
}

/// Which kind of application asks for this. The authorization of a site may bring permissions for its devices along.
pub(super) fn kind(asks: &Asks) -> Result<RequestKind, ApiError> {
    let each: HashSet<_> = asks.devices.iter().map(|ask| (&ask.device_id, ask.permission)).collect();
    if each.len() != asks.devices.len() || each.len() > MOST_ASKS {
        return Err(ApiError::field(codes::FIELD_INVALID, "devices"));
    }
    match (asks.site, asks.devices.is_empty()) {
        (true, _) => Ok(RequestKind::Site),
        (false, false) => Ok(RequestKind::Devices),
        (false, true) => Err(ApiError::field(codes::FIELD_INVALID, "devices")),
    }
}

/// Whether a company may apply for this on a site as it stands now.
pub(super) fn may_apply(
    conn: &mut DbConn,
    site: &Site,
    kind: RequestKind,
    asks: &Asks,
) -> Result<Result<(), ApiError>, StoreError> {
    let company = &site.company_id;
    if asks.site {
        if let Err(refusal) = allows(site, SiteAction::ApplyForAuthorization) {
            return Ok(Err(refusal));
        }
    } else if site.status != SiteStatus::Authorized {
        return Ok(Err(ApiError::of_code(site.status.refusal_code(), codes::SITE_NOT_AUTHORIZED)));
    }
    let devices: Vec<_> = asks.devices.iter().map(|ask| ask.device_id.clone()).collect();
    if !grants::are_on_site(conn, company, &site.id, &devices)? {
        return Ok(Err(ApiError::field(codes::FIELD_INVALID, "devices")));
    }
    let waiting = grant_requests::waiting_kinds(conn, company, &site.id)?;
    if waiting.len() >= MOST_WAITING {
        return Ok(Err(ApiError::new(codes::REQUESTS_WAITING)));
    }
    if kind != RequestKind::Devices && waiting.contains(&kind) {
        return Ok(Err(ApiError::new(codes::REQUEST_OPEN)));
    }
    Ok(Ok(()))
}
