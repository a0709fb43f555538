//! JSON answers as the same tree as XML, so that one reader serves both.
//!
//! A field is a child element; a list is one child for each of its items. An object with a single
//! object in it, such as `{"DeviceInfo": {…}}`, is read as that element.

use std::borrow::Cow;

use serde_json::Value;

use crate::xml::{Element, MOST_BYTES, MOST_DEPTH, MOST_ELEMENTS, NotReadable, bound};

/// Reads a JSON document within the same bounds as XML.
pub(crate) fn read(text: &str) -> Result<Element<'static>, NotReadable> {
    if text.len() > MOST_BYTES {
        return Err(NotReadable::Limit);
    }
    let value: Value = serde_json::from_str(text).map_err(|_| NotReadable::Malformed)?;
    let mut left = MOST_ELEMENTS;
    let mut root = Element::default();
    add(&mut root, "", value, 0, &mut left)?;
    let single = root.children.len() == 1 && root.children.first().is_some_and(|only| !only.children.is_empty());
    Ok(if single { root.children.pop().unwrap_or_default() } else { root })
}

fn add(
    into: &mut Element<'static>,
    name: &str,
    value: Value,
    depth: usize,
    left: &mut usize,
) -> Result<(), NotReadable> {
    if depth > MOST_DEPTH {
        return Err(NotReadable::Limit);
    }
    *left = left.checked_sub(1).ok_or(NotReadable::Limit)?;
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::Array(items) => {
                        for item in items {
                            into.children.push(child(&key, item, depth, left)?);
                        }
                    }
                    value => into.children.push(child(&key, value, depth, left)?),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                into.children.push(child(name, item, depth, left)?);
            }
        }
        Value::String(text) => {
            into.text = Cow::Owned(text.trim().to_owned());
            bound(&mut into.text);
        }
        Value::Number(number) => into.text = Cow::Owned(number.to_string()),
        Value::Bool(yes) => into.text = Cow::Borrowed(if yes { "true" } else { "false" }),
        Value::Null => {}
    }
    Ok(())
}

fn child(name: &str, value: Value, depth: usize, left: &mut usize) -> Result<Element<'static>, NotReadable> {
    let mut element = Element { name: Cow::Owned(name.to_owned()), ..Element::default() };
    add(&mut element, name, value, depth + 1, left)?;
    Ok(element)
}
