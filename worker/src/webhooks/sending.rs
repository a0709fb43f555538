//! One telling: a POST to an address that policy allows, resolved once, by TLS where it says so, bounded in time and bytes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use secrecy::SecretString;
use siteward_devices::{AddressPolicy, AddressRefused};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::signature::{ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign};

/// Most bytes of an answer that are read; what it says is not kept.
const MOST_ANSWER: usize = 16 * 1024;
/// Most characters of an address.
const MOST_URL: usize = 2048;

/// Where a webhook goes to, as its address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    secure: bool,
    host: String,
    port: u16,
    path: String,
}

/// Why a telling failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendError {
    /// A stable code.
    pub code: &'static str,
    /// The HTTP status, where the receiver answered.
    pub status: Option<u16>,
}

impl SendError {
    fn new(code: &'static str) -> Self {
        Self { code, status: None }
    }
}

impl Receiver {
    /// Reads an address: `http` or `https`, a host that `policy` may allow, no user name, no fragment.
    pub fn parse(url: &str, policy: AddressPolicy) -> Result<Self, AddressRefused> {
        let url = url.trim();
        if url.len() > MOST_URL || url.contains('#') || url.contains('@') {
            return Err(AddressRefused::Invalid);
        }
        let uri: Uri = url.parse().map_err(|_| AddressRefused::Invalid)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(AddressRefused::Invalid),
        };
        let authority = uri.authority().ok_or(AddressRefused::Invalid)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        policy.check_host_text(&host)?;
        let names_port = authority.as_str().len() > authority.host().len();
        let port = match authority.port_u16() {
            Some(port) if port > 0 => port,
            None if !names_port => {
                if secure {
                    443
                } else {
                    80
                }
            }
            _ => return Err(AddressRefused::Invalid),
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { secure, host, port, path })
    }

    /// Tells a body; gives the HTTP status with which it was taken. Any other status than 2xx is a refusal, a redirect too:
    /// none is followed.
    pub async fn tell(
        &self,
        body: Vec<u8>,
        (id, timestamp): (i64, i64),
        secret: &SecretString,
        policy: AddressPolicy,
        patience: Duration,
    ) -> Result<u16, SendError> {
        let signature = sign(secret, id, timestamp, &body);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ID_HEADER, id.into());
        headers.insert(TIMESTAMP_HEADER, timestamp.into());
        let refused = |_| SendError::new("webhook_address_refused");
        headers.insert(SIGNATURE_HEADER, HeaderValue::from_str(&signature).map_err(refused)?);
        self.post(headers, body, policy, patience).await
    }

    /// Posts a body with some headers; gives the HTTP status with which it was taken. No redirect is followed.
    pub(crate) async fn post(
        &self,
        headers: HeaderMap,
        body: Vec<u8>,
        policy: AddressPolicy,
        patience: Duration,
    ) -> Result<u16, SendError> {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        let host = if self.port == usual { host } else { format!("{host}:{}", self.port) };
        let mut request = Request::post(&self.path)
            .header(HOST, host)
            .header(USER_AGENT, concat!("Siteward/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| SendError::new("webhook_address_refused"))?;
        request.headers_mut().extend(headers);
        tokio::time::timeout(patience, self.converse(request, policy))
            .await
            .unwrap_or(Err(SendError::new("webhook_timeout")))
    }

    async fn converse(&self, request: Request<Full<Bytes>>, policy: AddressPolicy) -> Result<u16, SendError> {
        let address = policy.resolve(&self.host, self.port).await.map_err(|refused| match refused {
            AddressRefused::NotResolved => SendError::new("webhook_not_resolved"),
            _ => SendError::new("webhook_address_refused"),
        })?;
        let stream = TcpStream::connect(address).await.map_err(|_| SendError::new("webhook_unreachable"))?;
        if !self.secure {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(self.host.clone()).map_err(|_| SendError::new("webhook_tls_failed"))?;
        let connector = connector().map_err(|_| SendError::new("webhook_tls_failed"))?;
        let stream = connector.connect(name, stream).await.map_err(|_| SendError::new("webhook_tls_failed"))?;
        exchange(stream, request).await
    }
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<u16, SendError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |_| SendError::new("webhook_broken_off");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let connection = tokio::spawn(connection);
    let answered = sender.send_request(request).await.map_err(broken);
    let result = match answered {
        Err(error) => Err(error),
        Ok(answer) => {
            let status = answer.status();
            // What it says is of no interest; a receiver that says too much has taken it or not all the same.
            let _ = Limited::new(answer.into_body(), MOST_ANSWER).collect().await;
            if status.is_success() {
                Ok(status.as_u16())
            } else {
                Err(SendError { code: "webhook_refused", status: Some(status.as_u16()) })
            }
        }
    };
    connection.abort();
    result
}

fn connector() -> Result<TlsConnector, rustls::Error> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https_with_a_host_that_may_be_dialled() {
        let policy = AddressPolicy::default();
        let parse = |url| Receiver::parse(url, policy);
        let told = parse("https://desk.example/hook?a=b").unwrap();
        assert_eq!(
            (told.secure, told.host.as_str(), told.port, told.path.as_str()),
            (true, "desk.example", 443, "/hook?a=b")
        );
        assert_eq!(parse("http://192.0.2.7:8080").unwrap().port, 8080);
        for bad in [
            "ftp://desk.example",
            "desk.example/hook",
            "https://",
            "https://user:secret@desk.example",
            "https://desk.example/#a",
            "https://desk.example:0/",
            "https://desk.example:99999/",
            "http://0x7f.1/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://169.254.169.254/latest",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost/",
            "http://metadata.google.internal/",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
