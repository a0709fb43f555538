//! Answering a challenge, as often as its nonce is good for.

use std::ops::Range;

use md5::Md5;
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

use super::challenge::{Challenge, Hash};

/// A challenge being answered: the nonce is kept and counted.
pub(crate) struct Session {
    /// What all answers have in common, in one piece: among thousands of devices it is never in the processor's cache.
    text: String,
    /// Where in it the answer begins: up to the resource.
    head: Range<usize>,
    /// Where the answer ends: algorithm and opaque.
    tail: Range<usize>,
    nonce: Range<usize>,
    client_nonce: Range<usize>,
    hash: Hash,
    /// The hash of the account is bound to the nonces (`MD5-sess`).
    is_bound: bool,
    qop_auth: bool,
    count: u32,
    /// H(user:realm:password), bound to the nonce where the device wants it so. As secret as the password.
    secret: Zeroizing<Hex>,
}

/// A hash in lower-case hexadecimal, without a heap.
#[derive(Clone, Copy)]
pub(super) struct Hex {
    bytes: [u8; 64],
    length: usize,
}

impl secrecy::zeroize::Zeroize for Hex {
    fn zeroize(&mut self) {
        self.bytes.zeroize();
    }
}

impl Hex {
    fn of(raw: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = Self { bytes: [0; 64], length: 0 };
        for (pair, byte) in hex.bytes.chunks_exact_mut(2).zip(raw) {
            for (place, nibble) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *place = DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
            }
            hex.length += 2;
        }
        hex
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or("")
    }
}

/// Hashes parts with a colon between each two.
pub(super) fn hash(kind: Hash, parts: &[&[u8]]) -> Hex {
    fn run<D: md5::Digest>(parts: &[&[u8]]) -> Hex {
        let mut hasher = D::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                hasher.update(b":");
            }
            hasher.update(part);
        }
        Hex::of(&hasher.finalize())
    }
    match kind {
        Hash::Md5 => run::<Md5>(parts),
        Hash::Sha256 => run::<Sha256>(parts),
    }
}

impl Session {
    /// Starts to answer a challenge, with a client nonce of 16 random bytes.
    pub(crate) fn new(challenge: Challenge, user_name: &str, password: &str) -> Self {
        let client_nonce = hex::encode(rand::random::<[u8; 16]>());
        Self::with_client_nonce(challenge, user_name, password, &client_nonce)
    }

    pub(super) fn with_client_nonce(challenge: Challenge, user: &str, password: &str, client_nonce: &str) -> Self {
        let Challenge { realm, nonce, opaque, hash: kind, session, algorithm, qop_auth, stale: _ } = challenge;
        let mut secret = Zeroizing::new(hash(kind, &[user.as_bytes(), realm.as_bytes(), password.as_bytes()]));
        if session {
            *secret = hash(kind, &[secret.as_bytes(), nonce.as_bytes(), client_nonce.as_bytes()]);
        }
        let mut text = String::with_capacity(160);
        text.push_str("Digest username=\"");
        for character in user.chars() {
            if matches!(character, '"' | '\\') {
                text.push('\\');
            }
            text.push(character);
        }
        text.extend(["\", realm=\"", &realm, "\", nonce=\""]);
        let nonce = add(&mut text, &nonce);
        text.push_str("\", uri=\"");
        let head = 0..text.len();
        text.extend(algorithm.iter().flat_map(|algorithm| [", algorithm=", algorithm]));
        text.extend(opaque.iter().flat_map(|opaque| [", opaque=\"", opaque, "\""]));
        let tail = head.end..text.len();
        let client_nonce = add(&mut text, client_nonce);
        Self { text, head, tail, nonce, client_nonce, hash: kind, is_bound: session, qop_auth, count: 0, secret }
    }

    fn part(&self, part: &Range<usize>) -> &str {
        self.text.get(part.clone()).unwrap_or_default()
    }

    /// How often the nonce was used.
    pub(crate) fn uses(&self) -> u32 {
        self.count
    }

    /// The `Authorization` value for the next request.
    pub(crate) fn authorize(&mut self, method: &str, target: &str) -> String {
        self.count = self.count.saturating_add(1);
        let (nonce, client_nonce) = (self.part(&self.nonce), self.part(&self.client_nonce));
        let request = hash(self.hash, &[method.as_bytes(), target.as_bytes()]);
        let mut out = String::with_capacity(384);
        out.extend([self.part(&self.head), target, "\""]);
        let response = if self.qop_auth {
            let count = Hex::of(&self.count.to_be_bytes());
            out.extend([", qop=auth, nc=", count.as_str(), ", cnonce=\"", client_nonce, "\""]);
            let parts: [&[u8]; 6] = [
                self.secret.as_bytes(),
                nonce.as_bytes(),
                count.as_bytes(),
                client_nonce.as_bytes(),
                b"auth",
                request.as_bytes(),
            ];
            hash(self.hash, &parts)
        } else {
            if self.is_bound {
                out.extend([", cnonce=\"", client_nonce, "\""]);
            }
            hash(self.hash, &[self.secret.as_bytes(), nonce.as_bytes(), request.as_bytes()])
        };
        out.extend([", response=\"", response.as_str(), "\"", self.part(&self.tail)]);
        out
    }
}

/// Adds a part and tells where it is.
fn add(text: &mut String, part: &str) -> Range<usize> {
    let begin = text.len();
    text.push_str(part);
    begin..text.len()
}
