//! Secrets at rest: AES-256-GCM under data keys that are wrapped by the master key.
//!
//! A sealed text is `v1.<key id>.<base64 of nonce and ciphertext>`. What it was sealed for (table, column, row,
//! company) is authenticated with it, so that a ciphertext moved elsewhere does not open (T11). Data keys stand
//! wrapped in `vault_keys`; without the right master key the store opens and says which secrets are locked (T20).

mod master_key;

use std::fmt;
use std::sync::RwLock;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use diesel::prelude::*;
use rand::Rng as _;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::vault_keys;

pub use master_key::{MasterKey, MasterKeyError};

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

/// Why a secret cannot be sealed or opened. Never says anything of the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The schema is not there yet: run the migrations first.
    #[error("the vault has no keys yet: run the migrations first")]
    NoKeys,
    /// The data key cannot be unwrapped: this is not the master key it was made with.
    #[error("the master key does not fit: secrets of key {key} are locked")]
    Locked {
        /// The id of the data key.
        key: i32,
    },
    /// The text is not a sealed text, is damaged, or was sealed for another place.
    #[error("a sealed text does not open in this place")]
    Refused,
}

/// Where a sealed text stands; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The id of the row.
    pub row: &'a str,
    /// The id of the company, or empty where the row has none.
    pub company: &'a str,
}

impl Place<'_> {
    /// The place as authenticated bytes; lengths in front, so that no two places look alike.
    fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.table, self.column, self.row, self.company] {
            bytes.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// A secret as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedText(String);

impl SealedText {
    /// The text as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a stored text; whether it opens is told by [`Vault::open`].
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SealedText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SealedText(…)")
    }
}

/// Seals and opens secrets.
pub struct Vault {
    master_key: MasterKey,
    keys: RwLock<Vec<DataKey>>,
}

struct DataKey {
    id: i32,
    /// `None`: the master key does not fit it.
    cipher: Option<Aes256Gcm>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Vault(…)")
    }
}

impl Vault {
    pub(crate) fn new(master_key: MasterKey) -> Self {
        Self { master_key, keys: RwLock::new(Vec::new()) }
    }

    /// Reads the data keys and makes the first one where there is none. In a write transaction.
    pub(crate) fn load(&self, conn: &mut DbConn) -> Result<(), StoreError> {
        if let DbConn::Postgresql(conn) = conn {
            // Two processes that start at once must not both make the first key.
            diesel::sql_query("LOCK TABLE vault_keys IN SHARE ROW EXCLUSIVE MODE").execute(conn)?;
        }
        let mut rows: Vec<(i32, String)> = vault_keys::table
            .select((vault_keys::id, vault_keys::wrapped))
            .order(vault_keys::id)
            .limit(1000)
            .load(conn)?;
        if rows.is_empty() {
            let mut key = Zeroizing::new([0_u8; 32]);
            rand::rng().fill_bytes(key.as_mut_slice());
            let id = 1;
            let sealed = seal(&self.master_key.cipher(), key.as_slice(), key_place(&id.to_string()))?;
            diesel::insert_into(vault_keys::table)
                .values((vault_keys::id.eq(id), vault_keys::wrapped.eq(&sealed)))
                .execute(conn)?;
            rows.push((id, sealed));
        }
        let master = self.master_key.cipher();
        let keys = rows
            .into_iter()
            .map(|(id, wrapped)| {
                let key = open(&master, &wrapped, key_place(&id.to_string())).ok();
                DataKey { id, cipher: key.and_then(|key| Aes256Gcm::new_from_slice(&key).ok()) }
            })
            .collect();
        *self.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Whether the newest data key cannot be used with this master key; its id, if so.
    pub fn locked_key(&self) -> Option<i32> {
        self.with_keys(|keys| keys.last().filter(|key| key.cipher.is_none()).map(|key| key.id))
    }

    /// Seals a secret for one place.
    pub fn seal(&self, place: Place<'_>, secret: &SecretString) -> Result<SealedText, VaultError> {
        self.seal_bytes(place, secret.expose_secret().as_bytes())
    }

    /// Seals bytes for one place.
    pub fn seal_bytes(&self, place: Place<'_>, secret: &[u8]) -> Result<SealedText, VaultError> {
        self.with_keys(|keys| {
            let key = keys.last().ok_or(VaultError::NoKeys)?;
            let cipher = key.cipher.as_ref().ok_or(VaultError::Locked { key: key.id })?;
            Ok(SealedText(format!("{VERSION}.{}.{}", key.id, seal(cipher, secret, place)?)))
        })
    }

    /// Opens a secret that stands in `place`.
    pub fn open(&self, place: Place<'_>, sealed: &SealedText) -> Result<SecretString, VaultError> {
        let bytes = self.open_bytes(place, sealed)?;
        std::str::from_utf8(&bytes).map(SecretString::from).map_err(|_| VaultError::Refused)
    }

    /// Opens bytes that stand in `place`.
    pub fn open_bytes(&self, place: Place<'_>, sealed: &SealedText) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let mut parts = sealed.0.splitn(3, '.');
        let (Some(VERSION), Some(id), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VaultError::Refused);
        };
        let id: i32 = id.parse().map_err(|_| VaultError::Refused)?;
        self.with_keys(|keys| {
            let key = keys.iter().find(|key| key.id == id).ok_or(VaultError::Refused)?;
            let cipher = key.cipher.as_ref().ok_or(VaultError::Locked { key: id })?;
            open(cipher, text, place)
        })
    }

    fn with_keys<T>(&self, f: impl FnOnce(&[DataKey]) -> T) -> T {
        f(&self.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

fn key_place(row: &str) -> Place<'_> {
    Place { table: "vault_keys", column: "wrapped", row, company: "" }
}

fn seal(cipher: &Aes256Gcm, secret: &[u8], place: Place<'_>) -> Result<String, VaultError> {
    let mut nonce = [0_u8; NONCE_BYTES];
    rand::rng().fill_bytes(&mut nonce);
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: &place.bytes() })
        .map_err(|_| VaultError::Refused)?;
    let mut bytes = nonce.to_vec();
    bytes.extend_from_slice(&sealed);
    Ok(BASE64.encode(bytes))
}

fn open(cipher: &Aes256Gcm, text: &str, place: Place<'_>) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let bytes = BASE64.decode(text).map_err(|_| VaultError::Refused)?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Refused)?;
    cipher
        .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: &place.bytes() })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Refused)
}

#[cfg(test)]
mod tests;
