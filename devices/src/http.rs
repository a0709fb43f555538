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

mod connection;
mod exchange;
mod login;
mod tls;

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use siteward_domain::device::DeviceAddress;
use tokio::time::Instant;

use crate::address_policy::AddressPolicy;
use crate::call_error::CallError;
use crate::digest::{Scheme, Session};
use connection::Stream;
use exchange::{Failure, Raw};

pub(crate) use connection::unreachable_because;
pub use tls::Pin;

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
}

/// A nonce older than this is not used any more: devices forget theirs after five minutes, and not all say so.
const NONCE_AGE: Duration = Duration::from_secs(240);
/// Digest answers given in one call at most: one, and one more for a stale nonce.
const DIGEST_ROUNDS: u8 = 2;
/// Requests of one call at most: kept connection closed, challenge, answer, answer to a fresh nonce.
const MOST_REQUESTS: u8 = 4;

enum Authorization {
    None,
    Basic,
    Digest { session: Box<Session>, since: Instant },
}

/// One HTTP session with one device: at most one connection, reused between polls.
pub struct DeviceClient {
    target: Target,
    limits: Limits,
    policy: AddressPolicy,
    host: HeaderValue,
    stream: Option<Stream>,
    authorization: Authorization,
    /// Digest was offered once: Basic is then never answered.
    knows_digest: bool,
    /// How often this device lets a nonce be used, where it was found to count.
    nonce_uses: Option<u32>,
    refused: Option<CallError>,
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
    pub fn new(target: Target, limits: Limits, policy: AddressPolicy) -> Self {
        let host = exchange::host_header(&target.address);
        Self {
            target,
            limits,
            policy,
            host,
            stream: None,
            authorization: Authorization::None,
            knows_digest: false,
            nonce_uses: None,
            refused: None,
            check: None,
        }
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
        if let Some(refused) = &self.refused {
            return Err(refused.clone());
        }
        let (end, mut bytes_left) = self.bounds();
        let result = match tokio::time::timeout_at(end, self.call(path, &mut bytes_left)).await {
            Ok(result) => result,
            Err(_) => Err(CallError::Unreachable { reason: "timeout" }),
        };
        if let Some((_, left)) = &mut self.check {
            *left = bytes_left;
        }
        if let Err(error) = &result {
            if matches!(error, CallError::LoginRefused { .. }) {
                self.refused = Some(error.clone());
            }
            self.drop_connection();
        }
        result
    }

    /// A single resource was refused that others show to be a matter of rights: the login itself is good.
    pub(crate) fn forgive(&mut self) {
        self.refused = None;
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

    fn bounds(&self) -> (Instant, usize) {
        let end = Instant::now() + self.limits.call;
        match self.check {
            Some((check_end, bytes)) => (end.min(check_end), bytes),
            None => (end, self.limits.body_bytes),
        }
    }

    async fn call(&mut self, path: &str, bytes_left: &mut usize) -> Result<Answer, CallError> {
        let mut reconnected = false;
        let mut fresh_nonce = false;
        let mut rounds = 0_u8;
        for _ in 0..MOST_REQUESTS {
            let (kept, stream) = match self.stream.take() {
                Some(stream) => (true, stream),
                None => (false, self.connect().await?),
            };
            if !kept && !fresh_nonce {
                self.forget_nonce();
            }
            let authorization = self.authorization_value(path)?;
            let logged_in = authorization.is_some();
            let raw = match exchange::exchange(stream, path, &self.host, authorization, *bytes_left).await {
                Ok((raw, stream)) => {
                    self.stream = stream;
                    raw
                }
                Err(Failure::Closed) if kept && !reconnected => {
                    reconnected = true;
                    continue;
                }
                Err(failure) => return Err(failure.into()),
            };
            *bytes_left = bytes_left.saturating_sub(raw.body.len());
            if raw.status == 408 && kept && !reconnected {
                // Said of the connection while it was idle, not of this request.
                self.stream = None;
                reconnected = true;
                continue;
            }
            if raw.status != 401 {
                return raw.into_answer();
            }
            rounds += u8::from(logged_in);
            self.meet_challenge(&raw, logged_in, rounds)?;
            fresh_nonce = true;
        }
        Err(CallError::BadAnswer { what: "endless_challenges" })
    }

    /// Takes up the challenge of a 401, or says why it must not be answered.
    fn meet_challenge(&mut self, raw: &Raw, logged_in: bool, rounds: u8) -> Result<(), CallError> {
        let offered = crate::digest::choose(raw.challenges.iter().map(String::as_str));
        let told = login::read_refusal(&raw.body);
        if let Some(error) = told.forbids {
            return Err(error);
        }
        if logged_in {
            if raw.challenges.is_empty() && self.spend_nonce() {
                return Ok(());
            }
            let stale = matches!(&offered, Some(Scheme::Digest(challenge)) if challenge.stale);
            if !stale {
                return Err(CallError::LoginRefused { tries_left: told.tries_left });
            }
            if rounds >= DIGEST_ROUNDS {
                // A nonce given a moment ago is not stale: such a device says so of a wrong password.
                return Err(CallError::LoginRefused { tries_left: told.tries_left });
            }
        }
        self.authorization = match offered {
            Some(Scheme::Digest(challenge)) => {
                self.knows_digest = true;
                let login = &self.target.login;
                let session = Session::new(challenge, &login.user_name, login.password.expose_secret());
                Authorization::Digest { session: Box::new(session), since: Instant::now() }
            }
            Some(Scheme::Basic) if !self.knows_digest => Authorization::Basic,
            _ => return Err(CallError::BadAnswer { what: "challenge" }),
        };
        Ok(())
    }

    /// Whether the nonce was good before, so that its use and not the password was refused. It is then forgotten.
    fn spend_nonce(&mut self) -> bool {
        let Authorization::Digest { session, .. } = &self.authorization else { return false };
        let good = session.uses().saturating_sub(1);
        if good == 0 {
            return false;
        }
        self.nonce_uses = Some(good);
        self.authorization = Authorization::None;
        true
    }

    fn forget_nonce(&mut self) {
        if matches!(self.authorization, Authorization::Digest { .. }) {
            self.authorization = Authorization::None;
        }
    }

    fn authorization_value(&mut self, path: &str) -> Result<Option<HeaderValue>, CallError> {
        if let Authorization::Digest { since, session } = &self.authorization
            && (since.elapsed() > NONCE_AGE || self.nonce_uses.is_some_and(|most| session.uses() >= most))
        {
            self.authorization = Authorization::None;
        }
        let text = match &mut self.authorization {
            Authorization::None => return Ok(None),
            Authorization::Basic => login::basic(&self.target.login),
            Authorization::Digest { session, .. } => session.authorize("GET", path),
        };
        // A control character in a user name is the one way this fails.
        let mut value = HeaderValue::from_maybe_shared(Bytes::from(text))
            .map_err(|_| CallError::BadAnswer { what: "user_name" })?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    async fn connect(&mut self) -> Result<Stream, CallError> {
        let connecting = connection::connect(&self.target.address, &self.policy, self.target.pin.as_ref());
        let (stream, shown) = tokio::time::timeout(self.limits.connect, connecting)
            .await
            .map_err(|_| CallError::Unreachable { reason: "timeout" })??;
        if self.target.pin.is_none() {
            self.target.pin = shown;
        }
        Ok(stream)
    }
}
