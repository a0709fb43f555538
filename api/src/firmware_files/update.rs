//! `PUT /firmware_files/{firmware_file_id}`: says what a file is for.

use actix_web::{put, web};
use serde::Deserialize;
use siteward_domain::firmware::{FirmwareVersion, ModelPattern};
use siteward_domain::text::{BadText, optional_line};
use siteward_domain::{FirmwareFileId, device};
use siteward_store::firmware_files::{self, FirmwareUse};
use utoipa::ToSchema;

use super::{FirmwareFile, OBJECT};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::DeviceKind;

const MOST_MODELS: usize = 100;
const MOST_MODEL: usize = 64;
const MOST_HARDWARE: usize = 64;
const MOST_REGION: usize = 16;
const MOST_NOTES: usize = 4000;

/// What a file is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirmwareFileUpdate {
    /// The family of devices: versions are compared within it only.
    kind: DeviceKind,
    /// Patterns of models; a small `x` is one letter or digit, and whatever follows belongs to the series.
    #[schema(min_items = 1, max_items = 100)]
    models: Vec<String>,
    /// The hardware, as devices tell it; empty: any.
    #[serde(default)]
    #[schema(max_length = 64)]
    hardware: String,
    /// The region or language, such as `WR`; empty: any.
    #[serde(default)]
    #[schema(max_length = 16)]
    region: String,
    /// Version and build, such as `V5.4.5 build 170124`.
    #[schema(min_length = 1, max_length = 64)]
    version: String,
    /// Notes.
    #[serde(default)]
    #[schema(max_length = 4000)]
    notes: String,
    /// What must be installed before it.
    #[schema(value_type = Option<String>, format = "uuid")]
    first_id: Option<FirmwareFileId>,
    /// On devices that run an older version than this; empty: than this file's.
    #[serde(default)]
    #[schema(max_length = 64)]
    first_below: String,
}

/// Says what a firmware file is for: from now on devices can be upgraded with it.
#[utoipa::path(tag = "firmware", request_body = FirmwareFileUpdate, params(("firmware_file_id" = String, Path, format = "uuid", description = "The file")), responses(
    (status = 200, description = "As it is now", body = FirmwareFile),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/firmware_files/{firmware_file_id}")]
pub(crate) async fn update_firmware_file(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    id: web::Path<FirmwareFileId>,
    body: Body<FirmwareFileUpdate>,
) -> Result<web::Json<FirmwareFile>, ApiError> {
    let (company, id, now) = (admin.0.company_id(), id.into_inner(), platform.clock.now());
    let body = body.into_inner();
    note.object(OBJECT, &id, body.version.chars().take(MOST_MODEL).collect::<String>());
    let notes = notes(&body.notes)?;
    let purpose = purpose(body, &id)?;
    let file = platform.write(move |conn| firmware_files::set_use(conn, &company, &id, &purpose, &notes, now)).await?;
    Ok(web::Json(file.into()))
}

fn purpose(body: FirmwareFileUpdate, id: &FirmwareFileId) -> Result<FirmwareUse, ApiError> {
    let invalid = |field| ApiError::field(codes::FIELD_INVALID, field);
    let line = |text: &str, most, field| optional_line(text, most).map_err(|error| bad_name(&error, field));
    if !body.kind.0.has_login() || body.kind.0 == device::DeviceKind::Unknown {
        return Err(invalid("kind"));
    }
    if body.first_id.as_ref() == Some(id) {
        return Err(invalid("first_id"));
    }
    let mut models = Vec::new();
    for model in &body.models {
        let model = line(model, MOST_MODEL, "models")?;
        ModelPattern::parse(&model).map_err(|_| invalid("models"))?;
        models.push(model);
    }
    if !(1..=MOST_MODELS).contains(&models.len()) {
        return Err(invalid("models"));
    }
    let version = FirmwareVersion::parse(&body.version).map_err(|_| invalid("version"))?;
    let below = line(&body.first_below, MOST_MODEL, "first_below")?;
    let below = if below.is_empty() {
        below
    } else {
        FirmwareVersion::parse(&below).map_err(|_| invalid("first_below"))?.to_string()
    };
    Ok(FirmwareUse {
        kind: body.kind.0,
        models,
        hardware: line(&body.hardware, MOST_HARDWARE, "hardware")?,
        region: line(&body.region, MOST_REGION, "region")?.to_uppercase(),
        version: version.to_string(),
        first: body.first_id,
        first_below: below,
    })
}

/// Several lines, without other control characters.
fn notes(text: &str) -> Result<String, ApiError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(bad_name(&BadText::Control, "notes"));
    }
    if text.chars().count() > MOST_NOTES {
        return Err(bad_name(&BadText::TooLong { most: MOST_NOTES }, "notes"));
    }
    Ok(text)
}
