use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

fn span(from: i64, to: i64) -> Span {
    Span { from, to }
}

fn spans(all: &[(i64, i64)]) -> Spans {
    Spans::of(all.iter().map(|(from, to)| span(*from, *to)))
}

fn hour(up: i64, down: i64) -> Piece {
    Piece { span: span(0, 3600), up, down }
}

const AS_MEASURED: Counting =
    Counting { own_network: WhileLost::Down, links: WhileLost::Down, maintenance: WhileMaintained::Counted };

#[test]
fn what_nobody_saw_is_neither_up_nor_down() {
    let shares = hour(1800, 600).counted(Counting::default(), &Absences::default());
    assert_eq!(shares, Shares { up: 1800, down: 600, unknown: 1200, excluded: 0 });
    assert_eq!(shares.availability(), Some(0.75));
    assert_eq!(hour(0, 0).measured().availability(), None);
}

#[test]
fn time_without_the_own_network_or_a_link_is_excluded_or_down_as_chosen() {
    let absences = Absences { own_network: spans(&[(0, 900)]), link: spans(&[(600, 1200)]), ..Absences::default() };
    let excluded = hour(2400, 0).counted(Counting::default(), &absences);
    assert_eq!(excluded, Shares { up: 2400, down: 0, unknown: 0, excluded: 1200 });
    let down = hour(2400, 0).counted(AS_MEASURED, &absences);
    assert_eq!(down, Shares { up: 2400, down: 1200, unknown: 0, excluded: 0 });
    let links_down = Counting { links: WhileLost::Down, ..Counting::default() };
    assert_eq!(
        hour(2400, 0).counted(links_down, &absences),
        Shares { up: 2400, down: 300, unknown: 0, excluded: 900 },
        "time without both is that of the own network"
    );
}

#[test]
fn what_was_measured_in_spite_of_a_loss_stays() {
    let absences = Absences { own_network: spans(&[(0, 3600)]), ..Absences::default() };
    let shares = hour(3000, 300).counted(Counting::default(), &absences);
    assert_eq!(shares, Shares { up: 3000, down: 300, unknown: 0, excluded: 300 });
}

#[test]
fn downtime_within_a_window_is_left_out_and_other_downtime_is_not() {
    let window = spans(&[(1800, 3600)]);
    let within = Absences { maintenance: window.clone(), offline: spans(&[(1920, 3600)]), ..Absences::default() };
    assert_eq!(
        hour(1800, 1800).counted(Counting::default(), &within),
        Shares { up: 1800, down: 0, unknown: 0, excluded: 1800 },
        "health changes two looks after the device was last seen"
    );
    let before = Absences { maintenance: window, offline: spans(&[(120, 1200)]), ..Absences::default() };
    assert_eq!(
        hour(2400, 1200).counted(Counting::default(), &before),
        Shares { up: 600, down: 1200, unknown: 0, excluded: 1800 }
    );
    assert_eq!(hour(2400, 1200).counted(AS_MEASURED, &before), hour(2400, 1200).measured());
}

#[test]
fn an_hour_that_is_a_window_is_left_out_whatever_was_measured() {
    let all = Absences { maintenance: spans(&[(-100, 4000)]), ..Absences::default() };
    assert_eq!(hour(1000, 2000).counted(Counting::default(), &all), Shares { excluded: 3600, ..Shares::default() });
}

#[test]
fn spans_join_meet_and_are_taken_from_each_other() {
    let all = spans(&[(5, 9), (0, 3), (3, 4), (8, 12), (20, 20)]);
    assert_eq!(all.iter().collect::<Vec<_>>(), vec![span(0, 4), span(5, 12)]);
    assert_eq!(all.within(span(2, 6)), 3);
    assert_eq!(all.minus(&spans(&[(1, 2), (6, 20)])), spans(&[(0, 1), (2, 4), (5, 6)]));
    assert_eq!(all.both(&spans(&[(3, 6)])), spans(&[(3, 4), (5, 6)]));
    assert_eq!((span(3599, 3601).hours(), span(7200, 10_800).hours()), (0..2, 2..3));
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn days_on_which_clocks_change_have_23_and_25_hours() {
    let zone: Tz = "Europe/Warsaw".parse().unwrap();
    let hours = |from: &str, to: &str| -> Vec<i64> {
        days(date(from), date(to), zone).iter().map(|day| day.end_hour - day.first_hour).collect()
    };
    assert_eq!(hours("2026-03-28", "2026-03-30"), [24, 23, 24]);
    assert_eq!(hours("2026-10-24", "2026-10-26"), [24, 25, 24]);
}

proptest! {
    #[test]
    fn shares_add_up_and_availability_is_never_above_one(
        length in 1_i64..90_000, up in 0_i64..100_000, down in 0_i64..100_000,
        network in proptest::collection::vec((0_i64..90_000, 0_i64..4000), 0..4),
        link in proptest::collection::vec((0_i64..90_000, 0_i64..4000), 0..4),
        windows in proptest::collection::vec((0_i64..90_000, 0_i64..9000), 0..4),
        offline in proptest::collection::vec((0_i64..90_000, 0_i64..9000), 0..4),
        choices in 0_u8..8,
    ) {
        let build = |all: &[(i64, i64)]| Spans::of(all.iter().map(|(from, long)| span(*from, from + long)));
        let absences = Absences {
            own_network: build(&network), link: build(&link), maintenance: build(&windows), offline: build(&offline),
        };
        let unwatched = |bit: u8| if choices & bit == 0 { WhileLost::Excluded } else { WhileLost::Down };
        let counting = Counting {
            own_network: unwatched(1), links: unwatched(2),
            maintenance: if choices & 4 == 0 { WhileMaintained::Excluded } else { WhileMaintained::Counted },
        };
        let piece = Piece { span: span(0, length), up, down };
        let (measured, counted) = (piece.measured(), piece.counted(counting, &absences));
        prop_assert_eq!(counted.total(), length);
        prop_assert!(counted.up >= 0 && counted.down >= 0 && counted.unknown >= 0 && counted.excluded >= 0);
        prop_assert!(counted.up <= measured.up && counted.unknown <= measured.unknown);
        prop_assert!(counted.availability().is_none_or(|part| (0.0..=1.0).contains(&part)));
        if choices == 0 {
            prop_assert!(counted.down <= measured.down, "leaving out never adds downtime");
            let touched = absences.touched().within(piece.span);
            prop_assert!(counted.excluded <= touched, "no more is left out than was chosen");
        }
    }

    #[test]
    fn days_follow_each_other_without_a_gap_in_every_zone(start in 0_u64..20_000, count in 1_u64..400, zone in 0_usize..500) {
        let zone = chrono_tz::TZ_VARIANTS[zone % chrono_tz::TZ_VARIANTS.len()];
        let first = date("1990-01-01").checked_add_days(chrono::Days::new(start)).unwrap();
        let last = first.checked_add_days(chrono::Days::new(count)).unwrap();
        let all = days(first, last, zone);
        for pair in all.windows(2) {
            prop_assert_eq!(pair[0].end_hour, pair[1].first_hour);
        }
        for day in &all {
            let hours = day.end_hour - day.first_hour;
            prop_assert!((1..=26).contains(&hours), "{zone} {} has {hours} hours", day.date);
        }
    }

    #[test]
    fn taking_away_leaves_what_was_not_taken(
        one in proptest::collection::vec((0_i64..300, 0_i64..40), 0..6), two in proptest::collection::vec((0_i64..300, 0_i64..40), 0..6),
    ) {
        let build = |all: &[(i64, i64)]| Spans::of(all.iter().map(|(from, long)| span(*from, from + long)));
        let (one, two) = (build(&one), build(&two));
        let everything = span(0, 1000);
        prop_assert_eq!(one.minus(&two).within(everything) + one.both(&two).within(everything), one.within(everything));
        prop_assert_eq!(
            one.union(&two).within(everything),
            one.within(everything) + two.within(everything) - one.both(&two).within(everything)
        );
    }
}
