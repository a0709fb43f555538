//! Uptime: how many seconds of each hour a device was seen up and down, from one look to the next.

use chrono::{DateTime, Duration, Utc};

/// Seconds of one hour that two neighbouring looks vouch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourShare {
    /// Hours since 1970 UTC.
    pub hour: i64,
    /// Seconds seen up.
    pub up_seconds: i64,
    /// Seconds seen down.
    pub down_seconds: i64,
}

/// The hour a time falls into: hours since 1970 UTC.
pub fn hour_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(3600)
}

/// Shares the time between two looks out to its hours.
///
/// It counts as up only where the device answered at both ends. A gap of more than two periods counts as neither:
/// nobody looked, so nobody knows (R-H1).
pub fn shares(before: (DateTime<Utc>, bool), after: (DateTime<Utc>, bool), period: Duration) -> Vec<HourShare> {
    let (start, end) = (before.0.timestamp(), after.0.timestamp());
    if end <= start || after.0 - before.0 > period * 2 {
        return Vec::new();
    }
    let up = before.1 && after.1;
    let mut found = Vec::new();
    let mut from = start;
    while from < end {
        let hour = from.div_euclid(3600);
        let to = end.min((hour + 1) * 3600);
        let seconds = to - from;
        let (up_seconds, down_seconds) = if up { (seconds, 0) } else { (0, seconds) };
        found.push(HourShare { hour, up_seconds, down_seconds });
        from = to;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 - 1_700_000_000 % 3600 + seconds, 0).unwrap()
    }

    #[test]
    fn time_between_two_good_looks_is_up_and_else_down() {
        let minute = Duration::seconds(60);
        let up = shares((at(10), true), (at(70), true), minute);
        assert_eq!(up, vec![HourShare { hour: hour_of(at(0)), up_seconds: 60, down_seconds: 0 }]);
        for ends in [(true, false), (false, true), (false, false)] {
            let down = shares((at(10), ends.0), (at(70), ends.1), minute);
            assert_eq!(down, vec![HourShare { hour: hour_of(at(0)), up_seconds: 0, down_seconds: 60 }]);
        }
    }

    #[test]
    fn a_span_over_the_full_hour_is_shared_out() {
        let shared = shares((at(3580), true), (at(3640), true), Duration::seconds(60));
        let seconds: Vec<_> = shared.iter().map(|share| (share.hour - hour_of(at(0)), share.up_seconds)).collect();
        assert_eq!(seconds, vec![(0, 20), (1, 40)]);
    }

    #[test]
    fn a_gap_that_nobody_watched_counts_as_neither() {
        assert_eq!(shares((at(0), true), (at(121), true), Duration::seconds(60)), vec![]);
        assert_eq!(shares((at(60), true), (at(60), true), Duration::seconds(60)), vec![]);
    }
}
