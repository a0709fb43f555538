//! Reading ISAPI answers: one file a topic, each from a tree (XML or JSON) to a domain type.
//!
//! Readers are tolerant: local names, any case, missing parts, enums left open. What is not
//! supported is told by the body of a refusal, not by its code alone ([`refusal`]).

pub mod capabilities;
pub mod channels;
pub mod cloud_service;
pub mod info;
pub mod network;
pub mod outcome;
pub mod posix_zone;
pub mod refusal;
pub mod smart;
pub mod status;
pub mod storage;
pub mod time;
pub mod tracks;
pub mod users;

pub(crate) mod edit;
mod foreign_text;

use std::borrow::Cow;

use crate::call_error::CallError;
use crate::http::Answer;
use crate::xml::{Element, NotReadable, read_any};

/// Judges an answer and hands its tree to a reader; a reader that finds nothing of its own gives `None`.
pub fn read_answer<T>(answer: &Answer, reader: impl FnOnce(&Element<'_>) -> Option<T>) -> Result<T, CallError> {
    let text = text_of(&answer.body);
    if answer.status != 200 {
        return Err(refusal::judge(answer.status, &text));
    }
    if text.trim().is_empty() {
        // A terminal answers 200 and nothing for what it does not have.
        return Err(CallError::NotSupported);
    }
    let root = read_any(&text).map_err(|error| bad(error, &text))?;
    if let Some(error) = refusal::judge_tree(200, &root) {
        return Err(error);
    }
    reader(&root).ok_or(CallError::BadAnswer { what: "not_isapi" })
}

/// The body as text. Nearly all is UTF-8, whatever it is declared to be.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    // The plain check is several times faster than the one that replaces.
    std::str::from_utf8(body).map_or_else(|_| foreign_text::decode(body), Cow::Borrowed)
}

fn bad(error: NotReadable, text: &str) -> CallError {
    if refusal::mentions_not_activated(text) {
        return CallError::NotActivated;
    }
    CallError::BadAnswer {
        what: match error {
            NotReadable::Malformed => "not_isapi",
            NotReadable::Doctype => "doctype",
            NotReadable::Limit => "too_large",
        },
    }
}

/// `true`/`false` as devices write them; they also write `flase`.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "flase" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// The whole number at the start of a text: `1907729`, `30223MB`, `12.7`.
pub(crate) fn whole_number(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn every_reader_takes_any_document(
            status in proptest::sample::select(vec![200_u16, 400, 401, 403, 404, 500]),
            root in proptest::sample::select(vec!["DeviceInfo", "ResponseStatus", "storage", "hddList", "Time", "DeviceStatus", "InputProxyChannelList", "userCheck", "DeviceCap", "EZVIZ"]),
            inside in "(<(id|status|enabled|bindStatus|verificationCode|statusCode|subStatusCode|localTime|timeZone|hdd|InputProxyChannel|NetworkInterface|lockStatus|model|deviceUpTime)>|[0-9A-Za-z:.,/+-]{0,9}|</(id|status|enabled|bindStatus|verificationCode|statusCode|subStatusCode|localTime|timeZone|hdd|InputProxyChannel|NetworkInterface|lockStatus|model|deviceUpTime)>){0,12}",
        ) {
            let body = Bytes::from(format!("<{root}>{inside}</{root}>"));
            let answer = Answer { status, body, content_type: None };
            let now = chrono::DateTime::UNIX_EPOCH;
            let failed = [
                read_answer(&answer, info::read).is_err(),
                read_answer(&answer, self::status::read).is_err(),
                read_answer(&answer, |root| channels::read_inputs(root, siteward_domain::observation::ChannelSource::Own)).is_err(),
                read_answer(&answer, channels::read_proxies).is_err(),
                read_answer(&answer, channels::read_proxy_states).is_err(),
                read_answer(&answer, storage::read).is_err(),
                read_answer(&answer, |root| smart::read(root, "1")).is_err(),
                read_answer(&answer, tracks::read).is_err(),
                read_answer(&answer, tracks::read_oldest).is_err(),
                read_answer(&answer, network::read).is_err(),
                read_answer(&answer, |root| time::read(root, now)).is_err(),
                read_answer(&answer, users::read).is_err(),
                read_answer(&answer, capabilities::read).is_err(),
                read_answer(&answer, cloud_service::read).is_err(),
                outcome::read(&answer).is_err(),
            ];
            if status != 200 {
                prop_assert!(failed.iter().all(|failed| *failed));
            }
        }

        #[test]
        fn any_zone_and_time_is_read_or_left(local in "[0-9T:+Z-]{0,25}", zone in "[A-Z]{0,4}[+-]?[0-9:]{0,9}(DST[0-9:]{0,8}(,M[0-9.]{0,6}(/[0-9:]{0,8})?){0,2})?") {
            let text = format!("<Time><localTime>{local}</localTime><timeZone>{zone}</timeZone></Time>");
            let _ = time::read(&read_any(&text).unwrap(), chrono::DateTime::UNIX_EPOCH);
        }
    }
}
