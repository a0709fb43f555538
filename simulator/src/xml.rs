//! Writes documents the way a device does: indented by a space, lists closed in full, nothing more.

use std::fmt::Display;
use std::fmt::Write as _;

/// A document being written.
pub(crate) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Starts a document with its root; `attributes` begin with a blank.
    pub(crate) fn new(root: &'static str, attributes: &str) -> Self {
        let mut xml = Self { text: String::with_capacity(1024), open: Vec::with_capacity(8) };
        xml.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n");
        xml.open_with(root, attributes);
        xml
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &'static str) {
        self.open_with(name, "");
    }

    /// Opens an element with attributes, which begin with a blank.
    pub(crate) fn open_with(&mut self, name: &'static str, attributes: &str) {
        self.indent();
        let _ = writeln!(self.text, "<{name}{attributes}>");
        self.open.push(name);
    }

    /// Closes the element opened last.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// An element with a text.
    pub(crate) fn leaf(&mut self, name: &'static str, value: impl Display) {
        self.leaf_with(name, "", value);
    }

    /// An element with attributes and a text.
    pub(crate) fn leaf_with(&mut self, name: &'static str, attributes: &str, value: impl Display) {
        self.indent();
        let _ = write!(self.text, "<{name}{attributes}>");
        let _ = write!(Escaped(&mut self.text), "{value}");
        let _ = writeln!(self.text, "</{name}>");
    }

    /// The document, with everything closed.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn indent(&mut self) {
        for _ in 0..self.open.len() {
            self.text.push(' ');
        }
    }
}

struct Escaped<'a>(&'a mut String);

impl std::fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for character in text.chars() {
            match character {
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '&' => self.0.push_str("&amp;"),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

/// A text with what XML keeps for itself replaced.
pub(crate) fn escaped(text: impl Display) -> String {
    let mut out = String::new();
    let _ = write!(Escaped(&mut out), "{text}");
    out
}

/// The text of the first element of a local name, whatever stands around it: as tolerant as a device's own reader.
pub(crate) fn find(document: &str, name: &str) -> Option<String> {
    find_with(document, name).map(|(_, text)| text)
}

/// Attributes and text of the first element of a local name.
pub(crate) fn find_with<'a>(document: &'a str, name: &str) -> Option<(&'a str, String)> {
    let mut rest = document;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = after;
        let (tag, content) = after.split_once('>')?;
        let (full, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        if full.rsplit(':').next() != Some(name) {
            continue;
        }
        if attributes.ends_with('/') {
            return Some((attributes, String::new()));
        }
        let (text, _) = content.split_once('<')?;
        return Some((attributes, unescaped(text.trim())));
    }
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    plain.replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_closed_and_escaped() {
        let mut xml = Xml::new("a", " version=\"1.0\"");
        xml.open("list");
        xml.leaf("name", "R & D <1>");
        let text = xml.finish();
        assert!(
            text.ends_with("<a version=\"1.0\">\n <list>\n  <name>R &amp; D &lt;1&gt;</name>\n </list>\n</a>\n"),
            "{text}"
        );
    }

    #[test]
    fn elements_are_found_by_their_local_name() {
        let text = "<?xml version=\"1.0\"?>\n<a:User xmlns:a=\"urn:x\"><id> 1 </id><empty/>\n<a:password b=\"true\">R&amp;D &lt;7&gt;</a:password></a:User>";
        assert_eq!(find(text, "id").as_deref(), Some("1"));
        assert_eq!(find_with(text, "password"), Some(("b=\"true\"", "R&D <7>".to_owned())));
        assert_eq!(find(text, "word"), None);
        assert_eq!(find("<a><b>never closed", "b"), None);
        assert_eq!(find("<empty a=\"1\"/>", "empty").as_deref(), Some(""));
    }
}
