//! `POST /imports/{import_id}/confirm`: the ticked rows go to the worker.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::ImportId;
use siteward_domain::import::{ImportKind, ImportState as State};
use siteward_domain::site::SiteAction;
use siteward_store::imports::{self, Confirmed, get_import};
use siteward_store::reach::Reach;
use siteward_store::{DbConn, StoreError, companies, sites};
use siteward_worker::jobs::import_devices;
use utoipa::ToSchema;

use super::Import;
use super::view::{age_days, is_older};
use crate::access::OnSites;
use crate::access::session::Caller;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::sites::allows;

/// Most rows of an import.
const MOST_ROWS: usize = 1000;

/// The ticked rows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportConfirm {
    /// Their places in the QR.
    #[schema(min_items = 1, max_items = 1000)]
    rows: Vec<u32>,
}

/// Adds the ticked devices, one by one and in the background. Repeating it changes nothing.
#[utoipa::path(tag = "imports", request_body = ImportConfirm, params(("import_id" = String, Path, format = "uuid", description = "The import")), responses(
    (status = 202, description = "The worker adds them", body = Import),
    (status = 403, description = "The QR is older than the company allows", body = ErrorBody),
    (status = 409, description = "Expired, or still waiting for its password", body = ErrorBody),
    (status = 422, description = "Rows were ticked that cannot be", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/imports/{import_id}/confirm")]
pub(crate) async fn confirm_import(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ImportId>,
    body: Body<ImportConfirm>,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (id.into_inner(), platform.clock.now());
    note.object("import", &id, "");
    let rows: Vec<u32> = body.0.rows.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if !(1..=MOST_ROWS).contains(&body.0.rows.len()) {
        return Err(ApiError::field(codes::ROWS_NOT_SELECTABLE, "rows"));
    }
    let (caller, reach, of_id) = (on.caller().clone(), on.reach(), id.clone());
    let (import, older) = platform.write(move |conn| confirm(conn, &caller, &reach, &of_id, &rows, now)).await??;
    if older {
        note.object("import", &id, "older than the company's limit");
    }
    (platform.wake_worker)();
    Ok(HttpResponse::Accepted().json(import))
}

type Outcome = Result<(Import, bool), ApiError>;

/// Status of the site, age of the QR, rows and job, in one transaction.
fn confirm(
    conn: &mut DbConn,
    caller: &Caller,
    reach: &Reach,
    id: &ImportId,
    rows: &[u32],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Outcome, StoreError> {
    let company = caller.company_id();
    let import = get_import(conn, &company, id, now)?;
    if import.state == State::PasswordNeeded {
        return Ok(Err(ApiError::new(codes::IMPORT_NOT_READY)));
    }
    let site = sites::hold_site(conn, &company, &import.site_id)?;
    if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
        return Ok(Err(refusal));
    }
    let limit = companies::find_company(conn, &company)?.and_then(|company| company.qr_age_limit_days);
    // A sealed code has a last day of its own, past which it does not open.
    let older = import.kind == ImportKind::VendorExport && is_older(age_days(import.qr_created_at, now), limit);
    if older && !caller.record.is_admin {
        return Ok(Err(ApiError::new(codes::QR_TOO_OLD)));
    }
    Ok(match imports::confirm(conn, &company, id, rows, &import_devices::new_job(id, now), now)? {
        Confirmed::Started | Confirmed::Already => Ok((Import::read(conn, reach, id, now)?, older)),
        Confirmed::Expired => Err(ApiError::new(codes::IMPORT_EXPIRED)),
        Confirmed::RowsNotSelectable => Err(ApiError::field(codes::ROWS_NOT_SELECTABLE, "rows")),
    })
}
