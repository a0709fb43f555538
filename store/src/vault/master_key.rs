//! The key-encryption key: from the environment, or from a key file made at first start.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::KeyInit;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use rand::Rng as _;
use zeroize::{Zeroize, Zeroizing};

/// The master key, 32 bytes. Never shown.
#[derive(Clone)]
pub struct MasterKey(pub(super) Zeroizing<[u8; 32]>);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The value is not 32 bytes in hex or base64.
    #[error("{from} is not a key: 32 bytes in hex or base64 are needed (`openssl rand -base64 32` makes one)")]
    NotAKey {
        /// The name of the variable or file.
        from: String,
    },
    /// The key file cannot be read or made.
    #[error("key file {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

impl MasterKey {
    /// From the value of `SITEWARD_MASTER_KEY`, else from `key_file`, which is made (0600) when it is not there.
    pub fn load(from_environment: Option<&str>, key_file: &Path) -> Result<Self, MasterKeyError> {
        if let Some(text) = from_environment.filter(|text| !text.trim().is_empty()) {
            return Self::parse(text).ok_or(MasterKeyError::NotAKey { from: "SITEWARD_MASTER_KEY".to_owned() });
        }
        let failed = |source| MasterKeyError::File { path: key_file.to_owned(), source };
        match create_new(key_file) {
            Ok(key) => return Ok(key),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let text = Zeroizing::new(fs::read_to_string(key_file).map_err(failed)?);
        Self::parse(&text).ok_or_else(|| MasterKeyError::NotAKey { from: key_file.display().to_string() })
    }

    /// Reads 32 bytes in hex or base64.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = Zeroizing::new(match text.len() {
            64 => from_hex(text)?,
            _ => STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).ok()?,
        });
        let mut key = Zeroizing::new([0_u8; 32]);
        (bytes.len() == key.len()).then(|| key.copy_from_slice(&bytes))?;
        Some(Self(key))
    }

    /// A new random key.
    pub fn generate() -> Self {
        let mut key = Zeroizing::new([0_u8; 32]);
        rand::rng().fill_bytes(key.as_mut_slice());
        Self(key)
    }

    pub(super) fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.0).into())
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MasterKey(…)")
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let mut digits = digits?;
    let bytes = digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect();
    digits.zeroize();
    Some(bytes)
}

/// Makes the key file whole or not at all: written beside it, then linked into place, so that a second process that
/// starts at the same moment reads a whole key.
fn create_new(path: &Path) -> std::io::Result<MasterKey> {
    if path.exists() {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let key = MasterKey::generate();
    let text = Zeroizing::new(STANDARD.encode(*key.0) + "\n");
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let _ = fs::remove_file(&draft);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked.map(|()| key)
}
