//! Handing a browser's request on to a device (remote configuration): our login is added, the rest is the browser's.

use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, Method};

use super::DeviceClient;
use super::exchange::Ask;
use crate::call_error::CallError;

/// Bytes of a body that is handed on, at most.
pub const MOST_FORWARDED: usize = 8 * 1024 * 1024;

/// A request to hand on.
#[derive(Debug, Clone)]
pub struct Forward {
    /// The method.
    pub method: Method,
    /// Path and query, as the browser sent them.
    pub path_and_query: String,
    /// The headers that the device may see. Those of a single connection, `Host` and credentials are left out anyway.
    pub headers: HeaderMap,
    /// The body, up to [`MOST_FORWARDED`].
    pub body: Bytes,
}

/// What the device said to it, redirects among it.
#[derive(Debug, Clone)]
pub struct Forwarded {
    /// HTTP status.
    pub status: u16,
    /// The headers but those of a single connection.
    pub headers: HeaderMap,
    /// The body, packed as `Content-Encoding` says.
    pub body: Bytes,
}

/// What belongs to one connection, or to a login, and is not handed on.
const NOT_FORWARDED: [HeaderName; 11] = [
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    HOST,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

impl DeviceClient {
    /// Hands a request on and gives the answer as it is, up to `most_bytes` of body.
    ///
    /// A body that is too large is [`CallError::BadAnswer`] with `body_too_large` (the request's) or `too_large` (the
    /// answer's). A write is never repeated.
    pub async fn forward(&mut self, forward: Forward, most_bytes: usize) -> Result<Forwarded, CallError> {
        if forward.body.len() > MOST_FORWARDED {
            return Err(CallError::BadAnswer { what: "body_too_large" });
        }
        let mut headers = forward.headers;
        strip(&mut headers);
        let ask = Ask {
            method: forward.method,
            path: &forward.path_and_query,
            content_type: None,
            body: forward.body,
            package: None,
            headers: Some(&headers),
            bare: false,
        };
        let mut raw = self.ask_within(&ask, most_bytes).await?;
        strip(&mut raw.headers);
        raw.headers.remove(WWW_AUTHENTICATE);
        Ok(Forwarded { status: raw.status, headers: raw.headers, body: raw.body })
    }
}

fn strip(headers: &mut HeaderMap) {
    for name in &NOT_FORWARDED {
        headers.remove(name);
    }
    headers.remove("keep-alive");
}
