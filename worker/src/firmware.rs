//! What is known of firmwares: what ships with the platform, or the newer files that an Admin named in the settings.
//! Read once, when a process starts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use siteward_domain::firmware::{CompatibilityRules, FirmwareKnowledge, RulesError, VulnerabilityList};

use crate::settings::Firmware;

/// Larger files are refused: the shipped list has some 20 KiB.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Why a file of the settings was not taken. A process that cannot read it does not start: an installer who named a
/// newer list must not be judged by the old one.
#[derive(Debug, thiserror::Error)]
pub enum FirmwareFileError {
    /// It cannot be read.
    #[error("{key}: {}: {source}", .path.display())]
    Io {
        /// The setting.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{key}: {}: {source}", .path.display())]
    Rules {
        /// The setting.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: RulesError,
    },
}

/// Reads what the settings name; what they do not name is as shipped.
pub fn load(settings: &Firmware) -> Result<Arc<FirmwareKnowledge>, FirmwareFileError> {
    let mut knowledge = FirmwareKnowledge::shipped();
    if let Some(path) = &settings.vulnerabilities_file {
        let list = read("firmware.vulnerabilities_file", path, VulnerabilityList::parse)?;
        tracing::info!(
            as_of = list.as_of(),
            records = list.records().len(),
            "known vulnerabilities are read from a file"
        );
        Arc::make_mut(&mut knowledge).vulnerabilities = list;
    }
    if let Some(path) = &settings.compatibility_file {
        let rules = read("firmware.compatibility_file", path, CompatibilityRules::parse)?;
        Arc::make_mut(&mut knowledge).compatibility = rules;
    }
    Ok(knowledge)
}

fn read<T>(
    key: &'static str,
    path: &Path,
    parse: impl FnOnce(&str) -> Result<T, RulesError>,
) -> Result<T, FirmwareFileError> {
    let io = |source| FirmwareFileError::Io { key, path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(io)?.len() > MOST_BYTES {
        return Err(io(std::io::Error::from(std::io::ErrorKind::FileTooLarge)));
    }
    let text = std::fs::read_to_string(path).map_err(io)?;
    parse(&text).map_err(|source| FirmwareFileError::Rules { key, path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use siteward_domain::firmware::Verdict;

    fn written(text: &str) -> (tempfile::TempDir, Firmware) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.json");
        std::fs::write(&path, text).unwrap();
        (folder, Firmware { vulnerabilities_file: Some(path), compatibility_file: None })
    }

    #[test]
    fn a_named_file_takes_the_place_of_the_shipped_one() {
        let (_folder, settings) = written(
            r#"{"schema": "siteward/known_vulnerabilities/1", "as_of": "2027-01-01", "records": [
                {"cve": "CVE-2027-0001", "title": "New", "sources": ["a test"],
                 "ranges": [{"models": ["DS-2CD2xx6G2"], "before": "9.0"}]}]}"#,
        );
        let knowledge = load(&settings).unwrap();
        let found = knowledge.vulnerabilities.judge("DS-2CD2146G2-ISU", "V5.8.10 build 240912");
        assert_eq!((found.verdict, found.records.len()), (Verdict::Vulnerable, 1));
    }

    #[test]
    fn a_file_that_is_absent_or_wrong_is_told_with_its_setting_and_path() {
        let (folder, settings) = written(r#"{"schema": "siteward/compatibility/1", "as_of": "", "records": []}"#);
        let told = load(&settings).unwrap_err().to_string();
        assert!(told.starts_with("firmware.vulnerabilities_file: ") && told.contains("own.json"), "{told}");
        drop(folder);
        assert!(matches!(load(&settings), Err(FirmwareFileError::Io { .. })));
    }
}
