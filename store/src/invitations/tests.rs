use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::Store;
use crate::roles::list_roles;
use crate::staff::{get_staff, set_disabled};
use crate::testing::{at, company, count_rows, member, on_both};

/// Seconds in the 72 hours of an invitation.
const FULL: i64 = 72 * 3600;

fn invited(
    store: &Store,
    company: &CompanyId,
    email: &str,
    token: &str,
    seconds: i64,
) -> Result<InvitationId, StoreError> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let inviter = member(store, company, &format!("inviter{}@example.com", NUMBER.fetch_add(1, Ordering::Relaxed)));
    let role_id = store.read(|conn| list_roles(conn, company)).unwrap()[0].id.clone();
    let new = NewInvitation {
        id: InvitationId::generate(at(seconds)),
        company_id: company.clone(),
        email: email.into(),
        name: "Boris".into(),
        role_id,
        language: MailLanguage::Ru,
        token_hash: token.into(),
        invited_by: inviter,
    };
    store.write(|conn| create_invitation(conn, &new, at(seconds)))?;
    Ok(new.id)
}

fn joining() -> Joining {
    Joining {
        staff_id: StaffId::generate(at(0)),
        name: "Борис".into(),
        password_hash: "$argon2id$".into(),
        language: MailLanguage::En,
    }
}

fn state(store: &Store, company: &CompanyId, id: &InvitationId, seconds: i64) -> InvitationState {
    store.read(|conn| get_invitation(conn, company, id, at(seconds))).unwrap().state
}

#[test]
fn whoever_accepts_is_staff_with_the_role_and_the_link_is_used_up() {
    on_both(|store| {
        let company = company(store);
        let id = invited(store, &company, "Boris@Example.com", "hash", 0).unwrap();
        let open = store.read(|conn| find_open(conn, "hash", at(FULL - 1))).unwrap().unwrap();
        assert_eq!(
            (open.company.as_str(), open.role.as_str(), open.language),
            ("Lockwood", "Installer", MailLanguage::Ru)
        );
        let person = joining();
        store.write(|conn| accept(conn, "hash", &person, at(5))).unwrap();
        let staff = store.read(|conn| get_staff(conn, &company, &person.staff_id)).unwrap();
        assert_eq!((staff.name.as_str(), staff.email.as_str()), ("Борис", "Boris@Example.com"));
        assert!(staff.role_id.is_some() && !staff.is_admin && staff.language == MailLanguage::En);
        assert_eq!(state(store, &company, &id, 5), InvitationState::Accepted);
        assert!(store.read(|conn| find_open(conn, "hash", at(6))).unwrap().is_none());
        assert!(matches!(store.write(|conn| accept(conn, "hash", &joining(), at(6))), Err(StoreError::NotFound)));
    });
}

#[test]
fn a_link_is_dead_after_72_hours_when_taken_back_and_when_sent_anew() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let id = invited(store, &ours, "boris@example.com", "one", 0).unwrap();
        let is_open = |token: &str, seconds| store.read(|conn| find_open(conn, token, at(seconds))).unwrap().is_some();
        assert!(is_open("one", FULL - 1) && !is_open("one", FULL) && !is_open("none", 0));
        assert_eq!(state(store, &ours, &id, FULL), InvitationState::Expired);
        assert!(matches!(store.write(|conn| accept(conn, "one", &joining(), at(FULL))), Err(StoreError::NotFound)));
        let renew = |company: &CompanyId, token: &str, seconds| {
            store.write(|conn| renew_invitation(conn, company, &id, token, at(seconds)))
        };
        assert!(matches!(renew(&theirs, "two", 9), Err(StoreError::NotFound)));
        renew(&ours, "two", FULL + 5).unwrap();
        assert!(!is_open("one", FULL + 6) && is_open("two", 2 * FULL + 4));
        let cancel = |company: &CompanyId| store.write(|conn| cancel_invitation(conn, company, &id, at(FULL + 7)));
        assert!(matches!(cancel(&theirs), Err(StoreError::NotFound)));
        cancel(&ours).unwrap();
        assert!(!is_open("two", FULL + 8));
        assert!(matches!(cancel(&ours), Err(StoreError::Stale)));
        assert!(matches!(renew(&ours, "three", FULL + 9), Err(StoreError::Stale)));
        assert_eq!(state(store, &ours, &id, FULL + 9), InvitationState::Cancelled);
    });
}

#[test]
fn an_address_has_one_open_invitation_of_a_company() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let first = invited(store, &ours, "boris@example.com", "one", 0).unwrap();
        let again = invited(store, &ours, "BORIS@example.com", "two", 1).unwrap_err();
        assert!(matches!(again, StoreError::Duplicate { what: "invitation" }), "{again:?}");
        invited(store, &theirs, "boris@example.com", "three", 1).unwrap();
        let second = invited(store, &ours, "boris@example.com", "four", FULL).unwrap();
        assert_eq!(state(store, &ours, &first, FULL), InvitationState::Expired);
        assert_eq!(state(store, &ours, &second, FULL), InvitationState::Pending);
        let listed = store.read(|conn| list_invitations(conn, &ours, at(FULL), None, 1)).unwrap();
        assert_eq!(listed.items[0].id, second);
        let rest =
            store.read(|conn| list_invitations(conn, &ours, at(FULL), listed.next_cursor.as_deref(), 9)).unwrap();
        assert!(rest.items.len() == 1 && rest.items[0].id == first && rest.next_cursor.is_none());
        assert_eq!(store.write(|conn| prune(conn, at(FULL + 2))).unwrap(), 2, "the other company's is over too");
        assert_eq!(state(store, &ours, &second, FULL), InvitationState::Pending);
    });
}

#[test]
fn of_two_who_accept_at_the_same_instant_one_becomes_staff() {
    on_both(|store| {
        let company = company(store);
        for round in 0..10 {
            let token = format!("hash {round}");
            invited(store, &company, &format!("boris{round}@example.com"), &token, 0).unwrap();
            let before = store.read(|conn| count_rows(conn, "staff")).unwrap();
            let accepted: usize = std::thread::scope(|threads| {
                let tries = [(); 3].map(|()| {
                    threads.spawn(|| match store.write(|conn| accept(conn, &token, &joining(), at(1))) {
                        Ok(_) => 1,
                        Err(StoreError::NotFound) => 0,
                        Err(other) => panic!("{other}"),
                    })
                });
                tries.into_iter().map(|one| one.join().unwrap()).sum()
            });
            assert_eq!(accepted, 1, "{round}");
            assert_eq!(store.read(|conn| count_rows(conn, "staff")).unwrap(), before + 1, "{round}");
        }
    });
}

#[test]
fn an_address_that_is_staff_elsewhere_leaves_the_invitation_open() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let elsewhere = member(store, &theirs, "boris@example.com");
        store.write(|conn| set_disabled(conn, &elsewhere, true)).unwrap();
        let id = invited(store, &ours, "Boris@example.com", "hash", 0).unwrap();
        let refused = store.write(|conn| accept(conn, "hash", &joining(), at(1))).err();
        assert!(matches!(refused, Some(StoreError::Duplicate { what: "staff_email" })), "{refused:?}");
        assert_eq!(state(store, &ours, &id, 2), InvitationState::Pending);
    });
}
