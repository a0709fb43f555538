//! The CSRF token: derived from the session's own token, so that nothing more is stored (T16).
//!
//! A foreign page can make a browser send the cookie, but can neither read it nor the token that
//! the session answer carries, and cannot set the header.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::token;

/// The header that every changing request carries.
pub(crate) const HEADER: &str = "X-CSRF-Token";

/// The CSRF token of a session.
pub(crate) fn token_of(session_token: &str) -> String {
    // A key of any length is fine for HMAC, so this cannot fail; an empty token never equals a header.
    Hmac::<Sha256>::new_from_slice(session_token.as_bytes())
        .map(|mut mac| {
            mac.update(b"siteward csrf 1");
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        })
        .unwrap_or_default()
}

/// Whether the header's value is the token of this session.
pub(crate) fn is_right(session_token: &str, given: Option<&str>) -> bool {
    given.is_some_and(|given| !given.is_empty() && token::equal(given, &token_of(session_token)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_of_the_same_session_is_right() {
        let token = token_of("one");
        assert!(is_right("one", Some(&token)));
        assert!(!is_right("two", Some(&token)));
        assert!(!is_right("one", Some("")));
        assert!(!is_right("one", None));
    }
}
