//! `GET /ISAPI/System/time`: a device's clock, and how far it is off.
//!
//! Local time comes with an offset, or without one beside a zone such as
//! `CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00`: POSIX sign (this one is UTC+1), then how
//! much summer time adds, then when it begins and ends in local time. `CST6CDT,M3.2.0/02:00:00,M11.1.0/02:00:00`, with a
//! name for summer time and maybe its offset, is met too.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Utc, Weekday};
use siteward_domain::observation::Clock;

use super::owned;
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/time";

/// Reads `Time`; `now` is the platform's clock when the answer came. `None` for another document.
pub fn read(root: &Element<'_>, now: DateTime<Utc>) -> Option<Clock> {
    let time = root.find("Time")?;
    let local_time = time.child_text("localTime")?;
    let zone = time.child_text("timeZone");
    let told = instant(local_time, zone);
    Some(Clock {
        mode: owned(time.child_text("timeMode")),
        local_time: local_time.to_owned(),
        time_zone: owned(zone),
        offset_seconds: told.map(|told| (told - now).num_seconds()),
    })
}

fn instant(local_time: &str, zone: Option<&str>) -> Option<DateTime<Utc>> {
    let text = local_time.trim().replacen(' ', "T", 1);
    if let Ok(exact) = DateTime::parse_from_rfc3339(&text) {
        return Some(exact.with_timezone(&Utc));
    }
    // `+0300` without the colon.
    if let Ok(exact) = DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%z") {
        return Some(exact.with_timezone(&Utc));
    }
    let naive = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    let shift = Zone::read(zone?)?.shift_at(naive);
    naive.checked_sub_signed(shift).map(|utc| utc.and_utc())
}

/// A zone as devices write it.
struct Zone {
    /// Standard time minus UTC.
    base: Duration,
    summer: Option<Summer>,
}

struct Summer {
    adds: Duration,
    begins: Rule,
    ends: Rule,
}

/// `M3.5.0/02:00:00`: month, week of it (5 is the last), day of the week (0 is Sunday), local time.
struct Rule {
    month: u32,
    week: u8,
    day: u8,
    at: Duration,
}

impl Zone {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(',');
        let first = parts.next()?;
        let is_name = |c: char| c.is_ascii_alphabetic() || c == '<' || c == '>';
        let offsets = first.trim_start_matches(is_name);
        let (standard, summer) = offsets.split_at_checked(offsets.find(is_name).unwrap_or(offsets.len()))?;
        let base = east_of_utc(standard)?;
        let adds = match (summer.strip_prefix("DST"), summer.trim_start_matches(is_name)) {
            _ if summer.is_empty() => None,
            (_, "") => Some(Duration::hours(1)),
            (Some(adds), _) => clock_time(adds),
            (None, offset) => east_of_utc(offset).map(|offset| offset - base),
        };
        let summer = match (adds, parts.next(), parts.next()) {
            (Some(adds), Some(begins), Some(ends)) => {
                Rule::read(begins).zip(Rule::read(ends)).map(|(begins, ends)| Summer { adds, begins, ends })
            }
            _ => None,
        };
        Some(Self { base, summer })
    }

    fn shift_at(&self, local: NaiveDateTime) -> Duration {
        let summer = self.summer.as_ref().filter(|summer| summer.holds_at(local).unwrap_or(false));
        summer.map_or(self.base, |summer| self.base + summer.adds)
    }
}

impl Summer {
    fn holds_at(&self, local: NaiveDateTime) -> Option<bool> {
        let (begins, ends) = (self.begins.in_year(local.year())?, self.ends.in_year(local.year())?);
        // South of the equator it begins in one year and ends in the next.
        Some(if begins <= ends { local >= begins && local < ends } else { local >= begins || local < ends })
    }
}

impl Rule {
    fn read(text: &str) -> Option<Self> {
        let (date, at) = text.trim().strip_prefix('M')?.split_once('/').unwrap_or((text.trim().get(1..)?, "02:00:00"));
        let mut parts = date.split('.');
        let (month, week, day) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { month: month.parse().ok()?, week: week.parse().ok()?, day: day.parse().ok()?, at: clock_time(at)? })
    }

    fn in_year(&self, year: i32) -> Option<NaiveDateTime> {
        let day = Weekday::try_from(if self.day == 0 { 6 } else { self.day - 1 }).ok()?;
        let week = self.week.clamp(1, 5);
        let date = NaiveDate::from_weekday_of_month_opt(year, self.month, day, week)
            .or_else(|| NaiveDate::from_weekday_of_month_opt(year, self.month, day, week.saturating_sub(1)))?;
        date.and_hms_opt(0, 0, 0)?.checked_add_signed(self.at)
    }
}

/// An offset in the sign of POSIX: what is west of Greenwich is positive.
fn east_of_utc(offset: &str) -> Option<Duration> {
    match offset.strip_prefix('-') {
        Some(east) => clock_time(east),
        None => clock_time(offset.strip_prefix('+').unwrap_or(offset)).map(|west| -west),
    }
}

/// `3:00:00`, `03:30`, `8`; at most a day.
fn clock_time(text: &str) -> Option<Duration> {
    let mut seconds = 0_i64;
    let mut unit = 3600;
    for part in text.trim().split(':').take(3) {
        seconds += part.parse::<u16>().ok().map(i64::from)? * unit;
        unit /= 60;
    }
    (seconds <= 86_400).then(|| Duration::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    fn offset(local: &str, zone: &str, now: &str) -> Option<i64> {
        let text =
            format!("<Time><timeMode>NTP</timeMode><localTime>{local}</localTime><timeZone>{zone}</timeZone></Time>");
        let now = DateTime::parse_from_rfc3339(now).unwrap().with_timezone(&Utc);
        read(&read_any(&text).unwrap(), now).unwrap().offset_seconds
    }

    #[test]
    fn the_offset_is_told_from_every_form_of_local_time() {
        let central = "CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00";
        let south = "AEST-10:00:00DST01:00:00,M10.1.0/02:00:00,M4.1.0/03:00:00";
        let plain = "CST6CDT,M3.2.0/02:00:00,M11.1.0/02:00:00";
        let explicit = "NST3:30NDT2:30,M3.2.0,M11.1.0";
        for (local, zone, now, expected) in [
            ("2024-01-10T12:00:00", plain, "2024-01-10T18:00:00Z", Some(0)),
            ("2024-07-10T12:00:00", plain, "2024-07-10T17:00:00Z", Some(0)),
            ("2024-07-10T12:00:00", explicit, "2024-07-10T14:30:00Z", Some(0)),
            ("2024-10-13T19:43:27+01:00", "CST-3:00:00", "2024-10-13T18:43:27Z", Some(0)),
            ("2024-10-13T19:43:27Z", "", "2024-10-13T19:43:20Z", Some(7)),
            ("2024-10-13T19:43:27+0100", "", "2024-10-13T18:43:27Z", Some(0)),
            ("2024-01-10T12:00:00", "CST-3:00:00", "2024-01-10T09:00:00Z", Some(0)),
            ("2024-01-10T12:00:00", "CST+5:00:00", "2024-01-10T17:01:00Z", Some(-60)),
            ("2024-01-10T12:00:00", "CST-5:30:00", "2024-01-10T06:30:00Z", Some(0)),
            ("2024-01-10T12:00:00", central, "2024-01-10T11:00:00Z", Some(0)),
            ("2024-07-10T12:00:00", central, "2024-07-10T10:00:00Z", Some(0)),
            ("2024-03-31T01:59:59", central, "2024-03-31T00:59:59Z", Some(0)),
            ("2024-03-31T03:00:00", central, "2024-03-31T01:00:00Z", Some(0)),
            ("2024-01-10T12:00:00", south, "2024-01-10T01:00:00Z", Some(0)),
            ("2024-07-10T12:00:00", south, "2024-07-10T02:00:00Z", Some(0)),
            ("2024-01-10T12:00:00", "", "2024-01-10T12:00:00Z", None),
            ("yesterday", "CST-3:00:00", "2024-01-10T12:00:00Z", None),
        ] {
            assert_eq!(offset(local, zone, now), expected, "{local} {zone}");
        }
    }
}
