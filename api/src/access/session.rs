//! The sessions of a request: read from its cookies once, before any handler, and kept beside the request. Staff and end
//! users have a cookie each, and a browser may have both.

use actix_web::body::MessageBody;
use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use siteward_domain::staff::SESSION_ABSOLUTE_SECONDS;
use siteward_store::sessions::{self, SessionRecord};

use super::end_user::{EndUserCaller, UnknownEndUser};
use super::token;
use crate::error::ApiError;
use crate::platform::Platform;

/// Whose session a cookie is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A member of staff's.
    Staff,
    /// An end user's.
    EndUser,
}

impl Kind {
    /// The cookie's name.
    pub(crate) const fn cookie(self) -> &'static str {
        match self {
            Self::Staff => "siteward_session",
            Self::EndUser => "siteward_my",
        }
    }

    /// Its name where browsers reach the server by TLS: they take one of this prefix from this very host only, so that no
    /// page under a name below ours (a device's own pages, R-O3) can put a session of its choice in its place.
    const fn cookie_of_host(self) -> &'static str {
        match self {
            Self::Staff => "__Host-siteward_session",
            Self::EndUser => "__Host-siteward_my",
        }
    }
}

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

/// Middleware: finds the caller's sessions and puts them beside the request. Refuses nobody; rights do.
pub(crate) async fn identify<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if let Some(platform) = request.app_data::<web::Data<Platform>>().cloned() {
        if let Some(token) = token_of(request.request(), Kind::Staff, platform.is_secure()) {
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
        match EndUserCaller::find(&platform, request.request()).await {
            Ok(Some(caller)) => {
                request.extensions_mut().insert(caller);
            }
            Ok(None) => {}
            Err(error) => {
                request.extensions_mut().insert(UnknownEndUser(error));
            }
        }
    }
    next.call(request).await
}

/// The token that a browser sent. Two of a name are none: one of them is somebody else's.
pub(super) fn token_of(request: &HttpRequest, kind: Kind, secure: bool) -> Option<String> {
    let cookies = request.cookies().ok()?;
    let of_name = |name: &str| {
        let mut found = cookies.iter().filter(|cookie| cookie.name() == name).map(Cookie::value);
        let first = found.next().filter(|token| !token.is_empty())?;
        found.next().is_none().then(|| first.to_owned())
    };
    of_name(kind.cookie_of_host()).or_else(|| if secure { None } else { of_name(kind.cookie()) })
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
pub(crate) fn cookie(token: String, kind: Kind, secure: bool) -> Cookie<'static> {
    Cookie::build(if secure { kind.cookie_of_host() } else { kind.cookie() }, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(CookieDuration::seconds(SESSION_ABSOLUTE_SECONDS))
        .finish()
}

/// The cookie that makes a browser forget the session that it sent.
pub(crate) fn forgotten_cookie(request: &HttpRequest, kind: Kind, secure: bool) -> Cookie<'static> {
    let secure = secure || request.cookie(kind.cookie_of_host()).is_some();
    let mut cookie = cookie(String::new(), kind, secure);
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let text = cookie("t".to_owned(), Kind::Staff, true).to_string();
        for part in ["__Host-siteward_session=t", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"), "{text}");
        let plain = cookie("t".to_owned(), Kind::Staff, false).to_string();
        assert!(plain.starts_with("siteward_session=t") && !plain.contains("Secure"), "{plain}");
    }

    #[test]
    fn a_cookie_that_a_page_below_our_name_has_set_is_no_session() {
        let sent = |text: &'static str, secure| {
            token_of(&TestRequest::default().insert_header(("Cookie", text)).to_http_request(), Kind::Staff, secure)
        };
        let ours = Some("ours".to_owned());
        assert_eq!(sent("siteward_session=theirs; __Host-siteward_session=ours", true), ours);
        assert_eq!(sent("siteward_session=theirs; __Host-siteward_session=ours", false), ours);
        assert_eq!(sent("siteward_session=theirs", true), None);
        assert_eq!(sent("siteward_session=ours", false), ours);
        assert_eq!(sent("siteward_session=theirs; siteward_session=ours", false), None);
    }

    #[test]
    fn a_browser_has_a_session_of_staff_and_one_of_an_end_user_beside_each_other() {
        let both = ("Cookie", "__Host-siteward_session=staff; __Host-siteward_my=customer");
        let request = TestRequest::default().insert_header(both).to_http_request();
        assert_eq!(token_of(&request, Kind::Staff, true).as_deref(), Some("staff"));
        assert_eq!(token_of(&request, Kind::EndUser, true).as_deref(), Some("customer"));
        let one = TestRequest::default().insert_header(("Cookie", "siteward_my=customer")).to_http_request();
        assert_eq!(token_of(&one, Kind::Staff, false), None);
        assert_eq!(token_of(&one, Kind::EndUser, true), None);
        assert_eq!(forgotten_cookie(&one, Kind::EndUser, false).name(), "siteward_my");
    }
}
