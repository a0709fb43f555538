//! XML as devices write it, in a small tree: local names only, names matched without case.
//!
//! Namespaces differ from firmware to firmware and mean nothing here. Bounds (T19): 1 MiB, 64 deep,
//! 50,000 elements; a doctype is refused, so that no entity can grow.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

/// Bytes of a document at most.
pub const MOST_BYTES: usize = 1024 * 1024;
/// Elements inside each other at most.
pub const MOST_DEPTH: usize = 64;
/// Elements of a document at most.
pub const MOST_ELEMENTS: usize = 50_000;

/// Characters of one text at most: what follows is cut off. Models, names and states are far shorter.
pub const MOST_TEXT: usize = 256;

/// An element; its names and texts are borrowed from the document where they can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element<'a> {
    /// Local name.
    pub name: Cow<'a, str>,
    /// Its own text, trimmed, without control characters and of bounded length; empty where there is none.
    pub text: Cow<'a, str>,
    /// Attributes as written: few are ever asked for, so they are read when they are.
    pub(crate) raw_attributes: &'a str,
    /// Elements inside, in order.
    pub children: Vec<Element<'a>>,
}

/// Why a document is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReadable {
    /// Not well-formed.
    #[error("not well-formed")]
    Malformed,
    /// A doctype.
    #[error("a doctype is refused")]
    Doctype,
    /// Larger or deeper than the bounds.
    #[error("beyond the limits")]
    Limit,
}

impl Element<'_> {
    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name))
    }

    /// Every child of this name.
    pub fn children_named<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// The first element of this name inside, at any depth, this one included.
    pub fn find(&self, name: &str) -> Option<&Self> {
        if self.is(name) { Some(self) } else { self.children.iter().find_map(|child| child.find(name)) }
    }

    /// Every element of this name inside, at any depth; not inside one another.
    pub fn find_all<'e>(&'e self, name: &str) -> Vec<&'e Self> {
        let mut found = Vec::new();
        self.collect(name, &mut found);
        found
    }

    fn collect<'e>(&'e self, name: &str, found: &mut Vec<&'e Self>) {
        for child in &self.children {
            if child.is(name) {
                found.push(child);
            } else {
                child.collect(name, found);
            }
        }
    }

    /// The text of the first element of this name, at any depth; `None` when absent or empty.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.find(name).map(|found| found.text.as_ref()).filter(|text| !text.is_empty())
    }

    /// The text of the child of this name; `None` when absent or empty.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_ref()).filter(|text| !text.is_empty())
    }

    /// An attribute by local name; references in it stay as written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = Attributes::new(self.raw_attributes, 0);
        let mut named = attributes.with_checks(false).flatten().filter(|attribute| {
            let local = attribute.key.local_name();
            AsRef::<str>::as_ref(&local).eq_ignore_ascii_case(name)
        });
        match named.next()?.value {
            Cow::Borrowed(value) => Some(value),
            Cow::Owned(_) => None,
        }
    }

    /// Whether this is its name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// Reads XML or JSON, told apart by the first character: content types are not reliable.
pub fn read_any(text: &str) -> Result<Element<'_>, NotReadable> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.starts_with(['{', '[']) { crate::json::read(trimmed) } else { read(trimmed) }
}

/// Reads an XML document; whatever follows its root is not looked at.
pub fn read(text: &str) -> Result<Element<'_>, NotReadable> {
    if text.len() > MOST_BYTES {
        return Err(NotReadable::Limit);
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    let mut open: Vec<Element<'_>> = Vec::new();
    let mut elements = 0_usize;
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event().map_err(|_| NotReadable::Malformed)? {
            Event::Start(tag) => {
                elements += 1;
                if elements > MOST_ELEMENTS || open.len() >= MOST_DEPTH {
                    return Err(NotReadable::Limit);
                }
                open.push(element_of(text, start, &tag));
            }
            Event::Empty(tag) => {
                elements += 1;
                if elements > MOST_ELEMENTS || open.len() >= MOST_DEPTH {
                    return Err(NotReadable::Limit);
                }
                let element = element_of(text, start, &tag);
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::End(_) => {
                let mut element = open.pop().ok_or(NotReadable::Malformed)?;
                trim(&mut element.text);
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::Text(content) => add_text(&mut open, content.into_inner()),
            Event::CData(content) => add_text(&mut open, content.into_inner()),
            Event::GeneralRef(reference) => {
                let resolved = resolve(&reference);
                add_text(&mut open, resolved);
            }
            Event::DocType(_) => return Err(NotReadable::Doctype),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return Err(NotReadable::Malformed),
        }
    }
}

/// The element of an opening tag. The reader lends names for one event only, so they are taken from the text again.
fn element_of<'a>(text: &'a str, start: usize, tag: &BytesStart<'_>) -> Element<'a> {
    let (qualified, local) = (tag.name(), tag.local_name());
    let (qualified, local): (&str, &str) = (qualified.as_ref(), local.as_ref());
    let attributes = start + 1 + qualified.len();
    let name = match text.get(attributes - local.len()..attributes) {
        Some(found) if found == local => Cow::Borrowed(found),
        _ => Cow::Owned(local.to_owned()),
    };
    let raw_attributes = text.get(attributes..attributes + tag.attributes_raw().len()).unwrap_or("");
    Element { name, text: Cow::Borrowed(""), raw_attributes, children: Vec::new() }
}

fn add_text<'a>(open: &mut [Element<'a>], added: Cow<'a, str>) {
    let Some(element) = open.last_mut() else { return };
    if element.text.is_empty() {
        // Space before the first child is not text.
        if added.bytes().all(|b| b.is_ascii_whitespace()) {
            return;
        }
        element.text = added;
    } else {
        element.text.to_mut().push_str(&added);
    }
}

fn trim(text: &mut Cow<'_, str>) {
    match text {
        Cow::Borrowed(borrowed) => *borrowed = borrowed.trim(),
        Cow::Owned(owned) => {
            if owned.trim().len() != owned.len() {
                *owned = owned.trim().to_owned();
            }
        }
    }
    bound(text);
}

/// Takes out what no database column and no log line should get from a stranger: control characters (a NUL most of
/// all), and texts without end.
pub(crate) fn bound(text: &mut Cow<'_, str>) {
    // 0xc2 begins the control characters beyond ASCII, and some others that are looked at then.
    if text.len() <= MOST_TEXT && !text.bytes().any(|byte| byte < b' ' || matches!(byte, 0x7f | 0xc2)) {
        return;
    }
    let clean = text.chars().filter_map(|c| match c {
        '\t' | '\n' | '\r' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    *text = Cow::Owned(clean.take(MOST_TEXT).collect());
}

/// The five named entities and character numbers; any other reference stays as written.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Cow<'static, str> {
    let name: &str = reference;
    let known = match name {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => {
            return match reference.resolve_char_ref() {
                Ok(Some(character)) => Cow::Owned(character.to_string()),
                _ => Cow::Owned(format!("&{name};")),
            };
        }
    };
    Cow::Borrowed(known)
}
