//! The report of a site over a span of days: which time it tells of, and how each device was in it.
//!
//! Hours are summed up by local day. Where they are forgotten, days of UTC are known, and each stands for the local day of the
//! same date. Either way every second of the span is in exactly one share of one day.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::availability::{Absences, Counting, Day, Piece, Shares, Span, Spans, WhileMaintained, days};

/// Most days that a report tells of.
pub const MOST_DAYS: i64 = 366;

/// Which time a report tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its local days, without the hours that are forgotten.
    pub days: Vec<Day>,
    /// Days since 1970 UTC of which only their sum is known.
    pub rolled: Range<i64>,
    /// The moment it was made: what comes later is not told. Seconds since 1970.
    pub until: i64,
    /// The number of its first date, as `rolled` counts.
    first_date: i64,
}

impl Plan {
    /// A report from one date to another, both included, of which hours are known from the UTC day `hours_since` on.
    pub fn new(from: NaiveDate, to: NaiveDate, zone: Tz, hours_since: i64, now: DateTime<Utc>) -> Self {
        let (first_date, last_date) = (number(from), number(to));
        let first_hour = hours_since * 24;
        let cut = |day: Day| Day {
            first_hour: day.first_hour.max(first_hour).min(day.end_hour.max(first_hour)),
            end_hour: day.end_hour.max(first_hour),
            ..day
        };
        Self {
            days: days(from, to, zone).into_iter().map(cut).collect(),
            rolled: first_date..(last_date + 1).min(hours_since).max(first_date),
            until: now.timestamp(),
            first_date,
        }
    }

    /// All of its time, up to now.
    pub fn span(&self) -> Span {
        let hours = |day: &Day| Some(day.span()).filter(|span| span.seconds() > 0);
        let known = self.days.iter().filter_map(hours);
        let rolled =
            (!self.rolled.is_empty()).then(|| Span { from: self.rolled.start * DAY, to: self.rolled.end * DAY });
        let all: Vec<Span> = known.chain(rolled).collect();
        let from = all.iter().map(|span| span.from).min().unwrap_or(self.until);
        let to = all.iter().map(|span| span.to).max().unwrap_or(self.until).min(self.until);
        Span { from, to: to.max(from) }
    }

    /// The hours that are looked at one by one, because some of `touched` falls into them.
    pub fn hours_within(&self, touched: &Spans) -> Vec<Range<i64>> {
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else { return Vec::new() };
        let known = Span { from: first.first_hour * 3600, to: (last.end_hour * 3600).min(self.until) };
        let mut found: Vec<Range<i64>> = Vec::new();
        for span in touched.iter() {
            let hours = span.both(known).hours();
            match found.last_mut() {
                Some(last) if hours.start <= last.end && !hours.is_empty() => last.end = last.end.max(hours.end),
                _ if hours.is_empty() => {}
                _ => found.push(hours),
            }
        }
        found
    }

    fn day_of_hour(&self, hour: i64) -> Option<usize> {
        let place = self.days.partition_point(|day| day.end_hour <= hour);
        self.days.get(place).filter(|day| day.first_hour <= hour).map(|_| place)
    }

    fn day_of_rolled(&self, day: i64) -> Option<usize> {
        let date = |one: &Day| number(one.date);
        // A place that crossed the date line has no such date; its time goes to the day after.
        let place = self.days.partition_point(|one| date(one) < day);
        (place < self.days.len() && day >= self.first_date).then_some(place)
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Days since 1970 of a date.
fn number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

/// What was measured of a device: seconds up and down.
pub type Seconds = (i64, i64);

/// What is known of a device's uptime.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// By place in [`Plan::days`].
    pub by_day: HashMap<usize, Seconds>,
    /// By hour since 1970 UTC: those of [`Plan::hours_within`].
    pub by_hour: HashMap<i64, Seconds>,
    /// By day since 1970 UTC: those of [`Plan::rolled`].
    pub rolled: HashMap<i64, Seconds>,
}

/// How a device was, day by day: as many shares as the plan has days. `since` is when it was added, seconds since 1970:
/// before that there is no time of it.
pub fn share_out(plan: &Plan, since: i64, measured: &Measured, absences: &Absences, counting: Counting) -> Vec<Shares> {
    let lifetime = Span { from: since, to: plan.until };
    let piece = |span: Span, (up, down): Seconds| Piece { span: span.both(lifetime), up, down };
    let known = |of: Option<&Seconds>| of.copied().unwrap_or_default();
    let mut shares: Vec<Shares> = (0_usize..)
        .zip(&plan.days)
        .map(|(place, day)| piece(day.span(), known(measured.by_day.get(&place))).measured())
        .collect();
    for hour in plan.hours_within(&touched(absences, counting)).into_iter().flatten() {
        let span = Span { from: hour * 3600, to: (hour + 1) * 3600 };
        let piece = piece(span, known(measured.by_hour.get(&hour)));
        if let Some(day) = plan.day_of_hour(hour).and_then(|place| shares.get_mut(place)) {
            day.replace(piece.measured(), piece.counted(counting, absences));
        }
    }
    for number in plan.rolled.clone() {
        let span = Span { from: number * DAY, to: (number + 1) * DAY };
        let piece = piece(span, known(measured.rolled.get(&number)));
        if let Some(day) = plan.day_of_rolled(number).and_then(|place| shares.get_mut(place)) {
            day.add(piece.counted(counting, absences));
        }
    }
    shares.iter_mut().for_each(settle);
    shares
}

/// The times whose counting the installer chose otherwise than it was measured.
pub fn touched(absences: &Absences, counting: Counting) -> Spans {
    let unwatched = absences.own_network.union(&absences.link);
    match counting.maintenance {
        WhileMaintained::Excluded => unwatched.union(&absences.maintenance),
        WhileMaintained::Counted => unwatched,
    }
}

/// Where an hour had some seconds more than fit, its day has a few too few unknown ones: they are taken from those.
fn settle(shares: &mut Shares) {
    if shares.unknown < 0 {
        shares.up += shares.unknown;
        shares.unknown = 0;
    }
    if shares.up < 0 {
        shares.down += shares.up;
        shares.up = 0;
    }
}

/// How often a device was offline within a span, for how long in all, and the longest of them: what is open at the end
/// lasts until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outages {
    /// How many.
    pub count: u32,
    /// Seconds of all.
    pub seconds: i64,
    /// Seconds of the longest.
    pub longest: i64,
}

impl Outages {
    /// Counts one more, cut to the span.
    pub fn note(&mut self, outage: Span, within: Span) {
        let seconds = outage.both(within).seconds();
        if outage.from >= within.to || outage.to < within.from {
            return;
        }
        self.count += 1;
        self.seconds += seconds;
        self.longest = self.longest.max(seconds);
    }
}

#[cfg(test)]
mod tests;
