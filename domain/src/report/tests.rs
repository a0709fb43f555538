use proptest::prelude::*;

use super::*;
use crate::availability::WhileLost;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Always up, in every hour of the plan that is known by the hour, and in every day that is not.
fn always_up(plan: &Plan) -> Measured {
    let hours = |day: &Day| day.first_hour..day.end_hour;
    let by_day = (0..).zip(&plan.days).map(|(place, day)| (place, ((day.end_hour - day.first_hour) * 3600, 0)));
    Measured {
        by_day: by_day.collect(),
        by_hour: plan.days.iter().flat_map(hours).map(|hour| (hour, (3600, 0))).collect(),
        rolled: plan.rolled.clone().map(|day| (day, (DAY, 0))).collect(),
    }
}

fn sum(shares: &[Shares]) -> Shares {
    let mut all = Shares::default();
    for one in shares {
        all.add(*one);
    }
    all
}

#[test]
fn a_month_with_a_change_of_clocks_has_an_hour_less() {
    let plan =
        Plan::new(date("2026-03-01"), date("2026-03-31"), zone("Europe/Warsaw"), 0, time("2026-06-01T00:00:00Z"));
    let shares = share_out(&plan, 0, &always_up(&plan), &Absences::default(), Counting::default());
    assert_eq!(sum(&shares), Shares { up: (31 * 24 - 1) * 3600, ..Shares::default() });
    assert_eq!(shares[28].up, 23 * 3600, "the 29th");
}

#[test]
fn time_before_a_device_was_added_and_after_now_is_not_there() {
    let now = time("2026-05-03T12:30:00Z");
    let plan = Plan::new(date("2026-05-01"), date("2026-05-04"), zone("UTC"), 0, now);
    let since = time("2026-05-02T18:00:00Z").timestamp();
    let shares = share_out(&plan, since, &Measured::default(), &Absences::default(), Counting::default());
    let unknown: Vec<i64> = shares.iter().map(|one| one.unknown).collect();
    assert_eq!(unknown, [0, 6 * 3600, 45_000, 0]);
    assert_eq!(plan.span(), Span { from: time("2026-05-01T00:00:00Z").timestamp(), to: now.timestamp() });
}

#[test]
fn an_absence_changes_only_the_hours_that_it_touches() {
    let plan = Plan::new(date("2026-05-01"), date("2026-05-02"), zone("UTC"), 0, time("2026-06-01T00:00:00Z"));
    let start = plan.days[0].first_hour * 3600;
    // Seen for the first ten hours, then the link was down for two, then seen again.
    let mut measured = always_up(&plan);
    measured.by_day.insert(0, (22 * 3600, 0));
    for hour in [10, 11] {
        measured.by_hour.remove(&(plan.days[0].first_hour + hour));
    }
    let link = Spans::of([Span { from: start + 10 * 3600, to: start + 12 * 3600 - 60 }]);
    let absences = Absences { link, ..Absences::default() };
    let excluded = share_out(&plan, 0, &measured, &absences, Counting::default());
    assert_eq!(excluded[0], Shares { up: 22 * 3600, down: 0, unknown: 60, excluded: 2 * 3600 - 60 });
    assert_eq!(excluded[1], Shares { up: DAY, ..Shares::default() });
    let counting = Counting { links: WhileLost::Down, ..Counting::default() };
    let down = share_out(&plan, 0, &measured, &absences, counting);
    assert_eq!(down[0], Shares { up: 22 * 3600, down: 2 * 3600 - 60, unknown: 60, excluded: 0 });
}

#[test]
fn where_hours_are_forgotten_days_of_utc_stand_for_those_of_the_place() {
    let now = time("2026-06-01T00:00:00Z");
    let forgotten_before = number(date("2026-05-03"));
    for name in ["Asia/Vladivostok", "America/New_York", "Asia/Kolkata"] {
        let plan = Plan::new(date("2026-05-01"), date("2026-05-05"), zone(name), forgotten_before, now);
        let shares = share_out(&plan, 0, &always_up(&plan), &Absences::default(), Counting::default());
        let all = sum(&shares);
        assert_eq!((shares.len(), all.down, all.unknown, all.excluded), (5, 0, 0, 0), "{name}");
        assert_eq!(shares[0].up, DAY);
        let hours = plan.days.iter().map(|day| day.end_hour - day.first_hour).sum::<i64>();
        assert_eq!(all.up, 2 * DAY + hours * 3600);
    }
}

#[test]
fn outages_are_cut_to_the_span() {
    let mut outages = Outages::default();
    let within = Span { from: 100, to: 200 };
    for (from, to) in [(0, 50), (50, 110), (150, 160), (190, 500), (200, 300)] {
        outages.note(Span { from, to }, within);
    }
    assert_eq!(outages, Outages { count: 3, seconds: 30, longest: 10 });
}

proptest! {
    #[test]
    fn every_second_of_the_span_is_in_exactly_one_share(
        start in 0_u64..800, length in 0_u64..60, place in 0_usize..500, forgotten in 0_i64..70, now in 0_i64..70 * 86_400,
        since in 0_i64..70 * 86_400, up in 0_i64..5000, down in 0_i64..5000,
        gaps in proptest::collection::vec((0_i64..70 * 86_400, 0_i64..200_000), 0..5), choices in 0_u8..8,
    ) {
        let zone = chrono_tz::TZ_VARIANTS[place % chrono_tz::TZ_VARIANTS.len()];
        let from = date("2025-01-01").checked_add_days(chrono::Days::new(start)).unwrap();
        let to = from.checked_add_days(chrono::Days::new(length)).unwrap();
        let begin = number(from) * DAY;
        let now = DateTime::from_timestamp(begin + now, 0).unwrap();
        let plan = Plan::new(from, to, zone, number(from) - 5 + forgotten, now);
        let mut measured = always_up(&plan);
        measured.by_hour.values_mut().for_each(|one| *one = (up, down));
        let hours = |day: &Day| day.end_hour - day.first_hour;
        measured.by_day = (0..).zip(&plan.days).map(|(place, day)| (place, (hours(day) * up, hours(day) * down))).collect();
        let all = Spans::of(gaps.iter().map(|(from, long)| Span { from: begin + from, to: begin + from + long }));
        let absences = Absences { own_network: all.clone(), link: all.clone(), maintenance: all, offline: Spans::default() };
        let unwatched = |bit: u8| if choices & bit == 0 { WhileLost::Excluded } else { WhileLost::Down };
        let counting = Counting {
            own_network: unwatched(1), links: unwatched(2),
            maintenance: if choices & 4 == 0 { WhileMaintained::Excluded } else { WhileMaintained::Counted },
        };
        let since = begin + since - 10 * DAY;
        let shares = share_out(&plan, since, &measured, &absences, counting);
        prop_assert_eq!(shares.len(), plan.days.len());
        let lifetime = Span { from: since, to: plan.until };
        let of_hours: i64 = plan.days.iter().map(|day| day.span().both(lifetime).seconds()).sum();
        let of_days: i64 = plan.rolled.clone()
            .filter(|day| plan.day_of_rolled(*day).is_some())
            .map(|day| Span { from: day * DAY, to: (day + 1) * DAY }.both(lifetime).seconds()).sum();
        prop_assert_eq!(sum(&shares).total(), of_hours + of_days);
        for one in &shares {
            prop_assert!(one.up >= 0 && one.down >= 0 && one.unknown >= 0 && one.excluded >= 0, "{one:?}");
            prop_assert!(one.availability().is_none_or(|part| (0.0..=1.0).contains(&part)));
        }
    }
}
