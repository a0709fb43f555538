//! The signature by which one process of a server knows another: `<unix seconds>.<hex of HMAC-SHA-256>`.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use siteward_domain::LinkId;

/// How far the clocks of two processes may differ, and how long a signature is good.
const MOST_SECONDS: u64 = 30;

/// Whether a header's value is a signature for this link by the shared key, made just now.
pub(super) fn is_right(key: &SecretString, link: &LinkId, value: &str, now: DateTime<Utc>) -> bool {
    let Some((seconds, mac)) = value.split_once('.') else { return false };
    let (Ok(at), Ok(mac)) = (seconds.parse::<i64>(), hex::decode(mac)) else { return false };
    let Ok(mut ours) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else { return false };
    ours.update(format!("{link}|{seconds}").as_bytes());
    now.timestamp().abs_diff(at) <= MOST_SECONDS && ours.verify_slice(&mac).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(key: &str, link: &LinkId, seconds: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(format!("{link}|{seconds}").as_bytes());
        format!("{seconds}.{}", hex::encode(mac.finalize().into_bytes()))
    }

    #[test]
    fn only_a_fresh_signature_of_this_link_by_this_key_is_right() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (link, other) = (LinkId::generate(now), LinkId::generate(now));
        let key = SecretString::from("shared");
        for (value, right) in [
            (sign("shared", &link, 1_800_000_000), true),
            (sign("shared", &link, 1_800_000_030), true),
            (sign("shared", &link, 1_799_999_969), false),
            (sign("shared", &link, 1_800_000_031), false),
            (sign("shared", &other, 1_800_000_000), false),
            (sign("another", &link, 1_800_000_000), false),
            (String::new(), false),
            ("1800000000.".to_owned(), false),
            ("-9223372036854775808.00".to_owned(), false),
        ] {
            assert_eq!(is_right(&key, &link, &value, now), right, "{value}");
        }
    }
}
