//! A file that comes in: written and hashed piece by piece, under a name of its own until it is whole. Whatever breaks off,
//! also the connection, leaves nothing.

use std::path::{Path, PathBuf};

use actix_web::web;
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use siteward_domain::FirmwareFileId;
use siteward_worker::settings::Settings;
use siteward_worker::upgrades::{file_path, upload_path};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::error::{ApiError, codes};
use crate::platform::off_thread;

const MIB: u64 = 1024 * 1024;
/// The disk is looked at anew after so much.
const LOOKS_EVERY: u64 = 32 * MIB;

/// A file that came in whole.
pub(super) struct Received {
    pub(super) sha256: String,
    pub(super) size: u64,
}

/// Removes what is there under its name, unless it is told that this is what it should be.
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Receives a file into the folder of firmware files.
pub(super) async fn receive(
    settings: &Settings,
    id: &FirmwareFileId,
    announced: Option<u64>,
    mut payload: web::Payload,
) -> Result<Received, ApiError> {
    let folder = settings.firmware_dir();
    let (most, keep) = (settings.upgrades.most_file_mib * MIB, settings.upgrades.keep_free_mib * MIB);
    let too_large =
        || ApiError::new(codes::FIRMWARE_FILE_TOO_LARGE).with_details(serde_json::json!({ "most_bytes": most }));
    if announced.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    make(&folder).await?;
    check_room(&folder, announced.unwrap_or(0), keep).await?;
    let path = upload_path(&folder, id.as_str());
    let mut file = File::create_new(&path).await.map_err(ApiError::internal)?;
    let mut unfinished = Unfinished(Some(path.clone()));
    let (mut size, mut looked, mut hasher) = (0_u64, 0_u64, Sha256::new());
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(codes::BAD_REQUEST))?;
        size += chunk.len() as u64;
        if size > most {
            return Err(too_large());
        }
        if size - looked > LOOKS_EVERY {
            looked = size;
            check_room(&folder, 0, keep).await?;
        }
        hasher.update(&chunk);
        file.write_all(&chunk).await.map_err(|error| full_or(&error))?;
    }
    if size == 0 {
        return Err(ApiError::new(codes::FIRMWARE_FILE_EMPTY));
    }
    file.sync_all().await.map_err(|error| full_or(&error))?;
    drop(file);
    let sha256 = hex::encode(hasher.finalize());
    tokio::fs::rename(&path, file_path(&folder, &sha256)).await.map_err(ApiError::internal)?;
    unfinished.0 = None;
    Ok(Received { sha256, size })
}

async fn make(folder: &Path) -> Result<(), ApiError> {
    let folder = folder.to_owned();
    off_thread(move || std::fs::create_dir_all(folder)).await?.map_err(ApiError::internal)
}

/// Refuses what would leave too little of the disk.
async fn check_room(folder: &Path, needed: u64, keep: u64) -> Result<(), ApiError> {
    let folder = folder.to_owned();
    let free = off_thread(move || rustix::fs::statvfs(&folder).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize)));
    // A file system that does not tell is filled until it refuses.
    match free.await? {
        Ok(free) if free < needed.saturating_add(keep) => Err(ApiError::new(codes::FIRMWARE_DISK_FULL)),
        _ => Ok(()),
    }
}

fn full_or(error: &std::io::Error) -> ApiError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        ApiError::new(codes::FIRMWARE_DISK_FULL)
    } else {
        ApiError::internal(error)
    }
}
