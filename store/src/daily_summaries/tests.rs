use super::*;
use crate::Store;
use crate::testing::{at, company, member, on_both};

/// 07:00 UTC on the day after the start of the tests, which is 08:00 on 2027-01-15.
fn next_morning() -> i64 {
    23 * 3600
}

fn due(store: &Store, seconds: i64) -> Vec<StaffId> {
    let due = store.write(|conn| take_due(conn, at(seconds), 10)).unwrap();
    due.into_iter().map(|due| due.staff_id).collect()
}

#[test]
fn everybody_has_a_summary_at_seven_of_their_own_clock_until_they_choose() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        assert_eq!(store.read(|conn| find(conn, &anna)).unwrap(), SummarySetting::default());
        assert!(store.read(|conn| is_due(conn, at(0))).unwrap(), "she has no row yet");
        assert_eq!(store.write(|conn| begin(conn, at(0), 10)).unwrap(), 1);
        assert!(!store.read(|conn| is_due(conn, at(next_morning() - 1))).unwrap());
        assert_eq!(due(store, next_morning() - 1), []);
        assert_eq!(due(store, next_morning()), [anna.clone()]);
        assert_eq!(due(store, next_morning()), [], "once");
        assert_eq!(due(store, next_morning() + 24 * 3600 - 1), []);

        let chosen = SummarySetting { mode: SummaryMode::Always, minute: 9 * 60 };
        store.write(|conn| set(conn, &anna, chosen, "Europe/Warsaw", at(next_morning()))).unwrap();
        assert_eq!(store.read(|conn| find(conn, &anna)).unwrap(), chosen);
        assert_eq!(due(store, next_morning() + 3600 - 1), []);
        assert_eq!(due(store, next_morning() + 3600), [anna], "nine in Warsaw is eight here");
    });
}

#[test]
fn of_two_who_take_a_summary_at_once_one_gets_it() {
    on_both(|store| {
        let company = company(store);
        member(store, &company, "anna@example.com");
        store.write(|conn| begin(conn, at(0), 10)).unwrap();
        let taken: usize = std::thread::scope(|threads| {
            let tries: Vec<_> = (0..4).map(|_| threads.spawn(|| due(store, next_morning()).len())).collect();
            tries.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(taken, 1);
    });
}
