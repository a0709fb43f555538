//! The security headers of every answer (T16).

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// What the console's pages may do: own scripts only, WebAssembly for the QR reader, pictures and camera as blobs.
const CONSOLE_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/// Pages opened from a mail bring a style and a form, no script at all.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'";
/// Answers of the API are data, never a page.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What an answer is, as far as its headers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Data of the API.
    Api,
    /// A page opened from a mail: its address is a secret.
    Page,
    /// A page of the console opened from a mail: its address is a secret, too.
    SecretConsole,
    /// The console and all else.
    Console,
}

/// The headers, as this server sends them.
pub(crate) struct Headers {
    /// Whether browsers reach the server by TLS, so that it may demand TLS from now on.
    strict_transport: bool,
}

impl Headers {
    /// For a server that is reached by `https` or not.
    pub(crate) fn new(strict_transport: bool) -> Self {
        Self { strict_transport }
    }

    /// Puts those on an answer that a device's own page can live with.
    pub(crate) fn put_on_device_page(&self, headers: &mut HeaderMap) {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
        headers
            .insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
        if self.strict_transport {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
    }

    /// Puts them on an answer.
    pub(crate) fn put(&self, headers: &mut HeaderMap, kind: Kind) {
        let policy = match kind {
            Kind::Api => API_POLICY,
            Kind::Page => PAGE_POLICY,
            Kind::SecretConsole | Kind::Console => CONSOLE_POLICY,
        };
        let referrer = match kind {
            // Never the path. The origin has to be there: by it a form over plain HTTP shows that it is our own.
            Kind::Page => "strict-origin",
            Kind::SecretConsole => "no-referrer",
            Kind::Api | Kind::Console => "same-origin",
        };
        for (name, value) in [
            (CONTENT_SECURITY_POLICY, policy),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (X_FRAME_OPTIONS, "DENY"),
            (REFERRER_POLICY, referrer),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=()"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if kind != Kind::Console {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        if self.strict_transport {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
    }
}
