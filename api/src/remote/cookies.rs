//! Cookies of a session's host: ours, which no device sees, and the device's, which stay on that host.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{COOKIE, HeaderValue};

/// The name of ours.
const NAME: &str = "siteward_remote";
/// Its name where browsers reach the server by TLS: a page of another session cannot set one of this prefix for us.
const NAME_OF_HOST: &str = "__Host-siteward_remote";

fn name(secure: bool) -> &'static str {
    if secure { NAME_OF_HOST } else { NAME }
}

fn is_ours(name: &str) -> bool {
    name.eq_ignore_ascii_case(NAME) || name.eq_ignore_ascii_case(NAME_OF_HOST)
}

/// Ours for a new session: of this host alone, out of reach of scripts.
pub(super) fn made(token: String, secure: bool) -> Cookie<'static> {
    Cookie::build(name(secure), token).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).finish()
}

/// Ours, as the browser sends it. Two of the name are none: a device's script may have set one for a path.
pub(super) fn of(request: &HttpRequest, secure: bool) -> Option<String> {
    let mut ours = pairs(request).filter(|(told, _)| *told == name(secure));
    let (_, value) = ours.next()?;
    (ours.next().is_none() && !value.is_empty()).then(|| value.to_owned())
}

/// The device's own.
pub(super) fn of_device(request: &HttpRequest) -> Option<HeaderValue> {
    let theirs: Vec<String> =
        pairs(request).filter(|(name, _)| !is_ours(name)).map(|(name, value)| format!("{name}={value}")).collect();
    if theirs.is_empty() { None } else { HeaderValue::from_str(&theirs.join("; ")).ok() }
}

/// A cookie that the device sets, kept to this host; `None` for one that would replace ours.
pub(super) fn kept(set: &HeaderValue) -> Option<HeaderValue> {
    let text = set.to_str().ok()?;
    let mut parts = text.split(';').map(str::trim);
    let pair = parts.next()?;
    let name = pair.split_once('=')?.0.trim();
    if is_ours(name) {
        return None;
    }
    let is_kept = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default().trim();
        !name.eq_ignore_ascii_case("domain")
    };
    let kept: Vec<&str> = std::iter::once(pair).chain(parts.filter(is_kept)).collect();
    HeaderValue::from_str(&kept.join("; ")).ok()
}

fn pairs(request: &HttpRequest) -> impl Iterator<Item = (&str, &str)> {
    let headers = request.headers().get_all(COOKIE).filter_map(|value| value.to_str().ok());
    headers.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_devices_cookie_stays_on_the_host_and_never_replaces_ours() {
        let kept = |text: &str| {
            let value = HeaderValue::from_str(text).unwrap();
            kept(&value).map(|kept| kept.to_str().unwrap().to_owned())
        };
        assert_eq!(
            kept("WebSession=1; Path=/; Domain=example.com; HttpOnly"),
            Some("WebSession=1; Path=/; HttpOnly".into())
        );
        assert_eq!(kept("siteward_remote=x; Path=/doc"), None);
        assert_eq!(kept("Siteward_Remote=x"), None);
        assert_eq!(kept("__Host-siteward_remote=x; Path=/; Secure"), None);
        assert_eq!(kept("nonsense"), None);
    }
}
