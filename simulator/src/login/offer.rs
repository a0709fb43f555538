//! Reads what a client puts into `Authorization`.

/// A login offered by a client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Offer<'a> {
    Basic(&'a str),
    Digest(DigestOffer<'a>),
}

/// The parts of a digest answer; absent ones are empty or `None`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct DigestOffer<'a> {
    pub(crate) user: &'a str,
    pub(crate) realm: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) response: &'a str,
    pub(crate) nc: &'a str,
    pub(crate) cnonce: &'a str,
    pub(crate) algorithm: Option<&'a str>,
    pub(crate) qop: Option<&'a str>,
    pub(crate) opaque: Option<&'a str>,
}

impl<'a> Offer<'a> {
    /// `None` for an unknown scheme or a digest without its needed parts.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once(' ')?;
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic(rest.trim()));
        }
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let mut offer = DigestOffer::default();
        let mut rest = rest;
        while let Some((name, value, after)) = pair(rest) {
            match name {
                "username" => offer.user = value,
                "realm" => offer.realm = value,
                "nonce" => offer.nonce = value,
                "uri" => offer.uri = value,
                "response" => offer.response = value,
                "nc" => offer.nc = value,
                "cnonce" => offer.cnonce = value,
                "algorithm" => offer.algorithm = Some(value),
                "qop" => offer.qop = Some(value),
                "opaque" => offer.opaque = Some(value),
                _ => {}
            }
            rest = after;
        }
        let whole = !offer.nonce.is_empty() && !offer.response.is_empty() && !offer.uri.is_empty();
        whole.then_some(Self::Digest(offer))
    }
}

impl DigestOffer<'_> {
    /// How often the client says it used the nonce; `None` where it does not count (RFC 2069).
    pub(crate) fn count(&self) -> Option<u32> {
        self.qop?;
        Some(u32::from_str_radix(self.nc, 16).unwrap_or(0))
    }
}

/// `name=value` or `name="value"` at the front of a list; the rest of the list.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches([' ', ',', '\t']);
    let (name, rest) = text.split_once('=')?;
    if let Some(quoted) = rest.strip_prefix('"') {
        let (value, after) = quoted.split_once('"')?;
        return Some((name.trim(), value, after));
    }
    let (value, after) = rest.split_once(',').unwrap_or((rest, ""));
    Some((name.trim(), value.trim(), after))
}
