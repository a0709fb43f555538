//! The names of sessions: 32 random base32 characters below a domain of the server.

use actix_web::HttpRequest;
use siteward_worker::settings::Settings;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const LABEL_CHARACTERS: usize = 32;

/// A new label: 160 random bits.
pub(crate) fn new_label() -> String {
    let bytes: [u8; LABEL_CHARACTERS] = rand::random();
    bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).copied().map(char::from).collect()
}

/// The label of a host name, if it is one of remote configuration. Nothing else has such names.
pub(crate) fn label(host: &str) -> Option<&str> {
    let (label, rest) = host.split_once('.')?;
    let is_label = label.len() == LABEL_CHARACTERS && label.bytes().all(|byte| ALPHABET.contains(&byte));
    (is_label && !rest.is_empty()).then_some(label)
}

/// The address of a session's pages, without a path; `None` where the server has no domain for it.
pub(crate) fn origin(settings: &Settings, request: &HttpRequest, label: &str) -> Option<String> {
    let (scheme, authority) = settings.server.public_url.split_once("://")?;
    let authority = authority.split(['/', '?', '#']).next()?;
    let (host, port) = split(authority);
    let domain = match &settings.remote.domain {
        Some(domain) => domain.trim_matches('.'),
        None if host.contains(':') || host.parse::<std::net::IpAddr>().is_ok() || host.is_empty() => return None,
        None => host,
    };
    // On trial, on this machine, the port is the one that was asked.
    let asked = super::host_of(request).and_then(|asked| split(&asked).1.map(str::to_owned));
    let is_trial = domain == "localhost" || domain.ends_with(".localhost");
    let port = if is_trial { asked } else { port.map(str::to_owned) };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{label}.{domain}{port}"))
}

/// Host (IPv6 in brackets) and port of an authority.
fn split(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_random_labels_are_names_of_sessions() {
        let made = new_label();
        assert_eq!(label(&format!("{made}.localhost:8080")), Some(made.as_str()));
        let other = "a".repeat(32);
        for host in ["localhost", "localhost:8080", "127.0.0.1:80", "www.example.com", "[::1]:80", "", &other] {
            assert_eq!(label(host), None, "{host}");
        }
        assert_eq!(label(&format!("{}.example.com", "A".repeat(32))), None);
        assert_eq!(label(&format!("{}.example.com", "a".repeat(31))), None);
        assert_eq!(label(&format!("{}.example.com", "1".repeat(32))), None);
    }
}
