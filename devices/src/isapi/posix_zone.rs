//! A time zone as devices keep it: `CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00`.
//!
//! The sign is that of POSIX: what is east of Greenwich is negative. Then how much summer time adds, and the two
//! rules: month, week of the month (5 is the last), day of the week (0 is Sunday), and the time on the wall when it changes.
//! Devices write `CST` for every zone.

use chrono::{DateTime, Datelike as _, Duration, NaiveDateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;

/// How far ahead the changes of a zone are looked for: a rule should hold for years.
const YEARS: i64 = 10;

/// A change of the offset, as the clock on the wall shows the moment before it.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: DateTime<Utc>,
    before: i64,
    after: i64,
}

/// The zone's text for a device, good from `now` on.
///
/// Where the zone's changes follow no such rule (they are announced from year to year, or fall on the day before the last
/// Sunday), the rule fits the next change, and of the last one and its like a year later the nearer; setting the time again
/// later brings those that follow. Where there are no two changes a year, it has no rule.
pub fn of(zone: Tz, now: DateTime<Utc>) -> String {
    let present = offset_seconds(zone, now);
    let (past, changes): (Vec<Change>, Vec<Change>) =
        changes(zone, now - Duration::days(380)).into_iter().partition(|change| change.at <= now);
    // A year, and as much as the last Sunday of a month moves.
    let year_ahead = now + Duration::days(380);
    let next: Vec<&Change> = changes.iter().filter(|change| change.at <= year_ahead).collect();
    if let [first, second, ..] = next.as_slice()
        && first.before == second.after
        && first.after == second.before
    {
        // The last change says what holds now: one a year away must not put it off.
        let nearer = |last: &&Change| last.before == second.before && now - last.at < second.at - now;
        let (first, second): (&Change, &Change) = (first, past.last().filter(nearer).unwrap_or(second));
        let (begins, ends) = if first.after > first.before { (first, second) } else { (second, first) };
        let (standard, adds) = (begins.before, begins.after - begins.before);
        let later = |like: &Change| -> Vec<Change> {
            changes
                .iter()
                .filter(|change| (change.after > change.before) == (like.after > like.before))
                .copied()
                .collect()
        };
        let (begins, ends) = (rule(begins, &later(begins)), rule(ends, &later(ends)));
        return format!("{}DST{},{begins},{ends}", base(standard), clock(adds));
    }
    base(present)
}

/// Seconds east of Greenwich at this instant.
pub(crate) fn offset_seconds(zone: Tz, at: DateTime<Utc>) -> i64 {
    i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
}

fn base(standard: i64) -> String {
    let sign = if standard > 0 { '-' } else { '+' };
    let hours = standard.abs() / 3600;
    format!("CST{sign}{hours}:{:02}:{:02}", standard.abs() / 60 % 60, standard.abs() % 60)
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn changes(zone: Tz, now: DateTime<Utc>) -> Vec<Change> {
    let mut found = Vec::new();
    let mut at = now;
    let mut before = offset_seconds(zone, at);
    for _ in 0..YEARS * 53 {
        // No zone changes twice within a week.
        let next = at + Duration::days(7);
        let after = offset_seconds(zone, next);
        if after != before {
            found.push(Change { at: first_with(zone, after, at, next), before, after });
        }
        (at, before) = (next, after);
    }
    found
}

/// The first second with this offset, which `low` has not and `high` has.
fn first_with(zone: Tz, offset: i64, mut low: DateTime<Utc>, mut high: DateTime<Utc>) -> DateTime<Utc> {
    while (high - low).num_seconds() > 1 {
        let middle = low + Duration::seconds((high - low).num_seconds() / 2);
        if offset_seconds(zone, middle) == offset { high = middle } else { low = middle }
    }
    high
}

/// The rule of a change: of those that fit it, the one that fits most of the later ones too.
fn rule(change: &Change, later: &[Change]) -> String {
    let wall = on_the_wall(change);
    let fitting = weeks(wall)
        .into_iter()
        .flatten()
        .max_by_key(|week| later.iter().take_while(|one| fits(on_the_wall(one), wall, *week)).count());
    let day = wall.weekday().num_days_from_sunday();
    format!("M{}.{}.{day}/{}", wall.month(), fitting.unwrap_or(1), wall.format("%H:%M:%S"))
}

fn on_the_wall(change: &Change) -> NaiveDateTime {
    let second = change.at.naive_utc() + Duration::seconds(change.before);
    // Found to the second; changes happen on whole minutes.
    if second.and_utc().timestamp() % 60 == 59 { second + Duration::seconds(1) } else { second }
}

/// The week of the month, counted, and 5 where it is the last.
fn weeks(wall: NaiveDateTime) -> [Option<u32>; 2] {
    let counted = (wall.day() - 1) / 7 + 1;
    let last = (wall + Duration::days(7)).month() != wall.month();
    [(counted < 5).then_some(counted), last.then_some(5)]
}

fn fits(other: NaiveDateTime, wall: NaiveDateTime, week: u32) -> bool {
    other.month() == wall.month()
        && other.weekday() == wall.weekday()
        && other.time() == wall.time()
        && weeks(other).contains(&Some(week))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::xml::read_any;

    fn zone_of(name: &str, now: &str) -> String {
        of(name.parse().unwrap(), now.parse().unwrap())
    }

    #[test]
    fn zones_have_the_sign_of_posix_and_their_rules() {
        for (name, text) in [
            ("UTC", "CST+0:00:00"),
            ("Asia/Shanghai", "CST-8:00:00"),
            ("Asia/Kolkata", "CST-5:30:00"),
            ("America/Sao_Paulo", "CST+3:00:00"),
            ("Europe/Berlin", "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00"),
            ("Europe/London", "CST+0:00:00DST01:00:00,M3.5.0/01:00:00,M10.5.0/02:00:00"),
            ("America/New_York", "CST+5:00:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00"),
            ("America/St_Johns", "CST+3:30:00DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00"),
            ("Australia/Sydney", "CST-10:00:00DST01:00:00,M10.1.0/02:00:00,M4.1.0/03:00:00"),
            ("Australia/Lord_Howe", "CST-10:30:00DST00:30:00,M10.1.0/02:00:00,M4.1.0/02:00:00"),
        ] {
            for now in ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z", "2026-11-20T16:00:00Z"] {
                assert_eq!(zone_of(name, now), text, "{name} {now}");
            }
        }
    }

    #[test]
    fn what_changed_yesterday_is_not_put_off_by_what_changes_in_a_year() {
        // On the day before the last Sunday: the fourth Saturday in 2029, the fifth in 2030.
        for (now, text) in [
            ("2029-02-25T12:00:00Z", "CST+2:00:00DST01:00:00,M3.4.6/23:00:00,M10.5.0/00:00:00"),
            ("2029-03-25T01:00:00Z", "CST+2:00:00DST01:00:00,M3.4.6/23:00:00,M10.5.0/00:00:00"),
            ("2030-02-25T12:00:00Z", "CST+2:00:00DST01:00:00,M3.5.6/23:00:00,M10.5.0/00:00:00"),
        ] {
            assert_eq!(zone_of("America/Scoresbysund", now), text, "{now}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// What a device makes of the text is the zone's own time, for the months that follow.
        #[test]
        fn a_device_that_reads_the_text_shows_the_time_of_the_zone(
            zone in proptest::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            now in 1_767_225_600_i64..1_956_528_000,
            ahead in 0_i64..150 * 86_400,
        ) {
            let now = DateTime::from_timestamp(now, 0).unwrap();
            let at = now + Duration::seconds(ahead);
            let near = |at: DateTime<Utc>| [-2, 2].map(|hours| offset_seconds(zone, at + Duration::hours(hours)));
            // Within two hours of a change the clock on the wall shows some times twice.
            prop_assume!(near(at) == [offset_seconds(zone, at); 2]);
            let local = at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S");
            let text = format!("<Time><localTime>{local}</localTime><timeZone>{}</timeZone></Time>", of(zone, now));
            let told = crate::isapi::time::read(&read_any(&text).unwrap(), at).unwrap().offset_seconds;
            prop_assert_eq!(told, Some(0), "{} {}", zone, text);
        }
    }
}
