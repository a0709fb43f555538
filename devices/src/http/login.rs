//! What a 401 says beyond "no": wrong password, locked, too many sessions, not activated (R-H3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;

use super::Login;
use crate::call_error::CallError;
use crate::isapi::refusal;
use crate::xml::{Element, read_any};

/// The `Authorization` of Basic, which only old firmware asks for (V5.4.5 and before).
pub(super) fn basic(login: &Login) -> String {
    let pair = secrecy::SecretString::from(format!("{}:{}", login.user_name, login.password.expose_secret()));
    format!("Basic {}", STANDARD.encode(pair.expose_secret()))
}

/// Reads the body of a 401. Before a login only what forbids one counts; after it everything does.
///
/// `None`: the body says nothing that the code does not.
/// Sources: `lockStatus`, `retryTimes`, `resLockTime` in 401 bodies; `lockStatus`, `unlockTime`,
/// `retryLoginTime` in `userCheck`.
pub(super) fn read_refusal(body: &[u8], logged_in: bool) -> Option<CallError> {
    let text = String::from_utf8_lossy(body);
    if refusal::mentions_not_activated(&text) {
        return Some(CallError::NotActivated);
    }
    let root = read_any(&text).ok()?;
    if refusal::is_too_many_sessions(root.text_of("subStatusCode").unwrap_or("")) {
        return Some(CallError::TooManySessions);
    }
    if root.text_of("lockStatus").is_some_and(says_locked) {
        return Some(CallError::Locked { until: unlock_time(&root, Utc::now()) });
    }
    if !logged_in {
        return None;
    }
    let tries_left = root.text_of("retryTimes").or_else(|| root.text_of("retryLoginTime"));
    let tries_left = tries_left.and_then(|text| text.trim().parse().ok());
    tries_left.map(|tries| CallError::LoginRefused { tries_left: Some(tries) })
}

fn says_locked(word: &str) -> bool {
    matches!(word.trim().to_ascii_lowercase().as_str(), "lock" | "locked" | "true" | "1")
}

/// Seconds still to wait, or an instant.
fn unlock_time(root: &Element<'_>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let text = root.text_of("resLockTime").or_else(|| root.text_of("unlockTime"))?.trim();
    match text.parse::<u32>() {
        Ok(0) => None,
        Ok(seconds) => now.checked_add_signed(TimeDelta::seconds(i64::from(seconds))),
        Err(_) => DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_401_is_told_apart_in_xml_and_in_json() {
        let after = |body: &str| read_refusal(body.as_bytes(), true);
        assert_eq!(after("<html><body>401 Unauthorized</body></html>"), None);
        assert_eq!(after(""), None);
        let tries = "<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus><retryLoginTime>4</retryLoginTime></userCheck>";
        assert_eq!(after(tries), Some(CallError::LoginRefused { tries_left: Some(4) }));
        let json = r#"{"statusCode":4,"subStatusCode":"badAuthorization","retryTimes":3,"lockStatus":"unlock"}"#;
        assert_eq!(after(json), Some(CallError::LoginRefused { tries_left: Some(3) }));
        let full = "<ResponseStatus><statusCode>4</statusCode><subStatusCode>sesssionUserReachesLimit</subStatusCode></ResponseStatus>";
        assert_eq!(after(full), Some(CallError::TooManySessions));
        let inactive = "<ResponseStatus><subStatusCode>notActivated</subStatusCode></ResponseStatus>";
        assert_eq!(after(inactive), Some(CallError::NotActivated));
    }

    #[test]
    fn a_lock_forbids_even_the_first_login_and_tells_its_end() {
        let body = "<userCheck><lockStatus>lock</lockStatus><unlockTime>1800</unlockTime></userCheck>";
        let before = Utc::now();
        let Some(CallError::Locked { until: Some(until) }) = read_refusal(body.as_bytes(), false) else {
            panic!("locked")
        };
        assert!((until - before).num_seconds() >= 1800);
        let open_end = read_refusal(br#"{"lockStatus":"locked"}"#, false);
        assert_eq!(open_end, Some(CallError::Locked { until: None }));
    }

    #[test]
    fn tries_left_before_a_login_are_no_refusal() {
        let body = "<userCheck><lockStatus>unlock</lockStatus><retryLoginTime>5</retryLoginTime></userCheck>";
        assert_eq!(read_refusal(body.as_bytes(), false), None);
    }
}
