//! The second factor: codes of an authenticator app (RFC 6238, SHA-1, 6 digits, 30 seconds) and recovery codes.
//!
//! A code fits a step of time; one step of clock difference either way is let pass. Which steps were used already is the
//! store's to know.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_store::person::Person;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{one_time_code, token};
use crate::error::ApiError;

/// Bytes of a seed: as many as the hash of its codes has.
const SEED_BYTES: usize = 20;
/// Digits of a code.
const DIGITS: u8 = 6;
/// Seconds that a code is for.
const STEP_SECONDS: u64 = 30;
/// Steps that an app's clock may be off.
const SKEW: u16 = 1;
/// What apps call the account's keeper.
const ISSUER: &str = "Siteward";
/// Recovery codes of a person.
const RECOVERY_CODES: usize = 10;
/// Most characters of a code, spaces and dashes included.
const MOST_CODE: usize = 64;

/// A new seed, in base32 as apps take it.
pub(crate) fn new_seed() -> SecretString {
    let bytes: [u8; SEED_BYTES] = rand::random();
    Secret::from(bytes.to_vec()).to_base32().into()
}

/// The address that a QR hands an app, for the account of `email`.
pub(crate) fn uri(seed: &SecretString, email: &str) -> Result<SecretString, ApiError> {
    // The colon parts issuer and account.
    let account = email.replace(':', "_");
    totp(seed, account)?.to_url().map(SecretString::from).map_err(ApiError::internal)
}

/// Whether a text is too long for any code.
pub(crate) fn is_too_long(code: &SecretString) -> bool {
    code.expose_secret().chars().count() > MOST_CODE
}

/// The step of time whose code this is, at most one away from now.
pub(crate) fn step_of(seed: &SecretString, code: &str, now: DateTime<Utc>) -> Result<Option<i64>, ApiError> {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != usize::from(DIGITS) {
        return Ok(None);
    }
    let step = totp(seed, String::new())?.check(&digits, seconds);
    step.map(i64::try_from).transpose().map_err(ApiError::internal)
}

fn totp(seed: &SecretString, account: String) -> Result<Totp, ApiError> {
    let secret =
        Secret::try_from_base32(seed.expose_secret()).map_err(|_| ApiError::internal("a seed is no base32"))?;
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build_noncompliant())
}

/// New recovery codes, as their owner writes them down, and what is stored of them.
pub(crate) fn new_recovery_codes(person: impl Into<Person>) -> (Vec<String>, Vec<String>) {
    let person = person.into();
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| one_time_code::generate()).collect();
    let hashes = codes.iter().map(|code| recovery_hash(&person, code)).collect();
    (codes, hashes)
}

/// What is stored of a recovery code. It has 60 random bits, so that a plain hash does.
pub(crate) fn recovery_hash(person: impl Into<Person>, code: &str) -> String {
    token::hash(&format!("recovery:{}:{}", person.into().as_str(), one_time_code::normal(code)))
}

#[cfg(test)]
mod tests {
    use siteward_domain::StaffId;

    use super::*;

    /// The seed of the test vectors of RFC 6238, appendix B.
    fn seed() -> SecretString {
        Secret::from(b"12345678901234567890".to_vec()).to_base32().into()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(step_of(&seed(), code, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_no_more() {
        let step = |seconds| step_of(&seed(), "081 804", at(seconds)).unwrap();
        let of_code = 1_111_111_109 / 30;
        let begin = of_code * 30;
        assert_eq!(
            [begin - 31, begin - 30, begin + 59, begin + 60].map(step),
            [None, Some(of_code), Some(of_code), None]
        );
    }

    #[test]
    fn what_is_no_code_fits_no_step() {
        for text in ["", "28708", "2870822", "287O82", "٢٨٧٠٨٢", "287082 287082"] {
            assert_eq!(step_of(&seed(), text, at(59)).unwrap(), None, "{text}");
        }
    }

    #[test]
    fn an_app_is_told_who_where_and_how() {
        let uri = uri(&seed(), "anna+x:y@example.com").unwrap();
        let uri = uri.expose_secret();
        assert!(uri.starts_with("otpauth://totp/Siteward:anna%2Bx_y%40example.com?"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") && uri.contains("issuer=Siteward"), "{uri}");
        assert_eq!(Totp::from_url(uri).unwrap().step(), STEP_SECONDS);
    }

    #[test]
    fn a_seed_has_160_bits_and_is_new_each_time() {
        let (one, other) = (new_seed(), new_seed());
        assert_eq!(one.expose_secret().len(), 32);
        assert_ne!(one.expose_secret(), other.expose_secret());
    }

    #[test]
    fn a_recovery_code_is_read_in_any_form_and_is_one_persons() {
        let (anna, boris) = (StaffId::generate(at(0)), StaffId::generate(at(0)));
        let (codes, hashes) = new_recovery_codes(&anna);
        assert_eq!((codes.len(), hashes.len()), (10, 10));
        assert_eq!(recovery_hash(&anna, &codes[3].to_lowercase().replace('-', " ")), hashes[3]);
        assert_ne!(recovery_hash(&boris, &codes[3]), hashes[3]);
    }
}
