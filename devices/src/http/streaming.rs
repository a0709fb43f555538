//! An answer without an end: an event stream. The login is the same as for any other question, and a refused one is final;
//! what comes then is handed on as it comes.

use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::DeviceClient;
use super::exchange::{self, Ask, Begun, Raw};
use super::outgoing::Outgoing;
use crate::call_error::CallError;
use crate::isapi;

/// Requests at most: one that is challenged, its answer, and one more for a stale nonce.
const MOST_REQUESTS: u8 = 3;

/// The body of an answer that is still coming, and the connection that it comes on.
pub(crate) struct Endless {
    begun: Box<Begun>,
}

impl DeviceClient {
    /// Asks for a resource whose answer does not end, within the bounds of a call up to its head; the client ends with it.
    ///
    /// Errors as of [`Self::get`]; [`CallError::NotSupported`] where the device answers with something that ends.
    pub(crate) async fn open_endless(mut self, path: &str) -> Result<Endless, CallError> {
        if let Some(refused) = self.refused() {
            return Err(refused.clone());
        }
        let longest = self.limits.call;
        let opening = self.begin_endless(path);
        tokio::time::timeout(longest, opening).await.unwrap_or(Err(CallError::Unreachable { reason: "timeout" }))
    }

    async fn begin_endless(&mut self, path: &str) -> Result<Endless, CallError> {
        let ask = Ask::get(path);
        let mut rounds = 0;
        for _ in 0..MOST_REQUESTS {
            let stream = match self.stream.take() {
                Some(stream) => stream,
                None => self.connect().await?,
            };
            let authorization = self.authorization_value(&ask)?;
            let logged_in = authorization.is_some();
            let body = Outgoing::of(Bytes::new());
            let begun = exchange::begin(stream, &ask, body, &self.host, authorization).await?;
            if begun.head.status == http::StatusCode::OK && begun.is_endless() {
                return Ok(Endless { begun: Box::new(begun) });
            }
            let raw = begun.read_whole(self.limits.body_bytes).await?;
            if raw.status != 401 {
                return Err(why_not(raw));
            }
            rounds += u8::from(logged_in);
            self.meet_challenge(&raw, logged_in, rounds)?;
        }
        Err(CallError::BadAnswer { what: "endless_challenges" })
    }
}

/// What an answer that ends says of the resource.
fn why_not(raw: Raw) -> CallError {
    match raw.into_answer() {
        Ok(answer) => isapi::read_answer(&answer, |_| Some(())).err().unwrap_or(CallError::NotSupported),
        Err(error) => error,
    }
}

impl Begun {
    /// Whether what comes is a stream of parts.
    fn is_endless(&self) -> bool {
        let content_type = self.head.headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes).unwrap_or_default();
        content_type.trim_ascii_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"))
    }

    /// The rest of an answer that ends. The connection is not used again.
    pub(super) async fn read_whole(mut self, most_bytes: usize) -> Result<Raw, CallError> {
        let body = exchange::read_body(self.body, &mut self.connection, &mut self.ended, most_bytes).await?;
        Ok(Raw { status: self.head.status.as_u16(), headers: self.head.headers, body })
    }
}

impl Endless {
    /// `Content-Type` as the device says it.
    pub(crate) fn content_type(&self) -> String {
        let value = self.begun.head.headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes).unwrap_or_default();
        String::from_utf8_lossy(value).into_owned()
    }

    /// The next bytes; `None` when the device has ended it.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        let Begun { body, connection, ended, .. } = &mut *self.begun;
        Ok(exchange::next_data(body, connection, ended).await?)
    }
}

impl std::fmt::Debug for Endless {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Endless").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[test]
    fn an_answer_that_ends_says_that_there_is_no_stream() {
        let raw = |status, body: &'static str| Raw { status, headers: HeaderMap::new(), body: body.into() };
        let refused =
            "<ResponseStatus><statusCode>4</statusCode><subStatusCode>notSupport</subStatusCode></ResponseStatus>";
        assert_eq!(why_not(raw(403, refused)), CallError::NotSupported);
        assert_eq!(why_not(raw(200, "")), CallError::NotSupported);
        assert_eq!(why_not(raw(200, "<EventNotificationAlert/>")), CallError::NotSupported);
        assert_eq!(why_not(raw(302, "")), CallError::BadAnswer { what: "redirect" });
    }
}
