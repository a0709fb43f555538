//! Weekly schedules: times of the week by the clock on the wall of a site, also on the two days a year when that clock
//! is set.

use chrono::{DateTime, Datelike as _, Days, Duration, NaiveDate, NaiveDateTime, TimeZone as _, Timelike as _, Utc};
use chrono::{NaiveTime, Weekday};
pub use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::words::words;

/// Most periods of a schedule.
pub const MOST_PERIODS: usize = 20;
/// Minutes of a day.
pub const DAY_MINUTES: u16 = 1440;
/// A clock that is set forward leaves out this much at most.
const LONGEST_GAP_MINUTES: i64 = 25 * 60;

words! {
    /// A day of the week.
    pub enum Day {
        /// The first.
        Monday = "monday",
        /// The second.
        Tuesday = "tuesday",
        /// The third.
        Wednesday = "wednesday",
        /// The fourth.
        Thursday = "thursday",
        /// The fifth.
        Friday = "friday",
        /// The sixth.
        Saturday = "saturday",
        /// The seventh.
        Sunday = "sunday",
    }
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }
}

/// The same hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The days on which it begins, each once.
    pub days: Vec<Day>,
    /// The minute of the day at which it begins.
    pub from: u16,
    /// The minute before which it ends, up to 1440; on the next day where it is not after `from`.
    pub until: u16,
}

/// Times of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Period>", into = "Vec<Period>")]
pub struct Schedule(Vec<Period>);

/// Why something is no schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    /// It has no period, or too many.
    #[error("a schedule has 1 to {MOST_PERIODS} periods")]
    Periods,
    /// A period has no day, or one twice.
    #[error("a period names each of its days once")]
    Days,
    /// A time is none.
    #[error("a period begins at 00:00 to 23:59 and ends at 00:01 to 24:00, at another time")]
    Times,
}

impl TryFrom<Vec<Period>> for Schedule {
    type Error = BadSchedule;

    fn try_from(periods: Vec<Period>) -> Result<Self, BadSchedule> {
        if periods.is_empty() || periods.len() > MOST_PERIODS {
            return Err(BadSchedule::Periods);
        }
        for period in &periods {
            let mut days = period.days.clone();
            days.sort_unstable();
            days.dedup();
            if days.is_empty() || days.len() != period.days.len() {
                return Err(BadSchedule::Days);
            }
            let fits = period.from < DAY_MINUTES && (1..=DAY_MINUTES).contains(&period.until);
            if !fits || period.from == period.until {
                return Err(BadSchedule::Times);
            }
        }
        Ok(Self(periods))
    }
}

impl From<Schedule> for Vec<Period> {
    fn from(schedule: Schedule) -> Self {
        schedule.0
    }
}

impl Schedule {
    /// Its periods.
    pub fn periods(&self) -> &[Period] {
        &self.0
    }

    /// Whether a time is in it, by the clock of `zone`.
    pub fn allows(&self, at: DateTime<Utc>, zone: Tz) -> bool {
        let local = at.with_timezone(&zone);
        let minute = minute_of_day(local.time());
        let (today, yesterday) = (Day::from(local.weekday()), Day::from(local.weekday().pred()));
        self.0.iter().any(|period| {
            let over_night = period.until <= period.from;
            let began_today = period.days.contains(&today) && minute >= period.from;
            let began_yesterday = over_night && period.days.contains(&yesterday) && minute < period.until;
            (began_today && (over_night || minute < period.until)) || began_yesterday
        })
    }

    /// The first time from `at` on that is in it; none where the clock of the zone never shows one.
    pub fn next(&self, at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        if self.allows(at, zone) {
            return Some(at);
        }
        let today = at.with_timezone(&zone).date_naive();
        // Two weeks: the only time of a week may be in the hour that a clock leaves out.
        let days = (0..=14).filter_map(|days| today.checked_add_days(Days::new(days)));
        let starts = days.flat_map(|day| self.0.iter().filter_map(move |period| period.start_on(day)));
        let instants = starts.flat_map(|start| [first_instant(zone, start), last_instant(zone, start)]);
        instants.flatten().filter(|instant| *instant > at && self.allows(*instant, zone)).min()
    }
}

impl Period {
    fn start_on(&self, day: NaiveDate) -> Option<NaiveDateTime> {
        self.days.contains(&Day::from(day.weekday())).then(|| at_minute(day, self.from)).flatten()
    }
}

/// A time zone by its IANA name; UTC where there is none of that name.
pub fn zone_named(name: &str) -> Tz {
    name.parse().unwrap_or(chrono_tz::UTC)
}

/// The minute of a day of a text such as `08:30`, up to `24:00`.
pub fn read_minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let is_two_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_two_digits(hours) || !is_two_digits(minutes) {
        return None;
    }
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    Some(hours * 60 + minutes).filter(|minute| minutes < 60 && *minute <= DAY_MINUTES)
}

/// A minute of a day as a text such as `08:30`.
pub fn write_minute(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A minute of a day as a time on the wall.
pub fn at_minute(day: NaiveDate, minute: u16) -> Option<NaiveDateTime> {
    day.and_hms_opt(u32::from(minute / 60), u32::from(minute % 60), 0)
}

/// The first instant at which a clock on the wall shows a time, or, where the clock leaves it out, the first one after.
pub fn first_instant(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    instant(zone, local, chrono::offset::LocalResult::earliest)
}

/// As [`first_instant`], but the last of two where the clock shows the time twice.
pub fn last_instant(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    instant(zone, local, chrono::offset::LocalResult::latest)
}

/// The first time after `after` at which a clock on the wall shows this minute of the day.
pub fn next_minute_of_day(after: DateTime<Utc>, minute: u16, zone: Tz) -> Option<DateTime<Utc>> {
    let today = after.with_timezone(&zone).date_naive();
    let days = (0..=2).filter_map(|days| today.checked_add_days(Days::new(days)));
    days.filter_map(|day| first_instant(zone, at_minute(day, minute)?)).find(|instant| *instant > after)
}

type Chosen = fn(chrono::offset::LocalResult<DateTime<Tz>>) -> Option<DateTime<Tz>>;

fn instant(zone: Tz, local: NaiveDateTime, choose: Chosen) -> Option<DateTime<Utc>> {
    let shown = |local: NaiveDateTime| choose(zone.from_local_datetime(&local));
    let mut after =
        (0..=LONGEST_GAP_MINUTES).filter_map(|minutes| local.checked_add_signed(Duration::minutes(minutes)));
    after.find_map(shown).map(|instant| instant.with_timezone(&Utc))
}

fn minute_of_day(time: NaiveTime) -> u16 {
    u16::try_from(time.hour() * 60 + time.minute()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
