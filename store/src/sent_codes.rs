//! Codes that were sent to somebody, who has so many tries to give them back: one mechanism for those that go by mail
//! and to phones.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::columns::micros;

/// Takes one try off in an `UPDATE`, which holds the row until the commit: whoever tries at the same instant waits, and
/// then has one try less.
pub(crate) const ONE_TRY_LESS: &str = "tries_left = CASE WHEN tries_left > 0 THEN tries_left - 1 ELSE 0 END";

/// A code as it is kept, after a try was taken off.
#[derive(QueryableByName)]
pub(crate) struct SentCode {
    #[diesel(sql_type = Text)]
    code_hash: String,
    #[diesel(sql_type = BigInt)]
    code_until: i64,
    #[diesel(sql_type = Integer)]
    tries_left: i32,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    /// It is the code.
    Right,
    /// It is not; so many tries are left, at least one.
    Wrong(u32),
    /// It is not good any more, or this was the last wrong one.
    Over,
}

impl SentCode {
    /// Compares it with what was given.
    pub(crate) fn compare(&self, given_hash: &str, now: DateTime<Utc>) -> Try {
        if self.code_until <= micros(now) {
            return Try::Over;
        }
        if self.code_hash == given_hash {
            return Try::Right;
        }
        match u32::try_from(self.tries_left).unwrap_or(0) {
            0 => Try::Over,
            left => Try::Wrong(left),
        }
    }
}
