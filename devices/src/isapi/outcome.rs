//! What a device answers to a change: done, done after a restart, or a refusal.

use super::read_answer;
use crate::call_error::CallError;
use crate::http::Answer;

/// A change that the device took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// `statusCode` 7: it holds after a restart only.
    pub needs_reboot: bool,
    /// The device took the password, and calls it weak.
    pub risk_password: bool,
}

/// Reads the answer to a change.
pub fn read(answer: &Answer) -> Result<Done, CallError> {
    read_answer(answer, |root| {
        let code = root.child_text("statusCode").map(str::trim);
        let sub = root.child_text("subStatusCode").unwrap_or("").trim();
        let told = root.is("ResponseStatus") || code.is_some() || !sub.is_empty();
        told.then(|| Done {
            needs_reboot: code == Some("7") || sub.eq_ignore_ascii_case("rebootRequired"),
            risk_password: sub.eq_ignore_ascii_case("riskPassword"),
        })
    })
}

/// Whether a refusal is one of these sub status codes.
pub(crate) fn refused_for(error: &CallError, words: &[&str]) -> bool {
    match error {
        CallError::Refused { sub_status_code, .. } => {
            words.iter().any(|word| sub_status_code.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Sub status codes that say: this new password will not do.
pub(crate) const PASSWORD_RULES: [&str; 7] = [
    "riskPassword",
    "illegalPassword",
    "passwordInvalid",
    "passwordLenNoMoreThan16",
    "passwordMustContainMorethan8Characters",
    "passwordMustContainMorethan2Types",
    "cannotSameAsOldPassword",
];

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn read_body(status: u16, body: &str) -> Result<Done, CallError> {
        read(&Answer { status, body: Bytes::copy_from_slice(body.as_bytes()), content_type: None })
    }

    fn told(code: u32, sub: &str) -> String {
        format!("<ResponseStatus><statusCode>{code}</statusCode><subStatusCode>{sub}</subStatusCode></ResponseStatus>")
    }

    #[test]
    fn success_comes_in_three_kinds() {
        assert_eq!(read_body(200, &told(1, "ok")), Ok(Done::default()));
        assert_eq!(read_body(200, &told(7, "rebootRequired")), Ok(Done { needs_reboot: true, risk_password: false }));
        assert_eq!(read_body(200, &told(1, "riskPassword")), Ok(Done { needs_reboot: false, risk_password: true }));
        assert_eq!(read_body(200, r#"{"statusCode":1,"subStatusCode":"ok"}"#), Ok(Done::default()));
    }

    #[test]
    fn a_refusal_and_a_page_are_no_success() {
        let refused = read_body(403, &told(6, "riskPassword")).unwrap_err();
        assert!(refused_for(&refused, &PASSWORD_RULES));
        assert_eq!(read_body(200, "<html></html>"), Err(CallError::BadAnswer { what: "not_isapi" }));
        assert_eq!(read_body(200, ""), Err(CallError::NotSupported));
    }
}
