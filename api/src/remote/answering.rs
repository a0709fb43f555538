//! The device's answer as the browser gets it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LOCATION, SET_COOKIE};
use siteward_devices::Forwarded;
use siteward_domain::device::DeviceAddress;

use super::cookies;

/// Headers of devices that would reach further than their pages, or that the server sets itself.
const DROPPED: [&str; 9] = [
    "strict-transport-security",
    "alt-svc",
    "clear-site-data",
    "content-length",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "service-worker-allowed",
    "cache-control",
    "date",
];

/// Hands an answer back. Packed bodies stay packed.
pub(super) fn answer(forwarded: Forwarded, device: &DeviceAddress) -> HttpResponse {
    // A device may not switch protocols: what came after would be read as whatever it liked.
    let status = StatusCode::from_u16(forwarded.status).ok().filter(|status| !status.is_informational());
    let status = status.unwrap_or(StatusCode::BAD_GATEWAY);
    let mut answer = HttpResponse::build(status);
    for (name, value) in &forwarded.headers {
        let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_str().as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
        else {
            continue;
        };
        if DROPPED.contains(&name.as_str()) {
            continue;
        }
        if name == SET_COOKIE {
            if let Some(kept) = cookies::kept(&value) {
                answer.append_header((name, kept));
            }
        } else if name == LOCATION {
            if let Some(here) = location(&value, device) {
                answer.append_header((name, here));
            }
        } else {
            answer.append_header((name, value));
        }
    }
    // Their own pages may be framed by themselves, as older ones are, and by nobody else.
    answer.append_header((CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    answer.body(forwarded.body)
}

/// Where a redirect leads here: below the same name. One to another host is dropped: a device that was taken over must not
/// lead an installer anywhere.
fn location(value: &HeaderValue, device: &DeviceAddress) -> Option<String> {
    // Browsers take a backslash for a slash, and tabs for nothing: either could make another host of a path.
    let text = value.to_str().ok().filter(|text| !text.contains(['\\', '\t']))?.trim();
    let is_path =
        text.starts_with(['/', '?', '#']) || !text.split(['/', '?', '#']).next().unwrap_or_default().contains(':');
    if is_path {
        return (!text.starts_with("//")).then(|| text.to_owned());
    }
    let (scheme, rest) = text.split_once("://")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, "/"), |at| rest.split_at(at));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    (host.eq_ignore_ascii_case(&device.host) && !path.starts_with("//")).then_some(path)
}

#[cfg(test)]
mod tests {
    use siteward_domain::device::Scheme;

    use super::*;

    #[test]
    fn redirects_stay_below_the_same_name() {
        let device = DeviceAddress { scheme: Scheme::Http, host: "192.0.2.7".to_owned(), port: 80 };
        let lead = |text: &str| location(&HeaderValue::from_str(text).unwrap(), &device);
        assert_eq!(lead("/doc/page/login.asp"), Some("/doc/page/login.asp".to_owned()));
        assert_eq!(lead("http://192.0.2.7/doc?x=1"), Some("/doc?x=1".to_owned()));
        assert_eq!(lead("https://192.0.2.7:8443"), Some("/".to_owned()));
        assert_eq!(lead("https://evil.example/doc"), None);
        assert_eq!(lead("//evil.example/doc"), None);
        assert_eq!(lead("http://192.0.2.7@evil.example/"), None);
        for kept in ["login.asp?back=http://x.example/", "?a=1", "/a:b", "../c"] {
            assert_eq!(lead(kept), Some(kept.to_owned()));
        }
        for dropped in [
            "/\\evil.example/",
            "/\t/evil.example/",
            "\t//evil.example/",
            "http:/\\evil.example/",
            "https:evil.example",
            "http:evil.example/a://b",
            "http://192.0.2.7//evil.example/",
            "http://192.0.2.7\\@evil.example/",
            "javascript:alert(1)",
            "javascript://192.0.2.7/%0aalert(1)",
            "data:text/html,x",
        ] {
            assert_eq!(lead(dropped), None, "{dropped}");
        }
    }
}
