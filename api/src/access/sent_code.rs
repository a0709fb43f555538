//! Codes of six digits that go to somebody by mail or to a phone, to be given back.

use secrecy::{ExposeSecret as _, SecretString};

/// A new code.
pub(crate) fn new() -> SecretString {
    SecretString::from(format!("{:06}", rand::random_range(0..1_000_000_u32)))
}

/// A code as it was given: people and apps write it in groups.
pub(crate) fn given(code: &SecretString) -> SecretString {
    SecretString::from(code.expose_secret().chars().filter(|c| !c.is_whitespace()).collect::<String>())
}
