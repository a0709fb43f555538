//! The session of a request: read from its cookie once, before any handler, and kept beside the request.

use actix_web::body::MessageBody;
use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use siteward_domain::staff::SESSION_ABSOLUTE_SECONDS;
use siteward_store::sessions::{self, SessionRecord};

use super::token;
use crate::error::ApiError;
use crate::platform::Platform;

/// The cookie's name.
pub(crate) const COOKIE: &str = "siteward_session";
/// Its name where browsers reach the server by TLS: they take one of this prefix from this very host only, so that no page
/// under a name below ours (a device's own pages, R-O3) can put a session of its choice in its place.
const COOKIE_OF_HOST: &str = "__Host-siteward_session";

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
    if let Some(platform) = request.app_data::<web::Data<Platform>>().cloned()
        && let Some(token) = token_of(request.request(), platform.is_secure())
    {
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

/// The token that a browser sent. Two of a name are none: one of them is somebody else's.
fn token_of(request: &HttpRequest, secure: bool) -> Option<String> {
    let cookies = request.cookies().ok()?;
    let of_name = |name: &str| {
        let mut found = cookies.iter().filter(|cookie| cookie.name() == name).map(Cookie::value);
        let first = found.next().filter(|token| !token.is_empty())?;
        found.next().is_none().then(|| first.to_owned())
    };
    of_name(COOKIE_OF_HOST).or_else(|| if secure { None } else { of_name(COOKIE) })
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
    Cookie::build(if secure { COOKIE_OF_HOST } else { COOKIE }, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(CookieDuration::seconds(SESSION_ABSOLUTE_SECONDS))
        .finish()
}

/// The cookie that makes a browser forget the session that it sent.
pub(crate) fn forgotten_cookie(request: &HttpRequest, secure: bool) -> Cookie<'static> {
    let secure = secure || request.cookie(COOKIE_OF_HOST).is_some();
    let mut cookie = cookie(String::new(), secure);
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let text = cookie("t".to_owned(), true).to_string();
        for part in ["__Host-siteward_session=t", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        let plain = cookie("t".to_owned(), false).to_string();
        assert!(plain.starts_with("siteward_session=t") && !plain.contains("Secure"), "{plain}");
    }

    #[test]
    fn a_cookie_that_a_page_below_our_name_has_set_is_no_session() {
        let sent = |text: &'static str, secure| {
            token_of(&TestRequest::default().insert_header(("Cookie", text)).to_http_request(), secure)
        };
        let ours = Some("ours".to_owned());
        assert_eq!(sent("siteward_session=theirs; __Host-siteward_session=ours", true), ours);
        assert_eq!(sent("siteward_session=theirs; __Host-siteward_session=ours", false), ours);
        assert_eq!(sent("siteward_session=theirs", true), None);
        assert_eq!(sent("siteward_session=ours", false), ours);
        assert_eq!(sent("siteward_session=theirs; siteward_session=ours", false), None);
    }
}
