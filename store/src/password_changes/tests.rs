use secrecy::{ExposeSecret, SecretString};

use super::*;
use crate::devices::{delete_device, get_credential, open_password, seal_password};
use crate::testing::{at, company, count_rows, device, events_of, on_both, site};
use crate::{Store, polling};

fn seal_new(store: &Store, company: &CompanyId, device: &DeviceId, password: &str) -> SealedText {
    store.vault().seal(new_password_place(company, device), &SecretString::from(password)).unwrap()
}

fn state(store: &Store, company: &CompanyId, device: &DeviceId) -> PasswordChangeState {
    store.read(|conn| find(conn, company, device)).unwrap().unwrap().state
}

#[test]
fn a_change_goes_through_its_states_and_the_device_has_the_new_password() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let id = device(store, &company, &site, "10.0.0.1", 1);
        let sealed = seal_new(store, &company, &id, "Canary-8");
        store.write(|conn| request(conn, &company, &id, &sealed, at(1))).unwrap();
        let again = store.write(|conn| request(conn, &company, &id, &sealed, at(2)));
        assert!(matches!(again, Err(StoreError::Duplicate { what: "password_change" })));
        let claim = |seconds| store.write(|conn| claim(conn, &id, at(seconds))).unwrap();
        let claimed = claim(3).unwrap();
        assert!(!claimed.tried_before);
        let opened = store.vault().open(new_password_place(&company, &id), &claimed.sealed_new).unwrap();
        assert_eq!(opened.expose_secret(), "Canary-8");
        assert_eq!(state(store, &company, &id), PasswordChangeState::Running);
        assert!(claim(4).unwrap().tried_before);
        store.write(|conn| note_untouched(conn, &company, &id)).unwrap();
        assert!(!claim(4).unwrap().tried_before);
        let before = store.read(|conn| get_credential(conn, &company, &id)).unwrap();
        let position = store.read(polling::change_position).unwrap();
        let sealed = seal_password(store, &company, &id, &opened).unwrap();
        for seconds in [5, 6] {
            store.write(|conn| finish(conn, &company, &id, &sealed, at(seconds))).unwrap();
        }
        let after = store.read(|conn| get_credential(conn, &company, &id)).unwrap();
        assert_eq!(after.version, before.version + 1);
        let opened = open_password(store, &company, &id, &after.sealed_password).unwrap();
        assert_eq!(opened.expose_secret(), "Canary-8");
        assert_eq!(state(store, &company, &id), PasswordChangeState::Done);
        assert_eq!(store.read(|conn| count_rows(conn, "password_changes WHERE sealed_new IS NOT NULL")).unwrap(), 0);
        assert_eq!(events_of(store, &company, EventKind::DevicePasswordChanged).len(), 1);
        assert_eq!(store.read(polling::change_position).unwrap(), position + 1);
        assert!(claim(7).is_none());
    });
}

#[test]
fn a_failed_change_keeps_the_new_password_only_where_the_device_may_have_it() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (known, unknown) =
            (device(store, &company, &site, "10.0.0.1", 1), device(store, &company, &site, "10.0.0.2", 2));
        for (id, keep) in [(&known, false), (&unknown, true)] {
            let sealed = seal_new(store, &company, id, "Canary-8");
            store.write(|conn| request(conn, &company, id, &sealed, at(1))).unwrap();
            store.write(|conn| claim(conn, id, at(2))).unwrap();
            store.write(|conn| fail(conn, &company, id, "timeout", keep, at(3))).unwrap();
        }
        let retry = |id| store.write(|conn| retry(conn, &company, id, at(4)));
        assert!(matches!(retry(&known), Err(StoreError::Stale)));
        let sealed = seal_new(store, &company, &unknown, "Canary-9");
        let lost = store.write(|conn| request(conn, &company, &unknown, &sealed, at(4)));
        assert!(matches!(lost, Err(StoreError::Duplicate { .. })), "the password that it may have is not overwritten");
        assert_eq!(store.write(|conn| prune(conn, at(100))).unwrap(), 1);
        assert_eq!(retry(&unknown).unwrap().state, PasswordChangeState::Waiting);
        let claimed = store.write(|conn| claim(conn, &unknown, at(5))).unwrap().unwrap();
        assert!(claimed.tried_before);
        let listed = store.read(|conn| list_for_site(conn, &company, &site)).unwrap();
        assert_eq!((listed.len(), &listed[0].device_id), (1, &unknown));
        store.write(|conn| delete_device(conn, &company, &unknown, at(6))).unwrap();
        assert_eq!(store.read(|conn| count_rows(conn, "password_changes")).unwrap(), 0);
    });
}

#[test]
fn no_company_changes_or_sees_the_password_of_anothers_device() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let site = site(store, &mine, "Villa");
        let id = device(store, &mine, &site, "10.0.0.1", 1);
        let sealed = seal_new(store, &mine, &id, "Canary-8");
        let refused = store.write(|conn| request(conn, &other, &id, &sealed, at(1)));
        assert!(matches!(refused, Err(StoreError::NotFound)));
        store.write(|conn| request(conn, &mine, &id, &sealed, at(1))).unwrap();
        store.write(|conn| claim(conn, &id, at(2))).unwrap();
        store.write(|conn| finish(conn, &other, &id, &sealed, at(3))).unwrap();
        store.write(|conn| fail(conn, &other, &id, "x", false, at(3))).unwrap();
        assert_eq!(state(store, &mine, &id), PasswordChangeState::Running);
        assert_eq!(store.read(|conn| find(conn, &other, &id)).unwrap(), None);
        assert!(store.read(|conn| list_for_site(conn, &other, &site)).unwrap().is_empty());
    });
}
