//! What a 401 says beyond "no": wrong password, locked, too many sessions, not activated (R-H3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;

use super::Login;
use crate::call_error::CallError;
use crate::isapi::{refusal, text_of};
use crate::xml::{Element, read_any};

/// The `Authorization` of Basic, which only old firmware asks for (V5.4.5 and before).
pub(super) fn basic(login: &Login) -> String {
    let pair = secrecy::SecretString::from(format!("{}:{}", login.user_name, login.password.expose_secret()));
    format!("Basic {}", STANDARD.encode(pair.expose_secret()))
}

/// What the body of a 401 tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// A state in which logging in is of no use, whatever the challenge says.
    pub(crate) forbids: Option<CallError>,
    /// Tries left before the device locks. New firmware tells it before a login too.
    pub(crate) tries_left: Option<u32>,
}

/// Reads the body of a 401: XML, JSON, or HTML that says nothing.
///
/// Sources: `lockStatus`, `retryTimes`, `resLockTime` in 401 bodies; `lockStatus`, `unlockTime`,
/// `retryLoginTime` in `userCheck`.
pub(crate) fn read_refusal(body: &[u8]) -> Told {
    let text = text_of(body);
    let forbids = |error| Told { forbids: Some(error), tries_left: None };
    if refusal::mentions_not_activated(&text) {
        return forbids(CallError::NotActivated);
    }
    let Ok(root) = read_any(&text) else { return Told::default() };
    if refusal::is_too_many_sessions(root.text_of("subStatusCode").unwrap_or("")) {
        return forbids(CallError::TooManySessions);
    }
    if root.text_of("lockStatus").is_some_and(says_locked) {
        return forbids(CallError::Locked { until: unlock_time(&root, Utc::now()) });
    }
    let tries_left = root.text_of("retryTimes").or_else(|| root.text_of("retryLoginTime"));
    Told { forbids: None, tries_left: tries_left.and_then(|text| text.trim().parse().ok()) }
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
        let tries = |tries| Told { forbids: None, tries_left: Some(tries) };
        let forbids = |error| Told { forbids: Some(error), tries_left: None };
        let xml = "<userCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus><retryLoginTime>4</retryLoginTime></userCheck>";
        let json = r#"{"statusCode":4,"subStatusCode":"badAuthorization","retryTimes":3,"lockStatus":"unlock"}"#;
        let full = "<ResponseStatus><statusCode>4</statusCode><subStatusCode>sesssionUserReachesLimit</subStatusCode></ResponseStatus>";
        let inactive = "<ResponseStatus><subStatusCode>notActivated</subStatusCode></ResponseStatus>";
        for (body, told) in [
            ("<html><body>401 Unauthorized</body></html>", Told::default()),
            ("", Told::default()),
            (xml, tries(4)),
            (json, tries(3)),
            (full, forbids(CallError::TooManySessions)),
            (inactive, forbids(CallError::NotActivated)),
        ] {
            assert_eq!(read_refusal(body.as_bytes()), told, "{body}");
        }
    }

    #[test]
    fn a_lock_tells_its_end_where_the_device_does() {
        let body = "<userCheck><lockStatus>lock</lockStatus><unlockTime>1800</unlockTime></userCheck>";
        let before = Utc::now();
        let Some(CallError::Locked { until: Some(until) }) = read_refusal(body.as_bytes()).forbids else {
            panic!("locked")
        };
        assert!((until - before).num_seconds() >= 1800);
        let open_end = read_refusal(br#"{"ResponseStatus":{"lockStatus":"locked","resLockTime":0}}"#);
        assert_eq!(open_end.forbids, Some(CallError::Locked { until: None }));
    }
}
