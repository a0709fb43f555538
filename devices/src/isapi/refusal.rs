//! `ResponseStatus`: why a device refuses, in XML or JSON.
//!
//! "Not supported" is told by the body: most devices answer 403, others 404, 400, 500 or even 200.
//! Words are compared without case; the misspelt ones are the devices' own.

use crate::call_error::CallError;
use crate::xml::{Element, read_any};

/// Sub status codes that say: this device does not have that.
const NOT_SUPPORTED: [&str; 6] =
    ["notSupport", "notSupported", "invalidOperation", "methodNotAllowed", "invalidID", "RequestUrlNotFound"];
const LOW_PRIVILEGE: [&str; 3] = ["lowPrivilege", "noPrivilege", "insufficientPermission"];
const BAD_LOGIN: [&str; 4] = ["badAuthorization", "loginPasswordError", "userNameOrPasswordError", "unauthorized"];
/// The first is spelt so by devices.
const SESSIONS: [&str; 5] = [
    "sesssionUserReachesLimit",
    "sessionUserReachesLimit",
    "maxSessionUserLink",
    "loginNumExceedLimit",
    "loginNumLimit",
];

/// Reads the refusal of an answer that is not 200.
pub fn judge(status: u16, text: &str) -> CallError {
    if mentions_not_activated(text) {
        return CallError::NotActivated;
    }
    if let Ok(root) = read_any(text)
        && let Some(error) = judge_tree(status, &root)
    {
        return error;
    }
    // No ResponseStatus. A web server that does not know the resource or the method says so by the code;
    // no other code tells why.
    match status {
        404 | 405 | 501 => CallError::NotSupported,
        status => CallError::Refused { status_code: u32::from(status), sub_status_code: String::new() },
    }
}

/// The error a tree tells of; `None` when it is a `ResponseStatus` of success, or none at all.
pub fn judge_tree(status: u16, root: &Element<'_>) -> Option<CallError> {
    if mentions_locked_out(root) {
        return Some(CallError::Locked { until: None });
    }
    let told = root.is("ResponseStatus") || root.child("subStatusCode").is_some() || root.child("statusCode").is_some();
    if !told {
        return None;
    }
    let status_code: Option<u32> = root.child_text("statusCode").and_then(|text| text.trim().parse().ok());
    let sub = root.child_text("subStatusCode").unwrap_or("").trim();
    // 0 and 1 are success, 7 a success that needs a restart.
    if status == 200 && (matches!(status_code, Some(0 | 1 | 7)) || sub.eq_ignore_ascii_case("ok")) {
        return None;
    }
    let is_one_of = |words: &[&str]| words.iter().any(|word| sub.eq_ignore_ascii_case(word));
    Some(if sub.eq_ignore_ascii_case("notActivated") {
        CallError::NotActivated
    } else if is_too_many_sessions(sub) {
        CallError::TooManySessions
    } else if is_one_of(&LOW_PRIVILEGE) {
        CallError::LowPrivilege
    } else if is_one_of(&BAD_LOGIN) {
        CallError::LoginRefused { tries_left: None }
    } else if is_one_of(&NOT_SUPPORTED) || (sub.is_empty() && (status_code == Some(4) || status == 404)) {
        CallError::NotSupported
    } else {
        CallError::Refused {
            status_code: status_code.unwrap_or_else(|| u32::from(status)),
            sub_status_code: sub.chars().take(64).collect(),
        }
    })
}

/// Whether a sub status code says that there are too many sessions.
pub(crate) fn is_too_many_sessions(sub: &str) -> bool {
    SESSIONS.iter().any(|word| sub.trim().eq_ignore_ascii_case(word))
}

/// A device without a password says so in all sorts of bodies, HTML too. Not `ipcNotActivated`, which is about another.
pub(crate) fn mentions_not_activated(text: &str) -> bool {
    const WORD: &[u8] = b"notactivated";
    let bytes = text.as_bytes();
    let is_part = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let found = bytes.windows(WORD.len()).enumerate().filter(|(_, window)| window.eq_ignore_ascii_case(WORD));
    found.map(|(at, _)| at).any(|at| !is_part(at.checked_sub(1)) && !is_part(Some(at + WORD.len())))
}

fn mentions_locked_out(root: &Element<'_>) -> bool {
    let sub = root.child_text("subStatusCode").unwrap_or("");
    if sub.trim().eq_ignore_ascii_case("userNameLocked") {
        return true;
    }
    root.child_text("lockStatus").is_some_and(|word| matches!(word.to_ascii_lowercase().as_str(), "lock" | "locked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(status_code: u32, sub: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><ResponseStatus version="1.0" xmlns="urn:psialliance-org"><requestURL>/x</requestURL>
            <statusCode>{status_code}</statusCode><statusString>s</statusString><subStatusCode>{sub}</subStatusCode></ResponseStatus>"#
        )
    }

    #[test]
    fn a_refusal_is_told_by_its_body_not_by_its_code() {
        for status in [400, 403, 404, 500, 200] {
            let judged = |sub| judge(status, &xml(4, sub));
            assert_eq!(judged("notSupport"), CallError::NotSupported, "{status}");
            assert_eq!(judged("INVALIDOPERATION"), CallError::NotSupported, "{status}");
            assert_eq!(judged("lowPrivilege"), CallError::LowPrivilege, "{status}");
            assert_eq!(judged("notActivated"), CallError::NotActivated, "{status}");
            assert_eq!(judged("sesssionUserReachesLimit"), CallError::TooManySessions, "{status}");
            assert_eq!(judged("badAuthorization"), CallError::LoginRefused { tries_left: None }, "{status}");
        }
        let busy = CallError::Refused { status_code: 2, sub_status_code: "deviceBusy".into() };
        assert_eq!(judge(503, &xml(2, "deviceBusy")), busy);
    }

    #[test]
    fn json_refusals_are_read_like_xml() {
        let json = r#"{"requestURL":"/x","statusCode":4,"statusString":"Invalid Operation","subStatusCode":"notSupport","errorCode":0}"#;
        assert_eq!(judge(403, json), CallError::NotSupported);
        let wrapped = r#"{"ResponseStatus":{"statusCode":6,"subStatusCode":"lowPrivilege"}}"#;
        assert_eq!(judge(400, wrapped), CallError::LowPrivilege);
    }

    #[test]
    fn a_body_that_says_nothing_leaves_only_a_missing_page_as_not_supported() {
        assert_eq!(judge(404, "<html>Document Error: Not Found</html>"), CallError::NotSupported);
        let forbidden = CallError::Refused { status_code: 403, sub_status_code: String::new() };
        assert_eq!(judge(403, "<html>Access Denied</html>"), forbidden);
        assert_eq!(judge(403, "device is notActivated"), CallError::NotActivated);
        let about_another = judge(403, &xml(4, "ipcNotActivated"));
        assert_eq!(about_another, CallError::Refused { status_code: 4, sub_status_code: "ipcNotActivated".into() });
    }

    #[test]
    fn a_success_that_needs_a_restart_is_a_success() {
        for code in [0, 1, 7] {
            let text = xml(code, "OK");
            assert_eq!(judge_tree(200, &read_any(&text).unwrap()), None);
        }
    }
}
