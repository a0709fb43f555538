use chrono_tz::Europe::Warsaw;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

fn schedule(days: &[Day], from: u16, until: u16) -> Schedule {
    Schedule::try_from(vec![Period { days: days.to_vec(), from, until }]).unwrap()
}

const WEEK: [Day; 5] = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];

#[test]
fn working_hours_are_those_of_the_site_in_summer_and_in_winter() {
    let hours = schedule(&WEEK, 8 * 60, 18 * 60);
    for (time, allowed) in [
        // A Monday in January: one hour ahead of UTC.
        ("2027-01-11T06:59:59Z", false),
        ("2027-01-11T07:00:00Z", true),
        ("2027-01-11T16:59:59Z", true),
        ("2027-01-11T17:00:00Z", false),
        // A Monday in July: two hours ahead.
        ("2027-07-12T06:00:00Z", true),
        ("2027-07-12T16:00:00Z", false),
        // A Saturday.
        ("2027-07-17T10:00:00Z", false),
    ] {
        assert_eq!(hours.allows(at(time), Warsaw), allowed, "{time}");
    }
    assert_eq!(hours.next(at("2027-07-16T17:00:00Z"), Warsaw), Some(at("2027-07-19T06:00:00Z")), "after the week-end");
}

#[test]
fn a_night_goes_on_into_the_next_day() {
    let night = schedule(&[Day::Saturday], 22 * 60, 6 * 60);
    for (time, allowed) in [
        ("2027-01-16T20:59:00Z", false),
        ("2027-01-16T21:00:00Z", true),
        ("2027-01-17T04:59:00Z", true),
        ("2027-01-17T05:00:00Z", false),
        ("2027-01-16T03:00:00Z", false),
    ] {
        assert_eq!(night.allows(at(time), Warsaw), allowed, "{time}");
    }
}

#[test]
fn a_day_may_end_at_midnight() {
    let sunday = schedule(&[Day::Sunday], 0, DAY_MINUTES);
    assert!(sunday.allows(at("2027-01-17T22:59:00Z"), Warsaw));
    assert!(!sunday.allows(at("2027-01-17T23:00:00Z"), Warsaw));
}

#[test]
fn what_begins_in_the_hour_that_is_left_out_begins_after_it() {
    // 28 March 2027: 02:00 becomes 03:00, at 01:00 UTC.
    let early = schedule(&[Day::Sunday], 2 * 60 + 30, 5 * 60);
    assert_eq!(early.next(at("2027-03-28T00:00:00Z"), Warsaw), Some(at("2027-03-28T01:00:00Z")));
    let left_out = schedule(&[Day::Sunday], 2 * 60 + 10, 2 * 60 + 40);
    assert_eq!(left_out.next(at("2027-03-28T00:00:00Z"), Warsaw), Some(at("2027-04-04T00:10:00Z")), "a week later");
}

#[test]
fn what_begins_in_the_hour_that_comes_twice_begins_twice() {
    // 31 October 2027: 03:00 becomes 02:00, at 01:00 UTC.
    let quarter = schedule(&[Day::Sunday], 2 * 60 + 30, 2 * 60 + 45);
    assert_eq!(quarter.next(at("2027-10-31T00:00:00Z"), Warsaw), Some(at("2027-10-31T00:30:00Z")));
    assert_eq!(quarter.next(at("2027-10-31T00:50:00Z"), Warsaw), Some(at("2027-10-31T01:30:00Z")));
    assert_eq!(quarter.next(at("2027-10-31T01:50:00Z"), Warsaw), Some(at("2027-11-07T01:30:00Z")));
}

#[test]
fn a_minute_of_the_day_comes_once_a_day_also_when_clocks_are_set() {
    let next = |after: &str, minute| next_minute_of_day(at(after), minute, Warsaw).unwrap();
    assert_eq!(next("2027-01-11T05:59:00Z", 420), at("2027-01-11T06:00:00Z"));
    assert_eq!(next("2027-01-11T06:00:00Z", 420), at("2027-01-12T06:00:00Z"), "after, not at");
    assert_eq!(next("2027-03-27T12:00:00Z", 150), at("2027-03-28T01:00:00Z"), "02:30 is left out");
    assert_eq!(next("2027-10-30T12:00:00Z", 150), at("2027-10-31T00:30:00Z"), "02:30 comes twice");
    assert_eq!(next("2027-10-31T00:30:00Z", 150), at("2027-11-01T01:30:00Z"), "and counts once");
}

#[test]
fn a_time_of_day_is_read_as_it_is_written() {
    for minute in [0, 59, 510, 1439, DAY_MINUTES] {
        assert_eq!(read_minute(&write_minute(minute)), Some(minute));
    }
    for text in ["", "8:30", "08:60", "24:01", "25:00", "08:3", "+8:30", "08-30", "08:30:00"] {
        assert_eq!(read_minute(text), None, "{text}");
    }
}

#[test]
fn what_is_no_schedule_is_refused() {
    let period = |days: &[Day], from, until| Period { days: days.to_vec(), from, until };
    for (periods, why) in [
        (vec![], BadSchedule::Periods),
        (vec![period(&[Day::Monday], 0, 60); MOST_PERIODS + 1], BadSchedule::Periods),
        (vec![period(&[], 0, 60)], BadSchedule::Days),
        (vec![period(&[Day::Monday, Day::Monday], 0, 60)], BadSchedule::Days),
        (vec![period(&[Day::Monday], 60, 60)], BadSchedule::Times),
        (vec![period(&[Day::Monday], 1440, 60)], BadSchedule::Times),
        (vec![period(&[Day::Monday], 60, 0)], BadSchedule::Times),
        (vec![period(&[Day::Monday], 60, 1441)], BadSchedule::Times),
    ] {
        assert_eq!(Schedule::try_from(periods.clone()), Err(why), "{periods:?}");
    }
}

fn periods() -> impl Strategy<Value = Schedule> {
    let days = proptest::sample::subsequence(Day::ALL.to_vec(), 1..4);
    let period = (days, 0..1440_u16, 1..=1440_u16).prop_map(|(days, from, until)| Period { days, from, until });
    proptest::collection::vec(period, 1..3).prop_filter_map("times differ", |periods| Schedule::try_from(periods).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Around both days on which clocks are set: whatever is found is the first minute that counts.
    #[test]
    fn the_next_time_is_the_first_that_is_in_it(schedule in periods(), hours in 0..300_i64, autumn: bool) {
        let begin = at(if autumn { "2027-10-25T00:00:00Z" } else { "2027-03-22T00:00:00Z" });
        let from = begin + Duration::hours(hours);
        let by_minutes = (0..14 * 1440).map(|minutes| from + Duration::minutes(minutes));
        let first = by_minutes.into_iter().find(|instant| schedule.allows(*instant, Warsaw));
        prop_assert_eq!(schedule.next(from, Warsaw), first);
    }
}
