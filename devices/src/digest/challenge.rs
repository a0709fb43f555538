//! Reading `WWW-Authenticate`: one or several challenges, in one header or in many.

use std::iter::Peekable;
use std::str::CharIndices;

/// Most bytes of one header that are read.
const MOST_BYTES: usize = 4096;
/// Most challenges of one header that are read.
const MOST_CHALLENGES: usize = 8;

/// A hash a device may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Md5,
    Sha256,
}

/// One digest challenge, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// Between its quotes, as sent: it is hashed and sent back unchanged.
    pub(crate) realm: String,
    pub(crate) nonce: String,
    pub(crate) opaque: Option<String>,
    pub(crate) hash: Hash,
    /// `MD5-sess` and the like: the first hash is bound to nonce and client nonce.
    pub(crate) session: bool,
    /// The algorithm as sent, to be sent back; absent where the device sent none.
    pub(crate) algorithm: Option<String>,
    /// `qop=auth` is offered; else the form of RFC 2069 is used.
    pub(crate) qop_auth: bool,
    /// The last answer was right but for its nonce: it may be given again.
    pub(crate) stale: bool,
}

/// What a device offers to log in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scheme {
    Digest(Challenge),
    Basic,
}

/// The best that is offered: digest SHA-256, digest MD5, and Basic only when there is no digest at all.
pub(crate) fn choose<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<Scheme> {
    let mut best: Option<Challenge> = None;
    let (mut basic, mut digest) = (false, false);
    for raw in headers.into_iter().flat_map(read_header) {
        if raw.scheme.eq_ignore_ascii_case("basic") {
            basic = true;
        } else if raw.scheme.eq_ignore_ascii_case("digest") {
            digest = true;
            let Some(challenge) = raw.understand() else { continue };
            if best.as_ref().is_none_or(|held| held.hash == Hash::Md5 && challenge.hash == Hash::Sha256) {
                best = Some(challenge);
            }
        }
    }
    match best {
        Some(challenge) => Some(Scheme::Digest(challenge)),
        None if basic && !digest => Some(Scheme::Basic),
        None => None,
    }
}

#[derive(Debug)]
struct Raw {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Raw {
    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn understand(&self) -> Option<Challenge> {
        let algorithm = self.get("algorithm").map(str::trim).filter(|text| !text.is_empty());
        let (hash, session) = match algorithm.unwrap_or("MD5").to_ascii_uppercase().as_str() {
            "MD5" => (Hash::Md5, false),
            "MD5-SESS" => (Hash::Md5, true),
            "SHA-256" | "SHA256" => (Hash::Sha256, false),
            "SHA-256-SESS" | "SHA256-SESS" => (Hash::Sha256, true),
            _ => return None,
        };
        let qop = self.get("qop").unwrap_or("");
        let qop_auth = qop.split(',').any(|word| word.trim().eq_ignore_ascii_case("auth"));
        if !qop_auth && !qop.trim().is_empty() {
            return None; // auth-int alone: no device is known to ask for it
        }
        Some(Challenge {
            realm: self.get("realm").unwrap_or("").to_owned(),
            nonce: self.get("nonce").filter(|nonce| !nonce.is_empty())?.to_owned(),
            opaque: self.get("opaque").map(str::to_owned),
            hash,
            session,
            algorithm: algorithm.map(str::to_owned),
            qop_auth,
            stale: self.get("stale").is_some_and(|text| text.trim().eq_ignore_ascii_case("true")),
        })
    }
}

/// Splits a header into challenges. A word that is not followed by `=` starts a new one.
fn read_header(header: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = Vec::new();
    if header.len() > MOST_BYTES {
        return found;
    }
    let mut rest = header.char_indices().peekable();
    while found.len() <= MOST_CHALLENGES {
        skip(&mut rest, |c| c.is_whitespace() || c == ',');
        let word = take(header, &mut rest, |c| !c.is_whitespace() && c != ',' && c != '=' && c != '"');
        if word.is_empty() {
            // Something that no word starts with: step over it rather than stand still.
            if rest.next().is_none() {
                break;
            }
            continue;
        }
        skip(&mut rest, char::is_whitespace);
        if rest.peek().is_some_and(|(_, c)| *c == '=') {
            rest.next();
            skip(&mut rest, char::is_whitespace);
            let value = read_value(header, &mut rest);
            if let Some(raw) = found.last_mut() {
                raw.parameters.push((word.to_owned(), value));
            }
        } else {
            found.push(Raw { scheme: word.to_owned(), parameters: Vec::new() });
        }
    }
    found.truncate(MOST_CHALLENGES);
    found
}

/// A quoted string, its inside as sent (escapes too), or a bare word.
fn read_value(header: &str, rest: &mut Peekable<CharIndices<'_>>) -> String {
    if rest.peek().is_none_or(|(_, c)| *c != '"') {
        return take(header, rest, |c| !c.is_whitespace() && c != ',').to_owned();
    }
    rest.next();
    let start = rest.peek().map_or(header.len(), |(at, _)| *at);
    let mut escaped = false;
    for (at, c) in rest.by_ref() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return header.get(start..at).unwrap_or("").to_owned(),
            _ => {}
        }
    }
    header.get(start..).unwrap_or("").to_owned()
}

fn skip(rest: &mut Peekable<CharIndices<'_>>, goes: impl Fn(char) -> bool) {
    while rest.next_if(|(_, c)| goes(*c)).is_some() {}
}

fn take<'a>(header: &'a str, rest: &mut Peekable<CharIndices<'_>>, goes: impl Fn(char) -> bool) -> &'a str {
    let start = rest.peek().map_or(header.len(), |(at, _)| *at);
    skip(rest, goes);
    let end = rest.peek().map_or(header.len(), |(at, _)| *at);
    header.get(start..end).unwrap_or("")
}
