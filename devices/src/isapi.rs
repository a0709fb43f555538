//! Reading ISAPI answers: one file a topic, each from a tree (XML or JSON) to a domain type.
//!
//! Readers are tolerant: local names, any case, missing parts, enums left open. What is not
//! supported is told by the body of a refusal, not by its code alone ([`refusal`]).

pub mod capabilities;
pub mod channels;
pub mod info;
pub mod network;
pub mod refusal;
pub mod status;
pub mod storage;
pub mod time;
pub mod users;

use crate::call_error::CallError;
use crate::http::Answer;
use crate::xml::{Element, NotReadable, read_any};

/// Judges an answer and hands its tree to a reader; a reader that finds nothing of its own gives `None`.
pub fn read_answer<T>(answer: &Answer, reader: impl FnOnce(&Element<'_>) -> Option<T>) -> Result<T, CallError> {
    let text = String::from_utf8_lossy(&answer.body);
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
fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "flase" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// The whole number at the start of a text: `1907729`, `30223MB`, `12.7`.
fn whole_number(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}
