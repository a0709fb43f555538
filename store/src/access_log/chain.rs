//! The chain of hashes: what an entry hashes, and whether entries hang together. Pure, so that a program without any
//! database checks a downloaded copy the same way.
//!
//! The hash of an entry is the SHA-256, in hex, of a compact JSON array of texts and its number:
//! `["siteward access log 1",site_id,n,at,actor_kind,actor_id,actor_name,company_id,company_name,action,device_id,device_name,detail,previous_hash]`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What stands before the first entry of a site.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What is hashed first: which text it is, and its version.
pub const FORMAT: &str = "siteward access log 1";

/// An entry, as it is hashed and downloaded: one line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The site.
    pub site_id: String,
    /// Its number, from 1 without a gap.
    pub n: i64,
    /// When: RFC 3339 in UTC with six digits of the second.
    pub at: String,
    /// `staff`, `end_user` or `platform`.
    pub actor_kind: String,
    /// Who, or empty.
    pub actor_id: String,
    /// That person's name at the time, or empty.
    pub actor_name: String,
    /// The company, or empty.
    pub company_id: String,
    /// Its name at the time, or empty.
    pub company_name: String,
    /// What, a stable word.
    pub action: String,
    /// The device, or empty.
    pub device_id: String,
    /// Its name at the time, or empty.
    pub device_name: String,
    /// More about it: a JSON object as text, exactly as it was hashed.
    pub detail: String,
    /// The hash of the entry before.
    pub previous_hash: String,
    /// The hash of this entry.
    pub hash: String,
}

/// The first line of a downloaded copy: what must follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// [`FORMAT`].
    pub format: String,
    /// The site.
    pub site_id: String,
    /// Its name at the time.
    pub site_name: String,
    /// The number of the first entry of the copy.
    pub first: i64,
    /// The number of its last entry; below `first` where there is none.
    pub last: i64,
    /// The hash of its last entry.
    pub last_hash: String,
    /// When the copy was made.
    pub made_at: String,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is not the one that comes next: one is missing, twice there, or in another order.
    #[error("entry {found} stands where entry {expected} belongs")]
    NotTheNext {
        /// The number that belongs here.
        expected: i64,
        /// The number that stands here.
        found: i64,
    },
    /// An entry is of another site.
    #[error("entry {0} is of another site")]
    AnotherSite(i64),
    /// An entry does not carry the hash of the one before it.
    #[error("entry {0} does not follow from the entry before it")]
    DoesNotFollow(i64),
    /// An entry's own hash is not that of what it says.
    #[error("entry {0} was changed")]
    Changed(i64),
}

/// Entries on their way through a check, one after the other.
#[derive(Debug, Clone)]
pub struct Chain {
    site_id: String,
    /// The number that comes next.
    next: i64,
    /// The hash of the entry before; none before the first of a section.
    last_hash: Option<String>,
    entries: i64,
}

impl Chain {
    /// The chain of a site from its first entry on.
    pub fn from_the_first(site_id: &str) -> Self {
        Self { last_hash: Some(FIRST.to_owned()), ..Self::section(site_id, 1) }
    }

    /// A section of the chain of a site: the hash of what stands before its first entry is taken as that tells it.
    pub fn section(site_id: &str, first: i64) -> Self {
        Self { site_id: site_id.to_owned(), next: first, last_hash: None, entries: 0 }
    }

    /// Takes the next entry, or says why it is not the next.
    pub fn take(&mut self, entry: &Entry) -> Result<(), Broken> {
        if self.site_id != entry.site_id {
            return Err(Broken::AnotherSite(entry.n));
        }
        if self.next != entry.n {
            return Err(Broken::NotTheNext { expected: self.next, found: entry.n });
        }
        if self.last_hash.as_ref().is_some_and(|hash| *hash != entry.previous_hash) {
            return Err(Broken::DoesNotFollow(entry.n));
        }
        if entry.own_hash() != entry.hash {
            return Err(Broken::Changed(entry.n));
        }
        self.next = self.next.saturating_add(1);
        self.last_hash = Some(entry.hash.clone());
        self.entries += 1;
        Ok(())
    }

    /// How many entries it has taken.
    pub fn entries(&self) -> i64 {
        self.entries
    }

    /// The hash of the last entry it has taken.
    pub fn last_hash(&self) -> Option<&str> {
        self.last_hash.as_deref()
    }
}

impl Entry {
    /// The hash of what the entry says.
    pub fn own_hash(&self) -> String {
        let text = serde_json::json!([
            FORMAT,
            self.site_id,
            self.n,
            self.at,
            self.actor_kind,
            self.actor_id,
            self.actor_name,
            self.company_id,
            self.company_name,
            self.action,
            self.device_id,
            self.device_name,
            self.detail,
            self.previous_hash,
        ]);
        hex(&Sha256::digest(text.to_string().as_bytes()))
    }
}

/// A moment as entries have it.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| DIGITS.get(usize::from(half))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(entries: i64) -> Vec<Entry> {
        let mut all: Vec<Entry> = Vec::new();
        for n in 1..=entries {
            let mut entry = Entry {
                site_id: "s".into(),
                n,
                at: moment(DateTime::from_timestamp(1_800_000_000 + n, 0).unwrap()),
                actor_kind: "staff".into(),
                actor_id: "a".into(),
                actor_name: "Zoë \"the\" \n tab\t \u{7f} \u{1}".into(),
                company_id: "c".into(),
                company_name: "Замки".into(),
                action: "device_restarted".into(),
                device_id: "d".into(),
                device_name: "Door".into(),
                detail: r#"{"a":1}"#.into(),
                previous_hash: all.last().map_or(FIRST.to_owned(), |entry| entry.hash.clone()),
                hash: String::new(),
            };
            entry.hash = entry.own_hash();
            all.push(entry);
        }
        all
    }

    fn check(entries: &[Entry]) -> Result<i64, Broken> {
        let mut chain = match entries[0].n {
            1 => Chain::from_the_first("s"),
            first => Chain::section("s", first),
        };
        entries.iter().try_for_each(|entry| chain.take(entry)).map(|()| chain.entries())
    }

    #[test]
    fn a_changed_missing_repeated_or_reordered_entry_is_found() {
        let good = chain(5);
        assert_eq!(check(&good), Ok(5));
        assert_eq!(check(&good[2..]), Ok(3), "a section holds by itself");
        let mut changed = good.clone();
        changed[2].actor_name = "Somebody else".into();
        assert_eq!(check(&changed), Err(Broken::Changed(3)));
        changed[2].hash = changed[2].own_hash();
        assert_eq!(check(&changed), Err(Broken::DoesNotFollow(4)), "hashed anew, the next one tells");
        let mut missing = good.clone();
        missing.remove(1);
        assert_eq!(check(&missing), Err(Broken::NotTheNext { expected: 2, found: 3 }));
        for entry in &mut missing[1..] {
            entry.n -= 1;
            entry.hash = entry.own_hash();
        }
        assert_eq!(check(&missing), Err(Broken::DoesNotFollow(2)), "numbered anew, the hash before tells");
        let mut reordered = good.clone();
        reordered.swap(1, 2);
        assert_eq!(check(&reordered), Err(Broken::NotTheNext { expected: 2, found: 3 }));
        let mut repeated = good.clone();
        repeated.insert(1, good[0].clone());
        assert_eq!(check(&repeated), Err(Broken::NotTheNext { expected: 2, found: 1 }));
        let mut elsewhere = good;
        elsewhere[4].site_id = "t".into();
        assert_eq!(check(&elsewhere), Err(Broken::AnotherSite(5)));
        let mut first = chain(1);
        first[0].previous_hash = "f".repeat(64);
        first[0].hash = first[0].own_hash();
        assert_eq!(check(&first), Err(Broken::DoesNotFollow(1)), "nothing stands before the first");
    }

    #[test]
    fn a_hash_is_what_the_documented_text_gives() {
        // python3: hashlib.sha256(json.dumps([...], ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
        assert_eq!(chain(1)[0].hash, "f9afa4f7204b6f90ecd886fede0627124c8864173fdabe35542a7266a5d162fb");
    }
}
