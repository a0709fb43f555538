use chrono::Duration;
use siteward_domain::company::{AppHint, Region};
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, SessionId, StaffId};

use super::*;
use crate::companies::{CompanyChange, NewCompany, create_first_company, find_company, update_company};
use crate::operations::{self, NewOperation};
use crate::sessions::{self, NewSession};
use crate::staff::{self, NewStaff, create_staff};
use crate::store::Store;
use crate::testing::{at, company, count_rows, on_both};

fn new_staff(company: &CompanyId, email: &str, is_admin: bool) -> NewStaff {
    NewStaff {
        id: StaffId::generate(at(0)),
        company_id: company.clone(),
        name: "Anna".into(),
        email: email.into(),
        password_hash: "$argon2id$".into(),
        is_admin,
        role_id: None,
        language: MailLanguage::En,
        time_zone: "UTC".into(),
    }
}

fn signed_in(store: &Store, company: &CompanyId, staff: &StaffId, token: &str) -> SessionId {
    let new = NewSession {
        id: SessionId::generate(at(0)),
        token_hash: token.into(),
        company_id: company.clone(),
        staff_id: staff.clone(),
        created_at: at(0),
        from_address: "127.0.0.1".into(),
        user_agent: String::new(),
    };
    store.write(|conn| sessions::create_session(conn, &new)).unwrap();
    new.id
}

#[test]
fn of_two_set_ups_at_the_same_instant_exactly_one_wins() {
    on_both(|store| {
        let set_up = || {
            let new = NewCompany {
                id: CompanyId::generate(at(0)),
                name: "Lockwood".into(),
                region: Region::parse("PL").unwrap(),
                public_url: String::new(),
            };
            store.write(|conn| create_first_company(conn, &new, at(0)))
        };
        let outcomes: Vec<_> = std::thread::scope(|threads| {
            let handles: Vec<_> = (0..4).map(|_| threads.spawn(set_up)).collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::Stale))).count(), 3);
    });
}

#[test]
fn a_company_keeps_what_a_change_does_not_name() {
    on_both(|store| {
        let id = company(store);
        let change = CompanyChange { qr_age_limit_days: Some(Some(30)), ..CompanyChange::default() };
        store.write(|conn| update_company(conn, &id, &change)).unwrap();
        let change = CompanyChange { name: Some("Keyhole".into()), ..CompanyChange::default() };
        store.write(|conn| update_company(conn, &id, &change)).unwrap();
        let stored = store.read(|conn| find_company(conn, &id)).unwrap().unwrap();
        assert_eq!((stored.name.as_str(), stored.qr_age_limit_days), ("Keyhole", Some(30)));
        let change = CompanyChange { qr_age_limit_days: Some(None), ..CompanyChange::default() };
        assert_eq!(store.write(|conn| update_company(conn, &id, &change)).unwrap().qr_age_limit_days, None);
    });
}

#[test]
fn the_app_that_end_users_need_is_kept_and_taken_away() {
    on_both(|store| {
        let id = company(store);
        let hint = AppHint { name: "Siteward".into(), version: "1.2".into(), link: "https://example.com/app".into() };
        let set = |hint: Option<AppHint>| {
            let change = CompanyChange { app_hint: Some(hint), ..CompanyChange::default() };
            store.write(|conn| update_company(conn, &id, &change)).unwrap();
            let change = CompanyChange { name: Some("Keyhole".into()), ..CompanyChange::default() };
            store.write(|conn| update_company(conn, &id, &change)).unwrap();
            store.read(|conn| find_company(conn, &id)).unwrap().unwrap().app_hint
        };
        assert_eq!(set(Some(hint.clone())), Some(hint));
        assert_eq!(set(None), None);
    });
}

#[test]
fn a_company_has_one_admin_and_the_server_each_address_once() {
    on_both(|store| {
        let company = company(store);
        let create = |new: &NewStaff| store.write(|conn| create_staff(conn, new, at(0)));
        create(&new_staff(&company, "Anna@example.com", true)).unwrap();
        let second = create(&new_staff(&company, "boris@example.com", true)).unwrap_err();
        assert!(matches!(second, StoreError::Duplicate { what: "company_admin" }), "{second:?}");
        let same = create(&new_staff(&company, "anna@EXAMPLE.com", false)).unwrap_err();
        assert!(matches!(same, StoreError::Duplicate { what: "staff_email" }), "{same:?}");
        create(&new_staff(&company, "boris@example.com", false)).unwrap();
        let found = store.read(|conn| staff::find_by_email(conn, "ANNA@example.com")).unwrap().unwrap();
        assert!(found.is_admin && found.email == "Anna@example.com");
    });
}

#[test]
fn failures_count_by_account_and_by_address_and_a_lock_ends_by_itself() {
    on_both(|store| {
        for (account, address, seconds) in [("a", "1.1.1.1", 0), ("a", "2.2.2.2", 10), ("b", "1.1.1.1", 20)] {
            store.write(|conn| record_failure(conn, account, address, at(seconds))).unwrap();
        }
        let of = |account: &str, since| store.read(|conn| failures_since(conn, account, at(since))).unwrap();
        assert_eq!((of("a", 0), of("a", 5), of("b", 0), of("c", 0)), (2, 1, 1, 0));
        assert_eq!(store.read(|conn| failures_from(conn, "1.1.1.1", at(0))).unwrap(), 2);
        store.write(|conn| lock(conn, "a", at(100))).unwrap();
        store.write(|conn| lock(conn, "a", at(200))).unwrap();
        let locked = |seconds| store.read(|conn| locked_until(conn, "a", at(seconds))).unwrap();
        assert_eq!((locked(199), locked(200)), (Some(at(200)), None));
        assert_eq!(store.read(|conn| last_lock(conn, "a")).unwrap(), Some(at(200)));
        store.write(|conn| clear(conn, "a")).unwrap();
        assert_eq!((locked(0), of("a", 0), of("b", 0)), (None, 0, 1));
        assert_eq!(store.read(|conn| last_lock(conn, "a")).unwrap(), None);
        assert_eq!(store.write(|conn| prune(conn, at(100))).unwrap(), 1);
        assert_eq!(of("b", 0), 0);
    });
}

#[test]
fn a_session_ends_idle_old_signed_out_or_with_its_owner_disabled() {
    on_both(|store| {
        let company = company(store);
        let anna = new_staff(&company, "anna@example.com", true);
        store.write(|conn| create_staff(conn, &anna, at(0))).unwrap();
        let id = signed_in(store, &company, &anna.id, "t");
        let find = |seconds| store.read(|conn| sessions::find_session(conn, "t", at(seconds))).unwrap();
        assert!(find(1799).is_some() && find(1800).is_none());
        assert!(store.read(|conn| sessions::find_session(conn, "other", at(0))).unwrap().is_none());
        assert!(!find(0).unwrap().needs_touch(at(59)) && find(0).unwrap().needs_touch(at(60)));
        for seconds in (60..43_200).step_by(1000) {
            store.write(|conn| sessions::touch(conn, &id, at(seconds))).unwrap();
        }
        assert_eq!(find(43_199).unwrap().expires_at(), at(43_200));
        assert!(find(43_200).is_none());
        store.write(|conn| staff::set_disabled(conn, &anna.id, true)).unwrap();
        assert!(find(43_000).is_none());
        store.write(|conn| staff::set_disabled(conn, &anna.id, false)).unwrap();
        store.write(|conn| sessions::end_session(conn, &id)).unwrap();
        assert!(find(43_000).is_none());
        signed_in(store, &company, &anna.id, "u");
        signed_in(store, &company, &anna.id, "v");
        store.write(|conn| sessions::end_sessions_of(conn, &anna.id)).unwrap();
        assert_eq!(store.read(|conn| count_rows(conn, "sessions")).unwrap(), 0);
        signed_in(store, &company, &anna.id, "w");
        assert_eq!(store.write(|conn| sessions::prune(conn, at(1799))).unwrap(), 0);
        assert_eq!(store.write(|conn| sessions::prune(conn, at(0) + Duration::hours(13))).unwrap(), 1);
        assert_eq!(store.read(|conn| count_rows(conn, "sessions")).unwrap(), 0);
    });
}

#[test]
fn the_operation_log_reads_newest_first_and_cannot_be_changed() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let anna = new_staff(&mine, "anna@example.com", true);
        store.write(|conn| create_staff(conn, &anna, at(0))).unwrap();
        let note = |company: &CompanyId, staff: Option<&StaffId>, name: &str| {
            let new = NewOperation {
                company_id: company.clone(),
                staff_id: staff.cloned(),
                action: "site_created".into(),
                object_kind: "site".into(),
                object_id: String::new(),
                object_name: name.into(),
                from_address: "127.0.0.1".into(),
                result: "ok".into(),
                at: at(0),
            };
            store.write(|conn| operations::append(conn, &new)).unwrap();
        };
        for name in ["one", "two", "three"] {
            note(&mine, Some(&anna.id), name);
        }
        note(&other, None, "theirs");
        let page = |cursor: Option<&str>| store.read(|conn| operations::list(conn, &mine, cursor, 2)).unwrap();
        let first = page(None);
        assert_eq!((first.items[0].object_name.as_str(), first.items[0].who.as_deref()), ("three", Some("Anna")));
        let second = page(first.next_cursor.as_deref());
        assert_eq!((second.items.len(), second.items[0].object_name.as_str()), (1, "one"));
        assert_eq!(second.next_cursor, None);
        for forbidden in ["UPDATE operations SET result = 'ok'", "DELETE FROM operations"] {
            let refused = store.write(|conn| Ok(diesel::sql_query(forbidden).execute(conn)?));
            assert!(refused.unwrap_err().to_string().contains("append-only"), "{forbidden}");
        }
    });
}
