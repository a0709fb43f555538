//! HTTP/1.1 as far as a device needs it: requests out of a buffer, heads of answers into one.
//!
//! By hand rather than with a server library: hostile answers are written byte by byte, and the simulator must answer
//! faster than anybody can ask.

use std::io::Write as _;

use crate::upgrade;

/// The largest request that is read.
pub(crate) const LARGEST_REQUEST: usize = 64 * 1024;

/// A request, borrowed from the connection's buffer.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) authorization: Option<&'a str>,
    pub(crate) cookie: Option<&'a str>,
    /// `X-Userlevel`: as whom somebody wants to be seen who is two.
    pub(crate) user_level: Option<&'a str>,
    pub(crate) keep_alive: bool,
    pub(crate) body: &'a [u8],
}

/// What stands in the buffer.
pub(crate) enum Parsed<'a> {
    /// Not all of it is there yet.
    Incomplete,
    /// A request and how many bytes it took.
    Request(Request<'a>, usize),
    /// No HTTP.
    Bad,
}

/// Reads the request at the front of the buffer.
pub(crate) fn parse(buffer: &[u8]) -> Parsed<'_> {
    let Some(head_end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if buffer.len() > LARGEST_REQUEST { Parsed::Bad } else { Parsed::Incomplete };
    };
    let Some(head) = buffer.get(..head_end).and_then(|bytes| str::from_utf8(bytes).ok()) else { return Parsed::Bad };
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version)) = (first.next(), first.next(), first.next()) else {
        return Parsed::Bad;
    };
    if !version.starts_with("HTTP/1.") {
        return Parsed::Bad;
    }
    let mut request = Request {
        method,
        target,
        authorization: None,
        cookie: None,
        user_level: None,
        keep_alive: version != "HTTP/1.0",
        body: &[],
    };
    let mut length = 0;
    for line in lines {
        let Some((name, value)) = line.split_once(':') else { return Parsed::Bad };
        let value = value.trim();
        if name.eq_ignore_ascii_case("authorization") {
            request.authorization = Some(value);
        } else if name.eq_ignore_ascii_case("cookie") {
            request.cookie = Some(value);
        } else if name.eq_ignore_ascii_case("x-userlevel") {
            request.user_level = Some(value);
        } else if name.eq_ignore_ascii_case("content-length") {
            let Ok(given) = value.parse::<usize>() else { return Parsed::Bad };
            length = given;
        } else if name.eq_ignore_ascii_case("connection") {
            request.keep_alive = !value.eq_ignore_ascii_case("close")
                && (request.keep_alive || value.eq_ignore_ascii_case("keep-alive"));
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Parsed::Bad;
        }
    }
    let largest = if upgrade::takes_files(target) { upgrade::LARGEST_FILE } else { LARGEST_REQUEST };
    if length > largest {
        return Parsed::Bad;
    }
    let start = head_end + 4;
    match buffer.get(start..start + length) {
        Some(body) => {
            request.body = body;
            Parsed::Request(request, start + length)
        }
        None => Parsed::Incomplete,
    }
}

/// Writes a whole answer; `extra` is header lines, each with its line end.
pub(crate) fn answer(out: &mut Vec<u8>, status: u16, content_type: &str, extra: &str, keep_alive: bool, body: &[u8]) {
    let connection = if keep_alive { "keep-alive" } else { "close" };
    let _ = write!(
        out,
        "HTTP/1.1 {status} {}\r\nServer: App-webs/\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: {connection}\r\n{extra}\r\n",
        reason(status),
        body.len(),
    );
    out.extend_from_slice(body);
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        422 => "Unprocessable Content",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_once_it_is_whole() {
        let text =
            b"PATCH /devices/3 HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\nAUTHORIZATION: Basic eA==\r\n\r\nbodyGET /";
        for cut in 0..text.len() - 5 {
            assert!(matches!(parse(&text[..cut]), Parsed::Incomplete), "cut at {cut}");
        }
        let Parsed::Request(request, used) = parse(text) else { panic!("not read") };
        assert_eq!((request.method, request.target, request.body), ("PATCH", "/devices/3", b"body".as_slice()));
        assert_eq!((request.authorization, request.keep_alive), (Some("Basic eA=="), true));
        assert_eq!(text.len() - used, 5);
    }

    #[test]
    fn what_is_no_http_is_refused() {
        for text in
            ["\x16\x03\x01\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1\r\nnonsense\r\n\r\n", "GET / SIP/2.0\r\n\r\n"]
        {
            assert!(matches!(parse(text.as_bytes()), Parsed::Bad), "{text:?}");
        }
    }
}
