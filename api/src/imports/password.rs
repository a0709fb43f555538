//! `POST /imports/{import_id}/password`: the password that a QR has of its own, or that sealed it.

use actix_web::{post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use siteward_domain::import::{ImportKind, ImportState as State};
use siteward_domain::{CompanyId, ImportId};
use siteward_store::imports::{count_wrong_password, find_sealed_text, get_import, set_rows, text_place};
use siteward_store::{SealedText, StoreError};
use utoipa::ToSchema;

use super::Import;
use super::judging::{self, Candidate};
use super::reading::Exports;
use super::sealed::SealedCodes;
use crate::access::OnSites;
use crate::body::Body;
use crate::devices::policy;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};

/// Wrong passwords before the import ends.
const MOST_TRIES: u32 = 10;
/// Longer texts are the password of no QR.
const MOST_CHARACTERS: usize = 64;

/// The password of a QR.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportPassword {
    /// The password.
    #[schema(value_type = String, max_length = 64, format = Password)]
    password: SecretString,
}

/// Opens an export QR with its own password, or a sealed QR with the password that sealed it, and lists its devices. After ten wrong ones the import ends.
#[utoipa::path(tag = "imports", request_body = ImportPassword, params(("import_id" = String, Path, format = "uuid", description = "The import")), responses(
    (status = 200, description = "The import with its rows", body = Import),
    (status = 409, description = "Expired, or it does not wait for a password", body = ErrorBody),
    (status = 422, description = "The password is wrong; details.tries_left", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/imports/{import_id}/password")]
pub(crate) async fn open_import(
    on: OnSites,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<ImportId>,
    body: Body<ImportPassword>,
) -> Result<web::Json<Import>, ApiError> {
    let (id, company, now) = (id.into_inner(), on.company_id(), platform.clock.now());
    let reach = on.reach();
    note.object("import", &id, "");
    let (of_company, of_id) = (company.clone(), id.clone());
    let (import, text) = platform
        .read(move |conn| {
            let import = get_import(conn, &of_company, &of_id, now)?;
            Ok((import, find_sealed_text(conn, &of_company, &of_id, now)?))
        })
        .await?;
    let text = match (import.state, text) {
        (State::PasswordNeeded, Some(text)) => text,
        (State::Expired, _) => return Err(ApiError::new(codes::IMPORT_EXPIRED)),
        _ => return Err(ApiError::new(codes::IMPORT_NOT_READY)),
    };
    if body.0.password.expose_secret().chars().count() > MOST_CHARACTERS {
        return Err(wrong(&platform, company, id, import.kind).await?);
    }
    // A sealed code is opened with a core and up to 256 MiB: no more at once than passwords are hashed.
    let turn = if import.kind == ImportKind::Sealed { Some(platform.turn_to_hash().await?) } else { None };
    let (inner, of_company, of_id, kind) = (platform.clone(), company.clone(), id.clone(), import.kind);
    let opened = off_thread(move || {
        let _turn = turn;
        open(&inner, &of_company, &of_id, kind, &text, &body.0.password)
    });
    let opened = opened.await??;
    let Some((candidates, made)) = opened else { return Err(wrong(&platform, company, id, import.kind).await?) };
    let import = platform
        .write(move |conn| {
            let rows = judging::rows(conn, &company, &import.site_id, &candidates)?;
            match set_rows(conn, &company, &id, made, &rows, now) {
                // Somebody else was faster: the import stands as it stands.
                Ok(()) | Err(StoreError::Stale) => Import::read(conn, &reach, &id, now),
                Err(error) => Err(error),
            }
        })
        .await?;
    Ok(web::Json(import))
}

type Opened = Option<(Vec<Candidate>, Option<chrono::DateTime<chrono::Utc>>)>;

/// Opens what waits; `None` when the password is wrong.
fn open(
    platform: &Platform,
    company: &CompanyId,
    id: &ImportId,
    kind: ImportKind,
    text: &SealedText,
    password: &SecretString,
) -> Result<Opened, ApiError> {
    let vault = platform.store.vault();
    let text = vault.open(text_place(company, id), text).map_err(ApiError::internal)?;
    if kind == ImportKind::Sealed {
        let opened = SealedCodes::from_waiting(&text)?.open(password, platform.clock.now().timestamp())?;
        let Some(devices) = opened else { return Ok(None) };
        let candidates = judging::sealed_candidates(&devices, company, id, policy(platform), vault);
        return Ok(Some((candidates.map_err(ApiError::internal)?, None)));
    }
    let exports = Exports::from_waiting(&text)?;
    if !exports.opens_with(password.expose_secret()) {
        return Ok(None);
    }
    let candidates = judging::candidates(&exports, company, id, policy(platform), vault).map_err(ApiError::internal)?;
    Ok(Some((candidates, exports.created_at())))
}

async fn wrong(platform: &Platform, company: CompanyId, id: ImportId, kind: ImportKind) -> Result<ApiError, ApiError> {
    let left = platform.write(move |conn| count_wrong_password(conn, &company, &id, MOST_TRIES)).await?;
    let code = if kind == ImportKind::Sealed { codes::QR_SEALED_WRONG_PASSWORD } else { codes::QR_PASSWORD_WRONG };
    Ok(ApiError::new(code).with_details(json!({ "tries_left": left })))
}
