//! The folder of firmware files: each named by its SHA-256, uploads under a name of their own until they are whole.
//!
//! Every process that serves the API or upgrades devices must see the same folder.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use siteward_store::{Store, StoreError, firmware_files};

/// What nobody knows is left alone for so long: somebody may be about to say what it is.
const LEFT_ALONE: Duration = Duration::from_secs(24 * 60 * 60);
/// Files looked at in one go.
const MOST_FILES: usize = 10_000;
const UPLOAD: &str = ".upload-";

/// Where the file of a SHA-256 lies.
pub fn file_path(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256)
}

/// Where an upload lies while it comes in.
pub fn upload_path(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{UPLOAD}{id}"))
}

/// Whether a file is an upload that came in, or did not.
pub fn is_upload(name: &str) -> bool {
    name.starts_with(UPLOAD)
}

/// Files that were looked through in this process and are what their names say.
#[derive(Debug, Default)]
pub(super) struct Whole(Mutex<HashSet<(String, SystemTime)>>);

impl Whole {
    /// Whether the file of a SHA-256 is there and whole: a device must not be given anything else.
    pub(super) fn check(&self, folder: &Path, sha256: &str, size: u64) -> Result<PathBuf, &'static str> {
        let path = file_path(folder, sha256);
        let metadata = std::fs::metadata(&path).map_err(|_| "firmware_file_missing")?;
        if metadata.len() != size {
            return Err("firmware_file_damaged");
        }
        let key = (sha256.to_owned(), metadata.modified().map_err(|_| "firmware_file_missing")?);
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&key) {
            return Ok(path);
        }
        if hash(&path).map_err(|_| "firmware_file_missing")? != sha256 {
            return Err("firmware_file_damaged");
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        Ok(path)
    }
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut hasher = Sha256::new();
    loop {
        let count = file.read(&mut buffer)?;
        match buffer.get(..count) {
            Some(read) if !read.is_empty() => hasher.update(read),
            _ => return Ok(hex::encode(hasher.finalize())),
        }
    }
}

/// Removes what no company has any more, and uploads that were broken off; a day late, so that nothing is taken from
/// under somebody's hands.
pub(super) fn tidy(store: &Store, folder: &Path) -> Result<(), StoreError> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    let is_old = |entry: &std::fs::DirEntry| {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT_ALONE))
    };
    let old: Vec<_> = entries.flatten().filter(is_old).take(MOST_FILES).collect();
    let name = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let is_file = |name: &String| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let hashes: Vec<String> = old.iter().map(name).filter(is_file).collect();
    let mut known = HashSet::new();
    for some in hashes.chunks(500) {
        known.extend(store.read(|conn| firmware_files::known_hashes(conn, some))?);
    }
    for entry in &old {
        let name = name(entry);
        let is_gone = is_upload(&name) || (is_file(&name) && !known.contains(&name));
        // Looked at once more: somebody may have uploaded the same file this very moment.
        if is_gone && is_old(entry) && std::fs::remove_file(entry.path()).is_ok() {
            tracing::info!(file = name, "a firmware file that nobody has any more was removed");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_not_given_to_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let sha256 = hex::encode(Sha256::digest(b"firmware"));
        let whole = Whole::default();
        assert_eq!(whole.check(folder.path(), &sha256, 8), Err("firmware_file_missing"));
        std::fs::write(file_path(folder.path(), &sha256), b"firmwarf").unwrap();
        assert_eq!(whole.check(folder.path(), &sha256, 8), Err("firmware_file_damaged"));
        assert_eq!(whole.check(folder.path(), &sha256, 9), Err("firmware_file_damaged"));
        std::fs::write(file_path(folder.path(), &sha256), b"firmware").unwrap();
        assert_eq!(whole.check(folder.path(), &sha256, 8), Ok(file_path(folder.path(), &sha256)));
    }
}
