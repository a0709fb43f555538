//! One's own second factor: begun with the password, on once a first code was right, off with password and code.

pub(crate) mod begin;
pub(crate) mod confirm;
pub(crate) mod end;

use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// The caller's own password and a code of their second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnProof {
    /// The password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    pub(crate) password: SecretString,
    /// A code of the app, or a recovery code.
    #[schema(value_type = String, max_length = 64, format = Password)]
    pub(crate) code: SecretString,
}
