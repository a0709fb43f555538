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
