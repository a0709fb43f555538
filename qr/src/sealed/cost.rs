//! How a password becomes a key, what that costs, and which costs are taken from a foreign code.

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::SealedError;

/// A key of AES-256.
pub type Key = Zeroizing<[u8; 32]>;

/// The most memory taken from a foreign code: 256 MiB.
const MOST_MEMORY_KIB: u32 = 256 * 1024;
/// The least: less makes guessing cheap, and no version of ours ever wrote it.
const LEAST_MEMORY_KIB: u32 = 16 * 1024;
const MOST_PASSES: u32 = 10;
const MOST_LANES: u8 = 4;

/// The cost of argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u8,
}

impl Cost {
    /// What new codes are sealed with: 64 MiB, eight passes, one lane. Three passes were 0.1 s of work where it was measured;
    /// opening a code is to take at least 0.2 s.
    pub const USUAL: Self = Self { memory_kib: 64 * 1024, passes: 8, lanes: 1 };

    /// Refuses what a code of ours never asks for: more could be used to take the server's memory and time, less would let
    /// a planted code be guessed.
    pub fn check(self) -> Result<Self, SealedError> {
        let good = (LEAST_MEMORY_KIB..=MOST_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MOST_PASSES).contains(&self.passes)
            && (1..=MOST_LANES).contains(&self.lanes);
        if good { Ok(self) } else { Err(SealedError::Parameters) }
    }
}

/// Makes a key of a password; there is one for codes, and cheap ones for tests of everything else.
pub trait KeyDerivation {
    /// The key.
    fn derive(&self, password: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Key, SealedError>;
}

/// argon2id, version 1.3.
#[derive(Debug, Clone, Copy, Default)]
pub struct Argon2id;

impl KeyDerivation for Argon2id {
    fn derive(&self, password: &[u8], salt: &[u8; 16], cost: Cost) -> Result<Key, SealedError> {
        let Cost { memory_kib, passes, lanes } = cost.check()?;
        let parameters = Params::new(memory_kib, passes, u32::from(lanes), Some(32));
        let parameters = parameters.map_err(|_| SealedError::Parameters)?;
        let mut key = Key::default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(password, salt, key.as_mut_slice())
            .map_err(|_| SealedError::Parameters)?;
        Ok(key)
    }
}
