//! Answering a challenge, as often as its nonce is good for.

use std::fmt::Write as _;

use md5::Md5;
use secrecy::zeroize::Zeroizing;
use sha2::Sha256;

use super::challenge::{Challenge, Hash};

/// A challenge being answered: the nonce is kept and counted.
pub(crate) struct Session {
    challenge: Challenge,
    user_name: String,
    /// H(user:realm:password), bound to the nonce where the device wants it so. As secret as the password.
    secret: Zeroizing<Hex>,
    client_nonce: String,
    count: u32,
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
        Self::with_client_nonce(challenge, user_name, password, client_nonce)
    }

    pub(super) fn with_client_nonce(challenge: Challenge, user: &str, password: &str, client_nonce: String) -> Self {
        let kind = challenge.hash;
        let mut secret =
            Zeroizing::new(hash(kind, &[user.as_bytes(), challenge.realm.as_bytes(), password.as_bytes()]));
        if challenge.session {
            *secret = hash(kind, &[secret.as_bytes(), challenge.nonce.as_bytes(), client_nonce.as_bytes()]);
        }
        Self { challenge, user_name: user.to_owned(), secret, client_nonce, count: 0 }
    }

    /// How often the nonce was used.
    pub(crate) fn uses(&self) -> u32 {
        self.count
    }

    /// The `Authorization` value for the next request.
    pub(crate) fn authorize(&mut self, method: &str, target: &str) -> String {
        let c = &self.challenge;
        self.count = self.count.saturating_add(1);
        let count = self.count;
        let request = hash(c.hash, &[method.as_bytes(), target.as_bytes()]);
        let mut out = String::with_capacity(320);
        out.push_str("Digest username=\"");
        for character in self.user_name.chars() {
            if matches!(character, '"' | '\\') {
                out.push('\\');
            }
            out.push(character);
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "\", realm=\"{}\", nonce=\"{}\", uri=\"{target}\"", c.realm, c.nonce);
        let response = if c.qop_auth {
            let nc = format!("{count:08x}");
            let _ = write!(out, ", qop=auth, nc={nc}, cnonce=\"{}\"", self.client_nonce);
            let parts: [&[u8]; 6] = [
                self.secret.as_bytes(),
                c.nonce.as_bytes(),
                nc.as_bytes(),
                self.client_nonce.as_bytes(),
                b"auth",
                request.as_bytes(),
            ];
            hash(c.hash, &parts)
        } else {
            if c.session {
                let _ = write!(out, ", cnonce=\"{}\"", self.client_nonce);
            }
            hash(c.hash, &[self.secret.as_bytes(), c.nonce.as_bytes(), request.as_bytes()])
        };
        let _ = write!(out, ", response=\"{}\"", response.as_str());
        if let Some(algorithm) = &c.algorithm {
            let _ = write!(out, ", algorithm={algorithm}");
        }
        if let Some(opaque) = &c.opaque {
            let _ = write!(out, ", opaque=\"{opaque}\"");
        }
        out
    }
}
