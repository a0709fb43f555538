use super::*;
use proptest::prelude::*;

#[test]
fn names_are_local_and_matched_without_case() {
    let text = "\u{feff}\n<?xml version=\"1.0\"?><!-- x --><p:Root xmlns:p=\"urn:a\"><inner xmlns='urn:b' p:opt=\"a,b\" min='1'>\n text </inner></p:Root>\0";
    let root = read(text).unwrap();
    assert!(root.is("root"));
    let inner = root.child("INNER").unwrap();
    assert_eq!((inner.text.as_ref(), inner.attribute("OPT"), inner.attribute("min")), ("text", Some("a,b"), Some("1")));
}

#[test]
fn references_are_resolved_and_unknown_ones_stay() {
    let root = read("<a>Tom &amp; Jerry &lt;3 &#65;&#x42; &nbsp; R&D<![CDATA[ <x> ]]></a>").unwrap();
    assert_eq!(root.text, "Tom & Jerry <3 AB &nbsp; R&D <x>");
}

#[test]
fn a_doctype_and_what_it_would_grow_is_refused() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>"#;
    assert_eq!(read(bomb), Err(NotReadable::Doctype));
    assert_eq!(read("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), Err(NotReadable::Doctype));
}

#[test]
fn depth_elements_and_size_are_bounded() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(&nested(MOST_DEPTH)).is_ok());
    assert_eq!(read(&nested(MOST_DEPTH + 1)), Err(NotReadable::Limit));
    let flat = |count: usize| format!("<a>{}</a>", "<b/>".repeat(count));
    assert!(read(&flat(MOST_ELEMENTS - 1)).is_ok());
    assert_eq!(read(&flat(MOST_ELEMENTS)), Err(NotReadable::Limit));
    let long = format!("<a>{}</a>", "x".repeat(MOST_BYTES));
    assert_eq!(read(&long), Err(NotReadable::Limit));
}

#[test]
fn what_is_cut_off_is_malformed() {
    for text in ["", "text", "<a>", "<a><b></a></b>", "</a>", "<a", "<a><b>"] {
        assert_eq!(read(text), Err(NotReadable::Malformed), "{text}");
    }
}

#[test]
fn json_is_read_into_the_same_tree() {
    let root =
        read_any(r#" {"DeviceInfo":{"model":" M ","n":7,"on":true,"none":null,"list":[{"id":1},{"id":2}]}}"#).unwrap();
    assert!(root.is("DeviceInfo"));
    assert_eq!(
        (root.child_text("model"), root.child_text("n"), root.child_text("on")),
        (Some("M"), Some("7"), Some("true"))
    );
    assert_eq!(root.children_named("list").filter_map(|item| item.child_text("id")).collect::<Vec<_>>(), ["1", "2"]);
    let deep = format!("{}1{}", "[".repeat(MOST_DEPTH + 2), "]".repeat(MOST_DEPTH + 2));
    assert_eq!(read_any(&deep), Err(NotReadable::Limit));
}

fn tree() -> impl Strategy<Value = Element<'static>> {
    let text = "[A-Za-z0-9<>&'\" äß€]{0,12}".prop_map(|text: String| text.trim().to_owned());
    let leaf = ("[A-Za-z][A-Za-z0-9_]{0,8}", text).prop_map(|(name, text)| Element {
        name: name.into(),
        text: text.into(),
        ..Element::default()
    });
    leaf.prop_recursive(6, 40, 5, |inner| {
        ("[A-Za-z][A-Za-z0-9_]{0,8}", proptest::collection::vec(inner, 1..5)).prop_map(|(name, children)| Element {
            name: name.into(),
            children,
            ..Element::default()
        })
    })
}

fn write(element: &Element<'_>, out: &mut String) {
    let text = element.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    out.extend(["<n:", &element.name, ">\n", &text]);
    element.children.iter().for_each(|child| write(child, out));
    out.extend(["</n:", &element.name, ">\n"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_text_is_read_or_refused(text in "(<[a-z/!?]{0,3}>?|&[a-z#0-9]{0,4};?|[a-z{}\\[\\]\":, ]){0,30}|.{0,120}") {
        let _ = read_any(&text);
    }

    #[test]
    fn a_tree_written_is_the_tree_read(tree in tree()) {
        let mut text = String::new();
        write(&tree, &mut text);
        prop_assert_eq!(read(&text).unwrap(), tree);
    }
}

#[test]
fn texts_have_no_control_characters_and_an_end() {
    let long = "x".repeat(5000);
    for body in [
        format!("<a><model>DS\u{0}-1&#10;B&#7;</model><name>{long}</name></a>"),
        format!(r#"{{"a":{{"model":"DS\u0000-1\nB\u0007","name":"{long}"}}}}"#),
    ] {
        let root = read_any(&body).unwrap();
        assert_eq!(root.child_text("model"), Some("DS-1 B"), "{body:.60}");
        assert_eq!(root.child_text("name").map(str::len), Some(MOST_TEXT));
    }
    let short = read_any("<a><b>20\u{b0}&#130;C</b><c>\u{9c}</c></a>").unwrap();
    assert_eq!((short.child_text("b"), short.child_text("c")), (Some("20°C"), None));
}
