//! The firmware catalogue: files that the Admin uploads, and what each is for.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
mod receiving;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::firmware_files as stored;
use utoipa::ToSchema;

use crate::words::DeviceKind;

/// The kind of object in the operation log.
const OBJECT: &str = "firmware_file";

/// A firmware file.
#[derive(Serialize, ToSchema)]
pub(crate) struct FirmwareFile {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// What the uploader called it.
    file_name: String,
    /// Its bytes.
    size: u64,
    /// SHA-256 of its bytes, hex.
    sha256: String,
    /// What it is for; null until somebody says so, and nothing is upgraded with it.
    #[schema(required = true)]
    purpose: Option<FirmwarePurpose>,
    /// Notes.
    notes: String,
    /// When it was uploaded.
    uploaded_at: DateTime<Utc>,
    /// When it was last edited.
    updated_at: DateTime<Utc>,
}

/// What a firmware file is for.
#[derive(Serialize, ToSchema)]
pub(crate) struct FirmwarePurpose {
    /// The family of devices: versions are compared within it only.
    kind: DeviceKind,
    /// Patterns of models; a small `x` is one letter or digit.
    models: Vec<String>,
    /// The hardware, as devices tell it; empty: any.
    hardware: String,
    /// The region or language; empty: any.
    region: String,
    /// Version and build.
    version: String,
    /// What must be installed before it.
    #[schema(required = true, format = "uuid")]
    first_id: Option<String>,
    /// On devices that run an older version than this; empty: than this file's.
    first_below: String,
}

impl From<stored::FirmwareFile> for FirmwareFile {
    fn from(file: stored::FirmwareFile) -> Self {
        Self {
            id: file.id.to_string(),
            file_name: file.file_name,
            size: file.size,
            sha256: file.sha256,
            purpose: file.purpose.map(Into::into),
            notes: file.notes,
            uploaded_at: file.uploaded_at,
            updated_at: file.updated_at,
        }
    }
}

impl From<stored::FirmwareUse> for FirmwarePurpose {
    fn from(purpose: stored::FirmwareUse) -> Self {
        Self {
            kind: DeviceKind(purpose.kind),
            models: purpose.models,
            hardware: purpose.hardware,
            region: purpose.region,
            version: purpose.version,
            first_id: purpose.first.map(|id| id.to_string()),
            first_below: purpose.first_below,
        }
    }
}
