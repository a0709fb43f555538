//! From the body of a scan to what its QR codes hold.

use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use siteward_qr::export::{Export, ExportError};
use siteward_qr::label::Label;
use siteward_qr::{Kind, picture, recognise};

use super::scan::ScanText;
use super::sealed::SealedCodes;
use crate::body::{collect, object};
use crate::error::{ApiError, codes};
use crate::platform::{Platform, off_thread};

/// Most bytes of a JSON body.
const MOST_JSON: usize = 64 * 1024;
/// How long a picture may be searched (T18).
const BUDGET: Duration = Duration::from_secs(2);
/// How long a scan waits for others to be read.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Most devices of all codes of one picture.
const MOST_DEVICES: usize = 1000;

/// What was scanned.
pub(super) enum Scanned {
    /// Sealed codes, one or several of one picture.
    Sealed(SealedCodes),
    /// Export codes, one or several of one picture.
    Exports(Exports),
    /// A device label.
    Label(Label),
}

/// Export codes that belong together.
pub(super) struct Exports {
    texts: Vec<SecretString>,
    pub(super) exports: Vec<Export>,
}

impl Exports {
    /// Reads export codes.
    fn parse(texts: Vec<SecretString>) -> Result<Self, ApiError> {
        let exports = texts.iter().map(|text| Export::parse(text.expose_secret())).collect::<Result<Vec<_>, _>>();
        let exports = exports.map_err(refused)?;
        if exports.iter().map(|export| export.records.len()).sum::<usize>() > MOST_DEVICES {
            return Err(ApiError::new(codes::QR_TOO_MANY_DEVICES));
        }
        Ok(Self { texts, exports })
    }

    /// Whether one of them has a password of its own.
    pub(super) fn needs_password(&self) -> bool {
        self.exports.iter().any(Export::needs_password)
    }

    /// Whether a password opens all of them.
    pub(super) fn opens_with(&self, password: &str) -> bool {
        self.exports.iter().all(|export| export.check_password(password))
    }

    /// When the oldest of them was made.
    pub(super) fn created_at(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        let oldest = self.exports.iter().filter_map(|export| export.created_at).min()?;
        chrono::DateTime::from_timestamp(oldest, 0)
    }

    /// Their texts as one, to be sealed until the password is known.
    pub(super) fn to_wait(&self) -> SecretString {
        let texts: Vec<&str> = self.texts.iter().map(SecretString::expose_secret).collect();
        serde_json::to_string(&texts).unwrap_or_default().into()
    }

    /// Reads what waited.
    pub(super) fn from_waiting(text: &SecretString) -> Result<Self, ApiError> {
        Self::parse(waiting(text)?)
    }
}

/// The texts that waited for their password.
pub(super) fn waiting(text: &SecretString) -> Result<Vec<SecretString>, ApiError> {
    let texts: Vec<String> =
        serde_json::from_str(text.expose_secret()).map_err(|_| ApiError::internal("import text"))?;
    Ok(texts.into_iter().map(SecretString::from).collect())
}

/// Reads a scan's body: a text as JSON, or a picture's bytes.
pub(super) async fn read(platform: &Platform, request: &HttpRequest, payload: Payload) -> Result<Scanned, ApiError> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let texts = match content_type.as_str() {
        "application/json" => {
            let bytes = collect(request, payload, MOST_JSON, || ApiError::new(codes::BODY_TOO_LARGE)).await?;
            let mut json = serde_json::Deserializer::from_slice(&bytes);
            let scan: Result<ScanText, _> = object(&mut json);
            let scan = scan.and_then(|scan| json.end().map(|()| scan)).map_err(|_| ApiError::new(codes::BAD_JSON))?;
            vec![scan.text]
        }
        "image/png" | "image/jpeg" | "image/webp" | "application/octet-stream" => {
            let too_large = || ApiError::new(codes::PICTURE_TOO_LARGE);
            let bytes = collect(request, payload, picture::MAX_BYTES, too_large).await?;
            search(platform, bytes.freeze()).await?
        }
        _ => return Err(ApiError::new(codes::UNSUPPORTED_CONTENT)),
    };
    understand(&texts)
}

/// Finds the codes in a picture: two pictures at once, two seconds each.
async fn search(platform: &Platform, bytes: bytes::Bytes) -> Result<Vec<SecretString>, ApiError> {
    let busy = || ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(5);
    let waiting = platform.pictures.clone().acquire_owned();
    let permit = tokio::time::timeout(LONGEST_WAIT, waiting).await.map_err(|_| busy())?.map_err(|_| busy())?;
    let found = off_thread(move || {
        let _permit = permit;
        let end = Instant::now() + BUDGET;
        picture::read(&bytes, &|| Instant::now() < end)
    });
    match found.await? {
        Ok(texts) => Ok(texts.into_iter().map(SecretString::from).collect()),
        Err(error) => Err(ApiError::of_code(error.code(), codes::PICTURE_UNREADABLE).with_message(error.to_string())),
    }
}

/// Tells what texts are: sealed codes before exports, exports before a label, and a label before everything else.
fn understand(texts: &[SecretString]) -> Result<Scanned, ApiError> {
    let kinds: Vec<Kind> = texts.iter().map(|text| recognise(text.expose_secret())).collect();
    let of_kind = |kind: Kind| texts.iter().zip(&kinds).filter(move |(_, k)| **k == kind).map(|(text, _)| text.clone());
    let sealed: Vec<SecretString> = of_kind(Kind::Sealed).collect();
    if !sealed.is_empty() {
        return SealedCodes::parse(sealed).map(Scanned::Sealed);
    }
    let exports: Vec<SecretString> = of_kind(Kind::DeviceExport).collect();
    if !exports.is_empty() {
        return Exports::parse(exports).map(Scanned::Exports);
    }
    if let Some(text) = of_kind(Kind::Label).next() {
        let label = Label::parse(text.expose_secret());
        return label.map(Scanned::Label).map_err(|error| {
            ApiError::of_code(error.code(), codes::QR_SERIAL_INVALID).with_message(error.to_string())
        });
    }
    if let Some(text) = texts.iter().find(|text| text.expose_secret().len() > siteward_qr::export::MAX_TEXT_BYTES) {
        return Err(Export::parse(text.expose_secret())
            .err()
            .map_or_else(|| ApiError::new(codes::QR_TOO_LONG), refused));
    }
    let kind = kinds.first().copied().unwrap_or(Kind::Unknown);
    Err(wrong_kind(kind))
}

fn wrong_kind(kind: Kind) -> ApiError {
    ApiError::new(codes::QR_WRONG_KIND).with_details(json!({ "kind": kind.as_str() }))
}

/// A code that cannot be read.
fn refused(error: ExportError) -> ApiError {
    ApiError::of_code(error.code(), codes::QR_MALFORMED).with_message(error.to_string())
}
