//! Maintenance windows: times in which somebody works on a site or a device, and nobody is told of what goes wrong there.

use chrono::{DateTime, Days, Duration, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::schedule::{first_instant, last_instant};
use crate::words::words;

/// Most characters of a note.
pub const MOST_NOTE_CHARACTERS: usize = 200;
/// The longest window, in hours.
pub const MOST_HOURS: i64 = 31 * 24;
/// The longest one that repeats, in hours: it ends before it begins again.
pub const MOST_WEEKLY_HOURS: i64 = 6 * 24;
/// How far ahead one may begin, in days.
pub const MOST_DAYS_AHEAD: i64 = 366;
/// Days between two that repeat.
const WEEK: i64 = 7;

words! {
    /// Whether a window comes again.
    pub enum Repeats {
        /// It does not.
        Once = "once",
        /// Every week at the same time by the clock of the site.
        Weekly = "weekly",
    }
}

/// A maintenance window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it begins, the first time.
    pub starts_at: DateTime<Utc>,
    /// When it ends, the first time.
    pub ends_at: DateTime<Utc>,
    /// Whether it comes again.
    pub repeats: Repeats,
    /// When a person ended it for good.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Window {
    /// When it was in force between two times, oldest first, cut to them. `zone`: the site's.
    pub fn spans(&self, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let last = self.ended_at.map_or(to, |ended| ended.min(to));
        let cut = |(start, end): (DateTime<Utc>, DateTime<Utc>)| (start.max(from), end.min(last));
        self.times_around(zone, from).take_while(|(start, _)| *start < last).map(cut).filter(|(a, b)| a < b).collect()
    }

    /// Until when it is in force at a time; none: it is not.
    pub fn lasts_until(&self, zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.ended_at.is_some_and(|ended| ended <= at) {
            return None;
        }
        let mut around = self.times_around(zone, at).take_while(|(start, _)| *start <= at);
        around.find(|(_, end)| *end > at).map(|(_, end)| end)
    }

    /// The time in force at `at`, or the next one; none: it is over.
    pub fn current_or_next(&self, zone: Tz, at: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        if self.ended_at.is_some_and(|ended| ended <= at) {
            return None;
        }
        self.times_around(zone, at).find(|(_, end)| *end > at)
    }

    /// The times at which it is in force, oldest first, from a little before `from` on.
    fn times_around(&self, zone: Tz, from: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let passed = (from - self.ends_at).num_days() / WEEK - 1;
        let (first, count) = match self.repeats {
            Repeats::Once => (0, 1),
            Repeats::Weekly => (u64::try_from(passed).unwrap_or(0), usize::MAX),
        };
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
        let (starts, ends, given) = (local(self.starts_at), local(self.ends_at), (self.starts_at, self.ends_at));
        (first..).take(count).map_while(move |weeks| {
            if weeks == 0 {
                return Some(given);
            }
            let later = |time: NaiveDateTime| time.checked_add_days(Days::new(weeks * WEEK.unsigned_abs()));
            Some((first_instant(zone, later(starts)?)?, last_instant(zone, later(ends)?)?))
        })
    }

    /// Whether it is as long as a window may be.
    pub fn fits(&self) -> bool {
        let most = if self.repeats == Repeats::Weekly { MOST_WEEKLY_HOURS } else { MOST_HOURS };
        self.ends_at > self.starts_at && self.ends_at - self.starts_at <= Duration::hours(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Warsaw;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    fn window(starts: &str, ends: &str, repeats: Repeats) -> Window {
        Window { starts_at: at(starts), ends_at: at(ends), repeats, ended_at: None }
    }

    #[test]
    fn a_window_is_in_force_from_its_first_instant_to_before_its_last() {
        let once = window("2027-01-11T08:00:00Z", "2027-01-11T10:00:00Z", Repeats::Once);
        let until = |time: &str| once.lasts_until(Warsaw, at(time));
        assert_eq!(until("2027-01-11T07:59:59Z"), None);
        assert_eq!(until("2027-01-11T08:00:00Z"), Some(at("2027-01-11T10:00:00Z")));
        assert_eq!(until("2027-01-11T10:00:00Z"), None);
        assert_eq!(until("2027-01-18T09:00:00Z"), None, "it does not come again");
        assert_eq!(once.current_or_next(Warsaw, at("2027-01-11T10:00:00Z")), None);
    }

    #[test]
    fn a_weekly_window_keeps_to_the_clock_of_the_site_when_clocks_are_set() {
        // Sundays, 10 to 11 in Warsaw: 09:00 UTC in winter and 08:00 in summer.
        let weekly = window("2027-03-14T09:00:00Z", "2027-03-14T10:00:00Z", Repeats::Weekly);
        let spans = weekly.spans(Warsaw, at("2027-03-20T00:00:00Z"), at("2027-04-05T00:00:00Z"));
        let wanted = ["2027-03-21T09:00:00Z", "2027-03-28T08:00:00Z", "2027-04-04T08:00:00Z"];
        assert_eq!(spans.iter().map(|span| span.0).collect::<Vec<_>>(), wanted.map(at));
        assert!(spans.iter().all(|(start, end)| *end - *start == Duration::hours(1)));
        assert_eq!(weekly.lasts_until(Warsaw, at("2028-07-02T08:30:00Z")), Some(at("2028-07-02T09:00:00Z")));
        assert_eq!(weekly.current_or_next(Warsaw, at("2027-03-28T09:00:00Z")).unwrap().0, at("2027-04-04T08:00:00Z"));
    }

    #[test]
    fn one_over_the_night_on_which_clocks_are_set_ends_by_the_clock_too() {
        // Sundays, 01:30 to 03:30: three hours in autumn, one in spring.
        let night = window("2027-01-10T00:30:00Z", "2027-01-10T02:30:00Z", Repeats::Weekly);
        let length = |day: &str| {
            let (start, end) = night.current_or_next(Warsaw, at(&format!("{day}T00:30:00Z"))).unwrap();
            (end - start).num_hours()
        };
        assert_eq!([length("2027-03-21"), length("2027-03-28"), length("2027-10-31")], [2, 1, 3]);
    }

    #[test]
    fn what_was_before_it_was_ended_stays_and_nothing_comes_after() {
        let mut weekly = window("2027-01-11T08:00:00Z", "2027-01-11T10:00:00Z", Repeats::Weekly);
        weekly.ended_at = Some(at("2027-01-18T08:30:00Z"));
        let spans = weekly.spans(Warsaw, at("2027-01-01T00:00:00Z"), at("2027-03-01T00:00:00Z"));
        assert_eq!(
            spans,
            [
                (at("2027-01-11T08:00:00Z"), at("2027-01-11T10:00:00Z")),
                (at("2027-01-18T08:00:00Z"), at("2027-01-18T08:30:00Z"))
            ]
        );
        assert_eq!(weekly.lasts_until(Warsaw, at("2027-01-18T08:29:59Z")), Some(at("2027-01-18T10:00:00Z")));
        assert_eq!(weekly.lasts_until(Warsaw, at("2027-01-18T08:30:00Z")), None);
        weekly.ended_at = Some(at("2027-01-11T07:00:00Z"));
        assert_eq!(weekly.spans(Warsaw, at("2027-01-01T00:00:00Z"), at("2027-03-01T00:00:00Z")), [], "before it began");
    }

    #[test]
    fn spans_are_cut_to_what_is_asked() {
        let once = window("2027-01-11T08:00:00Z", "2027-01-13T08:00:00Z", Repeats::Once);
        let (from, to) = (at("2027-01-12T00:00:00Z"), at("2027-01-12T12:00:00Z"));
        assert_eq!(once.spans(Warsaw, from, to), [(from, to)]);
        assert_eq!(once.spans(Warsaw, at("2027-01-13T08:00:00Z"), at("2027-01-14T00:00:00Z")), []);
    }

    #[test]
    fn a_weekly_window_ends_before_it_begins_again() {
        let (start, day) = (at("2027-01-11T08:00:00Z"), Duration::days(1));
        let fits = |days: i32, repeats| {
            Window { starts_at: start, ends_at: start + day * days, repeats, ended_at: None }.fits()
        };
        assert!(fits(6, Repeats::Weekly) && !fits(7, Repeats::Weekly));
        assert!(fits(31, Repeats::Once) && !fits(32, Repeats::Once) && !fits(0, Repeats::Once));
    }
}
