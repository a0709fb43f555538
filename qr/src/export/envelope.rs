//! Header, base64 and zlib: from a QR text to the list inside it.
//!
//! Header lengths are not reliable, so the body is looked for where base64 of a zlib stream can begin.

use flate2::{Decompress, FlushDecompress, Status};

use super::base64_text::{self, NotBase64};
use super::{ExportError, MAX_INFLATED_BYTES, MAX_TEXT_BYTES};

/// Known beginnings, in capitals, with the usual length of the header.
const HEADERS: [(&str, usize); 3] = [("QRC", 11), ("IVMS", 12), ("DVR/NVR", 13)];
/// How far a body is looked for.
const SEARCHED: usize = 32;

/// An opened code.
pub(super) struct Envelope {
    pub(super) header: String,
    /// ASCII, without line ends and NUL.
    pub(super) payload: String,
}

/// Opens a text: header off, base64 decoded, inflated.
pub(super) fn open(text: &str) -> Result<Envelope, ExportError> {
    let text = compact(text)?;
    let usual = usual_header(&text).ok_or(ExportError::UnknownHeader)?;
    if text.len() <= usual {
        return Err(ExportError::Truncated);
    }
    let mut first_error = None;
    for start in body_starts(&text, usual) {
        match inflate_body(text.get(start..).unwrap_or_default()) {
            Ok(payload) => {
                let header = text.get(..start).unwrap_or_default().to_owned();
                return Ok(Envelope { header, payload: plain_list(payload)? });
            }
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.unwrap_or(ExportError::BadZlib))
}

/// Whether a text has the form of an export, be its header known or not and its body whole or not.
pub(crate) fn has_body(text: &str) -> bool {
    let Ok(compact) = compact(text) else { return is_usual_header(text.trim_start_matches(is_invisible)) };
    let whole_at =
        |start| starts_like_zlib(&compact, start) && inflate_body(compact.get(start..).unwrap_or_default()).is_ok();
    is_usual_header(&compact)
        || (usual_header(&compact).is_some() && (0..SEARCHED).any(|start| starts_like_zlib(&compact, start)))
        || (0..SEARCHED).any(whole_at)
}

/// A known beginning and eight digits, or the long one: nothing else looks like that, whatever follows.
fn is_usual_header(text: &str) -> bool {
    HEADERS.into_iter().any(|(beginning, length)| {
        let digits =
            text.get(beginning.len()..length).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        begins_with(text, beginning) && (digits || beginning.len() > 4)
    })
}

fn begins_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|found| found.eq_ignore_ascii_case(beginning))
}

/// White space, controls and what chats and editors put into a copied text.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}')
}

/// The text without what readers and people put around and into it.
fn compact(text: &str) -> Result<String, ExportError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(ExportError::TooLong);
    }
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    if text.is_ascii() { Ok(text) } else { Err(ExportError::NotAscii) }
}

fn usual_header(text: &str) -> Option<usize> {
    HEADERS.into_iter().find_map(|(beginning, length)| begins_with(text, beginning).then_some(length))
}

/// Where the body may begin, likeliest first; without any sign of one, where it usually does.
fn body_starts(text: &str, usual: usize) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    for start in [usual, 11, 12, 13].into_iter().chain(0..SEARCHED) {
        if !starts.contains(&start) && starts_like_zlib(text, start) {
            starts.push(start);
        }
    }
    if starts.is_empty() {
        starts.push(usual);
    }
    starts
}

/// The first two letters of base64 of a zlib header with a 32 KiB window, at each of its four levels.
fn starts_like_zlib(text: &str, start: usize) -> bool {
    matches!(text.get(start..start + 2), Some("eJ" | "eN" | "eA" | "eF"))
}

fn inflate_body(body: &str) -> Result<Vec<u8>, ExportError> {
    match base64_text::decode(body) {
        // One letter too many at the end is forgiven if the stream is whole without it.
        Ok(bytes) | Err(NotBase64::Cut(bytes)) => inflate(&bytes),
        Err(NotBase64::Character) => Err(ExportError::BadBase64),
    }
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, ExportError> {
    let mut stream = Decompress::new(true);
    let mut out = Vec::with_capacity(MAX_INFLATED_BYTES + 1);
    let mut rest = bytes;
    loop {
        let (taken, given) = (stream.total_in(), stream.total_out());
        let status = stream.decompress_vec(rest, &mut out, FlushDecompress::None).map_err(|_| ExportError::BadZlib)?;
        let step = usize::try_from(stream.total_in() - taken).unwrap_or_default();
        rest = rest.get(step..).unwrap_or_default();
        if out.len() > MAX_INFLATED_BYTES {
            return Err(ExportError::InflatesTooMuch);
        }
        if status == Status::StreamEnd {
            // Some encoders hand over their whole buffer: NULs after the end mean nothing.
            return if rest.iter().all(|byte| *byte == 0) { Ok(out) } else { Err(ExportError::BadZlib) };
        }
        if step == 0 && stream.total_out() == given {
            return Err(ExportError::Truncated);
        }
    }
}

fn plain_list(payload: Vec<u8>) -> Result<String, ExportError> {
    let payload = String::from_utf8(payload).map_err(|_| ExportError::NotAscii)?;
    if !payload.is_ascii() {
        return Err(ExportError::NotAscii);
    }
    Ok(payload.chars().filter(|c| !matches!(c, '\r' | '\n' | '\t' | '\0')).collect())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn body(payload: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(payload).unwrap();
        encoder.finish().unwrap()
    }

    fn error(text: &str) -> Option<ExportError> {
        open(text).err()
    }

    #[test]
    fn every_header_and_odd_header_lengths_are_found() {
        let body = base64_text::encode(&body(b"list", 6));
        for header in [
            "QRC03010003",
            "qrc03010003",
            "iVMS42010001",
            "IVMS42010001",
            "DVR/NVR000000",
            "QRC1",
            "iVMS4200-v2.8-00001",
        ] {
            let opened = open(&format!("\u{FEFF} {header}\u{200B}{body}\0\n")).ok().unwrap();
            assert_eq!((opened.header.as_str(), opened.payload.as_str()), (header, "list"));
        }
        assert_eq!(error(&format!("ABC03010003{body}")), Some(ExportError::UnknownHeader));
        assert!(has_body(&format!("ABC03010003{body}")));
    }

    #[test]
    fn every_zlib_level_and_line_ends_in_the_body_are_read() {
        for level in 0..=9 {
            let text = base64_text::encode(&body(b"a list that is long enough to wrap a line", level));
            let wrapped: Vec<&str> =
                text.as_bytes().chunks(20).map(|part| std::str::from_utf8(part).unwrap()).collect();
            assert!(open(&format!("QRC03010003{}", wrapped.join("\r\n"))).is_ok(), "level {level}");
        }
    }

    #[test]
    fn damage_is_named() {
        let whole = body(b"some list, not very repetitive 0123456789", 6);
        let with = |bytes: &[u8]| format!("QRC03010003{}", base64_text::encode(bytes));
        assert_eq!(error("QRC03010003"), Some(ExportError::Truncated));
        assert_eq!(error("QRC03010003eJ!!"), Some(ExportError::BadBase64));
        assert_eq!(error(&with(b"not zlib at all")), Some(ExportError::BadZlib));
        assert_eq!(error("QRC03010003eJwé"), Some(ExportError::NotAscii));
        for end in 2..whole.len() {
            assert_eq!(error(&with(&whole[..end])), Some(ExportError::Truncated), "{end}");
        }
        let mut wrong = whole.clone();
        *wrong.last_mut().unwrap() ^= 1;
        assert_eq!(error(&with(&wrong)), Some(ExportError::BadZlib));
        assert!(open(&with(&[whole.as_slice(), &[0; 5]].concat())).is_ok());
        assert_eq!(error(&with(&[whole.as_slice(), b"more"].concat())), Some(ExportError::BadZlib));
        assert_eq!(error(&with(&body("é".as_bytes(), 6))), Some(ExportError::NotAscii));
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(error(&format!("QRC03010003eJ{}", "A".repeat(4096))), Some(ExportError::TooLong));
        let with = |size| error(&format!("QRC03010003{}", base64_text::encode(&body(&vec![b'A'; size], 9))));
        assert_eq!(with(MAX_INFLATED_BYTES), None);
        assert_eq!(with(MAX_INFLATED_BYTES + 1), Some(ExportError::InflatesTooMuch));
        assert_eq!(with(2_000_000), Some(ExportError::InflatesTooMuch));
    }
}
