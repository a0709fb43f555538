//! An address as a person types it: `192.168.1.64`, `nvr.local:8080`, `https://[fd00::1]:8443`.

use siteward_domain::device::Scheme;

use crate::cli::Failure;

/// What was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// Plain or TLS, where it was said.
    pub(super) scheme: Option<Scheme>,
    /// Host, without brackets.
    pub(super) host: String,
    /// Port, where it was said.
    pub(super) port: Option<u16>,
}

/// Reads an address; a path or anything else behind it is refused, because it would not be used.
pub(super) fn read(text: &str) -> Result<Typed, Failure> {
    let bad = |why: &str| Failure::new("address_invalid", why);
    let (scheme, rest) = match text.split_once("://") {
        Some(("http", rest)) => (Some(Scheme::Http), rest),
        Some(("https", rest)) => (Some(Scheme::Https), rest),
        Some(_) => return Err(bad("only http and https are spoken")),
        None => (None, text),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains(['/', '?', '#', '@']) || rest.is_empty() {
        return Err(bad("give a host and maybe a port: 192.168.1.64, nvr.local:8080, https://[fd00::1]:8443"));
    }
    let (host, port) = match rest.strip_prefix('[') {
        Some(inner) => {
            let (host, after) = inner.split_once(']').ok_or_else(|| bad("a ] is missing"))?;
            let port = if after.is_empty() {
                None
            } else {
                Some(after.strip_prefix(':').ok_or_else(|| bad("what follows ] is no port"))?)
            };
            (host, port)
        }
        None if rest.matches(':').count() > 1 => (rest, None),
        None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
    };
    let port =
        port.map(|port| port.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(|| bad("a port is 1 to 65535")));
    Ok(Typed { scheme, host: host.to_owned(), port: port.transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        for (text, scheme, host, port) in [
            ("192.168.1.64", None, "192.168.1.64", None),
            ("nvr.local:8080", None, "nvr.local", Some(8080)),
            ("http://127.0.0.1:18080/", Some(Scheme::Http), "127.0.0.1", Some(18080)),
            ("https://[fd00::1]:8443", Some(Scheme::Https), "fd00::1", Some(8443)),
            ("fd00::1", None, "fd00::1", None),
        ] {
            assert_eq!(read(text).unwrap(), Typed { scheme, host: host.to_owned(), port }, "{text}");
        }
        for text in ["", "ftp://x", "http://x/path", "x:0", "x:99999", "user@x", "[::1"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
