//! The session of a request: read from its cookie once, before any handler, and kept beside the request.

use actix_web::body::MessageBody;
use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};
use siteward_domain::staff::SESSION_ABSOLUTE_SECONDS;
use siteward_store::sessions::{self, SessionRecord};

use super::token;
use crate::error::ApiError;
use crate::platform::Platform;

/// The cookie's name.
pub(crate) const COOKIE: &str = "siteward_session";

/// A signed-in caller, as the request carries them.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The session and whose it is.
    pub(crate) record: SessionRecord,
    /// The cookie's token, from which the CSRF token is derived.
    pub(crate) token: String,
}

/// Why the caller could not be told (the database is away): rights answer with it.
pub(crate) struct Unknown(pub(crate) ApiError);

/// Middleware: finds the caller's session and puts it beside the request. Refuses nobody; rights do.
pub(crate) async fn identify<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let token = request.cookie(COOKIE).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty());
    if let (Some(token), Some(platform)) = (token, request.app_data::<web::Data<Platform>>().cloned()) {
        match find(&platform, token).await {
            Ok(Some(caller)) => {
                request.extensions_mut().insert(caller);
            }
            Ok(None) => {}
            Err(error) => {
                request.extensions_mut().insert(Unknown(error));
            }
        }
    }
    next.call(request).await
}

async fn find(platform: &Platform, cookie_token: String) -> Result<Option<Caller>, ApiError> {
    let now = platform.clock.now();
    let hash = token::hash(&cookie_token);
    let found = platform.read(move |conn| sessions::find_session(conn, &hash, now)).await?;
    let Some(mut record) = found else { return Ok(None) };
    if record.needs_touch(now) {
        let id = record.id.clone();
        platform.write(move |conn| sessions::touch(conn, &id, now)).await?;
        record.last_used_at = now;
    }
    Ok(Some(Caller { record, token: cookie_token }))
}

/// The cookie of a new session.
pub(crate) fn cookie(token: String, secure: bool) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(CookieDuration::seconds(SESSION_ABSOLUTE_SECONDS))
        .finish()
}

/// The cookie that makes a browser forget the session.
pub(crate) fn forgotten_cookie(secure: bool) -> Cookie<'static> {
    let mut cookie = cookie(String::new(), secure);
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let text = cookie("t".to_owned(), true).to_string();
        for part in ["siteward_session=t", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!cookie("t".to_owned(), false).to_string().contains("Secure"));
    }
}
