//! Signatures: HMAC-SHA256 over the time and the body, so that a receiver knows who speaks, and that it is no old word.
//!
//! docs/webhooks.md holds the other half: how a receiver verifies them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The header with the number of the event: the same whenever it is told again.
pub const ID_HEADER: &str = "Siteward-Id";
/// The header with the time of the telling, Unix seconds.
pub const TIMESTAMP_HEADER: &str = "Siteward-Timestamp";
/// The header with the signature: `v1=` and 64 hex digits.
pub const SIGNATURE_HEADER: &str = "Siteward-Signature";

/// A new key of 256 random bits, as a person copies it.
pub fn new_secret() -> SecretString {
    let bytes: [u8; 32] = rand::random();
    SecretString::from(format!("whsec_{}", STANDARD.encode(bytes)))
}

/// The value of [`SIGNATURE_HEADER`]: the key is the secret's text as it stands, what is signed is id, time and body
/// with dots between them.
pub fn sign(secret: &SecretString, id: i64, timestamp: i64, body: &[u8]) -> String {
    // A key of any length is fine for HMAC, so this cannot fail; an empty signature is none.
    Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .map(|mut mac| {
            mac.update(format!("{id}.{timestamp}.").as_bytes());
            mac.update(body);
            format!("v1={}", hex::encode(mac.finalize().into_bytes()))
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with `openssl dgst -sha256 -hmac whsec_a` over `7.1800000000.{}`.
    #[test]
    fn a_signature_is_what_another_program_works_out() {
        let secret = SecretString::from("whsec_a".to_owned());
        assert_eq!(
            sign(&secret, 7, 1_800_000_000, b"{}"),
            "v1=168a3da4ff88581d92e38f95d8645451262103d4c6c64531a98857c1893d928c"
        );
    }

    #[test]
    fn anything_else_has_another_signature() {
        let secret = new_secret();
        let signed = sign(&secret, 7, 1_800_000_000, b"{}");
        for other in [
            sign(&secret, 8, 1_800_000_000, b"{}"),
            sign(&secret, 7, 1_800_000_001, b"{}"),
            sign(&secret, 7, 1_800_000_000, b"[]"),
            sign(&new_secret(), 7, 1_800_000_000, b"{}"),
        ] {
            assert_ne!(signed, other);
        }
    }
}
