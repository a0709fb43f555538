use chrono_tz::Europe::Warsaw;

use super::*;
use crate::exception::ExceptionKind;
use crate::schedule::{Day, Period};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

/// A Monday, nine in the morning in Warsaw.
fn morning() -> DateTime<Utc> {
    at("2027-01-11T08:00:00Z")
}

fn device(number: u8) -> DeviceId {
    DeviceId::parse(&format!("01890f00-0000-7000-8000-0000000000{number:02}")).unwrap()
}

fn fault(kind: ExceptionKind, number: u8, of: DeviceKind) -> Fault {
    Fault {
        kind: IncidentKind::Exception(kind),
        device: Some((device(number), of)),
        since: morning(),
        quiet_until: None,
    }
}

fn offline() -> Fault {
    fault(ExceptionKind::DeviceOffline, 1, DeviceKind::Camera)
}

fn working_hours() -> Schedule {
    let days = vec![Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];
    Schedule::try_from(vec![Period { days, from: 8 * 60, until: 18 * 60 }]).unwrap()
}

fn after(minutes: i64) -> DateTime<Utc> {
    morning() + Duration::minutes(minutes)
}

#[test]
fn the_usual_rule_tells_what_is_critical_or_a_warning_at_once_and_nothing_else() {
    let rule = Rule::usual();
    let telling = |kind| rule.telling(&[fault(kind, 1, DeviceKind::Nvr)], Warsaw, morning());
    assert_eq!(telling(ExceptionKind::DeviceOffline), Telling::Now);
    assert_eq!(telling(ExceptionKind::ClockDrift), Telling::Now);
    assert_eq!(telling(ExceptionKind::AddressChanged), Telling::Never);
    let link = Fault { kind: IncidentKind::LinkOffline, device: None, since: morning(), quiet_until: None };
    assert_eq!(rule.telling(&[link], Warsaw, morning()), Telling::Now);
    assert_eq!(rule.telling(&[], Warsaw, morning()), Telling::Never);
}

#[test]
fn a_rule_tells_severities_and_the_named_kinds_besides() {
    let kinds = vec![IncidentKind::Exception(ExceptionKind::AddressChanged)];
    let rule = Rule { severities: vec![Severity::Critical], kinds, ..Rule::usual() };
    let fits = |kind| rule.fits(&fault(kind, 1, DeviceKind::Camera));
    assert!(fits(ExceptionKind::DeviceOffline) && fits(ExceptionKind::AddressChanged));
    assert!(!fits(ExceptionKind::ClockDrift));
}

#[test]
fn a_rule_of_a_device_or_of_a_kind_of_device_tells_of_no_other() {
    let of_one = Rule { source: Source::Device(device(1)), ..Rule::usual() };
    let of_kind = Rule { source: Source::Kind(DeviceKind::Nvr), ..Rule::usual() };
    let camera = fault(ExceptionKind::DeviceOffline, 1, DeviceKind::Camera);
    let recorder = fault(ExceptionKind::DeviceOffline, 2, DeviceKind::Nvr);
    assert!(of_one.fits(&camera) && !of_one.fits(&recorder));
    assert!(!of_kind.fits(&camera) && of_kind.fits(&recorder));
    let link = Fault { kind: IncidentKind::LinkOffline, device: None, since: morning(), quiet_until: None };
    assert!(!of_one.fits(&link) && !of_kind.fits(&link));
    assert_eq!(of_kind.telling(&[camera, recorder], Warsaw, morning()), Telling::Now, "one that fits is enough");
}

#[test]
fn what_has_not_lasted_long_enough_is_told_when_it_has() {
    let rule = Rule { threshold_minutes: 30, ..Rule::usual() };
    assert_eq!(rule.telling(&[offline()], Warsaw, after(29)), Telling::NotBefore(after(30)));
    assert_eq!(rule.telling(&[offline()], Warsaw, after(30)), Telling::Now);
    let younger = Fault { since: after(20), ..offline() };
    assert_eq!(rule.telling(&[younger.clone()], Warsaw, after(40)), Telling::NotBefore(after(50)));
    assert_eq!(rule.telling(&[younger, offline()], Warsaw, after(40)), Telling::Now, "the first of them counts");
}

#[test]
fn what_happens_outside_of_the_schedule_is_told_when_it_begins() {
    let rule = Rule { schedule: Some(working_hours()), ..Rule::usual() };
    let saturday = at("2027-03-27T20:00:00Z");
    let fault = Fault { since: saturday, ..offline() };
    // Clocks are set on that Sunday: Monday's eight o'clock is two hours ahead of UTC.
    let monday = at("2027-03-29T06:00:00Z");
    assert_eq!(rule.telling(&[fault.clone()], Warsaw, saturday), Telling::NotBefore(monday));
    assert_eq!(rule.telling(&[fault], Warsaw, monday), Telling::Now);
}

#[test]
fn threshold_and_schedule_hold_together() {
    let rule = Rule { schedule: Some(working_hours()), threshold_minutes: 60, ..Rule::usual() };
    let fault = Fault { since: at("2027-01-11T16:30:00Z"), ..offline() };
    assert_eq!(
        rule.telling(&[fault], Warsaw, at("2027-01-11T16:45:00Z")),
        Telling::NotBefore(at("2027-01-12T07:00:00Z")),
        "it has lasted long enough only after hours"
    );
}

#[test]
fn in_a_maintenance_window_nothing_is_told_and_what_still_lasts_is_told_then() {
    let rule = Rule::usual();
    let quiet = Fault { quiet_until: Some(after(120)), ..offline() };
    assert_eq!(rule.telling(&[quiet.clone()], Warsaw, after(10)), Telling::NotBefore(after(120)));
    let loud = fault(ExceptionKind::DeviceOffline, 2, DeviceKind::Camera);
    assert_eq!(rule.telling(&[quiet, loud], Warsaw, after(10)), Telling::Now, "another device is not in it");
}

#[test]
fn a_rule_that_is_off_tells_nothing() {
    let rule = Rule { enabled: false, ..Rule::usual() };
    assert_eq!(rule.telling(&[offline()], Warsaw, morning()), Telling::Never);
}
