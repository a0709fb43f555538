//! One HTTP session with one device, over hyper: at most one connection, a nonce kept and
//! counted, everything bounded, and never a second try after a refused login (R-H3).
//!
//! How a login goes: the first request of a connection carries no credentials and brings the
//! challenge; it is then answered. Later requests of the same connection carry the counted nonce
//! at once. A refusal that calls the nonce stale is answered once more; any other refusal is
//! final, and the client remembers it. Some terminals and door stations let a nonce be used twice
//! only, and then refuse without offering a login at all: that says nothing of the password, so a
//! fresh challenge is asked for, and a nonce is never used more often again. On a new connection the nonce starts afresh: the device
//! may have restarted, and devices that do not know a nonce seldom say that it is stale, which
//! could not be told from a changed password.

mod asking;
mod bare;
mod exchange;
mod fetching;
mod forwarding;
mod login;
mod outgoing;
mod streaming;
mod tls;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method};
use secrecy::SecretString;
use siteward_domain::device::DeviceAddress;
use tokio::time::Instant;

use crate::call_error::CallError;
use crate::digest::Session;
use crate::panel::session::Kept;
use crate::transport::{Stream, Transport, Way};
use exchange::Ask;

pub(crate) use bare::Bare;
pub use fetching::Fetched;
pub use forwarding::{Forward, Forwarded, MOST_FORWARDED};
pub(crate) use login::read_refusal;
pub use outgoing::Package;
pub(crate) use streaming::Endless;
pub use tls::Pin;
pub(crate) use tls::shake_hands;

/// User name and password of an account on a device.
#[derive(Clone)]
pub struct Login {
    /// User name.
    pub user_name: String,
    /// Password.
    pub password: SecretString,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Login").finish_non_exhaustive()
    }
}

/// Where a device is, how to log in, and the certificate it showed at first use.
#[derive(Debug, Clone)]
pub struct Target {
    /// Scheme, host and port.
    pub address: DeviceAddress,
    /// The account.
    pub login: Login,
    /// The pinned certificate; `None` pins the one met first.
    pub pin: Option<Pin>,
}

/// What one device may cost at most (T7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time for name, connection and TLS together.
    pub connect: Duration,
    /// Time for one call, login and connection included.
    pub call: Duration,
    /// Time for a whole look, or a search for the port.
    pub check: Duration,
    /// Bytes of one body, and of all bodies of a look together.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            call: Duration::from_secs(8),
            check: Duration::from_secs(10),
            body_bytes: 1024 * 1024,
        }
    }
}

/// A device's answer, whatever its status, with a body within the limits.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
    /// `Content-Type` as the device says it, which is often not what it sends.
    pub content_type: Option<HeaderValue>,
}

enum Authorization {
    None,
    Basic,
    Digest { session: Box<Session>, since: Instant },
}

/// What few clients have.
#[derive(Default)]
struct Rare {
    /// A refused login, which is not tried again.
    refused: Option<CallError>,
    /// A session of a panel, which outlives the connection.
    session: Option<Kept>,
}

/// One HTTP session with one device: at most one connection, reused between polls.
pub struct DeviceClient {
    target: Target,
    limits: Limits,
    way: Way,
    host: HeaderValue,
    stream: Option<Stream>,
    authorization: Authorization,
    /// Digest was offered once: Basic is then never answered.
    knows_digest: bool,
    /// How often this device lets a nonce be used, where it was found to count.
    nonce_uses: Option<u32>,
    /// Boxed, for it is rare and thousands of clients lie idle.
    rare: Option<Box<Rare>>,
    /// No login was given: a device that wants one is told so.
    anonymous: bool,
    /// End of the running look, and the body bytes it may still read.
    check: Option<(Instant, usize)>,
}

impl std::fmt::Debug for DeviceClient {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("DeviceClient").field("address", &self.target.address).finish_non_exhaustive()
    }
}

impl DeviceClient {
    /// A client that has not connected yet.
    pub fn new(target: Target, limits: Limits, transport: impl Into<Transport>) -> Self {
        let host = exchange::host_header(&target.address);
        Self {
            target,
            limits,
            way: Way::from(transport.into()),
            host,
            stream: None,
            authorization: Authorization::None,
            knows_digest: false,
            nonce_uses: None,
            rare: None,
            anonymous: false,
            check: None,
        }
    }

    /// A client without a login, for what a device tells everybody; [`CallError::NeedsLogin`] where it does not.
    pub fn without_login(address: DeviceAddress, limits: Limits, transport: impl Into<Transport>) -> Self {
        let login = Login { user_name: String::new(), password: SecretString::default() };
        let target = Target { address, login, pin: None };
        Self { anonymous: true, ..Self::new(target, limits, transport) }
    }

    /// Never sends the password itself, also where no digest was offered before.
    pub fn refuse_basic(&mut self) {
        self.knows_digest = true;
    }

    /// The device's address.
    pub fn address(&self) -> &DeviceAddress {
        &self.target.address
    }

    /// The pinned certificate; learnt at first use.
    pub fn pin(&self) -> Option<&Pin> {
        self.target.pin.as_ref()
    }

    /// Closes the connection, to save memory on both ends while idle.
    pub fn drop_connection(&mut self) {
        self.stream = None;
        self.authorization = Authorization::None;
    }

    /// Whether a connection is kept.
    pub fn is_connected(&self) -> bool {
        self.stream.is_some()
    }

    /// Reads a resource. Every status but a refused login, a redirect and a server's nonsense is an answer:
    /// [`crate::isapi::refusal`] tells what it means.
    ///
    /// After [`CallError::LoginRefused`] every further call gives the same error without asking the device.
    pub async fn get(&mut self, path: &str) -> Result<Answer, CallError> {
        self.ask(&Ask::get(path)).await?.into_answer()
    }

    /// Sends a request of any method, within the same bounds as [`Self::get`].
    ///
    /// What writes is sent twice only where the device asked for a login in between. A connection that broke in
    /// the middle of it is [`CallError::Unreachable`] with `closed`, and whether the device did it is then not known.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Result<Answer, CallError> {
        let content_type = content_type.map(HeaderValue::from_static);
        let raw =
            self.ask(&Ask { method, path, content_type, body, package: None, headers: None, bare: false }).await?;
        raw.into_answer()
    }

    /// Sends a file, read as it is sent, within `longest`. It is sent whole at most once after the device asked for a login;
    /// its answer may come before all of it is sent. The connection is not used again.
    pub(crate) async fn send_package(
        &mut self,
        method: Method,
        path: &str,
        package: &Package,
        longest: Duration,
    ) -> Result<Answer, CallError> {
        let content_type = Some(HeaderValue::from_static("application/octet-stream"));
        let usual = std::mem::replace(&mut self.limits.call, longest);
        let ask =
            Ask { method, path, content_type, body: Bytes::new(), package: Some(package), headers: None, bare: false };
        let asked = self.ask(&ask).await;
        self.limits.call = usual;
        asked?.into_answer()
    }

    /// A single resource was refused that others show to be a matter of rights: the login itself is good.
    pub(crate) fn forgive(&mut self) {
        if let Some(rare) = &mut self.rare {
            rare.refused = None;
        }
    }

    /// The login was refused: every further call gives this error without asking the device.
    pub(crate) fn refuse(&mut self, error: &CallError) {
        self.rare.get_or_insert_default().refused = Some(error.clone());
    }

    fn refused(&self) -> Option<&CallError> {
        self.rare.as_ref()?.refused.as_ref()
    }

    /// Whether a session of a panel is kept. Who drops such a client makes the next one log in again.
    pub fn has_session(&self) -> bool {
        self.session().is_some()
    }

    pub(crate) fn session(&self) -> Option<&Kept> {
        self.rare.as_ref()?.session.as_ref()
    }

    pub(crate) fn session_mut(&mut self) -> Option<&mut Kept> {
        self.rare.as_mut()?.session.as_mut()
    }

    /// Keeps a session for the calls to come, or forgets the one kept.
    pub(crate) fn keep_session(&mut self, session: Option<Kept>) {
        if session.is_some() || self.rare.is_some() {
            self.rare.get_or_insert_default().session = session;
        }
    }

    /// The account it logs in with.
    pub(crate) fn login(&self) -> &Login {
        &self.target.login
    }

    /// Logs in with another account from now on, on a new connection.
    pub(crate) fn log_in_as(&mut self, login: Login) {
        self.target.login = login;
        self.anonymous = false;
        self.rare = None;
        self.drop_connection();
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Starts a look: from here to [`Self::end_check`] all calls together keep within the limits of one.
    pub(crate) fn start_check(&mut self) {
        self.check = Some((Instant::now() + self.limits.check, self.limits.body_bytes));
    }

    pub(crate) fn end_check(&mut self) {
        self.check = None;
    }

    async fn connect(&mut self) -> Result<Stream, CallError> {
        let connecting = self.way.connect(&self.target.address, self.target.pin.as_ref());
        let (stream, shown) = tokio::time::timeout(self.limits.connect, connecting)
            .await
            .map_err(|_| CallError::Unreachable { reason: "timeout" })??;
        if self.target.pin.is_none() {
            self.target.pin = shown;
        }
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_client_is_no_larger_than_it_was_without_links() {
        // 344 bytes before there were links (64-bit): a hundred thousand of them lie idle.
        assert!(size_of::<DeviceClient>() <= 344, "{}", size_of::<DeviceClient>());
        assert!(size_of::<Transport>() <= 48);
    }
}
