//! One login to a panel, from its capabilities to the cookie.

use bytes::Bytes;
use chrono::Utc;
use http::{HeaderMap, HeaderValue, Method};

use super::{Kept, LoginCapabilities, hash};
use crate::call_error::CallError;
use crate::http::{Answer, Bare, DeviceClient, read_refusal};
use crate::isapi::edit::escaped;
use crate::isapi::refusal::{judge, judge_tree};
use crate::isapi::{read_answer, text_of};
use crate::xml::{Element, read_any};

const CAPABILITIES: &str = "/ISAPI/Security/sessionLogin/capabilities";
const LOGIN: &str = "/ISAPI/Security/sessionLogin";
const XML: &str = "application/xml";
const BAD: CallError = CallError::BadAnswer { what: "session_login" };
/// Bytes of a cookie at most.
const MOST_COOKIE: usize = 1024;

/// Logs in; the client keeps the session. A refusal is remembered by the client and never tried again.
pub(super) async fn log_in(client: &mut DeviceClient, headers: HeaderMap) -> Result<(), CallError> {
    let login = client.login().clone();
    if login.user_name.is_empty() {
        return Err(CallError::NeedsLogin);
    }
    let path = format!("{CAPABILITIES}?username={}", percent(&login.user_name));
    let asked = client.ask_bare(Method::GET, &path, headers.clone(), None, Bytes::new()).await?;
    let cap = read_capabilities(&asked.answer)?;
    let hashed = hash(&cap, &login.user_name, &login.password);
    let version = cap.session_id_version.as_deref().unwrap_or("");
    let version = if version.is_empty() {
        String::new()
    } else {
        format!("<sessionIDVersion>{}</sessionIDVersion>", escaped(version))
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SessionLogin version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\
         <userName>{}</userName><password>{hashed}</password><sessionID>{}</sessionID>{version}</SessionLogin>",
        escaped(&login.user_name),
        escaped(&cap.session_id),
    );
    // Keeps caches away; the panel does not look at it.
    let path = format!("{LOGIN}?timeStamp={}", Utc::now().timestamp());
    let answered = client.ask_bare(Method::POST, &path, headers, Some(XML), Bytes::from(body)).await?;
    match read_login(&answered) {
        Ok(cookie) => {
            client.keep_session(Some(Kept { cookie, proven: false }));
            Ok(())
        }
        Err(error) => {
            if matches!(error, CallError::LoginRefused { .. }) {
                client.refuse(&error);
            }
            Err(error)
        }
    }
}

/// Nothing was tried yet: whatever is refused here says nothing of the password.
fn read_capabilities(answer: &Answer) -> Result<LoginCapabilities, CallError> {
    if answer.status == 401 {
        return Err(read_refusal(&answer.body).forbids.unwrap_or(CallError::NotSupported));
    }
    match read_answer(answer, LoginCapabilities::read) {
        Err(CallError::BadAnswer { what: "not_isapi" }) => Err(BAD),
        Err(CallError::LoginRefused { .. }) => Err(CallError::NotSupported),
        read => read,
    }
}

fn read_login(bare: &Bare) -> Result<HeaderValue, CallError> {
    let body = &bare.answer.body;
    let text = text_of(body);
    let root = read_any(&text).ok();
    let refused = |root: &Element<'_>| root.text_of("statusValue").is_some_and(|value| value != "200");
    if bare.answer.status == 401 || root.as_ref().is_some_and(refused) {
        let told = read_refusal(body);
        return Err(told.forbids.unwrap_or(CallError::LoginRefused { tries_left: told.tries_left }));
    }
    if bare.answer.status != 200 {
        let told = read_refusal(body);
        return Err(told.forbids.unwrap_or_else(|| judge(bare.answer.status, &text)));
    }
    if let Some(error) = root.as_ref().and_then(|root| judge_tree(200, root)) {
        return Err(error);
    }
    let from_body = || {
        let id = root.as_ref()?.text_of("sessionID")?;
        is_token(id).then(|| format!("WebSession={id}"))
    };
    let text = cookies_of(&bare.cookies).or_else(from_body).ok_or(BAD)?;
    let mut cookie = HeaderValue::try_from(text).map_err(|_| BAD)?;
    cookie.set_sensitive(true);
    Ok(cookie)
}

/// What the panel set, as it is sent back: names and values without what is said about them.
fn cookies_of(set: &[HeaderValue]) -> Option<String> {
    let pairs = set.iter().filter_map(|value| {
        let pair = value.to_str().ok()?.split(';').next()?.trim();
        let (name, value) = pair.split_once('=')?;
        (is_token(name) && value.bytes().all(|byte| byte.is_ascii_graphic())).then_some(pair)
    });
    let all = pairs.collect::<Vec<_>>().join("; ");
    (!all.is_empty() && all.len() <= MOST_COOKIE).then_some(all)
}

/// What can stand in a cookie without changing its meaning.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+/=".contains(&byte))
}

/// A text as a part of a query.
fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answered(status: u16, set: &[&'static str], body: &str) -> Result<String, CallError> {
        let answer = Answer { status, body: Bytes::copy_from_slice(body.as_bytes()), content_type: None };
        let cookies = set.iter().map(|text| HeaderValue::from_static(text)).collect();
        read_login(&Bare { answer, cookies }).map(|cookie| cookie.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_cookie_comes_from_the_header_or_else_from_the_body() {
        let body = "<SessionLogin><statusValue>200</statusValue><sessionID>51d0</sessionID></SessionLogin>";
        assert_eq!(answered(200, &["WebSession=ab12; path=/; HttpOnly"], body).unwrap(), "WebSession=ab12");
        assert_eq!(answered(200, &["a=1; path=/", "b=2"], body).unwrap(), "a=1; b=2");
        assert_eq!(answered(200, &["nonsense", "=x"], body).unwrap(), "WebSession=51d0");
        assert_eq!(answered(200, &[], r#"{"SessionLogin":{"sessionID":"51d0"}}"#).unwrap(), "WebSession=51d0");
        assert_eq!(answered(200, &[], "<SessionLogin/>").unwrap_err(), BAD);
        assert_eq!(answered(200, &[], "<S><sessionID>a; b=c</sessionID></S>").unwrap_err(), BAD);
    }

    #[test]
    fn refusals_are_told_apart() {
        let refused = |tries_left| CallError::LoginRefused { tries_left };
        let tries = "<SessionUserCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus><retryTimes>3</retryTimes></SessionUserCheck>";
        assert_eq!(answered(401, &[], tries).unwrap_err(), refused(Some(3)));
        assert_eq!(answered(200, &["WebSession=ab12"], tries).unwrap_err(), refused(Some(3)));
        assert_eq!(answered(401, &[], "").unwrap_err(), refused(None));
        let locked = r#"{"statusCode":4,"subStatusCode":"badAuthorization","lockStatus":"lock","resLockTime":1800}"#;
        assert!(matches!(answered(403, &[], locked).unwrap_err(), CallError::Locked { until: Some(_) }));
        let full = "<ResponseStatus><statusCode>4</statusCode><subStatusCode>sesssionUserReachesLimit</subStatusCode></ResponseStatus>";
        for status in [200, 401, 403] {
            assert_eq!(answered(status, &[], full).unwrap_err(), CallError::TooManySessions, "{status}");
        }
    }

    #[test]
    fn a_user_name_cannot_leave_its_place_in_the_query() {
        assert_eq!(percent("Ян & co?#/"), "%D0%AF%D0%BD%20%26%20co%3F%23%2F");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn any_answer_to_a_login_is_judged(status in 200_u16..600, body in ".{0,60}|<a>(<sessionID>.{0,20}</sessionID>)?</a>") {
            if let Ok(cookie) = answered(status, &[], &body) {
                prop_assert!(status == 200 && cookie.strip_prefix("WebSession=").is_some_and(is_token));
            }
        }
    }
}
