//! An answer that is large and ends: a recording. It is handed on as it comes, so that a gigabyte costs one buffer.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method};

use super::DeviceClient;
use super::exchange::{self, Ask, Begun};
use super::outgoing::Outgoing;
use crate::call_error::CallError;
use crate::isapi;

/// Requests at most: one that is challenged, its answer, and one more for a stale nonce.
const MOST_REQUESTS: u8 = 3;
/// How long the next bytes are waited for: a disk that slept takes its time.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);

/// A large answer that is still coming.
pub struct Fetched {
    begun: Box<Begun>,
    /// What was read of it to tell what it is.
    first: Option<Bytes>,
    bytes: Option<u64>,
}

impl DeviceClient {
    /// Asks for something large, by the first of these methods that the device knows; the client ends with it.
    ///
    /// Errors as of [`Self::get`]; a refusal in place of what was asked for is one, whatever its status and type.
    pub(crate) async fn fetch(
        mut self,
        methods: &[Method],
        path: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<Fetched, CallError> {
        let mut told = CallError::NotSupported;
        for method in methods {
            let ask = Ask {
                method: method.clone(),
                path,
                content_type: Some(HeaderValue::from_static(content_type)),
                body: body.clone(),
                package: None,
                headers: None,
                bare: false,
            };
            match self.begin_fetching(&ask).await {
                Err(CallError::NotSupported) => told = CallError::NotSupported,
                other => return other,
            }
        }
        Err(told)
    }

    async fn begin_fetching(&mut self, ask: &Ask<'_>) -> Result<Fetched, CallError> {
        if let Some(refused) = self.refused() {
            return Err(refused.clone());
        }
        let longest = self.limits.call.max(LONGEST_SILENCE);
        let fetching = self.let_in_and_fetch(ask);
        tokio::time::timeout(longest, fetching).await.unwrap_or(Err(CallError::Unreachable { reason: "timeout" }))
    }

    async fn let_in_and_fetch(&mut self, ask: &Ask<'_>) -> Result<Fetched, CallError> {
        let mut rounds = 0;
        for _ in 0..MOST_REQUESTS {
            // A kept connection may have ended meanwhile, and this is not asked twice.
            self.stream = None;
            let stream = self.connect().await?;
            let authorization = self.authorization_value(ask)?;
            let logged_in = authorization.is_some();
            let begun = exchange::begin(stream, ask, Outgoing::of(ask.body.clone()), &self.host, authorization).await?;
            if begun.head.status == http::StatusCode::OK && !begun.tells_words() {
                return Fetched::begin(begun).await;
            }
            let raw = begun.read_whole(self.limits.body_bytes).await?;
            if raw.status != 401 {
                let answer = raw.into_answer()?;
                let refusal = isapi::read_answer(&answer, |_| Some(())).err();
                return Err(refusal.unwrap_or(CallError::BadAnswer { what: "not_a_recording" }));
            }
            rounds += u8::from(logged_in);
            self.meet_challenge(&raw, logged_in, rounds)?;
        }
        Err(CallError::BadAnswer { what: "endless_challenges" })
    }
}

impl Begun {
    /// Whether what comes calls itself a document, which a recording never is.
    fn tells_words(&self) -> bool {
        let content_type =
            self.head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let content_type = content_type.to_ascii_lowercase();
        ["xml", "json", "html", "text/plain"].iter().any(|word| content_type.contains(word))
    }
}

impl Fetched {
    async fn begin(mut begun: Begun) -> Result<Self, CallError> {
        let bytes = begun.head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let first = exchange::next_data(&mut begun.body, &mut begun.connection, &mut begun.ended).await?;
        let first = first.filter(|first| !first.is_empty()).ok_or(CallError::NotSupported)?;
        // Some devices label everything as octets.
        if matches!(first.trim_ascii_start().first(), Some(b'<' | b'{')) {
            return Err(CallError::BadAnswer { what: "not_a_recording" });
        }
        Ok(Self { begun: Box::new(begun), first: Some(first), bytes })
    }

    /// How much it is, where the device tells.
    pub fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// The next bytes; `None` at the end. An error where the device falls silent or breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let Begun { body, connection, ended, .. } = &mut *self.begun;
        let next = exchange::next_data(body, connection, ended);
        match tokio::time::timeout(LONGEST_SILENCE, next).await {
            Ok(next) => Ok(next?),
            Err(_) => Err(CallError::Unreachable { reason: "timeout" }),
        }
    }
}

impl std::fmt::Debug for Fetched {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Fetched").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
