use diesel::prelude::*;

use super::*;
use crate::schema::staff;
use crate::testing::{at, company, end_user, member, on_both};

#[test]
fn a_link_is_good_once_and_for_its_time() {
    on_both(|store| {
        let company = company(store);
        let id = member(store, &company, "anna@example.com");
        store.write(|conn| create_reset(conn, "t", &id, at(0), at(3600))).unwrap();
        let find =
            |token: &str, seconds| store.read(|conn| find_reset(conn, token, at(seconds))).unwrap().map(|(_, id)| id);
        assert_eq!((find("t", 3599), find("t", 3600), find("u", 0)), (Some(id.clone()), None, None));
        let disable = |yes: bool| {
            let anna = staff::table.filter(staff::id.eq(id.as_str().to_owned()));
            store.write(|conn| Ok(diesel::update(anna.clone()).set(staff::disabled.eq(yes)).execute(conn)?)).unwrap();
        };
        disable(true);
        assert_eq!(find("t", 1), None, "who may not sign in gets no password");
        disable(false);
        let use_it = |seconds| store.write(|conn| use_up(conn, PersonKind::Staff, "t", at(seconds))).unwrap();
        assert_eq!([use_it(3600), use_it(10), use_it(11)], [false, true, false]);
        assert_eq!(find("t", 12), None);
    });
}

#[test]
fn of_two_at_the_same_instant_one_uses_a_link() {
    on_both(|store| {
        let company = company(store);
        let id = member(store, &company, "anna@example.com");
        store.write(|conn| create_reset(conn, "t", &id, at(0), at(3600))).unwrap();
        let used: usize = std::thread::scope(|threads| {
            let tries: Vec<_> = (0..8)
                .map(|_| threads.spawn(|| store.write(|conn| use_up(conn, PersonKind::Staff, "t", at(1))).unwrap()))
                .collect();
            tries.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(used, 1);
    });
}

#[test]
fn a_changed_password_voids_all_links_and_old_ones_are_forgotten() {
    on_both(|store| {
        let company = company(store);
        let id = member(store, &company, "anna@example.com");
        for token in ["t", "u"] {
            store.write(|conn| create_reset(conn, token, &id, at(0), at(3600))).unwrap();
        }
        store.write(|conn| void_resets_of(conn, &id, at(1))).unwrap();
        assert_eq!(store.read(|conn| find_reset(conn, "u", at(2))).unwrap(), None);
        assert_eq!(store.write(|conn| prune(conn, at(3600))).unwrap(), 0);
        assert_eq!(store.write(|conn| prune(conn, at(3601))).unwrap(), 2);
    });
}

#[test]
fn a_link_of_an_end_user_sets_no_password_of_staff() {
    on_both(|store| {
        let id = end_user(store, "olga@example.com");
        store.write(|conn| create_reset(conn, "t", &id, at(0), at(3600))).unwrap();
        let find = |seconds| store.read(|conn| find_end_user_reset(conn, "t", at(seconds))).unwrap();
        assert_eq!((find(3599), find(3600)), (Some(id.clone()), None));
        assert_eq!(store.read(|conn| find_reset(conn, "t", at(1))).unwrap(), None);
        let use_it = |kind| store.write(|conn| use_up(conn, kind, "t", at(1))).unwrap();
        assert_eq!([PersonKind::Staff, PersonKind::EndUser, PersonKind::EndUser].map(use_it), [false, true, false]);
        assert_eq!(find(2), None);
        assert_eq!(store.write(|conn| prune(conn, at(3601))).unwrap(), 1);
    });
}
