use diesel::sql_query;
use secrecy::ExposeSecret as _;

use super::*;
use crate::Store;
use crate::passwords::{NewPassword, change_password};
use crate::testing::{at, company, end_user, member, on_both};

fn sql(store: &Store, text: &str) {
    store.write(|conn| Ok(sql_query(text.to_owned()).execute(conn)?)).unwrap();
}

/// Anna with an account on the panel `device`, in `state`, with a password of `version`.
fn account(store: &Store, company: &CompanyId, anna: &StaffId, device: &str, state: &str, version: Option<i32>) {
    sql(
        store,
        &format!(
            "INSERT INTO panels (device_id, company_id, name, site_name, model, due_at) VALUES ('{device}', '{company}', 'P', 'S', 'AX', 9000000000000000)"
        ),
    );
    let version = version.map_or("NULL".to_owned(), |version| version.to_string());
    sql(
        store,
        &format!(
            "INSERT INTO panel_accounts (id, company_id, device_id, person_kind, person_id, person_name, user_name, role, state, password_version, since, updated_at)
             VALUES ('a{device}', '{company}', '{device}', 'staff', '{anna}', 'Anna', 'anna', 'installer', '{state}', {version}, 0, 0)"
        ),
    );
}

fn held(store: &Store, company: &CompanyId, anna: &StaffId) -> Option<(i32, String)> {
    let found = store.read(|conn| find(conn, Holder::Staff(company, anna))).unwrap()?;
    let open = open_held(store.vault(), Holder::Staff(company, anna), &found.sealed).unwrap();
    assert!(!found.sealed.as_str().contains(open.expose_secret()));
    Some((found.version, open.expose_secret().to_owned()))
}

fn sign_in(store: &Store, company: &CompanyId, anna: &StaffId, password: &str) {
    let password = SecretString::from(password);
    store.write(|conn| hold_if_wanted(conn, store.vault(), Holder::Staff(company, anna), &password, at(5))).unwrap();
}

#[test]
fn a_password_is_held_only_where_a_panel_waits_for_it() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        sign_in(store, &company, &anna, "Correct-horse7");
        assert_eq!(held(store, &company, &anna), None, "on no panel");
        account(store, &company, &anna, "p1", "there", Some(1));
        account(store, &company, &anna, "p2", "removing", None);
        sign_in(store, &company, &anna, "Correct-horse7");
        assert_eq!(held(store, &company, &anna), None, "every panel that wants it has it");
        account(store, &company, &anna, "p3", "waiting_for_sign_in", None);
        assert!(store.read(|conn| wanted(conn, Holder::Staff(&company, &anna))).unwrap());
        sign_in(store, &company, &anna, "Correct-horse7");
        assert_eq!(held(store, &company, &anna), Some((1, "Correct-horse7".into())));
        assert!(!store.read(|conn| wanted(conn, Holder::Staff(&company, &anna))).unwrap(), "it is held already");
    });
}

#[test]
fn the_newest_password_wins_and_is_erased_when_all_panels_have_it() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        account(store, &company, &anna, "p1", "there", Some(1));
        account(store, &company, &anna, "p2", "there", Some(1));
        for (password, seconds) in [("Second-horse7", 1), ("Third-horse7", 2)] {
            let new = NewPassword {
                company_id: company.clone(),
                staff_id: anna.clone(),
                hash: "$argon2id$".into(),
                password: password.into(),
            };
            store.write(|conn| change_password(conn, store.vault(), &new, at(seconds))).unwrap();
        }
        assert_eq!(held(store, &company, &anna), Some((3, "Third-horse7".into())));
        let older = SecretString::from("Second-horse7");
        store.write(|conn| hold(conn, store.vault(), Holder::Staff(&company, &anna), 2, &older, at(3))).unwrap();
        assert_eq!(held(store, &company, &anna), Some((3, "Third-horse7".into())));
        sql(store, "UPDATE panel_accounts SET password_version = 3 WHERE device_id = 'p1'");
        assert_eq!(store.write(erase_delivered).unwrap(), 0, "one panel still waits");
        sql(store, "UPDATE panel_accounts SET refused_version = 3 WHERE device_id = 'p2'");
        assert_eq!(store.write(erase_delivered).unwrap(), 1, "what a panel refused is not tried again");
        assert_eq!(held(store, &company, &anna), None);
    });
}

#[test]
fn a_password_that_nobody_waits_for_any_more_is_erased() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        account(store, &company, &anna, "p1", "adding", None);
        sign_in(store, &company, &anna, "Correct-horse7");
        store.write(|conn| erase_of(conn, Holder::Staff(&company, &anna))).unwrap();
        assert_eq!(held(store, &company, &anna), None);
        sign_in(store, &company, &anna, "Correct-horse7");
        sql(store, "DELETE FROM panel_accounts");
        assert_eq!(store.write(erase_delivered).unwrap(), 1);
    });
}

#[test]
fn a_held_password_opens_in_its_own_row_only() {
    on_both(|store| {
        let company = company(store);
        let (anna, boris) = (member(store, &company, "anna@example.com"), member(store, &company, "b@example.com"));
        account(store, &company, &anna, "p1", "adding", None);
        sign_in(store, &company, &anna, "Correct-horse7");
        let found = store.read(|conn| find(conn, Holder::Staff(&company, &anna))).unwrap().unwrap();
        assert!(open_held(store.vault(), Holder::Staff(&company, &boris), &found.sealed).is_err());
        assert!(open_held(store.vault(), Holder::Staff(&CompanyId::generate(at(0)), &anna), &found.sealed).is_err());
    });
}

#[test]
fn an_end_users_password_is_held_for_the_panels_of_whatever_companies() {
    on_both(|store| {
        let (one, other) = (company(store), company(store));
        let olga = end_user(store, "olga@example.com");
        let holder = Holder::EndUser(&olga);
        let password = SecretString::from("Owner-horse7");
        let sign_in = || store.write(|conn| hold_if_wanted(conn, store.vault(), holder, &password, at(5))).unwrap();
        sign_in();
        assert!(store.read(|conn| find(conn, holder)).unwrap().is_none(), "on no panel");
        for (company, panel) in [(&one, "p1"), (&other, "p2")] {
            let nobody = StaffId::generate(at(0));
            account(store, company, &nobody, panel, "waiting_for_sign_in", None);
        }
        sql(store, &format!("UPDATE panel_accounts SET person_kind = 'end_user', person_id = '{olga}'"));
        sign_in();
        let found = store.read(|conn| find(conn, holder)).unwrap().unwrap();
        let open = open_held(store.vault(), holder, &found.sealed).unwrap();
        assert_eq!((found.version, open.expose_secret()), (1, "Owner-horse7"));
        let staff = StaffId::parse(olga.as_str()).unwrap();
        assert!(open_held(store.vault(), Holder::Staff(&one, &staff), &found.sealed).is_err());
        sql(store, "UPDATE panel_accounts SET password_version = 1 WHERE device_id = 'p1'");
        assert_eq!(store.write(erase_delivered).unwrap(), 0, "the other company's panel still waits");
        sql(store, "UPDATE panel_accounts SET password_version = 1");
        assert_eq!(store.write(erase_delivered).unwrap(), 1);
    });
}
