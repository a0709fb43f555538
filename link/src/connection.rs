//! A connection to the platform: TCP, TLS on it, and what is spoken over them.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Uri};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::Wire;
use siteward_devices::tunnel::websocket::{KeepAlive, Tungstenite, WebSocketIo, tungstenite_config};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// Time for name, TCP, TLS and the first answer together.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Not an `https://` or `http://` address.
    #[error("not the address of a platform: write https:// and its name")]
    Url,
    /// Without TLS everybody between could read passwords.
    #[error("the platform must be reached by https (or permit http for a trial: --insecure-http)")]
    NoTls,
    /// The file of certificates cannot be used.
    #[error("no certificate could be read from {0}")]
    Ca(String),
    /// The platform does not know this link, or has ended it.
    #[error("the platform has ended this link: enrol it again")]
    Refused,
    /// The code was wrong, used or too old.
    #[error("the platform does not take this code: it is wrong, used or too old")]
    Code,
    /// The platform answered something else.
    #[error("the platform answered with status {0}")]
    Status(u16),
    /// Not what a platform says.
    #[error("the answer is not that of a platform")]
    NotAPlatform,
    /// The network, a name, or TLS.
    #[error("the platform cannot be reached: {0}")]
    Io(#[from] io::Error),
}

/// Where a platform is, and how it is trusted.
#[derive(Clone)]
pub(crate) struct Platform {
    host: String,
    port: u16,
    path: String,
    tls: Option<TlsConnector>,
}

impl Platform {
    /// Reads an address; `ca` is trusted besides the public certificates.
    pub(crate) fn new(url: &str, ca: Option<&Path>, insecure_http: bool) -> Result<Self, ConnectError> {
        let uri: Uri = url.trim().trim_end_matches('/').parse().map_err(|_| ConnectError::Url)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(ConnectError::Url)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(ConnectError::Url),
        };
        if uri.query().is_some() {
            return Err(ConnectError::Url);
        }
        if !is_tls && !insecure_http && !is_here(&host) {
            return Err(ConnectError::NoTls);
        }
        let tls = if is_tls { Some(TlsConnector::from(Arc::new(tls_config(ca)?))) } else { None };
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { host, port, path: uri.path().trim_end_matches('/').to_owned(), tls })
    }

    /// The value of `Host`.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.tls.is_some() { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// The path of a resource of the API.
    pub(crate) fn path_of(&self, resource: &str) -> String {
        format!("{}/api/v1{resource}", self.path)
    }

    /// Connects, as far as TLS goes.
    pub(crate) async fn connect(&self) -> Result<Box<dyn Wire>, ConnectError> {
        let connecting = async {
            let tcp = TcpStream::connect((self.host.as_str(), self.port)).await?;
            // Small frames should not wait for each other.
            let _ = tcp.set_nodelay(true);
            let Some(tls) = &self.tls else { return Ok::<Box<dyn Wire>, ConnectError>(Box::new(tcp)) };
            let name = ServerName::try_from(self.host.clone()).map_err(|_| ConnectError::Url)?;
            Ok(Box::new(tls.connect(name, tcp).await?))
        };
        within(connecting).await
    }

    /// Opens the session's WebSocket.
    pub(crate) async fn open_session(
        &self,
        token: &SecretString,
    ) -> Result<WebSocketIo<Tungstenite<Box<dyn Wire>>>, ConnectError> {
        let wire = self.connect().await?;
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{}", self.authority(), self.path_of("/link/session"));
        let mut request = url.into_client_request().map_err(|_| ConnectError::Url)?;
        let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
        let mut bearer = HeaderValue::from_str(bearer.expose_secret()).map_err(|_| ConnectError::Refused)?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        let opening = async {
            tokio_tungstenite::client_async_with_config(request, wire, Some(tungstenite_config()))
                .await
                .map_err(|error| told(&error))
        };
        let (socket, _) = within(opening).await?;
        Ok(WebSocketIo::new(Tungstenite(socket), KeepAlive::CLIENT))
    }
}

/// Bounds a step in time.
pub(crate) async fn within<T>(step: impl Future<Output = Result<T, ConnectError>>) -> Result<T, ConnectError> {
    tokio::time::timeout(PATIENCE, step).await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
}

fn told(error: &tungstenite::Error) -> ConnectError {
    match error {
        tungstenite::Error::Http(answer) => match answer.status().as_u16() {
            401 | 403 | 410 => ConnectError::Refused,
            status => ConnectError::Status(status),
        },
        tungstenite::Error::Io(error) => io::Error::new(error.kind(), error.to_string()).into(),
        _ => ConnectError::NotAPlatform,
    }
}

/// This machine: whoever could listen on it needs no network for that.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn tls_config(ca: Option<&Path>) -> Result<ClientConfig, ConnectError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = ca {
        let unusable = || ConnectError::Ca(path.display().to_string());
        let certificates = CertificateDer::pem_file_iter(path).map_err(|_| unusable())?;
        let (added, _) = roots.add_parsable_certificates(certificates.filter_map(Result::ok));
        if added == 0 {
            return Err(unusable());
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| io::Error::other(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> Option<ConnectError> {
        Platform::new(url, None, false).err()
    }

    #[test]
    fn tls_is_needed_but_on_this_machine() {
        for url in ["https://siteward.example", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080/"] {
            assert!(refusal(url).is_none(), "{url}");
        }
        for url in ["http://siteward.example", "http://10.0.0.1", "http://localhost.example"] {
            assert!(matches!(refusal(url), Some(ConnectError::NoTls)), "{url}");
        }
        assert!(Platform::new("http://siteward.example", None, true).is_ok());
        for url in ["siteward.example", "ftp://siteward.example", "https://", "", "https://a.example/?b"] {
            assert!(matches!(refusal(url), Some(ConnectError::Url)), "{url}");
        }
    }

    #[test]
    fn paths_and_hosts_are_put_together_whole() {
        let platform = Platform::new("https://a.example:8443/siteward/", None, false).unwrap();
        assert_eq!(platform.path_of("/link/session"), "/siteward/api/v1/link/session");
        assert_eq!(platform.authority(), "a.example:8443");
        assert_eq!(Platform::new("http://[::1]", None, false).unwrap().authority(), "[::1]");
    }
}
