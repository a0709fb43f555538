//! A session with a panel: logged in once, then known by a cookie, and logged out of at the end.
//!
//! A panel has few places for sessions and few tries for a wrong password, so nothing here logs in more often than it must:
//! a session is kept by the client from one use to the next, a refused login is never repeated (R-H3), and one
//! that ended is opened again once, and only where the panel had let it in before.

mod capabilities;
mod log_in;

use std::time::Duration;

use bytes::Bytes;
use http::header::COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::call_error::CallError;
use crate::http::{Answer, Bare, DeviceClient, read_refusal};
use crate::isapi::text_of;
use crate::xml::read_any;

pub use capabilities::{LoginCapabilities, hash};

const LOGOUT: &str = "/ISAPI/Security/sessionLogout";
/// Time for a logout: nobody waits for it.
const LOGOUT_TIME: Duration = Duration::from_secs(2);
/// Picks the role where one name is two accounts. Source: two implementations.
const USER_LEVEL: HeaderName = HeaderName::from_static("x-userlevel");
/// What says, with whatever status, that there is no such session any more. Source: the vendor's list of codes.
const ENDED: [&str; 2] = ["SessionExpired", "theSessionIdDoesNotExist"];

/// As whom to come where one name is an installer and a user too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserLevel {
    /// The installer: `0`.
    Installer,
    /// Administrator or operator: `1`.
    User,
}

impl UserLevel {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Installer => "0",
            Self::User => "1",
        })
    }
}

/// A session as a client keeps it.
#[derive(Clone)]
pub(crate) struct Kept {
    cookie: HeaderValue,
    /// Some call was let in with it, so that a later refusal means its end and not a cookie that never was good.
    proven: bool,
}

/// Calls to a panel within one session.
///
/// Dropped without [`Self::close`], the session stays with the client, and the next one goes on with it.
#[derive(Debug)]
pub struct PanelSession<'c> {
    client: &'c mut DeviceClient,
    level: Option<UserLevel>,
    /// Logged in once more already.
    renewed: bool,
}

impl<'c> PanelSession<'c> {
    /// Goes on with the session that the client keeps, or logs in.
    ///
    /// Errors: [`CallError::LoginRefused`], after which the client never tries again; [`CallError::Locked`];
    /// [`CallError::TooManySessions`]; [`CallError::NotSupported`] where the device knows no sessions.
    pub async fn open(client: &'c mut DeviceClient, level: Option<UserLevel>) -> Result<Self, CallError> {
        let session = Self { client, level, renewed: false };
        if session.client.session().is_none() {
            log_in::log_in(session.client, session.headers(None)).await?;
        }
        Ok(session)
    }

    /// Reads a resource; see [`DeviceClient::get`].
    pub async fn get(&mut self, path: &str) -> Result<Answer, CallError> {
        self.call(Method::GET, path, None, Bytes::new()).await
    }

    /// Sends a request of any method. What writes is sent twice only where the panel said in between that the session had
    /// ended; after [`CallError::Unreachable`] with `closed` or `timeout` it is not known whether it was done.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Result<Answer, CallError> {
        self.call(method, path, content_type, body).await
    }

    /// Logs out. Whatever the panel says to that, the session is forgotten.
    pub async fn close(self) {
        let Some(kept) = self.client.session() else { return };
        let headers = self.headers(Some(&kept.cookie));
        let leaving = self.client.ask_bare(Method::PUT, LOGOUT, headers, None, Bytes::new());
        let _ = tokio::time::timeout(LOGOUT_TIME, leaving).await;
        self.client.keep_session(None);
    }

    /// Whether it was opened again once already, which is as often as it is.
    pub(crate) fn is_renewed(&self) -> bool {
        self.renewed
    }

    /// Goes on with what [`Self::is_renewed`] told before.
    pub(crate) fn set_renewed(&mut self, renewed: bool) {
        self.renewed = renewed;
    }

    async fn call(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Bytes,
    ) -> Result<Answer, CallError> {
        loop {
            let Some(kept) = self.client.session().cloned() else {
                return Err(CallError::BadAnswer { what: "session" });
            };
            let headers = self.headers(Some(&kept.cookie));
            let bare = self.client.ask_bare(method.clone(), path, headers, content_type, body.clone()).await?;
            if !has_ended(&bare) {
                if let Some(kept) = self.client.session_mut() {
                    kept.proven = true;
                }
                return Ok(bare.answer);
            }
            if let Some(error) = read_refusal(&bare.answer.body).forbids {
                self.client.keep_session(None);
                return Err(error);
            }
            if self.renewed {
                // The panel took the login a moment ago: it is the resource that this account may not have.
                return Err(CallError::LowPrivilege);
            }
            self.client.keep_session(None);
            if !kept.proven {
                return Err(CallError::BadAnswer { what: "session" });
            }
            self.renewed = true;
            log_in::log_in(self.client, self.headers(None)).await?;
        }
    }

    fn headers(&self, cookie: Option<&HeaderValue>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(cookie) = cookie {
            headers.insert(COOKIE, cookie.clone());
        }
        if let Some(level) = self.level {
            headers.insert(USER_LEVEL, level.header());
        }
        headers
    }
}

/// Logs out of the session that a client keeps, if it keeps one.
pub async fn leave(client: &mut DeviceClient) {
    PanelSession { client, level: None, renewed: false }.close().await;
}

fn has_ended(bare: &Bare) -> bool {
    if bare.answer.status == 401 {
        return true;
    }
    if bare.answer.status == 200 {
        return false;
    }
    let text = text_of(&bare.answer.body);
    let Ok(root) = read_any(&text) else { return false };
    let sub = root.text_of("subStatusCode").unwrap_or("").trim();
    ENDED.iter().any(|word| sub.eq_ignore_ascii_case(word))
}
