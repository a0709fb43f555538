//! Changing a device's own document: read it, replace some texts, send it back.
//!
//! What is not known stays as the device wrote it, its namespace and prefixes too: firmware differs in
//! both, and refuses documents that lack an element of its own.

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::text_of;
use crate::call_error::CallError;
use crate::http::Answer;

const BAD: CallError = CallError::BadAnswer { what: "not_isapi" };
/// Bytes of a text read in full at most.
const MOST_LONG_TEXT: usize = 4096;

/// A document being changed. It may hold secrets and has no `Debug` therefore.
pub(crate) struct Edit {
    text: String,
}

/// Where a child of the root stands in the text.
struct Child {
    start: usize,
    /// Of its opening tag.
    opened: usize,
    /// Where the closing tag begins; `None` when the element closes itself.
    closing: Option<usize>,
    end: usize,
    qualified: String,
}

impl Edit {
    /// Takes the document of an answer whose root has this local name.
    pub(crate) fn read(answer: &Answer, root: &str) -> Result<Self, CallError> {
        // Judges refusals, empty bodies, doctypes and size.
        super::read_answer(answer, |tree| tree.is(root).then_some(()))?;
        let text = text_of(&answer.body);
        let start = text.find('<').ok_or(BAD)?;
        let mut reader = Reader::from_str(text.get(start..).unwrap_or(""));
        // What stands before the root (a declaration of some encoding, comments) is written anew.
        loop {
            let at = position(&reader);
            match reader.read_event().map_err(|_| BAD)? {
                Event::Start(_) | Event::Empty(_) => {
                    let document = text.get(start + at..).ok_or(BAD)?;
                    return Ok(Self { text: document.trim_end_matches(['\0', ' ', '\r', '\n']).to_owned() });
                }
                Event::Eof => return Err(BAD),
                _ => {}
            }
        }
    }

    /// A document of our own making.
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// Gives the child of the root of this local name a new text; adds it at the end where there is none.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), CallError> {
        let value = escaped(value);
        let (found, root) = self.survey(name)?;
        if let Some(child) = found {
            let qualified = &child.qualified;
            match child.closing {
                Some(closing) => self.text.replace_range(child.opened..closing, &value),
                None => {
                    let open = self.text.get(child.start..child.end).ok_or(BAD)?;
                    let open = open.trim_end_matches('>').trim_end_matches('/').trim_end();
                    let whole = format!("{open}>{value}</{qualified}>");
                    self.text.replace_range(child.start..child.end, &whole);
                }
            }
            return Ok(());
        }
        let prefix = root.qualified.split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"));
        let added = format!("<{prefix}{name}>{value}</{prefix}{name}>");
        match root.closing {
            Some(closing) => self.text.insert_str(closing, &added),
            None => {
                let open = self.text.get(root.start..root.end).ok_or(BAD)?;
                let open = open.trim_end_matches('>').trim_end_matches('/').trim_end();
                let whole = format!("{open}>{added}</{}>", root.qualified);
                self.text.replace_range(root.start..root.end, &whole);
            }
        }
        Ok(())
    }

    /// The document, as a body.
    pub(crate) fn into_body(self) -> Bytes {
        Bytes::from(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", self.text))
    }

    /// The first child of the root of this name, and the root.
    fn survey(&self, name: &str) -> Result<(Option<Child>, Child), CallError> {
        let mut reader = Reader::from_str(&self.text);
        reader.config_mut().allow_dangling_amp = true;
        let mut open: Vec<Child> = Vec::new();
        let mut found: Option<Child> = None;
        loop {
            let start = position(&reader);
            let event = reader.read_event().map_err(|_| BAD)?;
            let end = position(&reader);
            match event {
                Event::Start(tag) => {
                    let qualified: &str = tag.name().into_inner();
                    open.push(Child { start, opened: end, closing: None, end, qualified: qualified.to_owned() });
                }
                Event::Empty(tag) => {
                    let qualified: &str = tag.name().into_inner();
                    let child = Child { start, opened: end, closing: None, end, qualified: qualified.to_owned() };
                    match open.len() {
                        0 => return Ok((found, child)),
                        1 if found.is_none() && is_named(&child, name) => found = Some(child),
                        _ => {}
                    }
                }
                Event::End(_) => {
                    let mut child = open.pop().ok_or(BAD)?;
                    (child.closing, child.end) = (Some(start), end);
                    match open.len() {
                        0 => return Ok((found, child)),
                        1 if found.is_none() && is_named(&child, name) => found = Some(child),
                        _ => {}
                    }
                }
                Event::DocType(_) | Event::Eof => return Err(BAD),
                _ => {}
            }
        }
    }
}

fn is_named(child: &Child, name: &str) -> bool {
    child.qualified.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case(name))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A value as it stands between tags.
pub(crate) fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // No XML has these, whatever they are written as.
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            c => out.push(c),
        }
    }
    out
}

/// The text of the first element of this local name, in full: [`crate::xml`] cuts texts shorter than keys are.
/// Space inside is dropped, as keys are sometimes wrapped.
pub(crate) fn long_text(document: &str, name: &str) -> Option<String> {
    // Bounds of size and depth, no doctype.
    crate::xml::read(document).ok()?;
    let mut reader = Reader::from_str(document.trim_start_matches('\u{feff}').trim_start());
    let mut inside = false;
    let mut found = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                let local: &str = tag.local_name().into_inner();
                inside = local.eq_ignore_ascii_case(name);
            }
            Event::Text(text) if inside => {
                found.extend(text.chars().filter(|c| !c.is_ascii_whitespace()));
                if found.len() > MOST_LONG_TEXT {
                    return None;
                }
            }
            Event::End(_) if inside => return (!found.is_empty()).then_some(found),
            Event::Eof => return None,
            _ => {}
        }
    }
}
