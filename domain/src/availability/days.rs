//! The days of a site: local days in whole hours, 23 to 25 of them where clocks are changed.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::spans::Span;

/// A local day. Uptime is known by the hour of UTC, and an hour belongs to the day in which it begins: in time zones that differ
/// from UTC by a part of an hour, days begin at the next full hour of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Its date.
    pub date: NaiveDate,
    /// Its first hour, since 1970 UTC.
    pub first_hour: i64,
    /// The first hour after it.
    pub end_hour: i64,
}

impl Day {
    /// Its time.
    pub fn span(self) -> Span {
        Span { from: self.first_hour * 3600, to: self.end_hour * 3600 }
    }
}

/// The date at a place at some time.
pub fn local_date(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The days of a place from one date to another, both included; without those that a place left out (some crossed the date line).
pub fn days(from: NaiveDate, to: NaiveDate, zone: Tz) -> Vec<Day> {
    let dates = from.iter_days().take_while(|date| *date <= to);
    let all = dates.map(|date| {
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        Day { date, first_hour: first_hour(date, zone), end_hour: first_hour(next, zone) }
    });
    all.filter(|day| day.end_hour > day.first_hour).collect()
}

/// The first hour of UTC that begins on a date or later.
fn first_hour(date: NaiveDate, zone: Tz) -> i64 {
    let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp().div_euclid(3600);
    // No place is farther from UTC than a day.
    let is_there = |hour: &i64| {
        DateTime::from_timestamp(hour * 3600, 0).is_some_and(|at: DateTime<Utc>| local_date(at, zone) >= date)
    };
    (midnight - 26..=midnight + 26).find(is_there).unwrap_or(midnight)
}
