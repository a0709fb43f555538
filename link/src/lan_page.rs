//! A small page for whoever is in this network: it shows a code that proves just that to the platform (R-U1).
//!
//! It needs no script and no app, is served to private addresses only, and says nothing of devices, owners or the link.

mod codes;
mod html;
mod language;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::config;
use codes::Codes;
use language::Language;

/// Callers that are served at once.
const MOST_CALLERS: usize = 32;
/// How long a caller may take, from its first byte to our last.
const PATIENCE: Duration = Duration::from_secs(10);
/// When the port is tried again after it could not be had.
const AGAIN: Duration = Duration::from_secs(60);
/// Names that only a network of its own gives; a name of the internet may be made to lead here by somebody's page.
const LOCAL_ENDS: [&str; 4] = [".local", ".lan", ".internal", ".home.arpa"];
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page, and the codes that it shows.
pub(crate) struct LanPage {
    settings: config::LanPage,
    platform_url: String,
    codes: Codes,
    callers: Arc<Semaphore>,
}

impl LanPage {
    pub(crate) fn new(settings: config::LanPage, platform_url: &str) -> Self {
        let platform_url = platform_url.trim().trim_end_matches('/').to_owned();
        Self { settings, platform_url, codes: Codes::default(), callers: Arc::new(Semaphore::new(MOST_CALLERS)) }
    }

    /// Whether a code is one that is shown now; it is not from then on. `None`: there is no page.
    pub(crate) fn take(&self, code: &str) -> Option<bool> {
        self.settings.enabled.then(|| self.codes.take(code, Instant::now()))
    }

    /// Where the page is for somebody in the network of a device at `ip`.
    pub(crate) fn url_beside(&self, ip: IpAddr) -> Option<String> {
        let own = own_address_towards(ip).filter(|_| self.settings.enabled)?;
        let listens = self.settings.address;
        let host = if listens.is_unspecified() { own } else { listens };
        Some(format!("http://{}", SocketAddr::new(host, self.settings.port)))
    }

    /// Serves the page for ever. A port that cannot be had costs the page and nothing else.
    pub(crate) async fn serve(self: Arc<Self>) {
        if !self.settings.enabled {
            return std::future::pending().await;
        }
        let place = SocketAddr::new(self.settings.address, self.settings.port);
        loop {
            match TcpListener::bind(place).await {
                Ok(listener) => {
                    tracing::info!(%place, "the page of this network is served");
                    Arc::clone(&self).accept(listener).await;
                }
                Err(error) => tracing::warn!(%error, %place, "the page of this network cannot be served"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn accept(self: Arc<Self>, listener: TcpListener) {
        loop {
            let Ok(permit) = Arc::clone(&self.callers).acquire_owned().await else { return };
            let (stream, peer) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::debug!(%error, "a caller of the page was lost");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            if !is_private(peer.ip()) {
                continue;
            }
            let page = Arc::clone(&self);
            tokio::spawn(async move {
                let _ = tokio::time::timeout(PATIENCE, page.speak(stream)).await;
                drop(permit);
            });
        }
    }

    async fn speak(&self, stream: TcpStream) {
        let answer = |request: Request<hyper::body::Incoming>| {
            let response = self.answer(request.method(), request.uri(), request.headers(), Instant::now());
            async move { Ok::<_, Infallible>(response) }
        };
        let mut serving = http1::Builder::new();
        serving.keep_alive(false).max_buf_size(16 * 1024);
        if let Err(error) = serving.serve_connection(TokioIo::new(stream), service_fn(answer)).await {
            tracing::debug!(%error, "a caller of the page went");
        }
    }

    fn answer(&self, method: &Method, uri: &http::Uri, headers: &HeaderMap, now: Instant) -> Response<Full<Bytes>> {
        let (status, body) = if !is_local_name(headers) {
            (StatusCode::MISDIRECTED_REQUEST, String::new())
        } else if method != Method::GET && method != Method::HEAD {
            (StatusCode::METHOD_NOT_ALLOWED, String::new())
        } else if uri.path() == "/" {
            let shown = self.codes.show(now);
            (StatusCode::OK, html::page(&shown, &self.platform_url, Language::of(uri, headers)))
        } else {
            (StatusCode::NOT_FOUND, String::new())
        };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = status;
        let told = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ] {
            told.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// Whether the page was asked for by an address, or by a name that only this network knows. Else a page of the internet
/// could read the code by a name of its own that it lets lead here.
fn is_local_name(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let authority: Option<http::uri::Authority> = host.parse().ok();
    let name = authority.as_ref().map_or("", |authority| authority.host()).to_lowercase();
    let bare = name.trim_matches(['[', ']']);
    let is_address = bare.parse::<IpAddr>().is_ok();
    is_address || (!bare.is_empty() && (!bare.contains('.') || LOCAL_ENDS.iter().any(|end| bare.ends_with(end))))
}

/// Whether an address is one of a network of its own.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// From which address of this box another would be spoken to. Nothing is sent.
fn own_address_towards(ip: IpAddr) -> Option<IpAddr> {
    let any: SocketAddr = if ip.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect((ip, 9)).ok()?;
    socket.local_addr().ok().map(|own| own.ip())
}

#[cfg(test)]
mod tests;
