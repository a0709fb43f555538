//! A picture of a channel, as it is now.

use bytes::Bytes;

use crate::call_error::CallError;
use crate::http::{Answer, DeviceClient, Limits};
use crate::isapi::{read_answer, text_of};

/// Bytes of a picture at most.
pub const MOST_PICTURE_BYTES: usize = 4 * 1024 * 1024;

/// A picture.
#[derive(Clone)]
pub struct Snapshot {
    /// Always JPEG: nothing else is let through.
    pub content_type: &'static str,
    /// The picture.
    pub bytes: Bytes,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Snapshot({} bytes)", self.bytes.len())
    }
}

/// The picture of a channel's main stream.
pub async fn snapshot(client: &mut DeviceClient, channel: u32) -> Result<Snapshot, CallError> {
    let usual = client.limits();
    client.set_limits(Limits { body_bytes: MOST_PICTURE_BYTES, ..usual });
    let answered = client.get(&format!("/ISAPI/Streaming/channels/{channel}01/picture")).await;
    client.set_limits(usual);
    picture(answered?)
}

/// A picture is told by its bytes: some devices send a refusal with status 200, and some call a picture text.
fn picture(answer: Answer) -> Result<Snapshot, CallError> {
    if answer.status == 200 && is_jpeg(&answer.body) {
        return Ok(Snapshot { content_type: "image/jpeg", bytes: answer.body });
    }
    // Gives the refusal, where it is one.
    if answer.status != 200 || text_of(&answer.body).trim_start().starts_with(['<', '{']) {
        read_answer(&answer, |_| None::<()>)?;
    }
    Err(CallError::BadAnswer { what: "not_a_picture" })
}

/// Begins as JPEG does and has come to its end; some cameras pad what follows.
fn is_jpeg(bytes: &[u8]) -> bool {
    let end = bytes.len() - bytes.iter().rev().take_while(|byte| matches!(byte, 0 | b'\r' | b'\n')).count();
    bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.get(..end).is_some_and(|bytes| bytes.ends_with(&[0xff, 0xd9]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(status: u16, body: &[u8]) -> Result<Snapshot, CallError> {
        picture(Answer { status, body: Bytes::copy_from_slice(body), content_type: None })
    }

    #[test]
    fn only_a_whole_jpeg_is_a_picture() {
        let whole = b"\xff\xd8\xff\xe0 picture \xff\xd9";
        assert_eq!(judged(200, whole).unwrap().content_type, "image/jpeg");
        assert!(judged(200, &[whole.as_slice(), b"\r\n\0\0"].concat()).is_ok());
        let cut = &whole[..whole.len() - 1];
        for other in [cut, b"\x89PNG\r\n", b"", b"nothing"] {
            assert_eq!(judged(200, other).unwrap_err(), CallError::BadAnswer { what: "not_a_picture" });
        }
        assert!(judged(500, whole).is_err());
    }

    #[test]
    fn a_refusal_in_place_of_a_picture_is_told() {
        let busy =
            b"<ResponseStatus><statusCode>3</statusCode><subStatusCode>deviceError</subStatusCode></ResponseStatus>";
        let refused = CallError::Refused { status_code: 3, sub_status_code: "deviceError".into() };
        assert_eq!(judged(200, busy).unwrap_err(), refused);
        assert_eq!(judged(503, busy).unwrap_err(), refused);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn any_body_is_judged(status in 200_u16..600, body in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(picture) = judged(status, &body) {
                prop_assert!(status == 200 && picture.bytes.starts_with(&[0xff, 0xd8]));
            }
        }
    }
}
