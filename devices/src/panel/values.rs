//! Values as panels write them: numbers that are sometimes lists, lists with and without a wrapping, `flase`.

use crate::isapi::yes_or_no;
use crate::xml::Element;

/// JSON with nothing in it, such as an empty list: an answer, where a page is none.
pub(super) fn is_blank(root: &Element<'_>) -> bool {
    root.name.is_empty() && root.text.is_empty() && root.children.is_empty()
}

/// Every item of a list: `{"ZoneList":[{"Zone":{…}}]}`, the same without the inner name, and one element with many in it.
pub(super) fn items<'e>(root: &'e Element<'e>, list: &str, item: &str) -> Vec<&'e Element<'e>> {
    let lists = if root.is(list) { vec![root] } else { root.find_all(list) };
    lists.into_iter().flat_map(|entry| unwrapped(entry, |child| child.is(item))).collect()
}

/// What one entry of a list holds: itself, where it has a number of its own, or else what is wrapped in it.
pub(super) fn unwrapped<'e>(entry: &'e Element<'e>, is_item: impl Fn(&Element<'_>) -> bool) -> Vec<&'e Element<'e>> {
    if entry.child("id").is_some() {
        return vec![entry];
    }
    entry.children.iter().filter(|child| is_item(child)).collect()
}

/// A whole number.
pub(super) fn number<N: std::str::FromStr>(element: &Element<'_>, name: &str) -> Option<N> {
    element.child_text(name)?.trim().parse().ok()
}

/// Numbers that are told as one or as a list.
pub(super) fn numbers(element: &Element<'_>, name: &str) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::new();
    for child in element.children_named(name) {
        // A list of one name is one child for each item; XML may nest them once more.
        let inner = child.children.iter().map(|inner| &inner.text);
        all.extend(inner.chain([&child.text]).filter_map(|text| text.trim().parse::<u32>().ok()));
    }
    all.truncate(super::status::MOST_AREAS);
    all
}

/// A share in percent; beyond 100 it is none.
pub(super) fn percent(element: &Element<'_>, name: &str) -> Option<u8> {
    number::<u8>(element, name).filter(|percent| *percent <= 100)
}

/// Yes or no, in a word or a number.
pub(super) fn flag(element: &Element<'_>, name: &str) -> Option<bool> {
    element.child_text(name).and_then(yes_or_no)
}

/// A word of the panel's own.
pub(super) fn word(element: &Element<'_>, name: &str) -> Option<String> {
    element.child_text(name).map(str::to_owned)
}

/// The panel's word for a battery, `charge`: whether it is low; `None` where the word is not known.
pub(super) fn is_low(element: &Element<'_>) -> Option<bool> {
    match element.child_text("charge")?.to_ascii_lowercase().as_str() {
        "normal" => Some(false),
        "lowpower" | "low" => Some(true),
        _ => None,
    }
}

/// Whether a detector or peripheral in this state is not heard; `None` where the word tells nothing of it.
///
/// Source: the vendor's words for `status`; a failed heartbeat is silence that the panel has noticed.
pub(super) fn is_offline(state: Option<&str>) -> Option<bool> {
    match state?.to_ascii_lowercase().as_str() {
        "offline" | "heartbeatabnormal" => Some(true),
        "online" | "normal" | "trigger" | "breakdown" | "on" | "off" => Some(false),
        _ => None,
    }
}

/// A place that nothing is tied to; panels list these too.
pub(super) fn is_empty_place(element: &Element<'_>) -> bool {
    element.child_text("status").is_some_and(|state| state.eq_ignore_ascii_case("notRelated"))
}
