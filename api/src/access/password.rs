//! Passwords of staff: argon2id, checked in the same time whether the account exists or not (T13).

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::error::ApiError;

/// A hash that no password matches in practice, for accounts that do not exist.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash(&super::token::new_token()).ok());

/// Hashes a password for storing. Takes tens of milliseconds: off the async threads.
pub(crate) fn hash(password: &str) -> Result<String, ApiError> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(ApiError::internal)?;
    Ok(hash.to_string())
}

/// Whether a password is right; `None` (no such account) takes as long and is never right.
pub(crate) fn is_right(password: &str, stored: Option<&str>) -> bool {
    let Some(known) = stored.or(NOBODY.as_deref()) else { return false };
    let Ok(parsed) = PasswordHash::new(known) else { return false };
    let matches = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    matches && stored.is_some()
}

/// Prepares the hash for accounts that do not exist, so that the first sign-in does not pay for it.
pub(crate) fn warm_up() {
    LazyLock::force(&NOBODY);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_of_an_account_is_right() {
        let stored = hash("Correct-horse7").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(is_right("Correct-horse7", Some(&stored)));
        assert!(!is_right("Correct-horse8", Some(&stored)));
        assert!(!is_right("Correct-horse7", None));
    }
}
