//! The outside of a sealed code: header, cipher, base45.
//!
//! Header, 39 bytes, numbers big-endian: version 1, key derivation 1 (argon2id), memory in KiB (4), passes (4), lanes (1),
//! salt (16), nonce (12). All of it is associated data of the ciphertext.

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::cost::{Cost, Key, KeyDerivation};
use super::payload::Opened;
use super::{BEGINNING, LONGEST_PASSWORD, MOST_TEXT_BYTES, SHORTEST_PASSWORD, SealedError, Sheet, trimmed};

const VERSION: u8 = 1;
const ARGON2ID: u8 = 1;
const HEADER_BYTES: usize = 39;
const TAG_BYTES: usize = 16;

/// Random bytes that make the keys of two codes differ, though their password be the same.
pub type Salt = [u8; 16];
/// Bytes that are never used twice with one key.
pub type Nonce = [u8; 12];

/// The key of one export: several codes of it share salt and key, each with a nonce of its own.
pub struct SealingKey {
    cost: Cost,
    salt: Salt,
    key: Key,
}

impl SealingKey {
    /// Derives the key that new codes are sealed with. Takes its time: off the async threads.
    pub fn derive(password: &SecretString, salt: Salt, by: &impl KeyDerivation) -> Result<Self, SealedError> {
        let password = password.expose_secret();
        if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&password.chars().count()) {
            return Err(SealedError::Password);
        }
        let key = by.derive(password.as_bytes(), &salt, Cost::USUAL)?;
        Ok(Self { cost: Cost::USUAL, salt, key })
    }

    /// The text of one code.
    pub fn seal(&self, sheet: &Sheet, nonce: Nonce) -> Result<String, SealedError> {
        let header = header(self.cost, &self.salt, &nonce);
        let payload = Payload { msg: sheet.payload.as_bytes(), aad: &header };
        let ciphertext = Aes256Gcm::new((&*self.key).into()).encrypt(&nonce.into(), payload);
        let ciphertext = ciphertext.map_err(|_| SealedError::Unwritable)?;
        Ok(format!("{BEGINNING}{}", base45::encode([header, ciphertext].concat())))
    }
}

/// A sealed code whose outside was read and is within bounds.
#[derive(Clone)]
pub struct Envelope {
    cost: Cost,
    salt: Salt,
    nonce: Nonce,
    bytes: Vec<u8>,
}

impl Envelope {
    /// Reads the outside; nothing is derived yet.
    pub fn parse(text: &str) -> Result<Self, SealedError> {
        if text.len() > MOST_TEXT_BYTES {
            return Err(SealedError::Damaged);
        }
        let body = trimmed(text).strip_prefix(BEGINNING).ok_or(SealedError::Damaged)?;
        let bytes = base45::decode(body).map_err(|_| SealedError::Damaged)?;
        // The library takes a last pair that is too large; every code has one text only.
        if base45::encode(&bytes) != body {
            return Err(SealedError::Damaged);
        }
        let (header, ciphertext) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(SealedError::Damaged)?;
        if ciphertext.len() <= TAG_BYTES {
            return Err(SealedError::Damaged);
        }
        let [version, derivation, m0, m1, m2, m3, t0, t1, t2, t3, lanes, rest @ ..] = *header;
        if version != VERSION {
            return Err(SealedError::Version);
        }
        if derivation != ARGON2ID {
            return Err(SealedError::Parameters);
        }
        let memory_kib = u32::from_be_bytes([m0, m1, m2, m3]);
        let cost = Cost { memory_kib, passes: u32::from_be_bytes([t0, t1, t2, t3]), lanes }.check()?;
        let (salt, nonce) = rest.split_first_chunk::<16>().ok_or(SealedError::Damaged)?;
        let nonce = *nonce.first_chunk::<12>().ok_or(SealedError::Damaged)?;
        Ok(Self { cost, salt: *salt, nonce, bytes })
    }

    /// Derives the key. Takes its time: off the async threads.
    pub fn derive(&self, password: &SecretString, by: &impl KeyDerivation) -> Result<SealingKey, SealedError> {
        let key = by.derive(password.expose_secret().as_bytes(), &self.salt, self.cost)?;
        Ok(SealingKey { cost: self.cost, salt: self.salt, key })
    }

    /// Whether a key derived for another code is this one's too.
    pub fn has_key_of(&self, key: &SealingKey) -> bool {
        self.cost == key.cost && self.salt == key.salt
    }

    /// Opens it; `now` in unix seconds decides whether it is still of use.
    pub fn open(&self, key: &SealingKey, now: i64) -> Result<Opened, SealedError> {
        let (header, ciphertext) = self.bytes.split_at_checked(HEADER_BYTES).ok_or(SealedError::Damaged)?;
        let plain = Aes256Gcm::new((&*key.key).into())
            .decrypt(&self.nonce.into(), Payload { msg: ciphertext, aad: header })
            .map_err(|_| SealedError::WrongPassword)?;
        Opened::read(&Zeroizing::new(plain), now)
    }
}

fn header(cost: Cost, salt: &Salt, nonce: &Nonce) -> Vec<u8> {
    let mut bytes = vec![VERSION, ARGON2ID];
    bytes.extend(cost.memory_kib.to_be_bytes());
    bytes.extend(cost.passes.to_be_bytes());
    bytes.push(cost.lanes);
    bytes.extend(salt);
    bytes.extend(nonce);
    bytes
}
