use super::*;
use crate::Store;
use crate::invitations::{self, NewInvitation};
use crate::staff::{StaffChange, update_staff};
use crate::testing::{at, company, member, on_both};
use siteward_domain::InvitationId;
use siteward_domain::mail::MailLanguage;

fn made(store: &Store, company: &CompanyId, name: &str, rights: &[Right]) -> RoleId {
    let id = RoleId::generate(at(0));
    store.write(|conn| create_role(conn, company, &id, name, rights, at(0))).unwrap();
    id
}

#[test]
fn a_new_company_has_an_installer_and_a_manager() {
    on_both(|store| {
        let company = company(store);
        let roles = store.read(|conn| list_roles(conn, &company)).unwrap();
        let told: Vec<_> = roles.iter().map(|role| (role.name.as_str(), role.rights.len(), role.members)).collect();
        assert_eq!(told, [("Installer", 6, 0), ("Manager", 7, 0)]);
        for (role, expected) in roles.iter().zip(DEFAULT_ROLES) {
            assert_eq!(role.rights, expected.rights, "{}", role.name);
        }
    });
}

#[test]
fn a_role_keeps_what_a_change_does_not_name_and_its_name_is_its_own_in_any_case() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let id = made(store, &ours, "Дежурный", &[Right::ViewExceptions, Right::ViewExceptions]);
        let update = |company: &CompanyId, change: &RoleChange| {
            store.write(|conn| update_role(conn, company, &id, change, at(1)))
        };
        let rights = vec![Right::Handover, Right::AddSite];
        let changed = update(&ours, &RoleChange { rights: Some(rights), name: None }).unwrap();
        assert_eq!((changed.name.as_str(), changed.rights), ("Дежурный", vec![Right::AddSite, Right::Handover]));
        let renamed = update(&ours, &RoleChange { rights: None, name: Some("Night".into()) }).unwrap();
        assert_eq!((renamed.name.as_str(), renamed.rights.len()), ("Night", 2));
        let taken = update(&ours, &RoleChange { rights: None, name: Some("MANAGER".into()) }).unwrap_err();
        assert!(matches!(taken, StoreError::Duplicate { what: "role_name" }), "{taken:?}");
        assert!(matches!(update(&theirs, &RoleChange::default()), Err(StoreError::NotFound)));
        assert_eq!(store.read(|conn| count_roles(conn, &ours)).unwrap(), 3);
    });
}

#[test]
fn a_role_in_use_stays() {
    on_both(|store| {
        let company = company(store);
        let id = made(store, &company, "Night", &[Right::ViewExceptions]);
        let delete = |seconds| store.write(|conn| delete_role(conn, &company, &id, at(seconds))).unwrap();
        let anna = member(store, &company, "anna@example.com");
        let give = |role: &RoleId| {
            let change = StaffChange { role_id: Some(role.clone()), name: None };
            store.write(|conn| update_staff(conn, &company, &anna, &change, at(1)))
        };
        give(&id).unwrap();
        let invited = NewInvitation {
            id: InvitationId::generate(at(0)),
            company_id: company.clone(),
            email: "boris@example.com".into(),
            name: "Boris".into(),
            role_id: id.clone(),
            language: MailLanguage::Ru,
            token_hash: "hash".into(),
            invited_by: anna.clone(),
        };
        store.write(|conn| invitations::create_invitation(conn, &invited, at(1))).unwrap();
        assert_eq!(delete(2), Err(RoleInUse { members: 1, invitations: 1 }));
        give(&made(store, &company, "Day", &[])).unwrap();
        assert_eq!(delete(2), Err(RoleInUse { members: 0, invitations: 1 }));
        assert_eq!(delete(1 + 72 * 3600), Ok(()), "nobody can accept any more");
        assert!(matches!(give(&id), Err(StoreError::NotFound)), "gone");
    });
}

#[test]
fn a_role_that_is_given_and_deleted_at_the_same_instant_is_in_use_or_gone() {
    on_both(|store| {
        let company = company(store);
        for round in 0..10 {
            let id = made(store, &company, &format!("Role {round}"), &[Right::AddSite]);
            let anna = member(store, &company, &format!("anna{round}@example.com"));
            let change = StaffChange { role_id: Some(id.clone()), name: None };
            std::thread::scope(|threads| {
                let given = threads.spawn(|| store.write(|conn| update_staff(conn, &company, &anna, &change, at(1))));
                let deleted = store.write(|conn| delete_role(conn, &company, &id, at(1))).unwrap();
                match given.join().unwrap() {
                    Ok(()) => assert_eq!(deleted, Err(RoleInUse { members: 1, invitations: 0 }), "{round}"),
                    Err(StoreError::NotFound) => assert_eq!(deleted, Ok(()), "{round}"),
                    Err(other) => panic!("{round}: {other}"),
                }
            });
        }
    });
}
