use chrono::Duration;

use super::*;
use crate::Store;
use crate::end_users::{EndUserChange, find_by_phone, get_end_user, update_end_user};
use crate::testing::{at, end_user, on_both};

const NUMBER: &str = "+48600100200";

fn sent(store: &Store, to: &EndUserId, hash: &str) {
    let code_until = at(0) + Duration::minutes(10);
    let new = NewPhoneCode { end_user_id: to.clone(), phone: NUMBER.into(), code_hash: hash.into(), code_until };
    store.write(|conn| create(conn, &new)).unwrap();
}

fn tried(store: &Store, who: &EndUserId, hash: &str, seconds: i64) -> PhoneConfirmed {
    store.write(|conn| confirm(conn, who, hash, at(seconds))).unwrap()
}

#[test]
fn a_number_is_whose_code_was_right_and_was_taken_from_who_only_typed_it() {
    on_both(|store| {
        let (olga, peter) = (end_user(store, "olga@example.org"), end_user(store, "peter@example.org"));
        let typed = EndUserChange { phone: Some(Some(NUMBER.into())), ..EndUserChange::default() };
        store.write(|conn| update_end_user(conn, &peter, &typed, at(0))).unwrap();
        assert_eq!(store.read(|conn| find_owner(conn, NUMBER)).unwrap(), None, "typed is not shown");
        sent(store, &olga, "old");
        sent(store, &olga, "right");
        assert_eq!(tried(store, &peter, "right", 1), PhoneConfirmed::Over, "a code is its account's");
        assert_eq!(tried(store, &olga, "old", 1), PhoneConfirmed::Wrong { left: 4 });
        assert_eq!(tried(store, &olga, "right", 599), PhoneConfirmed::Yes { lost_by: Some(peter.clone()) });
        assert_eq!(store.read(|conn| find_owner(conn, NUMBER)).unwrap(), Some(olga.clone()));
        assert_eq!(store.read(|conn| find_by_phone(conn, NUMBER)).unwrap().unwrap().id, olga);
        let peters = store.read(|conn| get_end_user(conn, &peter)).unwrap();
        assert_eq!((peters.phone, peters.phone_given.as_deref()), (None, Some(NUMBER)));
        assert_eq!(tried(store, &olga, "right", 600), PhoneConfirmed::Over, "a code is good once");

        let same = store.write(|conn| update_end_user(conn, &olga, &typed, at(700))).unwrap();
        assert!(same.phone_confirmed_at.is_some(), "the same number stays shown");
        let other = EndUserChange { phone: Some(Some("+481".into())), ..EndUserChange::default() };
        let changed = store.write(|conn| update_end_user(conn, &olga, &other, at(701))).unwrap();
        assert_eq!(changed.phone_confirmed_at, None);
        assert_eq!(store.read(|conn| find_owner(conn, NUMBER)).unwrap(), None);
    });
}

#[test]
fn a_code_ends_after_ten_minutes_and_with_the_fifth_wrong_one() {
    on_both(|store| {
        let olga = end_user(store, "olga@example.org");
        sent(store, &olga, "right");
        assert_eq!(tried(store, &olga, "right", 600), PhoneConfirmed::Over);
        sent(store, &olga, "right");
        for left in (1..5).rev() {
            assert_eq!(tried(store, &olga, "wrong", 1), PhoneConfirmed::Wrong { left });
        }
        assert_eq!(tried(store, &olga, "wrong", 1), PhoneConfirmed::Over);
        assert_eq!(tried(store, &olga, "right", 1), PhoneConfirmed::Over);
        sent(store, &olga, "right");
        assert_eq!(store.write(|conn| prune(conn, at(599))).unwrap(), 0);
        assert_eq!(store.write(|conn| prune(conn, at(600))).unwrap(), 1);
    });
}
