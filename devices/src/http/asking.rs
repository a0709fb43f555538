//! One call: the requests it takes to be let in, and not one more.

use bytes::Bytes;
use http::HeaderValue;
use secrecy::ExposeSecret;
use tokio::time::{Duration, Instant};

use super::exchange::{self, Ask, Failure, Raw};
use super::outgoing::Outgoing;
use super::{Authorization, DeviceClient, login};
use crate::call_error::CallError;
use crate::digest::{Scheme, Session};

/// A nonce older than this is not used any more: devices forget theirs after five minutes, and not all say so.
const NONCE_AGE: Duration = Duration::from_secs(240);
/// Digest answers given in one call at most: one, and one more for a stale nonce.
const DIGEST_ROUNDS: u8 = 2;
/// Requests of one call at most: kept connection closed, challenge, answer, answer to a fresh nonce.
const MOST_REQUESTS: u8 = 4;

impl DeviceClient {
    /// Asks within the bounds of a call, and remembers a refused login.
    pub(super) async fn ask(&mut self, ask: &Ask<'_>) -> Result<Raw, CallError> {
        let (_, most_bytes) = self.bounds();
        self.ask_within(ask, most_bytes).await
    }

    /// The same, for an answer of up to `most_bytes`.
    pub(super) async fn ask_within(&mut self, ask: &Ask<'_>, most_bytes: usize) -> Result<Raw, CallError> {
        if let Some(refused) = self.refused() {
            return Err(refused.clone());
        }
        let (end, _) = self.bounds();
        let mut bytes_left = most_bytes;
        let result = match tokio::time::timeout_at(end, self.call(ask, &mut bytes_left)).await {
            Ok(result) => result,
            Err(_) => Err(CallError::Unreachable { reason: "timeout" }),
        };
        if let Some((_, left)) = &mut self.check {
            *left = left.saturating_sub(most_bytes.saturating_sub(bytes_left));
        }
        if let Err(error) = &result {
            if matches!(error, CallError::LoginRefused { .. }) {
                self.refuse(error);
            }
            self.drop_connection();
        }
        result
    }

    fn bounds(&self) -> (Instant, usize) {
        let end = Instant::now() + self.limits.call;
        match self.check {
            Some((check_end, bytes)) => (end.min(check_end), bytes),
            None => (end, self.limits.body_bytes),
        }
    }

    async fn call(&mut self, ask: &Ask<'_>, bytes_left: &mut usize) -> Result<Raw, CallError> {
        let repeats = ask.only_reads();
        if !repeats {
            self.drop_dead_connection().await;
        }
        let mut reconnected = false;
        let mut fresh_nonce = false;
        let mut knocked = false;
        let mut rounds = 0_u8;
        for _ in 0..MOST_REQUESTS {
            let (kept, stream) = match self.stream.take() {
                Some(stream) => (true, stream),
                None => (false, self.connect().await?),
            };
            if !kept && !fresh_nonce {
                self.forget_nonce();
            }
            let authorization = if ask.bare { None } else { self.authorization_value(ask)? };
            let logged_in = authorization.is_some();
            // Without credentials yet, a write only asks to be challenged: what it carries is sent once.
            let carries = !ask.body.is_empty() || ask.package.is_some();
            let knocks = !logged_in && !knocked && !self.anonymous && !ask.bare && carries;
            let body = match ask.package {
                Some(package) if !knocks => Outgoing::of_package(package).await?,
                _ if knocks => Outgoing::of(Bytes::new()),
                _ => Outgoing::of(ask.body.clone()),
            };
            knocked |= knocks;
            let raw = match exchange::exchange(stream, ask, body, &self.host, authorization, *bytes_left).await {
                Ok((raw, stream)) => {
                    self.stream = stream;
                    raw
                }
                Err(Failure::Closed) if kept && !reconnected && (repeats || knocks) => {
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
            if raw.status != 401 || ask.bare {
                if knocks {
                    // It wants no login; what it said was of a write without a body.
                    continue;
                }
                return Ok(raw);
            }
            if self.anonymous {
                return Err(login::read_refusal(&raw.body).forbids.unwrap_or(CallError::NeedsLogin));
            }
            rounds += u8::from(logged_in);
            self.meet_challenge(&raw, logged_in, rounds)?;
            fresh_nonce = true;
        }
        Err(CallError::BadAnswer { what: "endless_challenges" })
    }

    /// A write is not repeated when its connection breaks, so it is not begun on one that has ended already.
    async fn drop_dead_connection(&mut self) {
        if let Some(stream) = &mut self.stream
            && !exchange::is_quiet(stream).await
        {
            self.drop_connection();
        }
    }

    /// Takes up the challenge of a 401, or says why it must not be answered.
    pub(super) fn meet_challenge(&mut self, raw: &Raw, logged_in: bool, rounds: u8) -> Result<(), CallError> {
        let challenges = raw.challenges();
        let offered = crate::digest::choose(challenges.iter().map(String::as_str));
        let told = login::read_refusal(&raw.body);
        if let Some(error) = told.forbids {
            return Err(error);
        }
        if logged_in {
            if challenges.is_empty() && self.spend_nonce() {
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

    pub(super) fn authorization_value(&mut self, ask: &Ask<'_>) -> Result<Option<HeaderValue>, CallError> {
        if let Authorization::Digest { since, session } = &self.authorization
            && (since.elapsed() > NONCE_AGE || self.nonce_uses.is_some_and(|most| session.uses() >= most))
        {
            self.authorization = Authorization::None;
        }
        let text = match &mut self.authorization {
            Authorization::None => return Ok(None),
            Authorization::Basic => login::basic(&self.target.login),
            Authorization::Digest { session, .. } => session.authorize(ask.method.as_str(), ask.path),
        };
        // A control character in a user name is the one way this fails.
        let mut value = HeaderValue::from_maybe_shared(Bytes::from(text))
            .map_err(|_| CallError::BadAnswer { what: "user_name" })?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}
