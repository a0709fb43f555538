//! Between columns and domain types: times, ids and words.

use chrono::{DateTime, Utc};
use siteward_domain::DeviceId;

use crate::error::StoreError;

/// A time as stored: microseconds since 1970 UTC. What is finer is cut off.
pub(crate) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// A stored time.
pub(crate) fn time(micros: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros).ok_or(StoreError::Unreadable { column: "a time" })
}

/// A stored time that may be absent.
pub(crate) fn time_or_none(micros: Option<i64>) -> Result<Option<DateTime<Utc>>, StoreError> {
    micros.map(time).transpose()
}

/// A stored id or other text that its type reads.
pub(crate) fn read<T: TryFrom<String>>(text: String, column: &'static str) -> Result<T, StoreError> {
    T::try_from(text).map_err(|_| StoreError::Unreadable { column })
}

/// A stored text that its type reads, or none.
pub(crate) fn read_or_none<T: TryFrom<String>>(
    text: Option<String>,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    text.map(|text| read(text, column)).transpose()
}

/// A stored word of a closed set.
pub(crate) fn word<T>(value: Option<T>, column: &'static str) -> Result<T, StoreError> {
    value.ok_or(StoreError::Unreadable { column })
}

/// A stored number that must fit its type.
pub(crate) fn number<T: TryFrom<i64>>(value: impl Into<i64>, column: &'static str) -> Result<T, StoreError> {
    T::try_from(value.into()).map_err(|_| StoreError::Unreadable { column })
}

/// How many buckets devices hash into.
pub(crate) const BUCKETS: u16 = 1024;

/// The bucket of a device: a hash of its id that never changes between versions (FNV-1a).
pub(crate) fn bucket_of(id: &str) -> u16 {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in id.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    u16::try_from((hash ^ (hash >> 16)) % u32::from(BUCKETS)).unwrap_or(0)
}

/// A number of a device's own, spread over all 64 bits: a hash of its id that never changes between versions (FNV-1a, then
/// the finaliser of splitmix64).
pub(crate) fn number_of(id: &str) -> u64 {
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut z = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The place of a device: the key of what polls write, rising with its [`number_of`].
pub(crate) fn place_of(id: &DeviceId) -> i64 {
    i64::try_from(number_of(id.as_str()) >> 1).unwrap_or(0)
}

/// The words a search is for: lower case, at most eight, so that a query stays bounded.
pub(crate) fn search_words(search: &str) -> Vec<String> {
    search.to_lowercase().split_whitespace().take(8).map(str::to_owned).collect()
}

/// A LIKE pattern that finds `word` anywhere; `\` is the escape character.
pub(crate) fn contains(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// The oldest time of a reachability that still counts at `now` (R-H1), as stored; agrees with
/// `DeviceHealth::shown`.
pub(crate) fn fresh_since(now: DateTime<Utc>, period: chrono::Duration) -> i64 {
    micros(now - period * 2)
}
