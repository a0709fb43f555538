//! Asking without the client's own login: what a session's cookie lets in, and what makes such a session.

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method};

use super::exchange::Ask;
use super::{Answer, DeviceClient};
use crate::call_error::CallError;

/// `Set-Cookie` headers of one answer that are read.
const MOST_COOKIES: usize = 4;

/// An answer, a 401 among them, and the cookies that came with it.
pub(crate) struct Bare {
    pub(crate) answer: Answer,
    pub(crate) cookies: Vec<HeaderValue>,
}

impl DeviceClient {
    /// Asks with these headers and no `Authorization`, within the bounds of any call. A challenge is not taken up.
    ///
    /// What writes is sent once: a connection that breaks in the middle is [`CallError::Unreachable`] with `closed`.
    pub(crate) async fn ask_bare(
        &mut self,
        method: Method,
        path: &str,
        mut headers: HeaderMap,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Result<Bare, CallError> {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let content_type = content_type.map(HeaderValue::from_static);
        let ask = Ask { method, path, content_type, body, package: None, headers: Some(&headers), bare: true };
        let raw = self.ask(&ask).await?;
        let cookies = raw.headers.get_all(SET_COOKIE).iter().take(MOST_COOKIES).cloned().collect();
        Ok(Bare { answer: raw.into_answer()?, cookies })
    }
}
