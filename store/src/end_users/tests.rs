use siteward_domain::staff::Right;

use super::*;
use crate::testing::{at, company, end_user, member_with, on_both};

#[test]
fn an_end_user_is_found_by_address_in_any_case() {
    on_both(|store| {
        let id = end_user(store, "Olga@Example.com");
        let found = store.read(|conn| find_by_email(conn, "olga@example.COM")).unwrap().unwrap();
        assert_eq!((found.id, found.email.as_str(), found.region.as_str()), (id.clone(), "Olga@Example.com", "PL"));
        assert_eq!(store.read(|conn| get_end_user(conn, &id)).unwrap().created_at, at(0));
        assert!(store.read(|conn| find_by_email(conn, "someone@example.com")).unwrap().is_none());
        assert!(store.read(|conn| find_by_phone(conn, "+48600100200")).unwrap().is_none());
    });
}

#[test]
fn an_address_has_one_account_of_an_end_user_whatever_staff_has() {
    on_both(|store| {
        let company = company(store);
        member_with(store, &company, "olga@example.com", &[Right::ManageAllSites]);
        end_user(store, "olga@example.com");
        let new = crate::testing::new_end_user("OLGA@example.com");
        let refused = store.write(|conn| create_end_user(conn, &new, at(1)));
        assert!(matches!(refused, Err(StoreError::Duplicate { what: "end_user_email" })));
    });
}

#[test]
fn what_is_changed_is_changed_and_the_rest_stays() {
    on_both(|store| {
        let (olga, peter) = (end_user(store, "olga@example.com"), end_user(store, "peter@example.com"));
        let phone = |number: &str| EndUserChange { phone: Some(Some(number.into())), ..EndUserChange::default() };
        let change = EndUserChange { name: Some("Olga O.".into()), language: Some(MailLanguage::Ru), ..phone("+481") };
        let changed = store.write(|conn| update_end_user(conn, &olga, &change, at(1))).unwrap();
        assert_eq!(
            (changed.name.as_str(), changed.language, changed.region.as_str()),
            ("Olga O.", MailLanguage::Ru, "PL")
        );
        assert_eq!(store.read(|conn| find_by_phone(conn, "+481")).unwrap().unwrap().id, olga);
        let later = store.write(|conn| update_end_user(conn, &peter, &phone("+481"), at(2))).unwrap();
        assert_eq!((later.phone, later.phone_given.as_deref()), (None, Some("+481")), "taken, and nothing told");
        assert_eq!(store.read(|conn| find_by_phone(conn, "+481")).unwrap().unwrap().id, olga, "it stays hers");
        let same = store.write(|conn| update_end_user(conn, &olga, &phone("+481"), at(3))).unwrap();
        assert_eq!(same.phone.as_deref(), Some("+481"));
    });
}

#[test]
fn who_deletes_their_account_is_gone() {
    on_both(|store| {
        let id = end_user(store, "olga@example.com");
        store.write(|conn| delete_end_user(conn, &id)).unwrap();
        assert!(store.read(|conn| find_by_email(conn, "olga@example.com")).unwrap().is_none());
        assert!(matches!(store.write(|conn| delete_end_user(conn, &id)), Err(StoreError::NotFound)));
    });
}
