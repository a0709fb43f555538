//! How often people cause mails at will: an address is not flooded, and nobody sends floods from here.
//!
//! Kept in the database, so that it holds over restarts and over all processes; entries older than the longest window
//! are pruned.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::columns::{micros, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::mail_paces::dsl;

/// At most so many mails of a purpose an hour for one subject.
#[derive(Debug, Clone)]
pub struct Pace {
    /// What the mails are for, a stable word.
    pub purpose: &'static str,
    /// Who is counted: a company's id, or a hash of an address.
    pub subject: String,
    /// How many an hour.
    pub most: usize,
}

/// The window in which mails count.
const WINDOW: Duration = Duration::hours(1);

/// Counts a mail under every one of `paces`, where all of them have room; else counts nothing and tells when there will
/// be room. Two at the same instant are counted one after the other, on both databases.
pub fn take_turn(conn: &mut DbConn, paces: &[Pace], now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        diesel::sql_query("LOCK TABLE mail_paces IN SHARE ROW EXCLUSIVE MODE").execute(conn)?;
    }
    let mut free_at = None;
    for pace in paces {
        // The newest of those that fill the window: when it leaves, there is room.
        let full: Vec<i64> = dsl::mail_paces
            .select(dsl::at)
            .filter(dsl::purpose.eq(pace.purpose))
            .filter(dsl::subject.eq(&pace.subject))
            .filter(dsl::at.gt(micros(now - WINDOW)))
            .order(dsl::at.desc())
            .limit(i64::try_from(pace.most).unwrap_or(i64::MAX))
            .load(conn)?;
        if full.len() >= pace.most {
            let oldest = full.last().copied().map(time).transpose()?.unwrap_or(now);
            free_at = free_at.max(Some(oldest + WINDOW));
        }
    }
    if free_at.is_none() {
        for pace in paces {
            diesel::insert_into(dsl::mail_paces)
                .values((dsl::purpose.eq(pace.purpose), dsl::subject.eq(&pace.subject), dsl::at.eq(micros(now))))
                .execute(conn)?;
        }
    }
    Ok(free_at)
}

/// Forgets mails that count no more, for tidying up; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::mail_paces.filter(dsl::at.le(micros(now - WINDOW)))).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both};

    fn pace(subject: &str, most: usize) -> Pace {
        Pace { purpose: "invitation", subject: subject.into(), most }
    }

    #[test]
    fn a_subject_has_so_many_an_hour_and_another_is_not_held_up() {
        on_both(|store| {
            let turn = |subject: &str, seconds| store.write(|conn| take_turn(conn, &[pace(subject, 2)], at(seconds)));
            assert_eq!(turn("a", 0).unwrap(), None);
            assert_eq!(turn("a", 60).unwrap(), None);
            assert_eq!(turn("a", 120).unwrap(), Some(at(3600)));
            assert_eq!(turn("b", 120).unwrap(), None);
            assert_eq!(turn("a", 3600).unwrap(), None, "the first is an hour old");
            assert_eq!(turn("a", 3601).unwrap(), Some(at(3660)));
            assert_eq!(store.write(|conn| prune(conn, at(3661))).unwrap(), 2);
            assert_eq!(turn("a", 3662).unwrap(), None, "one counts still");
        });
    }

    #[test]
    fn what_one_pace_refuses_is_not_counted_by_the_others() {
        on_both(|store| {
            let turn = |address: &str, seconds| {
                let paces = [pace(address, 1), pace("company", 2)];
                store.write(|conn| take_turn(conn, &paces, at(seconds))).unwrap()
            };
            assert_eq!(turn("a", 0), None);
            assert_eq!(turn("a", 1), Some(at(3600)));
            assert_eq!(turn("b", 2), None, "the refused one did not count for the company");
            assert_eq!(turn("c", 3), Some(at(3600)));
        });
    }

    #[test]
    fn of_many_at_the_same_instant_no_more_pass_than_may() {
        on_both(|store| {
            let passed: usize = std::thread::scope(|threads| {
                let tries: Vec<_> = (0..8)
                    .map(|_| threads.spawn(|| store.write(|conn| take_turn(conn, &[pace("a", 3)], at(0))).unwrap()))
                    .collect();
                tries.into_iter().map(|one| one.join().unwrap()).filter(Option::is_none).count()
            });
            assert_eq!(passed, 3);
        });
    }
}
