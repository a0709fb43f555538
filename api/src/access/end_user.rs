//! End users as callers: any that is signed in. Their cookie, their sessions and their CSRF token are their own; a browser
//! may be signed in as a member of staff beside.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use siteward_domain::EndUserId;
use siteward_store::end_user_sessions::{self, EndUserSessionRecord};
use siteward_store::owning::Owning;

use super::rights::csrf_is_right;
use super::session::{Kind, token_of};
use super::token;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// A signed-in end user, as the request carries them.
#[derive(Debug, Clone)]
pub(crate) struct EndUserCaller {
    /// The session and whose it is.
    pub(crate) record: EndUserSessionRecord,
    /// The cookie's token, from which the CSRF token is derived.
    pub(crate) token: String,
}

/// Why the end user could not be told (the database is away): the extractors answer with it.
pub(super) struct UnknownEndUser(pub(super) ApiError);

impl EndUserCaller {
    /// Who.
    pub(crate) fn id(&self) -> EndUserId {
        self.record.end_user_id.clone()
    }

    /// Their name.
    pub(crate) fn name(&self) -> &str {
        &self.record.name
    }

    /// Their e-mail address.
    pub(crate) fn email(&self) -> &str {
        &self.record.email
    }

    /// What is theirs.
    pub(crate) fn owning(&self) -> Owning {
        Owning { end_user: self.id() }
    }

    /// The end user whose cookie a request has, where one is signed in. For pages outside the API; there a middleware does it.
    pub(crate) async fn find(platform: &Platform, request: &HttpRequest) -> Result<Option<Self>, ApiError> {
        match token_of(request, Kind::EndUser, platform.is_secure()) {
            Some(token) => Self::of_token(platform, token).await,
            None => Ok(None),
        }
    }

    async fn of_token(platform: &Platform, cookie_token: String) -> Result<Option<Self>, ApiError> {
        let now = platform.clock.now();
        let hash = token::hash(&cookie_token);
        let found = platform.read(move |conn| end_user_sessions::find_session(conn, &hash, now)).await?;
        let Some(mut record) = found else { return Ok(None) };
        if record.needs_touch(now) {
            let id = record.id.clone();
            platform.write(move |conn| end_user_sessions::touch(conn, &id, now)).await?;
            record.last_used_at = now;
        }
        Ok(Some(Self { record, token: cookie_token }))
    }
}

/// Any signed-in end user.
pub(crate) struct EndUser(pub(crate) EndUserCaller);

impl FromRequest for EndUser {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).map(Self))
    }
}

pub(super) fn signed_in(request: &HttpRequest) -> Result<EndUserCaller, ApiError> {
    let Some(caller) = request.extensions().get::<EndUserCaller>().cloned() else {
        return Err(match request.extensions_mut().remove::<UnknownEndUser>() {
            Some(UnknownEndUser(error)) => error,
            None => ApiError::new(codes::NOT_SIGNED_IN),
        });
    };
    if csrf_is_right(request, &caller.token) { Ok(caller) } else { Err(ApiError::new(codes::CSRF_MISSING)) }
}
