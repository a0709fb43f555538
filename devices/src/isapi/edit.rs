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
        let prefix = root.qualified.split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"));
        let (into, inside) = match found {
            Some(child) => (child, value),
            None => (root, format!("<{prefix}{name}>{value}</{prefix}{name}>")),
        };
        match into.closing {
            // A text is replaced, an element added; a text is escaped and never begins like one.
            Some(closing) if inside.starts_with('<') => self.text.insert_str(closing, &inside),
            Some(closing) => self.text.replace_range(into.opened..closing, &inside),
            None => self.fill(&into, &inside)?,
        }
        Ok(())
    }

    /// Opens an element that closes itself, and puts something in.
    fn fill(&mut self, empty: &Child, inside: &str) -> Result<(), CallError> {
        let tag = self.text.get(empty.start..empty.end).ok_or(BAD)?;
        let open = tag.trim_end_matches('>').trim_end_matches('/').trim_end();
        let whole = format!("{open}>{inside}</{}>", empty.qualified);
        self.text.replace_range(empty.start..empty.end, &whole);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::xml::read_any;

    fn edit(body: &str) -> Edit {
        let answer = Answer { status: 200, body: Bytes::copy_from_slice(body.as_bytes()), content_type: None };
        Edit::read(&answer, "EZVIZ").map_err(|error| error.to_string()).unwrap()
    }

    fn changed(body: &str, name: &str, value: &str) -> String {
        let mut edit = edit(body);
        edit.set(name, value).unwrap();
        edit.text
    }

    #[test]
    fn a_text_is_replaced_and_everything_else_stays_as_it_was() {
        let before = "<?xml version=\"1.0\"?>\n<!-- theirs -->\n<EZVIZ version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n  <enabled opt=\"true,false\">false</enabled>\n  <x:own xmlns:x=\"urn:selfextension:psiaext-ver10-xsd\"><enabled>false</enabled>&amp; more</x:own>\n</EZVIZ>\r\n";
        let after = "<EZVIZ version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n  <enabled opt=\"true,false\">true</enabled>\n  <x:own xmlns:x=\"urn:selfextension:psiaext-ver10-xsd\"><enabled>false</enabled>&amp; more</x:own>\n</EZVIZ>";
        assert_eq!(changed(before, "enabled", "true"), after);
    }

    #[test]
    fn empty_missing_and_prefixed_elements_are_filled_in() {
        for (before, after) in [
            ("<EZVIZ><code/></EZVIZ>", "<EZVIZ><code>a&lt;b</code></EZVIZ>"),
            ("<EZVIZ><code a=\"1\" /></EZVIZ>", "<EZVIZ><code a=\"1\">a&lt;b</code></EZVIZ>"),
            ("<EZVIZ><CODE></CODE></EZVIZ>", "<EZVIZ><CODE>a&lt;b</CODE></EZVIZ>"),
            ("<EZVIZ><other>1</other></EZVIZ>", "<EZVIZ><other>1</other><code>a&lt;b</code></EZVIZ>"),
            ("<EZVIZ/>", "<EZVIZ><code>a&lt;b</code></EZVIZ>"),
            (
                "<h:EZVIZ xmlns:h=\"u\"><h:on>1</h:on></h:EZVIZ>",
                "<h:EZVIZ xmlns:h=\"u\"><h:on>1</h:on><h:code>a&lt;b</h:code></h:EZVIZ>",
            ),
        ] {
            assert_eq!(changed(before, "code", "a<b"), after);
        }
    }

    #[test]
    fn json_refusals_and_other_documents_are_not_edited() {
        for (status, body) in [
            (200, r#"{"EZVIZ":{"enabled":false}}"#),
            (200, "<Ehome><enabled>false</enabled></Ehome>"),
            (200, "<!DOCTYPE EZVIZ><EZVIZ/>"),
            (403, "<ResponseStatus><subStatusCode>notSupport</subStatusCode></ResponseStatus>"),
        ] {
            let answer = Answer { status, body: Bytes::from(body), content_type: None };
            assert!(Edit::read(&answer, "EZVIZ").is_err(), "{body}");
        }
    }

    #[test]
    fn a_long_text_is_read_in_full_and_without_its_line_ends() {
        let key = "A".repeat(300);
        let document = format!("<?xml version=\"1.0\"?><Challenge xmlns=\"u\"><h:key>{key}\n{key}</h:key></Challenge>");
        assert_eq!(long_text(&document, "key"), Some(key.repeat(2)));
        assert_eq!(long_text(&document, "other"), None);
        assert_eq!(long_text(&format!("<key>{}</key>", "A".repeat(MOST_LONG_TEXT + 1)), "key"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn whatever_a_device_sends_a_change_can_be_read_back(
            inside in "(<(a|b:code|code|enabled)( x=\"[0-9<]{0,3}\")?/?>|[a-z&;<]{0,5}|</(a|b:code|code|enabled)>){0,8}",
            value in "\\PC{0,20}",
        ) {
            let body = Bytes::from(format!("<EZVIZ>{inside}</EZVIZ>"));
            let answer = Answer { status: 200, body, content_type: None };
            if let Ok(mut edit) = Edit::read(&answer, "EZVIZ") {
                edit.set("code", &value).unwrap();
                let after = String::from_utf8(edit.into_body().to_vec()).unwrap();
                let root = read_any(&after).unwrap();
                prop_assert_eq!(root.child("code").unwrap().text.trim(), value.trim());
            }
        }

        #[test]
        fn any_text_is_searched_or_left(text in ".{0,80}|<key>[A-Za-z0-9=\n]{0,40}</key>") {
            let _ = long_text(&text, "key");
        }
    }
}
