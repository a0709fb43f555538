//! How the running link stands, in a file for `siteward-link status`.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It holds its session.
    Connected,
    /// It tries to.
    Offline,
    /// The platform has refused its token.
    Refused,
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where it stands.
    pub standing: Standing,
    /// The platform.
    pub url: String,
    /// Devices found.
    pub devices: usize,
    /// The agent's version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// When this was written, in seconds since 1970.
    pub at: u64,
}

impl Status {
    /// Reads the file; `None` where no link runs.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }
}

/// Writes the file; where its folder is missing there is none, and nobody misses it.
pub(crate) struct StatusFile(PathBuf);

impl StatusFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn write(&self, standing: Standing, url: &str, devices: usize) {
        if self.0.as_os_str().is_empty() {
            return;
        }
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let version = crate::VERSION.to_owned();
        let status = Status { standing, url: url.to_owned(), devices, version, pid: std::process::id(), at };
        if let Ok(text) = serde_json::to_vec(&status) {
            let _ = std::fs::write(&self.0, text);
        }
    }

    pub(crate) fn remove(&self) {
        if !self.0.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.0);
        }
    }
}
