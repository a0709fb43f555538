use siteward_domain::StaffId;

use super::*;
use crate::testing::{at, company, member, on_both};

/// A person whose second factor is on since `at(0)`, its first code of step 10, with these recovery codes.
fn with_factor(store: &Store, codes: &[&str]) -> (CompanyId, StaffId) {
    let company = company(store);
    let id = member(store, &company, "anna@example.com");
    let sealed = seal_seed(store, &company, &id, &SecretString::from("JBSWY3DPEHPK3PXP")).unwrap();
    let hashes: Vec<String> = codes.iter().map(|&code| code.to_owned()).collect();
    store.write(|conn| begin(conn, &id, &sealed)).unwrap();
    store.write(|conn| confirm(conn, &id, &sealed, 10, &hashes, at(0))).unwrap();
    (company, id)
}

#[test]
fn a_seed_is_asked_for_only_once_it_is_confirmed() {
    on_both(|store| {
        let company = company(store);
        let id = member(store, &company, "anna@example.com");
        let seal = |seed: &str| seal_seed(store, &company, &id, &SecretString::from(seed)).unwrap();
        let (first, second) = (seal("AAAA"), seal("BBBB"));
        store.write(|conn| begin(conn, &id, &first)).unwrap();
        store.write(|conn| begin(conn, &id, &second)).unwrap();
        assert!(!store.write(|conn| take_step(conn, &id, 10)).unwrap(), "nothing is on");
        let old = store.write(|conn| confirm(conn, &id, &first, 10, &[], at(0)));
        assert!(matches!(old, Err(StoreError::Stale)), "another was begun");
        store.write(|conn| confirm(conn, &id, &second, 10, &["a".into(), "b".into()], at(0))).unwrap();
        let again = store.write(|conn| begin(conn, &id, &first));
        assert!(matches!(again, Err(StoreError::Stale)), "one is on");
        let status = store.read(|conn| status_of(conn, &id)).unwrap();
        assert_eq!(status, TwoFactorStatus { since: Some(at(0)), recovery_codes_left: 2 });
        let found = store.read(|conn| find_second_factor(conn, &id)).unwrap().unwrap();
        let opened = open_seed(store, &company, &id, &found.sealed_seed).unwrap();
        assert_eq!(secrecy::ExposeSecret::expose_secret(&opened), "BBBB");
    });
}

#[test]
fn a_step_is_taken_once_and_never_after_a_later_one() {
    on_both(|store| {
        let (_, id) = with_factor(store, &[]);
        let take = |step| store.write(|conn| take_step(conn, &id, step)).unwrap();
        assert_eq!([take(10), take(12), take(12), take(11), take(13)], [false, true, false, false, true]);
    });
}

#[test]
fn of_many_at_the_same_instant_one_takes_a_code() {
    on_both(|store| {
        let (_, id) = with_factor(store, &["code"]);
        let race = |take: &(dyn Fn(&mut DbConn) -> Result<bool, StoreError> + Sync)| {
            std::thread::scope(|threads| {
                let tries: Vec<_> = (0..8).map(|_| threads.spawn(|| store.write(take).unwrap())).collect();
                tries.into_iter().map(|one| usize::from(one.join().unwrap())).sum::<usize>()
            })
        };
        for step in 11..16 {
            assert_eq!(race(&|conn| take_step(conn, &id, step)), 1);
        }
        assert_eq!(race(&|conn| take_recovery_code(conn, &id, "code", at(1))), 1);
    });
}

#[test]
fn a_recovery_code_is_good_once_until_new_ones_void_it() {
    on_both(|store| {
        let (_, id) = with_factor(store, &["a", "b", "c"]);
        let take = |code: &str| store.write(|conn| take_recovery_code(conn, &id, code, at(1))).unwrap();
        assert_eq!([take("a"), take("a"), take("z")], [true, false, false]);
        assert!(store.read(|conn| is_recovery_code(conn, &id, "b")).unwrap());
        assert!(!store.read(|conn| is_recovery_code(conn, &id, "a")).unwrap());
        assert_eq!(store.read(|conn| status_of(conn, &id)).unwrap().recovery_codes_left, 2);
        store.write(|conn| replace_recovery_codes(conn, &id, &["d".into()])).unwrap();
        assert_eq!([take("b"), take("d")], [false, true]);
    });
}

#[test]
fn what_is_taken_away_leaves_nothing() {
    on_both(|store| {
        let (_, id) = with_factor(store, &["a"]);
        assert!(store.write(|conn| take_away(conn, &id)).unwrap());
        assert!(!store.write(|conn| take_away(conn, &id)).unwrap());
        let status = store.read(|conn| status_of(conn, &id)).unwrap();
        assert_eq!(status, TwoFactorStatus { since: None, recovery_codes_left: 0 });
        assert_eq!(store.read(|conn| find_second_factor(conn, &id)).unwrap(), None);
    });
}

#[test]
fn an_end_user_has_a_factor_and_codes_of_their_own() {
    on_both(|store| {
        let id = crate::testing::end_user(store, "olga@example.com");
        let seed = SecretString::from("JBSWY3DPEHPK3PXP");
        let sealed = seal_seed(store, None, &id, &seed).unwrap();
        store.write(|conn| begin(conn, &id, &sealed)).unwrap();
        store.write(|conn| confirm(conn, &id, &sealed, 10, &["a".to_owned()], at(0))).unwrap();
        let opened = open_seed(store, None, &id, &sealed).unwrap();
        assert_eq!(secrecy::ExposeSecret::expose_secret(&opened), secrecy::ExposeSecret::expose_secret(&seed));
        assert_eq!(
            [10, 11, 11].map(|step| store.write(|conn| take_step(conn, &id, step)).unwrap()),
            [false, true, false]
        );
        assert!(store.read(|conn| is_recovery_code(conn, &id, "a")).unwrap());
        assert_eq!(
            [1, 2].map(|n| store.write(|conn| take_recovery_code(conn, &id, "a", at(n))).unwrap()),
            [true, false]
        );
        let status = store.read(|conn| status_of(conn, &id)).unwrap();
        assert_eq!(status, TwoFactorStatus { since: Some(at(0)), recovery_codes_left: 0 });
        assert!(store.write(|conn| take_away(conn, &id)).unwrap());
    });
}
