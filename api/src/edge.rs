//! The edge of the server: what holds for every answer whatever made it.
//!
//! A request id, one log line, the headers of T16, and one form of refusal: errors of the framework
//! (a path that is no route, a body cut off) leave in the same form as ours.

mod headers;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HOST, HeaderName, HeaderValue, RETRY_AFTER};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};
use tracing::Instrument as _;

use crate::error::ApiError;
use crate::error::codes::{self, Code};
use crate::{pages, remote};

pub(crate) use headers::Headers;
use headers::Kind;

/// The id of a request, in its answer's `X-Request-Id`, in refusals and in the log.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Where the API lives; everything else is the console.
pub(crate) const API: &str = "/api/";

/// Middleware around everything.
pub(crate) async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let id = RequestId(hex::encode(rand::random::<[u8; 8]>()));
    let is_remote = remote::is_remote(request.headers().get(HOST).and_then(|host| host.to_str().ok()))
        || remote::is_remote(request.uri().authority().map(actix_web::http::uri::Authority::as_str));
    // The path that routes are found by, and not the spelling of it.
    let path = request.match_info().as_str();
    let is_api = !is_remote && path.starts_with(API);
    let kind = if is_api {
        Kind::Api
    } else if pages::is_page(path) {
        Kind::Page
    } else if pages::is_console_page(path) {
        Kind::SecretConsole
    } else {
        Kind::Console
    };
    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", request.id = %id.0, http.method = %request.method());
    let started = std::time::Instant::now();
    let mut response = if !is_remote && is_disguised(request.path()) {
        let refusal = ApiError::new(codes::BAD_REQUEST).body(&id.0);
        request.into_response(HttpResponse::BadRequest().json(refusal)).map_into_right_body()
    } else {
        let response = next.call(request).instrument(span.clone()).await?;
        if is_api { one_form(response, &id) } else { response.map_into_left_body() }
    };
    span.in_scope(|| log(&response, started.elapsed()));
    let headers = response.request().app_data::<actix_web::web::Data<Headers>>().cloned();
    if let Some(headers) = headers {
        if is_remote {
            headers.put_on_device_page(response.headers_mut());
        } else {
            headers.put(response.headers_mut(), kind);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

/// Whether a path spells a letter or a digit as a number, which no browser does: what reads paths would read two ways.
fn is_disguised(path: &str) -> bool {
    path.as_bytes().windows(3).any(|part| {
        let [b'%', high, low] = part else { return false };
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return false };
        let byte = high * 16 + low;
        byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
    })
}

/// Gives every refusal of the API the one form, with the request's id.
fn one_form<B: MessageBody>(response: ServiceResponse<B>, id: &RequestId) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response.map_into_left_body();
    }
    let ours = response.response().error().and_then(|error| error.as_error::<ApiError>());
    let (body, retry_after) = match ours {
        Some(error) => {
            if let Some(cause) = error.cause() {
                tracing::error!(request.id = %id.0, code = error.code(), cause, "request failed");
            }
            (error.body(&id.0), error.retry_after_seconds())
        }
        None => (ApiError::new(code_of(status)).body(&id.0), None),
    };
    let mut plain = HttpResponse::build(status);
    if let Some(seconds) = retry_after {
        plain.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if let Some(methods) = response.headers().get(ALLOW) {
        plain.insert_header((ALLOW, methods.clone()));
    }
    // Cookies and other headers that a handler set on its refusal stay behind: a refusal sets none.
    let (request, _) = response.into_parts();
    ServiceResponse::new(request, plain.json(body)).map_into_right_body()
}

/// The code for a refusal of the framework itself.
pub(crate) fn code_of(status: StatusCode) -> &'static Code {
    match status {
        StatusCode::NOT_FOUND => codes::NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED => codes::METHOD_NOT_ALLOWED,
        StatusCode::PAYLOAD_TOO_LARGE => codes::BODY_TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => codes::UNSUPPORTED_CONTENT,
        status if status.is_client_error() => codes::BAD_REQUEST,
        _ => codes::INTERNAL,
    }
}

/// One line a request: the route and never the path, so that no text a person typed is in the log.
fn log<B>(response: &ServiceResponse<B>, took: std::time::Duration) {
    let request = response.request();
    let route = request.match_pattern().unwrap_or_else(|| "(no route)".to_owned());
    let method = request.method();
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(http.route = %route, http.status = status, duration_ms, "{method} {route} answered {status}");
    } else {
        tracing::debug!(http.route = %route, http.status = status, duration_ms, "{method} {route} answered {status}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_is_spelled_as_a_number_is_a_disguise() {
        for path in [
            "/api/v1/devices/1/%73napshot",
            "/api/v1/devices/1/snapsho%74",
            "/%61pi",
            "/%2e",
            "/%2D",
            "/%5F%7E",
            "/a%301",
        ] {
            assert!(is_disguised(path), "{path}");
        }
        for path in ["/api/v1/devices/1/snapshot", "/%D0%A1%20", "/%2F", "/%", "/%7", "/%zz", "/100%25", ""] {
            assert!(!is_disguised(path), "{path}");
        }
    }
}
