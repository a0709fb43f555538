//! Bodies that are no UTF-8: names typed on old firmware, or cut in the middle of a character.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};

/// How far the declaration of an encoding is looked for.
const DECLARATION_BYTES: usize = 200;

/// The encoding declared, if it is another; else UTF-8 with its broken characters replaced; where not one
/// character is whole UTF-8, GB18030, and what does not fit that, Latin-1.
pub(super) fn decode(body: &[u8]) -> Cow<'_, str> {
    if let Some(encoding) = declared(body).filter(|encoding| *encoding != UTF_8) {
        return encoding.decode_without_bom_handling(body).0;
    }
    let replaced = String::from_utf8_lossy(body);
    if replaced.chars().any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER) {
        return replaced;
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(body)
        .unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(body).0)
}

/// What `<?xml version="1.0" encoding="…"?>` says.
fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(body.get(..DECLARATION_BYTES.min(body.len()))?);
    let (declaration, _) = start.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let label = after.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    Encoding::for_label(label.split(['"', '\'']).next()?.trim().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_declared_is_believed_where_it_is_not_utf8() {
        for (encoding, bytes, text) in [
            ("GBK", &b"\xB4\xF3\xC3\xC5"[..], "大门"),
            ("gb2312", b"\xB4\xF3\xC3\xC5", "大门"),
            ("ISO-8859-1", b"Caf\xE9 \xD1and\xFA", "Café Ñandú"),
            ("windows-1251", b"\xC4\xE2\xEE\xF0", "Двор"),
        ] {
            let head = format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><name>");
            let body = [head.as_bytes(), bytes, b"</name>"].concat();
            assert_eq!(decode(&body), format!("{head}{text}</name>"));
        }
    }

    #[test]
    fn without_a_word_on_it_whole_characters_decide() {
        assert_eq!(decode(b"<name>\xB4\xF3\xC3\xC5</name>"), "<name>大门</name>");
        assert_eq!(decode(b"<name>Caf\xE9</name>"), "<name>Café</name>");
        // A name cut after so many bytes loses its last character and no more.
        let cut = [b"<?xml version='1.0' encoding='UTF-8'?><name>\xE5\xA4\xA7\xE9\x97".as_slice(), b"</name>"].concat();
        assert_eq!(decode(&cut), "<?xml version='1.0' encoding='UTF-8'?><name>大\u{FFFD}</name>");
    }
}
