use std::sync::Barrier;

use secrecy::{ExposeSecret, SecretString};
use siteward_domain::add_state::Whose;

use super::*;
use crate::devices::{NewDevice, Occupant, create_device, find_by_serial, get_device};
use crate::links::Link;
use crate::sites::delete_site;
use crate::testing::{at, company, count_rows, device, events_of, link, linked, new_linked, on_both, serial, site};
use crate::{Store, bindings, devices};

fn new_addition(store: &Store, company: &CompanyId, site: &SiteId, number: u32) -> NewAddition {
    let id = AdditionId::generate(at(0));
    let secret = SecretString::from("Canary-7");
    let code = SecretString::from("CANARY");
    NewAddition {
        company_id: company.clone(),
        site_id: site.clone(),
        staff_id: StaffId::generate(at(0)),
        serial: serial(number),
        name: "Gate".into(),
        user_name: "admin".into(),
        sealed_password: Some(store.vault().seal(password_place(company, &id), &secret).unwrap()),
        sealed_code: Some(store.vault().seal(code_place(company, &id), &code).unwrap()),
        hold: false,
        id,
    }
}

fn begin(store: &Store, company: &CompanyId, site: &SiteId, number: u32) -> Addition {
    let new = new_addition(store, company, site, number);
    store.write(|conn| create(conn, &new, at(0))).unwrap()
}

fn end(store: &Store, addition: &Addition, link: &Link) -> Finish {
    let number: u32 = addition.serial.as_str().parse().unwrap();
    let device: NewDevice = new_linked(store, link, &format!("10.0.{}.{}", number >> 8, number & 255), number);
    store.write(|conn| finish(conn, &addition.company_id, &addition.id, &device, at(1))).unwrap()
}

fn reread(store: &Store, addition: &Addition) -> Addition {
    store.read(|conn| get(conn, &addition.company_id, &addition.id)).unwrap()
}

#[test]
fn an_addition_that_is_ready_becomes_a_device_once_and_forgets_its_secrets() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let begun = begin(store, &company, &site, 1);
        assert_eq!((begun.login, begun.code_check), (LoginKnown::Given, CodeCheck::NotChecked));
        let opened = store.vault().open(password_place(&company, &begun.id), begun.sealed_password.as_ref().unwrap());
        assert_eq!(opened.unwrap().expose_secret(), "Canary-7");
        let Finish::Added(device) = end(store, &begun, &link) else { panic!() };
        assert_eq!(end(store, &begun, &link), Finish::Added(device.clone()));
        let ended = reread(store, &begun);
        assert_eq!((ended.state, ended.device_id.as_ref()), (AddState::Added, Some(&device)));
        assert_eq!((ended.sealed_password, ended.sealed_code), (None, None));
        let stored = store.read(|conn| get_device(conn, &company, &device)).unwrap();
        assert_eq!((stored.serial, stored.link_id), (Some(serial(1)), Some(link.id)));
        let count = |table| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((count("devices"), count("bindings"), count("measured")), (1, 1, 1));
        assert_eq!(events_of(store, &company, EventKind::DeviceAdded).len(), 1);
        let told = events_of(store, &company, EventKind::AdditionChanged);
        assert_eq!(told.iter().map(|event| event.data["state"].clone()).collect::<Vec<_>>(), ["unknown", "added"]);
        let refused =
            store.write(|conn| update(conn, &company, &begun.id, &AdditionChange::default(), at(2)).map(drop));
        assert!(matches!(refused, Err(StoreError::Stale)));
        assert!(store.read(|conn| list_for_site(conn, &company, &site, at(2))).unwrap().is_empty());
    });
}

/// T24: in one company, on two sites, and between companies.
#[test]
fn of_two_additions_of_one_serial_finished_at_the_same_instant_exactly_one_wins() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let sites = [site(store, &mine, "Here"), site(store, &mine, "There"), site(store, &other, "Elsewhere")];
        let companies = [&mine, &mine, &other];
        let links: Vec<Link> =
            sites.iter().zip(companies).map(|(site, company)| link(store, company, site, site.as_str())).collect();
        let mut winners = [0_u32; 3];
        for round in 1..=100 {
            // Two of one company in even rounds, two of different companies in odd ones.
            let rivals = if round % 2 == 0 { [0, 1] } else { [1, 2] };
            let additions = rivals.map(|rival| begin(store, companies[rival], &sites[rival], round));
            let barrier = Barrier::new(2);
            let outcomes: Vec<Finish> = std::thread::scope(|threads| {
                let handles: Vec<_> = additions
                    .iter()
                    .zip(rivals)
                    .map(|(addition, rival)| {
                        let (barrier, link) = (&barrier, &links[rival]);
                        threads.spawn(move || {
                            barrier.wait();
                            end(store, addition, link)
                        })
                    })
                    .collect();
                handles.into_iter().map(|handle| handle.join().unwrap()).collect()
            });
            let won = outcomes.iter().position(|outcome| matches!(outcome, Finish::Added(_))).unwrap();
            winners[rivals[won]] += 1;
            let lost = 1 - won;
            let (whose, state) = if round % 2 == 0 {
                (Whose::OtherSite, AddState::OnOtherSite)
            } else {
                (Whose::SomeoneElses, AddState::SomeoneElses)
            };
            let Finish::Taken { whose: told, occupant } = &outcomes[lost] else { panic!("{outcomes:?}") };
            assert_eq!(*told, whose);
            assert_eq!(occupant.is_some(), whose == Whose::OtherSite);
            let after = reread(store, &additions[lost]);
            assert_eq!(after.state, state);
            assert_eq!(after.other_site_id.is_some(), whose == Whose::OtherSite);
        }
        let count = |table| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((count("devices"), count("bindings")), (100, 100));
        eprintln!("{:?}: of 100 rounds won by {winners:?}", store.backend());
    });
}

#[test]
fn a_serial_that_the_company_has_without_a_link_is_taken_too() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let link = link(store, &company, &site, "Attic");
        let direct = device(store, &company, &site, "192.0.2.1", 1);
        let Finish::Taken { whose: Whose::ThisSite, occupant: Some(Occupant { device_id, .. }) } =
            end(store, &begin(store, &company, &site, 1), &link)
        else {
            panic!()
        };
        assert_eq!(device_id, direct);
    });
}

#[test]
fn devices_behind_links_may_share_addresses_but_no_serial() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let (here, there) = (site(store, &mine, "Here"), site(store, &mine, "There"));
        let elsewhere = site(store, &other, "Elsewhere");
        device(store, &mine, &here, "192.168.1.64", 9);
        let one = linked(store, &link(store, &mine, &here, "One"), "192.168.1.64", 1);
        linked(store, &link(store, &mine, &there, "Two"), "192.168.1.64", 2);
        let third = link(store, &other, &elsewhere, "Three");
        let same = new_linked(store, &third, "192.168.1.64", 1);
        let refused = store.write(|conn| create_device(conn, &same, at(1))).unwrap_err();
        assert!(matches!(refused, StoreError::Duplicate { what: "device_binding" }), "{refused:?}");
        let by_address = store.read(|conn| devices::find_by_address(conn, &mine, "192.168.1.64", 80)).unwrap();
        assert!(by_address.is_some_and(|occupant| occupant.device_id != one));
        let asked = |company: &CompanyId, site: &SiteId| {
            store.read(|conn| bindings::whose(conn, company, &serial(1))).unwrap().unwrap().whose(site)
        };
        assert_eq!(asked(&mine, &here), Whose::ThisSite);
        assert_eq!(asked(&mine, &there), Whose::OtherSite);
        assert_eq!(asked(&other, &elsewhere), Whose::SomeoneElses);
        assert_eq!(store.read(|conn| find_by_serial(conn, &other, &serial(1))).unwrap(), None);
    });
}

#[test]
fn a_second_scan_of_a_label_goes_on_with_the_open_addition() {
    on_both(|store| {
        let company = company(store);
        let (here, there) = (site(store, &company, "Here"), site(store, &company, "There"));
        let first = new_addition(store, &company, &here, 1);
        let again = |change: &dyn Fn(&mut NewAddition), seconds| {
            let mut new = NewAddition { staff_id: first.staff_id.clone(), ..new_addition(store, &company, &here, 1) };
            change(&mut new);
            store.write(|conn| create(conn, &new, at(seconds))).unwrap().id
        };
        let id = store.write(|conn| create(conn, &first, at(0))).unwrap().id;
        assert_eq!(again(&|_| (), 5), id);
        assert_ne!(again(&|new| new.site_id = there.clone(), 5), id);
        assert_ne!(again(&|new| new.staff_id = StaffId::generate(at(0)), 5), id);
        assert_ne!(again(&|_| (), ADDITION_SECONDS), id);
    });
}

#[test]
fn a_change_keeps_what_it_does_not_name_and_tells_of_a_new_state_once() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let begun = begin(store, &company, &site, 1);
        let change = AdditionChange {
            state: Some(AddState::LoginRefused),
            login: Some(LoginKnown::Refused),
            reason: Some(Some(Reason { code: "login_refused".into(), message: "refused".into() })),
            sealed_password: Some(None),
            ..AdditionChange::default()
        };
        for seconds in [10, 20] {
            store.write(|conn| update(conn, &company, &begun.id, &change, at(seconds))).unwrap();
        }
        let after = reread(store, &begun);
        assert_eq!(
            (after.state, after.login, after.sealed_password),
            (AddState::LoginRefused, LoginKnown::Refused, None)
        );
        assert_eq!((after.sealed_code, after.name.as_str()), (begun.sealed_code.clone(), "Gate"));
        assert_eq!(after.expires_at, at(20 + ADDITION_SECONDS));
        assert_eq!(events_of(store, &company, EventKind::AdditionChanged).len(), 2);
    });
}

#[test]
fn an_addition_is_forgotten_after_an_hour_or_given_up_with_its_secrets() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let (old, given_up) = (begin(store, &company, &site, 1), begin(store, &company, &site, 2));
        assert_eq!(store.read(|conn| find_company(conn, &old.id)).unwrap(), Some(company.clone()));
        store.write(|conn| delete(conn, &company, &given_up.id)).unwrap();
        assert!(store.read(|conn| list_for_site(conn, &company, &site, at(ADDITION_SECONDS))).unwrap().is_empty());
        assert_eq!(store.write(|conn| expire(conn, at(ADDITION_SECONDS - 1))).unwrap(), 0);
        assert_eq!(store.write(|conn| expire(conn, at(ADDITION_SECONDS))).unwrap(), 1);
        assert_eq!(store.read(|conn| count_rows(conn, "additions")).unwrap(), 0);
        assert_eq!(store.read(|conn| find_company(conn, &old.id)).unwrap(), None);
    });
}

#[test]
fn no_company_sees_or_ends_anothers_addition() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let my_site = site(store, &mine, "Villa");
        let link = link(store, &mine, &my_site, "Attic");
        let begun = begin(store, &mine, &my_site, 1);
        let not_found = |outcome: Result<(), StoreError>| assert!(matches!(outcome, Err(StoreError::NotFound)));
        not_found(store.read(|conn| get(conn, &other, &begun.id).map(drop)));
        not_found(store.write(|conn| update(conn, &other, &begun.id, &AdditionChange::default(), at(1)).map(drop)));
        not_found(store.write(|conn| delete(conn, &other, &begun.id)));
        let device = new_linked(store, &link, "10.0.0.1", 1);
        not_found(store.write(|conn| finish(conn, &other, &begun.id, &device, at(1)).map(drop)));
        assert!(store.read(|conn| list_for_site(conn, &other, &my_site, at(1))).unwrap().is_empty());
        let theirs = new_addition(store, &other, &my_site, 2);
        not_found(store.write(|conn| create(conn, &theirs, at(1)).map(drop)));
        // A device that is not the addition's is refused, whoever asks.
        let wrong = new_linked(store, &link, "10.0.0.2", 2);
        let refused = store.write(|conn| finish(conn, &mine, &begun.id, &wrong, at(1)));
        assert!(matches!(refused, Err(StoreError::Refused(_))));
        store.write(|conn| delete_site(conn, &mine, &my_site, at(2))).unwrap();
        not_found(store.write(|conn| finish(conn, &mine, &begun.id, &device, at(3)).map(drop)));
        assert_eq!(store.read(|conn| count_rows(conn, "bindings")).unwrap(), 0);
    });
}
