//! `POST /sites/{site_id}/scans`: a picture or a text becomes a list of devices to tick.

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use siteward_domain::import::{ImportKind, WAIT_SECONDS};
use siteward_domain::site::SiteAction;
use siteward_domain::{ImportId, SiteId};
use siteward_store::imports::{NewContent, NewImport, create_import, text_place};
use siteward_store::{Vault, sites};
use utoipa::ToSchema;

use super::Import;
use super::judging::{self, Candidate};
use super::reading::{self, Exports, Scanned};
use super::sealed::SealedCodes;
use crate::access::OnSites;
use crate::access::session::Caller;
use crate::additions::{self, Addition, Wanted};
use crate::devices::policy;
use crate::error::{ApiError, ErrorBody};
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};
use crate::sites::allows;

/// The text of a QR code, as a browser read it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScanText {
    /// The text.
    #[schema(value_type = String, max_length = 4096)]
    pub(super) text: SecretString,
}

/// The bytes of a picture: PNG, JPEG or WebP, up to 10 MB and 20 megapixels.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are read as they come")]
pub(crate) struct Picture(Vec<u8>);

/// What was scanned.
#[derive(Serialize, ToSchema)]
pub(crate) struct Scan {
    /// What it is.
    kind: ScanKind,
    /// The import that an export QR began.
    #[schema(required = true)]
    import: Option<Import>,
    /// What a device label says.
    #[schema(required = true)]
    label: Option<Label>,
    /// The addition that a device label began.
    #[schema(required = true)]
    addition: Option<Addition>,
}

/// What was scanned.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScanKind {
    /// One or several export QRs.
    DeviceExport,
    /// One or several sealed QRs of Siteward.
    SealedQr,
    /// A device label.
    Label,
}

/// A device label. Its verification code is told of, never told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Label {
    /// The short serial number.
    serial: String,
    /// The serial as printed, where it was a long one.
    #[schema(required = true)]
    long_serial: Option<String>,
    /// The model.
    #[schema(required = true)]
    model: Option<String>,
    /// Whether it has a verification code.
    has_verification_code: bool,
}

/// Scans a picture (PNG, JPEG, WebP up to 10 MB) or a text.
#[utoipa::path(tag = "imports",
    params(("site_id" = String, Path, format = "uuid", description = "The site to add devices to")),
    request_body(content(
        (ScanText = "application/json"),
        (Picture = "image/png"),
        (Picture = "image/jpeg"),
        (Picture = "image/webp"),
        (Picture = "application/octet-stream"),
    )),
    responses(
        (status = 201, description = "Scanned", body = Scan),
        (status = 422, description = "No code, another kind of code, or a damaged one", body = ErrorBody),
        (status = "4XX", description = "Refused", body = ErrorBody),
    ))]
#[post("/sites/{site_id}/scans")]
pub(crate) async fn create_scan(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    site_id: web::Path<SiteId>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (company, site_id) = (on.company_id(), site_id.into_inner());
    let (of_company, of_id) = (company, site_id.clone());
    let site = platform.read(move |conn| sites::get_site(conn, &of_company, &of_id)).await?;
    note.object("site", &site.id, &site.name);
    allows(&site, SiteAction::ManageDevices)?;
    let scan = match reading::read(&platform, &request, payload).await? {
        Scanned::Label(label) => {
            let addition = additions::begin(&platform, &on, site_id, Wanted::from_label(&label)).await?;
            Scan { kind: ScanKind::Label, import: None, label: Some(label.into()), addition: Some(addition) }
        }
        Scanned::Sealed(sealed) => {
            let import = begin(&platform, &on, site_id, Found::Sealed(sealed)).await?;
            Scan { kind: ScanKind::SealedQr, import: Some(import), label: None, addition: None }
        }
        Scanned::Exports(exports) => {
            let import = begin(&platform, &on, site_id, Found::Exports(exports)).await?;
            Scan { kind: ScanKind::DeviceExport, import: Some(import), label: None, addition: None }
        }
    };
    Ok(HttpResponse::Created().json(scan))
}

impl From<siteward_qr::label::Label> for Label {
    fn from(label: siteward_qr::label::Label) -> Self {
        Self {
            serial: label.serial.into(),
            long_serial: label.long_serial,
            model: label.model,
            has_verification_code: label.verification_code.is_some(),
        }
    }
}

/// Stores what was scanned, sealed, for 15 minutes.
async fn begin(
    platform: &web::Data<Platform>,
    on: &OnSites,
    site_id: SiteId,
    found: Found,
) -> Result<Import, ApiError> {
    let (now, company, reach) = (platform.clock.now(), on.company_id(), on.reach());
    let mut import = new_import(on.caller(), site_id, &found, now);
    let (inner, id) = (platform.clone(), import.id.clone());
    // Sealing hundreds of passwords takes a moment.
    let sealed = off_thread(move || seal(&inner, &company, &id, &found)).await??;
    if let Sealed::Locked(text) = &sealed {
        import.content = NewContent::Locked(text.clone());
    }
    platform
        .write(move |conn| {
            if let Sealed::Rows(candidates) = &sealed {
                let rows = judging::rows(conn, &import.company_id, &import.site_id, candidates)?;
                import.content = NewContent::Rows(rows);
            }
            create_import(conn, &import)?;
            Import::read(conn, &reach, &import.id, now)
        })
        .await
}

/// Codes that an import begins with.
enum Found {
    Exports(Exports),
    Sealed(SealedCodes),
}

enum Sealed {
    Locked(siteward_store::SealedText),
    Rows(Vec<Candidate>),
}

fn seal(
    platform: &Platform,
    company: &siteward_domain::CompanyId,
    id: &ImportId,
    found: &Found,
) -> Result<Sealed, ApiError> {
    let vault = platform.store.vault();
    let exports = match found {
        Found::Exports(exports) if !exports.needs_password() => exports,
        Found::Exports(exports) => return wait(vault, company, id, &exports.to_wait()),
        Found::Sealed(codes) => return wait(vault, company, id, &codes.to_wait()),
    };
    let rows = judging::candidates(exports, company, id, policy(platform), vault);
    rows.map(Sealed::Rows).map_err(ApiError::internal)
}

fn wait(
    vault: &Vault,
    company: &siteward_domain::CompanyId,
    id: &ImportId,
    text: &SecretString,
) -> Result<Sealed, ApiError> {
    vault.seal(text_place(company, id), text).map(Sealed::Locked).map_err(ApiError::internal)
}

fn new_import(caller: &Caller, site_id: SiteId, found: &Found, now: DateTime<Utc>) -> NewImport {
    let (kind, made) = match found {
        Found::Exports(exports) => (ImportKind::VendorExport, exports.created_at()),
        // Its own last day is inside of it.
        Found::Sealed(_) => (ImportKind::Sealed, None),
    };
    NewImport {
        id: ImportId::generate(now),
        company_id: caller.company_id(),
        site_id,
        staff_id: caller.staff_id(),
        kind,
        qr_created_at: made,
        content: NewContent::Rows(Vec::new()),
        created_at: now,
        expires_at: now + Duration::seconds(WAIT_SECONDS),
    }
}
