//! The door of a device: challenges, checks answers to them, and locks itself after wrong ones.
//!
//! RFC 7616 with the habits of the vendor's firmware: no `algorithm` and no `opaque` on older ones, `stale="FALSE"` in
//! capitals, five wrong logins and then thirty minutes of refusing everybody.

use std::collections::VecDeque;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;
use tokio::time::Instant;

use crate::profile::LoginScheme;

/// Wrong logins until a device locks itself.
pub(crate) const TRIES: u32 = 5;
/// How long it then stays locked.
pub(crate) const LOCK_TIME: Duration = Duration::from_secs(30 * 60);
/// Nonces that a device remembers at a time.
const NONCES: usize = 24;
const OPAQUE: &str = "5ccc069c403ebaf9f0171e9517f40e41";

mod offer;
pub(crate) use offer::Offer;

/// What the door says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted,
    /// No login was offered, or one of an unknown scheme, or a right one for a nonce that is not (or no longer) good.
    Challenge {
        stale: bool,
    },
    /// A wrong name or password.
    Refused,
    /// A login was offered while locked.
    Locked,
    /// The offer contradicts the request or the challenge.
    Malformed,
}

/// A name and a password, as logins are checked against them.
struct Keys {
    user: String,
    password: String,
    md5: [u8; 32],
    sha256: [u8; 64],
}

impl Keys {
    fn new(user: &str, realm: &str, password: &str) -> Self {
        Self {
            user: user.to_owned(),
            password: password.to_owned(),
            md5: md5(&[user, ":", realm, ":", password]),
            sha256: sha256(&[user, ":", realm, ":", password]),
        }
    }
}

/// Name, password, nonces and lock of one device.
pub(crate) struct Door {
    scheme: LoginScheme,
    realm: String,
    own: Keys,
    nonces: VecDeque<Nonce>,
    nonce_lifetime: Duration,
    wrong: u32,
    locked_until: Option<Instant>,
}

struct Nonce {
    text: [u8; 32],
    issued: Instant,
    highest: u32,
    /// Which of the 64 counts up to `highest` were seen; bit 0 is `highest` itself.
    seen: u64,
}

impl Nonce {
    /// Marks a count as used; false if it was used before or is too far back.
    fn use_count(&mut self, count: u32) -> bool {
        if count > self.highest {
            self.seen = self.seen.checked_shl(count - self.highest).unwrap_or(0) | 1;
            self.highest = count;
            return true;
        }
        let back = self.highest - count;
        let Some(bit) = 1_u64.checked_shl(back) else { return false };
        let fresh = count > 0 && self.seen & bit == 0;
        self.seen |= bit;
        fresh
    }
}

impl Door {
    pub(crate) fn new(
        scheme: LoginScheme,
        realm: String,
        user: &str,
        password: &str,
        nonce_lifetime: Duration,
    ) -> Self {
        let own = Keys::new(user, &realm, password);
        Self { scheme, realm, own, nonces: VecDeque::new(), nonce_lifetime, wrong: 0, locked_until: None }
    }

    pub(crate) fn password(&self) -> &str {
        &self.own.password
    }

    pub(crate) fn set_password(&mut self, password: &str) {
        self.own = Keys::new(&self.own.user, &self.realm, password);
    }

    pub(crate) fn set_nonce_lifetime(&mut self, lifetime: Duration) {
        self.nonce_lifetime = lifetime;
    }

    /// Locks at once, or unlocks and forgets the wrong logins.
    pub(crate) fn set_locked(&mut self, locked: bool, now: Instant) {
        self.locked_until = locked.then(|| now + LOCK_TIME);
        self.wrong = 0;
    }

    /// What is left of the lock; `None` while it is open.
    pub(crate) fn locked_for(&mut self, now: Instant) -> Option<Duration> {
        let left = self.locked_until?.saturating_duration_since(now);
        if left.is_zero() {
            self.locked_until = None;
            return None;
        }
        Some(left)
    }

    /// Judges a password that came another way than by HTTP; it counts like any other try.
    pub(crate) fn check_password(&mut self, right: bool, now: Instant) -> Verdict {
        if self.locked_for(now).is_some() {
            return Verdict::Locked;
        }
        if right { self.accept() } else { self.refuse(now) }
    }

    /// Wrong logins that are still allowed before the lock.
    pub(crate) fn tries_left(&self) -> u32 {
        TRIES.saturating_sub(self.wrong)
    }

    /// Judges the `Authorization` field of a request.
    pub(crate) fn check(&mut self, authorization: Option<&str>, method: &str, target: &str, now: Instant) -> Verdict {
        self.check_as(None, authorization, method, target, now)
    }

    /// The same for another account than the device's own, of a name and a password.
    pub(crate) fn check_as(
        &mut self,
        other: Option<(&str, &str)>,
        authorization: Option<&str>,
        method: &str,
        target: &str,
        now: Instant,
    ) -> Verdict {
        let Some(offer) = authorization.and_then(Offer::parse) else { return Verdict::Challenge { stale: false } };
        match (self.scheme, offer) {
            (LoginScheme::Basic, Offer::Basic(encoded)) => {
                if self.locked_for(now).is_some() {
                    return Verdict::Locked;
                }
                let right = STANDARD.decode(encoded).is_ok_and(|plain| {
                    plain.strip_prefix(self.own.user.as_bytes()).and_then(|rest| rest.strip_prefix(b":"))
                        == Some(self.own.password.as_bytes())
                });
                if right { self.accept() } else { self.refuse(now) }
            }
            (LoginScheme::BareMd5 | LoginScheme::Sha256AndMd5, Offer::Digest(offer)) => {
                let other = other.map(|(user, password)| Keys::new(user, &self.realm, password));
                self.check_digest(other.as_ref(), &offer, method, target, now)
            }
            _ => Verdict::Challenge { stale: false },
        }
    }

    fn check_digest(
        &mut self,
        other: Option<&Keys>,
        offer: &offer::DigestOffer<'_>,
        method: &str,
        target: &str,
        now: Instant,
    ) -> Verdict {
        let rich = self.scheme == LoginScheme::Sha256AndMd5;
        let with_sha256 = match offer.algorithm {
            None | Some("MD5" | "md5") => false,
            Some("SHA-256") if rich => true,
            Some(_) => return Verdict::Challenge { stale: false },
        };
        let opaque_fits = if rich { offer.opaque == Some(OPAQUE) } else { offer.opaque.is_none() };
        if offer.realm != self.realm || offer.uri != target || !opaque_fits {
            return Verdict::Malformed;
        }
        if self.locked_for(now).is_some() {
            return Verdict::Locked;
        }
        let keys = other.unwrap_or(&self.own);
        let right = if offer.user != keys.user {
            false
        } else if with_sha256 {
            let request = sha256(&[method, ":", target]);
            matches(offer, &keys.sha256, &request, sha256)
        } else {
            let request = md5(&[method, ":", target]);
            matches(offer, &keys.md5, &request, md5)
        };
        if !right {
            return self.refuse(now);
        }
        let lifetime = self.nonce_lifetime;
        let known = self.nonces.iter_mut().rev().find(|nonce| nonce.text == *offer.nonce.as_bytes());
        let fresh = known.is_some_and(|nonce| {
            now.saturating_duration_since(nonce.issued) < lifetime
                && offer.count().is_none_or(|count| nonce.use_count(count))
        });
        if fresh { self.accept() } else { Verdict::Challenge { stale: true } }
    }

    fn accept(&mut self) -> Verdict {
        self.wrong = 0;
        Verdict::Accepted
    }

    fn refuse(&mut self, now: Instant) -> Verdict {
        self.wrong += 1;
        if self.wrong >= TRIES {
            self.set_locked(true, now);
        }
        Verdict::Refused
    }

    /// The `WWW-Authenticate` lines of a challenge, with a fresh nonce.
    pub(crate) fn challenge(&mut self, stale: bool, now: Instant) -> String {
        let realm = &self.realm;
        if self.scheme == LoginScheme::Basic {
            return format!("WWW-Authenticate: Basic realm=\"{realm}\"\r\n");
        }
        let mut text = [0_u8; 32];
        let random: [u8; 16] = rand::random();
        let _ = hex::encode_to_slice(random, &mut text);
        let nonce = String::from_utf8_lossy(&text);
        let stale = if stale { "TRUE" } else { "FALSE" };
        let lines = match self.scheme {
            LoginScheme::Sha256AndMd5 => {
                let rest = format!(
                    "realm=\"{realm}\", nonce=\"{nonce}\", stale=\"{stale}\", opaque=\"{OPAQUE}\", qop=\"auth\""
                );
                format!(
                    "WWW-Authenticate: Digest algorithm=SHA-256, {rest}\r\nWWW-Authenticate: Digest algorithm=MD5, {rest}\r\n"
                )
            }
            _ => format!(
                "WWW-Authenticate: Digest qop=\"auth\", realm=\"{realm}\", nonce=\"{nonce}\", stale=\"{stale}\"\r\n"
            ),
        };
        if self.nonces.len() >= NONCES {
            self.nonces.pop_front();
        }
        self.nonces.push_back(Nonce { text, issued: now, highest: 0, seen: 0 });
        lines
    }
}

fn matches<const N: usize>(
    offer: &offer::DigestOffer<'_>,
    user: &[u8; N],
    request: &[u8; N],
    hash: impl Fn(&[&str]) -> [u8; N],
) -> bool {
    let (Ok(user), Ok(request)) = (str::from_utf8(user), str::from_utf8(request)) else { return false };
    let expected = match offer.qop {
        None => hash(&[user, ":", offer.nonce, ":", request]),
        Some(qop) => hash(&[user, ":", offer.nonce, ":", offer.nc, ":", offer.cnonce, ":", qop, ":", request]),
    };
    expected == *offer.response.as_bytes()
}

fn md5(parts: &[&str]) -> [u8; 32] {
    let mut hasher = md5::Md5::new();
    for part in parts {
        hasher.update(part);
    }
    let mut text = [0; 32];
    let _ = hex::encode_to_slice(hasher.finalize(), &mut text);
    text
}

fn sha256(parts: &[&str]) -> [u8; 64] {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    let mut text = [0; 64];
    let _ = hex::encode_to_slice(hasher.finalize(), &mut text);
    text
}

#[cfg(test)]
mod tests;
