//! One request and its answer over hyper, within bounds.
//!
//! hyper's connection is driven here, in the caller's own task, and taken apart after each answer:
//! between polls a device costs a socket and no buffers, no task and no wake-ups.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, HOST, WWW_AUTHENTICATE};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, Version};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use siteward_domain::device::{DeviceAddress, Scheme};
use tokio::io::{AsyncRead, ReadBuf};

use crate::call_error::{CallError, unreachable_because};
use crate::transport::Stream;

use super::Answer;
use super::outgoing::{Outgoing, Package};

/// Bytes of an answer's head, and of one read of its body.
const BUFFER_BYTES: usize = 16 * 1024;
/// `WWW-Authenticate` headers of one answer that are read.
const MOST_CHALLENGES: usize = 8;

pub(super) type Connection = http1::Connection<TokioIo<Stream>, Outgoing>;

/// What is asked of a device.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    /// Path and query.
    pub(super) path: &'a str,
    pub(super) content_type: Option<HeaderValue>,
    pub(super) body: Bytes,
    /// A file in place of the body: it is read as it is sent.
    pub(super) package: Option<&'a Package>,
    /// Headers to send along, where a browser's request is handed on, or a session's.
    pub(super) headers: Option<&'a HeaderMap>,
    /// Without the client's own login; a 401 is then an answer like others.
    pub(super) bare: bool,
}

impl<'a> Ask<'a> {
    pub(super) fn get(path: &'a str) -> Self {
        Self {
            method: Method::GET,
            path,
            content_type: None,
            body: Bytes::new(),
            package: None,
            headers: None,
            bare: false,
        }
    }

    /// Whether the device is as it was, however often it hears this.
    pub(super) fn only_reads(&self) -> bool {
        self.method == Method::GET || self.method == Method::HEAD
    }
}

/// An answer, a 401 among them.
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Raw {
    /// Redirects are not followed, whatever they lead to.
    pub(super) fn into_answer(mut self) -> Result<Answer, CallError> {
        if (300..400).contains(&self.status) {
            return Err(CallError::BadAnswer { what: "redirect" });
        }
        Ok(Answer { status: self.status, body: self.body, content_type: self.headers.remove(CONTENT_TYPE) })
    }

    /// `WWW-Authenticate`, as far as it is read.
    pub(super) fn challenges(&self) -> Vec<String> {
        let values = self.headers.get_all(WWW_AUTHENTICATE).iter().take(MOST_CHALLENGES);
        values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    }
}

/// Why an exchange gave nothing.
pub(super) enum Failure {
    /// The connection was closed; on a kept one this says nothing about the device.
    Closed,
    Other(CallError),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Closed => Self::Unreachable { reason: "closed" },
            Failure::Other(error) => error,
        }
    }
}

impl Failure {
    fn bad(what: &'static str) -> Self {
        Self::Other(CallError::BadAnswer { what })
    }

    fn of(error: &hyper::Error) -> Self {
        if error.is_parse_too_large() {
            return Self::bad("head_too_large");
        }
        if error.is_parse() {
            return Self::bad("not_http");
        }
        if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
            return Self::Closed;
        }
        let io = std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>());
        match io.map(unreachable_because) {
            Some(CallError::Unreachable { reason: "closed" }) | None => Self::Closed,
            Some(error) => Self::Other(error),
        }
    }
}

/// The `Host` header for an address; the port is left out where it is the scheme's own.
pub(super) fn host_header(address: &DeviceAddress) -> HeaderValue {
    let host = address.host.trim().trim_matches(['[', ']']);
    let own_port = match address.scheme {
        Scheme::Http => 80,
        Scheme::Https => 443,
    };
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let text = if address.port == own_port { host } else { format!("{host}:{}", address.port) };
    // A host that is no header value is refused by the address policy before anything is sent.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("device"))
}

/// Sends a request and reads the answer; gives the stream back where the device keeps it open.
pub(super) async fn exchange(
    stream: Stream,
    ask: &Ask<'_>,
    body: Outgoing,
    host: &HeaderValue,
    authorization: Option<HeaderValue>,
    most_bytes: usize,
) -> Result<(Raw, Option<Stream>), Failure> {
    // An answer may come before all of a file is sent: what follows on that connection would be the rest of it.
    let is_streamed = body.is_streamed();
    let Begun { head, body, mut connection, mut ended, sender: _sender } =
        begin(stream, ask, body, host, authorization).await?;
    let body = read_body(body, &mut connection, &mut ended, most_bytes).await?;
    let kept = !ended && !is_streamed && head.version == Version::HTTP_11 && !says_close(&head.headers);
    let stream = if kept { take_apart(connection) } else { None };
    Ok((Raw { status: head.status.as_u16(), headers: head.headers, body }, stream))
}

/// An answer of which the head has come, and the body may never end.
pub(super) struct Begun {
    pub(super) head: http::response::Parts,
    pub(super) body: Incoming,
    pub(super) connection: Connection,
    pub(super) ended: bool,
    /// A connection whose sender is gone ends with this answer.
    sender: http1::SendRequest<Outgoing>,
}

/// Sends a request and reads the head of its answer.
pub(super) async fn begin(
    stream: Stream,
    ask: &Ask<'_>,
    body: Outgoing,
    host: &HeaderValue,
    authorization: Option<HeaderValue>,
) -> Result<Begun, Failure> {
    let request = request_of(ask, body, host, authorization)?;
    let forwarded = ask.headers.is_some() && !ask.bare;
    let mut builder = http1::Builder::new();
    // Old servers fold long challenges and put spaces before colons; no proxy stands between to read it otherwise.
    builder.allow_obsolete_multiline_headers_in_responses(true).allow_spaces_after_header_name_in_responses(true);
    let handshake = builder.max_buf_size(BUFFER_BYTES).handshake(TokioIo::new(stream)).await;
    let (mut sender, mut connection) = handshake.map_err(|error| Failure::of(&error))?;
    let mut ended = false;

    let response = {
        let mut answer = pin!(sender.send_request(request));
        poll_fn(|cx| {
            drive(&mut connection, &mut ended, cx);
            match answer.as_mut().poll(cx) {
                Poll::Pending if ended => Poll::Ready(Err(Failure::Closed)),
                polled => polled.map_err(|error| Failure::of(&error)),
            }
        })
        .await?
    };

    let (head, body) = response.into_parts();
    if !forwarded {
        refuse_encoding(&head.headers)?;
    }
    Ok(Begun { head, body, connection, ended, sender })
}

fn request_of(
    ask: &Ask<'_>,
    body: Outgoing,
    host: &HeaderValue,
    authorization: Option<HeaderValue>,
) -> Result<Request<Outgoing>, Failure> {
    // hyper says nothing of the length of no body at all, and devices refuse a write that does not.
    let says_empty = body.is_end_stream() && !ask.only_reads();
    let mut request = Request::new(body);
    *request.method_mut() = ask.method.clone();
    *request.uri_mut() = ask.path.parse().map_err(|_| Failure::bad("path"))?;
    let headers = request.headers_mut();
    match ask.headers {
        Some(others) => headers.clone_from(others),
        None => {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
    }
    headers.insert(HOST, host.clone());
    if let Some(content_type) = &ask.content_type {
        headers.insert(CONTENT_TYPE, content_type.clone());
    }
    if says_empty {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(value) = authorization {
        headers.insert(AUTHORIZATION, value);
    }
    Ok(request)
}

/// Lets the connection work; its errors reach us through the answer or the body.
fn drive(connection: &mut Connection, ended: &mut bool, cx: &mut std::task::Context<'_>) {
    if !*ended && Pin::new(connection).poll(cx).is_ready() {
        *ended = true;
    }
}

pub(super) async fn read_body(
    mut body: Incoming,
    connection: &mut Connection,
    ended: &mut bool,
    most_bytes: usize,
) -> Result<Bytes, Failure> {
    if body.size_hint().lower() > most_bytes as u64 {
        return Err(Failure::bad("too_large"));
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while !body.is_end_stream() {
        let Some(data) = next_data(&mut body, connection, ended).await? else { break };
        if first.len() + rest.len() + data.len() > most_bytes {
            return Err(Failure::bad("too_large"));
        }
        // Nearly every answer is one frame: it is then handed on without a copy.
        if first.is_empty() && rest.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// The next bytes of a body; `None` at its end.
pub(super) async fn next_data(
    body: &mut Incoming,
    connection: &mut Connection,
    ended: &mut bool,
) -> Result<Option<Bytes>, Failure> {
    loop {
        let frame = poll_fn(|cx| {
            drive(connection, ended, cx);
            let mut polled = Pin::new(&mut *body).poll_frame(cx);
            if polled.is_pending() {
                // Asking for the body is what makes the connection read it; it mostly lies there already.
                drive(connection, ended, cx);
                polled = Pin::new(&mut *body).poll_frame(cx);
            }
            match polled {
                Poll::Pending if *ended => Poll::Ready(Some(Err(Failure::Closed))),
                polled => polled.map(|frame| frame.map(|frame| frame.map_err(|error| Failure::of(&error)))),
            }
        })
        .await;
        let Some(frame) = frame else { return Ok(None) };
        if let Ok(data) = frame?.into_data() {
            return Ok(Some(data));
        }
    }
}

/// We ask for `identity`; whatever is packed all the same is not unpacked.
fn refuse_encoding(headers: &HeaderMap) -> Result<(), Failure> {
    let plain = |value: &HeaderValue| value.is_empty() || value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(plain) { Ok(()) } else { Err(Failure::bad("content_encoding")) }
}

fn says_close(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(|word| word.trim().eq_ignore_ascii_case("close")))
}

/// Bytes nobody asked for end the connection: they would be read as the next answer.
fn take_apart(connection: Connection) -> Option<Stream> {
    let parts = connection.into_parts();
    parts.read_buf.is_empty().then(|| parts.io.into_inner())
}

/// Whether a kept connection still stands, as far as one can tell without sending: it neither ended nor spoke.
pub(super) async fn is_quiet(stream: &mut Stream) -> bool {
    let mut byte = [0_u8];
    let mut buffer = ReadBuf::new(&mut byte);
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *stream).poll_read(cx, &mut buffer).is_pending())).await
}
