//! Between processes: one that needs a link held by another opens streams through it.
//!
//! The caller shows that it belongs to the same platform by a tag: the time, sealed by the vault for this use and this
//! link. Only who has the master key makes or reads one; nothing a browser or a link has does. Each is good once, so that
//! who overhears one has nothing.

mod tls;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Uri};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::tunnel::websocket::{self, KeepAlive, Tungstenite, WebSocketIo};
use siteward_devices::tunnel::{self, Inbound, Mux, MuxStream, Side};
use siteward_domain::LinkId;
use siteward_store::vault::Place;
use siteward_store::{SealedText, VaultError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite;

use super::LinkHub;

/// Carries the tag.
pub const FORWARD_HEADER: &str = "X-Siteward-Forward";
/// Clocks of two processes may differ by so much.
const MOST_SECONDS_APART: i64 = 30;
/// How long reaching another process may take.
const LONGEST_DIAL: Duration = Duration::from_secs(4);
/// How much waits here a stream and direction: a thousand idle streams must cost little.
const BUFFER: usize = 4 * 1024;

/// Why another process could not be reached.
#[derive(Debug, thiserror::Error)]
pub(super) enum ForwardError {
    #[error("{0} is no address of a process")]
    Address(String),
    #[error("it does not answer in time")]
    Timeout,
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("no TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error("it does not forward: {0}")]
    Refused(Box<tungstenite::Error>),
}

/// Tags that were shown, until they are too old to be shown again. Only good ones come here, so there are few.
#[derive(Default)]
pub(super) struct Shown(Mutex<HashMap<String, i64>>);

impl Shown {
    /// Whether a good tag, made at `seconds`, was not shown before; notes it.
    fn is_new(&self, tag: &str, seconds: i64, now: i64) -> bool {
        // What is before the sealed part can be written in several ways.
        let sealed = tag.rsplit('.').next().unwrap_or_default().to_owned();
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.retain(|_, made| now.saturating_sub(*made) <= MOST_SECONDS_APART);
        shown.insert(sealed, seconds).is_none()
    }
}

impl LinkHub {
    /// The value of [`FORWARD_HEADER`] for a link, as of now.
    pub fn forward_tag(&self, link: &LinkId) -> Result<String, VaultError> {
        let seconds = self.0.clock.now().timestamp().to_string();
        let sealed = self.0.store.vault().seal(tag_place(link), &SecretString::from(seconds))?;
        Ok(sealed.as_str().to_owned())
    }

    /// Whether a caller that shows this tag is a process of this platform and means this link.
    pub fn knows_tag(&self, link: &LinkId, tag: &str) -> bool {
        let sealed = SealedText::from_stored(tag.to_owned());
        let Ok(seconds) = self.0.store.vault().open(tag_place(link), &sealed) else { return false };
        let Ok(seconds) = seconds.expose_secret().parse::<i64>() else { return false };
        let now = self.0.clock.now().timestamp();
        now.saturating_sub(seconds).saturating_abs() <= MOST_SECONDS_APART && self.0.tags.is_new(tag, seconds, now)
    }

    /// Serves another process: every stream that it opens becomes one of the link's session held here. Ends when either
    /// end does; the other process then asks anew who holds the link.
    pub async fn serve_forward(&self, link: LinkId, mux: Mux, mut inbound: Inbound) {
        let Some(held) = self.find_held(&link) else {
            mux.close();
            return;
        };
        loop {
            let theirs = tokio::select! {
                () = held.mux.closed() => break,
                theirs = inbound.next() => theirs,
            };
            let Some(theirs) = theirs else { break };
            let session = held.mux.clone();
            tokio::spawn(async move {
                if let Ok(ours) = session.open().await {
                    pipe(theirs, ours).await;
                }
            });
        }
        mux.close();
    }

    /// Streams to a link through the process at `url`.
    pub(super) async fn forward_to(&self, url: &str, link: &LinkId) -> Result<Mux, ForwardError> {
        let dialling = self.dial_process(url, link);
        let (mux, mut inbound) =
            tokio::time::timeout(LONGEST_DIAL, dialling).await.map_err(|_| ForwardError::Timeout)??;
        // The other end opens nothing here; what it tries is dropped.
        tokio::spawn(async move { while inbound.next().await.is_some() {} });
        Ok(mux)
    }

    async fn dial_process(&self, url: &str, link: &LinkId) -> Result<(Mux, Inbound), ForwardError> {
        let bad = || ForwardError::Address(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| bad())?;
        let host = uri.host().ok_or_else(bad)?.trim_matches(['[', ']']).to_owned();
        let secure = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let authority = uri.authority().ok_or_else(bad)?.as_str();
        let scheme = if secure { "wss" } else { "ws" };
        let request = Request::get(format!("{scheme}://{authority}/api/v1/link/forward/{link}"))
            .header("Host", authority)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", tungstenite::handshake::client::generate_key())
            .header(FORWARD_HEADER, self.forward_tag(link)?)
            .body(())
            .map_err(|_| bad())?;
        let tcp = TcpStream::connect((host.as_str(), port)).await?;
        tcp.set_nodelay(true)?;
        if secure {
            let name = rustls::pki_types::ServerName::try_from(host.clone()).map_err(|_| bad())?;
            let tls = tls::connector(is_loopback(&host))?.connect(name, tcp).await?;
            speak(request, tls).await
        } else {
            speak(request, tcp).await
        }
    }
}

async fn speak<S>(request: Request<()>, stream: S) -> Result<(Mux, Inbound), ForwardError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let config = Some(websocket::tungstenite_config());
    let (socket, _) = tokio_tungstenite::client_async_with_config(request, stream, config)
        .await
        .map_err(|error| ForwardError::Refused(Box::new(error)))?;
    let io = WebSocketIo::new(Tungstenite(socket), KeepAlive::CLIENT);
    Ok(tunnel::start(io, Side::Platform))
}

async fn pipe(mut theirs: MuxStream, mut ours: MuxStream) {
    let _ = tokio::io::copy_bidirectional_with_sizes(&mut theirs, &mut ours, BUFFER, BUFFER).await;
}

/// No column: a tag is sealed for a place where nothing is stored, so it is nothing else's secret.
fn tag_place(link: &LinkId) -> Place<'_> {
    Place { table: "links", column: "forward tag", row: link.as_str(), company: "" }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
