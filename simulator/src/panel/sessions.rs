//! Sign-in by challenge, and the sessions that come of it.
//!
//! The proof is a hash over name, salt and password, hashed again with a second salt on newer panels, then with the
//! challenge, and then with itself until the number of iterations is reached. It is worked out once a sign-in.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::accounts::Account;
use crate::profile::Profile;

/// How often the proof is hashed.
pub(crate) const ITERATIONS: u32 = 100;
/// Challenges that a panel remembers at a time.
const CHALLENGES: usize = 64;
/// How long a challenge is good. **[?]**
const CHALLENGE_LIFETIME: Duration = Duration::from_secs(120);

/// How a panel signs people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// `sessionIDVersion`.
    pub(crate) version: &'static str,
    /// Whether there is a second salt.
    pub(crate) second_salt: bool,
    /// Whether salts are written in capitals.
    pub(crate) capitals: bool,
}

impl Style {
    pub(crate) fn of(profile: Profile) -> Self {
        match profile {
            Profile::PanelHybrid => Self { version: "2", second_salt: false, capitals: false },
            _ => Self { version: "2.1", second_salt: true, capitals: true },
        }
    }

    /// The salts of a name: the same each time, whether there is such an account or not.
    pub(crate) fn salts(self, serial: &str, name: &str) -> (String, Option<String>) {
        let salt = |which: &str| {
            let text = hash(&["salt ", which, " ", serial, " ", name]);
            if self.capitals { text.to_uppercase() } else { text }
        };
        (salt("1"), self.second_salt.then(|| salt("2")))
    }

    /// What whoever knows the password sends.
    pub(crate) fn proof(self, serial: &str, name: &str, password: &str, challenge: &str) -> String {
        let (salt, second) = self.salts(serial, name);
        let mut proof = hash(&[name, &salt, password]);
        if let Some(second) = second {
            proof = hash(&[name, &second, &proof]);
        }
        proof = hash(&[&proof, challenge]);
        for _ in 2..ITERATIONS {
            proof = hash(&[&proof]);
        }
        proof
    }
}

/// SHA-256 in hex.
fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

/// A challenge that nobody has answered yet.
pub(crate) struct Challenge {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) name: String,
    /// As whom somebody asked who is two.
    pub(crate) level: Option<u8>,
    issued: Instant,
}

/// Somebody signed in.
struct Session {
    id: String,
    account: u32,
    /// Name and password at sign-in: when either is another, the session is over.
    name: String,
    password: String,
    heard: Instant,
}

/// Challenges and sessions of one panel.
pub(crate) struct Sessions {
    pub(crate) limit: usize,
    pub(crate) idle: Duration,
    challenges: VecDeque<Challenge>,
    open: Vec<Session>,
}

impl Sessions {
    pub(crate) fn new(limit: usize, idle: Duration) -> Self {
        Self { limit, idle, challenges: VecDeque::new(), open: Vec::new() }
    }

    /// A new challenge: its id and its text.
    pub(crate) fn challenge(&mut self, name: &str, level: Option<u8>, now: Instant) -> (String, String) {
        let (id, text) = (random_hex::<32>(), random_hex::<16>());
        if self.challenges.len() >= CHALLENGES {
            self.challenges.pop_front();
        }
        let issued = Challenge { id: id.clone(), text: text.clone(), name: name.to_owned(), level, issued: now };
        self.challenges.push_back(issued);
        (id, text)
    }

    /// The challenge of an id, good for one answer.
    pub(crate) fn take_challenge(&mut self, id: &str, now: Instant) -> Option<Challenge> {
        let at = self.challenges.iter().position(|challenge| challenge.id == id)?;
        let good = |issued: &Challenge| now.saturating_duration_since(issued.issued) < CHALLENGE_LIFETIME;
        self.challenges.remove(at).filter(good)
    }

    /// Opens a session; `None` if there are as many as the panel keeps. `stands` says whether an account still has a
    /// name and a password.
    pub(crate) fn open(
        &mut self,
        account: &Account,
        password: &str,
        now: Instant,
        stands: impl Fn(u32, &str, &str) -> bool,
    ) -> Option<String> {
        let idle = self.idle;
        self.open.retain(|session| {
            now.saturating_duration_since(session.heard) < idle
                && stands(session.account, &session.name, &session.password)
        });
        if self.open.len() >= self.limit {
            return None;
        }
        let id = random_hex::<32>();
        self.open.push(Session {
            id: id.clone(),
            account: account.index,
            name: account.name.clone(),
            password: password.to_owned(),
            heard: now,
        });
        Some(id)
    }

    /// Whose session it is, with name and password at sign-in; it is not idle any more.
    pub(crate) fn hear(&mut self, id: &str, now: Instant) -> Option<(u32, &str, &str)> {
        let idle = self.idle;
        self.open.retain(|session| now.saturating_duration_since(session.heard) < idle);
        let session = self.open.iter_mut().find(|session| session.id == id)?;
        session.heard = now;
        Some((session.account, &session.name, &session.password))
    }

    /// Ends one.
    pub(crate) fn close(&mut self, id: &str) {
        self.open.retain(|session| session.id != id);
    }

    /// Ends all of them, as a restart does.
    pub(crate) fn close_all(&mut self) {
        self.open.clear();
        self.challenges.clear();
    }

    /// How many are open.
    pub(crate) fn count(&self, now: Instant) -> usize {
        let alive = |session: &&Session| now.saturating_duration_since(session.heard) < self.idle;
        self.open.iter().filter(alive).count()
    }
}

fn random_hex<const BYTES: usize>() -> String {
    let bytes: [u8; BYTES] = std::array::from_fn(|_| rand::random());
    bytes.iter().fold(String::with_capacity(BYTES * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn salts_are_those_of_the_name_and_a_second_one_is_only_where_the_style_has_it() {
        let (new, old) = (Style::of(Profile::Panel), Style::of(Profile::PanelHybrid));
        assert_eq!(new.salts("Q1", "ann"), new.salts("Q1", "ann"));
        assert_ne!(new.salts("Q1", "ann"), new.salts("Q1", "ben"));
        assert_ne!(new.salts("Q1", "ann"), new.salts("Q2", "ann"));
        let ((first, second), (only, none)) = (new.salts("Q1", "ann"), old.salts("Q1", "ann"));
        assert!(second.is_some_and(|second| second != first) && none.is_none());
        assert_eq!((first.len(), first.to_lowercase()), (64, only));
    }

    #[test]
    fn a_challenge_is_good_for_one_answer_and_not_for_ever() {
        let now = Instant::now();
        let mut sessions = Sessions::new(2, Duration::from_secs(60));
        let (id, text) = sessions.challenge("ann", None, now);
        assert_eq!(sessions.take_challenge(&id, now).unwrap().text, text);
        assert!(sessions.take_challenge(&id, now).is_none());
        let (id, _) = sessions.challenge("ann", None, now);
        assert!(sessions.take_challenge(&id, now + CHALLENGE_LIFETIME).is_none());
    }
}
