//! A new session of an end user: its token, its row, and the answer or cookie that hands the token to the browser.

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use siteward_domain::{EndUserId, EndUserSessionId};
use siteward_store::end_user_sessions::{self, NewEndUserSession};
use siteward_store::{StoreError, companies};

use super::MySession;
use crate::access::end_user::EndUserCaller;
use crate::access::session::{Kind, cookie};
use crate::access::token;
use crate::error::ApiError;
use crate::platform::Platform;
use crate::session::start::From;

/// A token that no database knows yet, and the row to store for it with [`end_user_sessions::create_session`].
pub(crate) struct NewEndUserToken {
    token: String,
    /// The row; it holds only the token's hash.
    pub(crate) session: NewEndUserSession,
}

impl NewEndUserToken {
    /// A new id at every sign-in (T15).
    pub(crate) fn generate(end_user: &EndUserId, from: From, now: DateTime<Utc>) -> Self {
        let token = token::new_token();
        let session = NewEndUserSession {
            id: EndUserSessionId::generate(now),
            token_hash: token::hash(&token),
            end_user_id: end_user.clone(),
            created_at: now,
            from_address: from.address,
            user_agent: from.user_agent,
        };
        Self { token, session }
    }

    /// The cookie of the session, once it is stored.
    pub(crate) async fn cookie(&self, platform: &Platform) -> Result<Cookie<'static>, ApiError> {
        let oldest = platform.read(companies::find_oldest).await?;
        let secure = oldest.is_some_and(|company| company.public_url.starts_with("https://"));
        Ok(cookie(self.token.clone(), Kind::EndUser, secure || platform.is_secure()))
    }

    /// Reads the stored session back and answers with it and its cookie.
    pub(crate) async fn answer(self, platform: &Platform, status: StatusCode) -> Result<HttpResponse, ApiError> {
        let (cookie, session) = self.describe(platform).await?;
        Ok(HttpResponse::build(status).cookie(cookie).json(session))
    }

    /// The stored session as its owner's console takes it, and its cookie.
    pub(crate) async fn describe(self, platform: &Platform) -> Result<(Cookie<'static>, MySession), ApiError> {
        let cookie = self.cookie(platform).await?;
        let (hash, now) = (self.session.token_hash.clone(), platform.clock.now());
        let record = platform
            .read(move |conn| end_user_sessions::find_session(conn, &hash, now)?.ok_or(StoreError::NotFound))
            .await?;
        Ok((cookie, MySession::describe(&EndUserCaller { record, token: self.token })))
    }
}
