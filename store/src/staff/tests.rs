use siteward_domain::device::DeviceKind;
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, SessionId};

use super::*;
use crate::Store;
use crate::devices::create_device;
use crate::roles::{RoleChange, create_role, list_roles, update_role};
use crate::schema::panels;
use crate::sessions::{self, NewSession};
use crate::testing::{at, company, count_rows, member, new_device, on_both, site};

fn role(store: &Store, company: &CompanyId, name: &str) -> RoleId {
    let roles = store.read(|conn| list_roles(conn, company)).unwrap();
    roles.into_iter().find(|role| role.name == name).unwrap().id
}

fn admin(store: &Store, company: &CompanyId, email: &str) -> StaffId {
    let new = NewStaff {
        id: StaffId::generate(at(0)),
        company_id: company.clone(),
        name: "Alex".into(),
        email: email.into(),
        password_hash: "$argon2id$".into(),
        is_admin: true,
        role_id: None,
        language: MailLanguage::Ru,
        time_zone: "Europe/Warsaw".into(),
    };
    store.write(|conn| create_staff(conn, &new, at(0))).unwrap();
    new.id
}

fn signed_in(store: &Store, company: &CompanyId, id: &StaffId, token: &str) -> SessionId {
    let new = NewSession {
        id: SessionId::generate(at(0)),
        token_hash: token.into(),
        company_id: company.clone(),
        staff_id: id.clone(),
        created_at: at(0),
        from_address: "127.0.0.1".into(),
        user_agent: String::new(),
    };
    store.write(|conn| sessions::create_session(conn, &new)).unwrap();
    new.id
}

fn given(store: &Store, company: &CompanyId, id: &StaffId, change: &StaffChange) -> Result<(), StoreError> {
    store.write(|conn| update_staff(conn, company, id, change, at(1)))
}

fn is_admin(store: &Store, company: &CompanyId, id: &StaffId) -> bool {
    store.read(|conn| get_staff(conn, company, id)).unwrap().is_admin
}

#[test]
fn colleagues_see_who_is_here_with_role_rights_and_sites() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let alex = admin(store, &ours, "alex@example.com");
        let anna = member(store, &ours, "anna@example.com");
        let role_id = Some(role(store, &ours, "Installer"));
        given(store, &ours, &anna, &StaffChange { role_id, name: Some("Анна".into()) }).unwrap();
        for (name, expires_at) in [("Villa", None), ("Mill", Some(50)), ("Pier", Some(500))] {
            let site = site(store, &ours, name);
            let end = expires_at.map_or("NULL".to_owned(), |seconds| micros(at(seconds)).to_string());
            let assign = format!(
                "INSERT INTO site_managers (company_id, site_id, staff_id, expires_at, assigned_at)
                 VALUES ('{ours}', '{site}', '{anna}', {end}, 0)"
            );
            store.write(|conn| Ok(diesel::sql_query(&assign).execute(conn)?)).unwrap();
        }
        let seen = store.read(|conn| get_member(conn, &ours, &anna, at(50))).unwrap();
        assert_eq!((seen.name.as_str(), seen.sites, seen.panel_accounts), ("Анна", 2, 0));
        assert_eq!((seen.role.unwrap().name.as_str(), seen.rights.len()), ("Installer", 6));
        let first = store.read(|conn| get_member(conn, &ours, &alex, at(50))).unwrap();
        assert!(first.is_admin && first.role.is_none() && first.rights == Right::ALL);
        assert_eq!((first.language, first.time_zone.as_str()), (MailLanguage::Ru, "Europe/Warsaw"));
        let other = store.read(|conn| get_member(conn, &theirs, &anna, at(50)));
        assert!(matches!(other, Err(StoreError::NotFound)));
    });
}

#[test]
fn staff_is_searched_by_name_and_address_in_any_case_and_paged_by_name() {
    on_both(|store| {
        let company = company(store);
        for (email, name) in
            [("z@example.com", "anna"), ("b@example.com", "Анна"), ("a@example.com", "Anna"), ("c@x.test", "Zed")]
        {
            let id = member(store, &company, email);
            given(store, &company, &id, &StaffChange { name: Some(name.into()), role_id: None }).unwrap();
        }
        let found = |search: &str| {
            let page = store.read(|conn| list_staff(conn, &company, Some(search), at(0), None, 20)).unwrap();
            page.items.into_iter().map(|member| member.email).collect::<Vec<_>>()
        };
        assert_eq!(found("АННА"), ["b@example.com"]);
        assert_eq!(found("anna EXAMPLE"), ["a@example.com", "z@example.com"]);
        assert_eq!(found("_"), [] as [&str; 0]);
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = store.read(|conn| list_staff(conn, &company, None, at(0), cursor.as_deref(), 1)).unwrap();
            all.extend(page.items.into_iter().map(|member| member.email));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(all, ["a@example.com", "z@example.com", "c@x.test", "b@example.com"]);
    });
}

#[test]
fn whoever_is_disabled_loses_sessions_links_and_held_passwords_at_once() {
    on_both(|store| {
        let company = company(store);
        let (anna, boris) = (member(store, &company, "anna@example.com"), member(store, &company, "boris@example.com"));
        let session = signed_in(store, &company, &anna, "one");
        signed_in(store, &company, &boris, "two");
        let reset = format!(
            "INSERT INTO password_resets (token_hash, staff_id, created_at, expires_at) VALUES ('hash', '{anna}', 0, 1)"
        );
        let held = format!(
            "INSERT INTO panel_passwords (person_kind, person_id, company_id, version, sealed, held_since)
             VALUES ('staff', '{anna}', '{company}', 1, 'v1', 0)"
        );
        for sql in [reset, held] {
            store.write(|conn| Ok(diesel::sql_query(&sql).execute(conn)?)).unwrap();
        }
        assert_eq!(store.write(|conn| disable_staff(conn, &company, &anna, at(1))).unwrap(), [session]);
        for (table, left) in [("sessions", 1), ("password_resets", 0), ("panel_passwords", 0)] {
            assert_eq!(store.read(|conn| count_rows(conn, table)).unwrap(), left, "{table}");
        }
        // One that slipped in while the account was being disabled stays dead.
        signed_in(store, &company, &anna, "three");
        store.write(|conn| enable_staff(conn, &company, &anna, at(2))).unwrap();
        assert!(store.read(|conn| sessions::find_session(conn, "three", at(2))).unwrap().is_none());
        assert!(!store.read(|conn| get_staff(conn, &company, &anna)).unwrap().disabled);
        let ended = signed_in(store, &company, &anna, "four");
        assert_eq!(store.write(|conn| delete_staff(conn, &company, &anna, at(3))).unwrap(), [ended]);
        assert!(matches!(store.read(|conn| get_staff(conn, &company, &anna)), Err(StoreError::NotFound)));
    });
}

#[test]
fn the_admin_is_not_disabled_deleted_or_given_a_role() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let alex = admin(store, &ours, "alex@example.com");
        let role_id = Some(role(store, &ours, "Manager"));
        assert!(matches!(store.write(|conn| disable_staff(conn, &ours, &alex, at(1))), Err(StoreError::Stale)));
        assert!(matches!(store.write(|conn| delete_staff(conn, &ours, &alex, at(1))), Err(StoreError::Stale)));
        let refused = given(store, &ours, &alex, &StaffChange { role_id, name: None });
        assert!(matches!(refused, Err(StoreError::Stale)));
        for company in [&theirs, &CompanyId::generate(at(9))] {
            assert!(matches!(
                store.write(|conn| disable_staff(conn, company, &alex, at(1))),
                Err(StoreError::NotFound)
            ));
            assert!(matches!(store.write(|conn| delete_staff(conn, company, &alex, at(1))), Err(StoreError::NotFound)));
            assert!(matches!(store.write(|conn| enable_staff(conn, company, &alex, at(1))), Err(StoreError::NotFound)));
        }
    });
}

#[test]
fn handing_over_twice_at_the_same_instant_leaves_exactly_one_admin() {
    on_both(|store| {
        let ours = company(store);
        let manager = role(store, &ours, "Manager");
        let mut alex = admin(store, &ours, "alex@example.com");
        let others = ["anna@example.com", "boris@example.com"].map(|email| member(store, &ours, email));
        for round in 0..10 {
            let hand_over =
                |to: &StaffId| store.write(|conn| hand_over_admin(conn, &ours, &alex, to, &manager, at(1))).is_ok();
            let to: Vec<&StaffId> = others.iter().filter(|other| **other != alex).take(2).collect();
            let to = [to[0], to.get(1).copied().unwrap_or(to[0])];
            let won: Vec<bool> = std::thread::scope(|threads| {
                let tries = to.map(|person| threads.spawn(move || hand_over(person)));
                tries.into_iter().map(|one| one.join().unwrap()).collect()
            });
            assert_eq!(won.iter().filter(|won| **won).count(), 1, "{round}");
            assert_eq!(store.read(|conn| count_rows(conn, "staff WHERE is_admin")).unwrap(), 1, "{round}");
            assert_eq!(store.read(|conn| get_staff(conn, &ours, &alex)).unwrap().role_id, Some(manager.clone()));
            alex = to.into_iter().find(|person| is_admin(store, &ours, person)).unwrap().clone();
        }
    });
}

#[test]
fn the_role_goes_to_no_stranger_and_to_nobody_who_may_not_sign_in() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let manager = role(store, &ours, "Manager");
        let alex = admin(store, &ours, "alex@example.com");
        let (anna, rival) = (member(store, &ours, "anna@example.com"), member(store, &theirs, "rival@example.com"));
        store.write(|conn| disable_staff(conn, &ours, &anna, at(1))).unwrap();
        let hand_over =
            |to: &StaffId, role: &RoleId| store.write(|conn| hand_over_admin(conn, &ours, &alex, to, role, at(2)));
        assert!(matches!(hand_over(&anna, &manager), Err(StoreError::Stale)));
        assert!(matches!(hand_over(&rival, &manager), Err(StoreError::NotFound)));
        store.write(|conn| enable_staff(conn, &ours, &anna, at(3))).unwrap();
        let their_role = role(store, &theirs, "Manager");
        assert!(matches!(hand_over(&anna, &their_role), Err(StoreError::NotFound)));
        assert!(is_admin(store, &ours, &alex));
        hand_over(&anna, &manager).unwrap();
        assert!(is_admin(store, &ours, &anna) && !is_admin(store, &ours, &alex));
    });
}

#[test]
fn a_role_of_another_company_is_none() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let anna = member(store, &ours, "anna@example.com");
        let rights = [Right::ManageAllSites];
        let id = RoleId::generate(at(0));
        store.write(|conn| create_role(conn, &theirs, &id, "Theirs", &rights, at(0))).unwrap();
        let refused = given(store, &ours, &anna, &StaffChange { role_id: Some(id), name: None });
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    });
}

#[test]
fn whatever_changes_who_may_enter_a_panel_makes_it_due_again() {
    on_both(|store| {
        let ours = company(store);
        let site = site(store, &ours, "Villa");
        let mut panel = new_device(store, &ours, &site, "10.0.0.1", 1);
        panel.kind = DeviceKind::AlarmPanel;
        store.write(|conn| create_device(conn, &panel, at(0))).unwrap();
        let (alex, anna) = (admin(store, &ours, "alex@example.com"), member(store, &ours, "anna@example.com"));
        let (manager, installer) = (role(store, &ours, "Manager"), role(store, &ours, "Installer"));
        let rights = |rights: &[Right]| RoleChange { rights: Some(rights.to_vec()), name: None };
        let give = |role: &RoleId| StaffChange { role_id: Some(role.clone()), name: None };
        let mut before = 0;
        let mut due = |what: &str, change: &dyn Fn(&mut DbConn) -> Result<(), StoreError>| {
            store.write(change).unwrap();
            let version = store.read(version_of_panel).unwrap();
            assert!(version > before, "{what} goes by the panel");
            before = version;
        };
        due("getting a role", &|conn| update_staff(conn, &ours, &anna, &give(&manager), at(1)));
        due("losing a role", &|conn| update_staff(conn, &ours, &anna, &give(&installer), at(2)));
        let grant = rights(&[Right::ManageAllSites]);
        due("a role that gets rights", &|conn| update_role(conn, &ours, &installer, &grant, at(3)).map(drop));
        due("disabling", &|conn| disable_staff(conn, &ours, &anna, at(4)).map(drop));
        due("enabling", &|conn| enable_staff(conn, &ours, &anna, at(5)));
        due("handing over", &|conn| hand_over_admin(conn, &ours, &alex, &anna, &installer, at(6)));
        due("a role that loses rights", &|conn| update_role(conn, &ours, &installer, &rights(&[]), at(7)).map(drop));
        due("a role", &|conn| update_staff(conn, &ours, &alex, &give(&manager), at(8)));
        due("deleting", &|conn| delete_staff(conn, &ours, &alex, at(9)).map(drop));
        due("joining", &|conn| {
            let id = StaffId::generate(at(10));
            create_staff(conn, &new_manager(&ours, &id, &manager), at(10))
        });
    });
}

fn new_manager(company: &CompanyId, id: &StaffId, role: &RoleId) -> NewStaff {
    NewStaff {
        id: id.clone(),
        company_id: company.clone(),
        name: "Boris".into(),
        email: "boris@example.com".into(),
        password_hash: "$argon2id$".into(),
        is_admin: false,
        role_id: Some(role.clone()),
        language: MailLanguage::En,
        time_zone: "UTC".into(),
    }
}

fn version_of_panel(conn: &mut DbConn) -> Result<i32, StoreError> {
    Ok(panels::table.select(panels::wanted_version).first(conn)?)
}
