//! The owner of a site on its panels (R-A1, R-G3).

use secrecy::SecretString;
use siteward_domain::EndUserId;
use siteward_domain::panel_accounts::AccountRole;
use siteward_domain::staff::Right;

use super::*;
use crate::panel_passwords::{self, Holder};
use crate::testing::{end_user, member_with, own};

fn sql(store: &Store, text: &str) {
    store.write(|conn| Select::new(text).execute(conn)).unwrap();
}

/// Who should have an account: address and role.
fn wanted(store: &Store, device: &DeviceId) -> Vec<(String, AccountRole)> {
    let case = case(store, device);
    wanted_accounts(&case.situation, at(0)).into_iter().map(|one| (one.person.email, one.role)).collect()
}

fn handed_over(store: &Store, status: SiteStatus) -> (CompanyId, SiteId, DeviceId, EndUserId) {
    let company = company(store);
    member_with(store, &company, "alex@x.y", &[Right::ManageAllSites]);
    let place = site(store, &company, "Office");
    let id = panel(store, &company, &place, "10.0.0.1");
    let olga = end_user(store, "olga@x.y");
    own(store, &place, &olga);
    store.write(|conn| sites::set_status(conn, &company, &place, status, at(1))).unwrap();
    (company, place, id, olga)
}

#[test]
fn the_owner_is_on_the_panels_and_staff_only_while_they_are_authorized_and_serve_the_site() {
    on_both(|store| {
        let (company, place, id, _) = handed_over(store, SiteStatus::NotAuthorized);
        let owner = ("olga@x.y".to_owned(), AccountRole::Owner);
        let installer = ("alex@x.y".to_owned(), AccountRole::Installer);
        assert_eq!(wanted(store, &id), [owner.clone()]);
        store.write(|conn| sites::set_status(conn, &company, &place, SiteStatus::Authorized, at(2))).unwrap();
        assert_eq!(wanted(store, &id), [installer.clone(), owner.clone()]);
        // Rental: the customer's use stands still.
        sql(store, "UPDATE sites SET suspended_at = 1");
        assert_eq!(wanted(store, &id), [installer]);
        sql(store, "UPDATE sites SET suspended_at = NULL, unserved_since = 1");
        assert_eq!(wanted(store, &id), [owner]);
    });
}

#[test]
fn whatever_changes_an_owner_makes_the_panels_of_their_sites_due() {
    on_both(|store| {
        let (_, _, id, olga) = handed_over(store, SiteStatus::NotAuthorized);
        let other = company(store);
        panel(store, &other, &site(store, &other, "Farm"), "10.0.0.2");
        for device in claim_at(store, "worker", 10) {
            let case = case(store, &device);
            store.write(|conn| write_outcome(conn, &case, "worker", &Outcome::default(), pace(), at(10))).unwrap();
        }
        assert!(claim_at(store, "look", 11).is_empty());
        store.write(|conn| touch_end_user(conn, &olga, at(11))).unwrap();
        assert_eq!(claim_at(store, "look", 11), [id]);
    });
}

#[test]
fn a_panel_from_which_an_owner_was_not_taken_off_yet_is_due_with_them_too() {
    on_both(|store| {
        let (company, place, id, olga) = handed_over(store, SiteStatus::NotAuthorized);
        claim_at(store, "worker", 10);
        let theirs = PanelAccount {
            owner: Some(Owner { kind: PersonKind::EndUser, id: olga.to_string(), name: "Olga".into() }),
            because: Some(Because::OwnsSite),
            ..account(&StaffId::generate(at(0)), AccountState::There)
        };
        let outcome = Outcome { accounts: vec![theirs], ..Outcome::default() };
        let read = case(store, &id);
        store.write(|conn| write_outcome(conn, &read, "worker", &outcome, pace(), at(10))).unwrap();
        sql(store, "UPDATE sites SET owner_id = NULL");
        store.write(|conn| sites::set_status(conn, &company, &place, SiteStatus::NotInvited, at(11))).unwrap();
        claim_at(store, "worker", 11);
        let read = case(store, &id);
        store.write(|conn| write_outcome(conn, &read, "worker", &Outcome::default(), pace(), at(11))).unwrap();
        store.write(|conn| touch_end_user(conn, &olga, at(12))).unwrap();
        assert_eq!(claim_at(store, "look", 12), [id]);
    });
}

#[test]
fn the_password_of_the_owner_waits_with_the_panel_and_nobody_elses_does() {
    on_both(|store| {
        let (company, _, id, olga) = handed_over(store, SiteStatus::NotAuthorized);
        let stranger = end_user(store, "stranger@x.y");
        for (person, password) in [(&olga, "Owner-horse7"), (&stranger, "Other-horse7")] {
            let holder = Holder::EndUser(person);
            let hold = |conn: &mut crate::DbConn| {
                panel_passwords::hold(conn, store.vault(), holder, 1, &SecretString::from(password), at(5))
            };
            store.write(hold).unwrap();
        }
        let passwords = case(store, &id).passwords;
        let [held] = &passwords[..] else { panic!("{passwords:?}") };
        assert_eq!((held.person, held.person_id.as_str()), (PersonKind::EndUser, olga.as_str()));
        let open = held.open(store.vault(), &company).unwrap();
        assert_eq!(secrecy::ExposeSecret::expose_secret(&open), "Owner-horse7");
    });
}

#[test]
fn those_with_whom_a_panel_is_shared_operate_it_as_long_as_the_share_holds() {
    on_both(|store| {
        let (company, place, id, _) = handed_over(store, SiteStatus::NotAuthorized);
        let neighbour = end_user(store, "neighbour@x.y");
        let owner = ("olga@x.y".to_owned(), AccountRole::Owner);
        let operator = ("neighbour@x.y".to_owned(), AccountRole::Operator);
        let share = format!(
            "INSERT INTO shares (id, site_id, giver_kind, giver_id, receiver_id, created_at)
             VALUES ('h', '{place}', 'company', '{company}', '{neighbour}', 1)"
        );
        sql(store, &share);
        assert_eq!(wanted(store, &id), [owner.clone()], "nothing of the panel is shared");
        let channel = |permissions: &str| {
            let clear = "DELETE FROM share_channels";
            let give = format!(
                "INSERT INTO share_channels (share_id, device_id, channel, permissions) VALUES ('h', '{id}', 0, '{permissions}')"
            );
            sql(store, clear);
            sql(store, &give);
        };
        channel("[]");
        assert_eq!(wanted(store, &id), [owner.clone()]);
        channel("[\"logs\"]");
        assert_eq!(wanted(store, &id), [owner.clone()], "who only reads has no account that could disarm");
        for permission in ["arm", "disarm", "bypass"] {
            channel(&format!("[\"{permission}\",\"logs\"]"));
            assert_eq!(wanted(store, &id), [owner.clone(), operator.clone()], "{permission}");
        }
        sql(store, "UPDATE shares SET ended_at = 2, ended_because = 'removed'");
        assert_eq!(wanted(store, &id), [owner]);
    });
}

#[test]
fn what_a_visit_finds_belongs_to_the_company_that_serves_the_site_by_then() {
    on_both(|store| {
        let (_, _, id, olga) = handed_over(store, SiteStatus::NotAuthorized);
        let other = company(store);
        claim_at(store, "worker", 10);
        let read = case(store, &id);
        sql(store, &format!("UPDATE panels SET company_id = '{other}', wanted_version = wanted_version + 1"));
        let theirs = PanelAccount {
            owner: Some(Owner { kind: PersonKind::EndUser, id: olga.to_string(), name: "Olga".into() }),
            ..account(&StaffId::generate(at(0)), AccountState::There)
        };
        let outcome = Outcome {
            accounts: vec![theirs.clone()],
            events: vec![(EventKind::PanelAccountAdded, theirs)],
            ..Outcome::default()
        };
        store.write(|conn| write_outcome(conn, &read, "worker", &outcome, pace(), at(11))).unwrap();
        let of_other = format!("panel_accounts WHERE company_id = '{other}'");
        assert_eq!(store.read(|conn| count_rows(conn, &of_other)).unwrap(), 1);
        assert_eq!(events_of(store, &other, EventKind::PanelAccountAdded).len(), 1);
        assert_eq!(claim_at(store, "look", 11), [id], "it is due again");
    });
}
